"""A draft kept in household.toml: the file says what the draft says, and nothing else of it has changed."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from optimizer.errors import InputFaults
from optimizer.household import read_household
from optimizer.household.saving import save_draft
from optimizer.problem import DonationOrder, Lever, Problem, WithdrawalOrder

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "year_end"
TOML = "household.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example's files in a folder that may be written to."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "year_end"))


def drafted(problem: Problem) -> Problem:
    """The example with something of every kind changed."""
    lots = tuple(lot.id for lot in problem.lots[:40])
    wishes = problem.wishes.model_copy(
        update={"keep_lots": lots, "max_net_gain": Decimal("-1234.56"), "max_turnover_share": Decimal("0.125"), "max_orders": 30}
    )
    bonus = problem.contributions[0].model_copy(update={"amount": Decimal("14000.01")})
    segments = []
    for each in problem.segments:
        change: dict[str, object] = {}
        if each.id == "technology":
            change = {"trigger": each.trigger.model_copy(update={"upper": Decimal("0.22")})}
            change["destination"] = each.destination.model_copy(update={"upper": Decimal("0.19")})
        segments.append(each.model_copy(update=change))
    return problem.model_copy(
        update={
            "wishes": wishes,
            "levers": (Lever.INCOME, Lever.LOCATION),
            "contributions": (bonus,),
            "withdrawals": (WithdrawalOrder(amount=Decimal("250.5"), sources=("joint",)),),
            "donations": (*problem.donations, DonationOrder(amount=Decimal(500), sources=("joint",))),
            "segments": tuple(segments),
            "next_year": problem.next_year.model_copy(update={"bands_by": "january", "gifts_may_wait": True}),
        }
    )


def test_the_file_says_the_draft_and_keeps_its_comments(folder: Path) -> None:
    """Whatever changes, every line that says something else stays to the letter."""
    base, old = read_household(folder), (folder / TOML).read_text("utf-8")
    draft = drafted(base)
    saved = save_draft(folder, base.digest(), draft)
    assert saved.left == ()
    assert read_household(folder).digest() == draft.digest()
    assert (folder / saved.before).read_text("utf-8") == old
    lines = set((folder / TOML).read_text("utf-8").split("\n"))
    gone = [line for line in old.split("\n") if line not in lines]
    assert len(gone) <= 8
    assert [line for line in gone if line.startswith("#")] == []
    assert sorted(each.name for each in folder.iterdir() if each.name.startswith(".")) == []


def test_wishes_can_be_taken_back_and_older_copies_stay(folder: Path) -> None:
    """Keeping twice keeps both copies; a wish that is gone is a line less, and an order that is gone a table less."""
    base = read_household(folder)
    save_draft(folder, base.digest(), drafted(base))
    now = read_household(folder)
    back = base.model_copy(update={"segments": now.segments})
    saved = save_draft(folder, now.digest(), back)
    assert saved.before == f"{TOML}.before-wishes-2"
    assert read_household(folder).digest() == back.digest()
    assert "keep_lots" not in (folder / TOML).read_text("utf-8")
    assert save_draft(folder, back.digest(), back).written == ()


@pytest.mark.parametrize(("mark", "end"), [("", "\r\n"), ("\ufeff", "\n")])
def test_the_ends_of_lines_stay(folder: Path, mark: str, end: str) -> None:
    """A file of another system stays one."""
    text = (folder / TOML).read_text("utf-8").replace("\n", end)
    (folder / TOML).write_bytes((mark + text).encode())
    base = read_household(folder)
    draft = base.model_copy(update={"wishes": base.wishes.model_copy(update={"max_turnover": Decimal(400_000)})})
    assert save_draft(folder, base.digest(), draft).written == ("wishes",)
    raw = (folder / TOML).read_bytes().decode()
    assert raw.startswith(mark)
    assert raw.count(end) >= text.count(end)
    assert read_household(folder).digest() == draft.digest()


def test_what_the_file_has_no_words_for_is_left_and_named(folder: Path) -> None:
    """A point of the frontier sets bands aside for a limit; written without the limit they would be no bands at all."""
    base = read_household(folder)
    free = base.segments[0].trigger.model_copy(update={"lower": Decimal(0), "upper": Decimal(1)})
    segments = tuple(each.model_copy(update={"trigger": free, "destination": free}) for each in base.segments)
    scope = base.scope.model_copy(update={"max_drift": Decimal("0.02")})
    saved = save_draft(folder, base.digest(), base.model_copy(update={"segments": segments, "scope": scope}))
    assert saved.written == ()
    assert len(saved.left) == 2
    assert read_household(folder).digest() == base.digest()
    assert not list(folder.glob("*.before-*"))


def test_files_that_changed_meanwhile_are_not_written_over(folder: Path) -> None:
    """Another window or an editor may have been faster; a new price counts as well."""
    base = read_household(folder)
    prices = folder / "prices.csv"
    prices.write_text(prices.read_text("utf-8").replace("338.14", "339.14"), "utf-8")
    before = (folder / TOML).read_bytes()
    with pytest.raises(InputFaults, match="changed meanwhile"):
        save_draft(folder, base.digest(), drafted(base))
    assert (folder / TOML).read_bytes() == before


def test_a_broken_file_is_told_with_its_line(folder: Path) -> None:
    """What cannot be read cannot be edited."""
    base = read_household(folder)
    broken = (folder / TOML).read_text("utf-8").replace("as_of = 2026-11-20", "as_of = = 2026")
    (folder / TOML).write_text(broken, "utf-8")
    with pytest.raises(InputFaults, match=r"household\.toml, line 5"):
        save_draft(folder, base.digest(), drafted(base))
    assert (folder / TOML).read_text("utf-8") == broken
