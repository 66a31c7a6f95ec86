"""The household folder as a person writes it becomes the document the optimizer answers."""

import inspect
import re
import textwrap
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import optimizer.household
from lots.law import law_years
from optimizer.check import faults_of
from optimizer.errors import InputFaults
from optimizer.household import first_day, read_household, write_template
from optimizer.problem import Problem, SegmentFacts
from optimizer.rebalance import rebalance

MANUAL_LOTS = "account,symbol,acquired,quantity,cost_basis\njoint,XLK,2020-01-02,10.5,900.10\n"


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """The folder `bandwise init` writes."""
    write_template(tmp_path / "home")
    return tmp_path / "home"


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file exactly once."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")


def segment(problem: Problem, name: str) -> SegmentFacts:
    """The segment of that name."""
    return next(part for part in problem.segments if part.id == name)


def test_the_starter_household_is_read_without_a_fault_and_survives_the_journey_through_json(starter: Path) -> None:
    """What `bandwise init` writes is the first thing a person runs."""
    problem = read_household(starter)
    assert faults_of(problem) == []
    assert Problem.from_json(problem.to_json()) == problem


def test_the_starter_household_can_be_planned_as_it_is(starter: Path) -> None:
    """A person sees a plan before typing a single number of their own."""
    plan = rebalance(read_household(starter), compare=False)
    assert plan.certificate.status == "optimal"
    assert [row.segment for row in plan.bands if row.was != "inside"] == ["us", "international", "bonds"]
    assert all(row.breach == 0 for row in plan.bands)


def test_every_wish_in_the_comments_of_the_starter_can_be_made(starter: Path) -> None:
    """A person takes the comment sign away; a key that is then unknown, or means nothing, was never tried."""
    path = starter / "household.toml"
    before, rest = path.read_text("utf-8").split("# What you want beyond the bands.", 1)
    wishes, after = rest.split("# [outlook]", 1)
    said = re.sub(r"^# (?=[a-z_]+ = |\[)", "", wishes.split("\n", 1)[1], flags=re.MULTILINE)
    path.write_text(before + said + "# [outlook]" + after, "utf-8")
    edit(path, "# max_sold = 20000", "max_sold = 20000")
    edit(path, "# fee_bps = 5", "fee_bps = 5")
    edit(path, '# do_not_sell = ["VTI"]         # in this', 'do_not_sell = ["VTI"]         # in this')
    problem = read_household(starter)
    wished = problem.wishes
    assert all(getattr(wished, name) for name in wished.model_fields_set)
    assert len(wished.model_fields_set) > 12
    assert (wished.max_turnover_share, wished.min_harvest_share) == (Decimal("0.1"), Decimal("0.05"))
    assert wished.holding_limits[0].at_most == Decimal("0.6")
    assert (problem.accounts[0].fee, problem.accounts[0].max_sold) == (Decimal(5), Decimal(20000))


@pytest.mark.parametrize(
    "today", ["2024-01-02", "2024-02-29", "2025-12-31", "2026-01-01", "2026-11-22", "2026-12-31", "2031-03-04"]
)
def test_a_household_begun_on_any_day_is_of_that_day_and_can_be_planned(tmp_path: Path, today: str) -> None:
    """A plan of a day still to come would buy and sell at prices nobody knows, and the law of the year must be on file."""
    asked = date.fromisoformat(today)
    day = first_day(asked)
    write_template(tmp_path / "home", day)
    problem = read_household(tmp_path / "home")
    assert problem.as_of == day <= asked
    assert day == asked or (asked.year not in law_years() and day == date(law_years()[-1], 12, 31))
    bought = [lot.acquired for lot in problem.lots if lot.acquired]
    assert len(bought) == 6
    assert max(bought) < day
    assert [lot for lot in bought if lot.weekday() > 4] == []
    plan = rebalance(problem, compare=False)
    assert plan.certificate.status == "optimal"
    assert [row.segment for row in plan.bands if row.was != "inside"] == ["us", "international", "bonds"]


def test_a_machine_whose_clock_runs_before_all_law_gets_the_oldest_year() -> None:
    """There is no better day, and a refusal would name a clock the user never looks at."""
    assert first_day(date(1999, 5, 6)) == date(law_years()[0], 12, 31)


def test_moving_the_day_moves_what_the_comments_name_and_leaves_a_birthday(tmp_path: Path) -> None:
    """A lot's id in a comment that names no lot teaches the wrong thing."""
    write_template(tmp_path / "home", date(2025, 6, 2))
    text = (tmp_path / "home" / "household.toml").read_text("utf-8")
    edit(tmp_path / "home" / "household.toml", "# [wishes]", "[wishes]")
    kept = re.search(r"# (keep_lots = .*?\])", text)
    assert kept is not None
    edit(tmp_path / "home" / "household.toml", kept[0], kept[1])
    assert len(read_household(tmp_path / "home").wishes.keep_lots) == 1
    assert "birth_date = 1970-05-02" in text


def test_nothing_is_overwritten_and_every_file_in_the_way_is_named(starter: Path) -> None:
    """A second `bandwise init` must not cost a person an evening's typing."""
    (starter / "lots.csv").write_text("mine", "utf-8")
    (starter / "prices.csv").unlink()
    with pytest.raises(InputFaults) as refusal:
        write_template(starter)
    assert [fault.place for fault in refusal.value.faults] == [
        str(starter / "household.toml"),
        str(starter / "lots.csv"),
    ]
    assert (starter / "lots.csv").read_text("utf-8") == "mine"
    assert not (starter / "prices.csv").exists()


def test_the_manual_at_the_head_of_the_package_is_a_household_that_reads(tmp_path: Path) -> None:
    """The format is learnt from that page; an example there that fails teaches the wrong one."""
    page = inspect.getdoc(optimizer.household) or ""
    block = textwrap.dedent(page.split("::\n", 1)[1].split("\n`band_pct", 1)[0])
    stocks = '[segments.rest]\ntarget_pct = 87.5\n[accounts.ira]\nkind = "roth_ira"\nowner = "anna"\n'
    (tmp_path / "household.toml").write_text(block + stocks, "utf-8")
    (tmp_path / "lots.csv").write_text(MANUAL_LOTS, "utf-8")
    (tmp_path / "prices.csv").write_text("symbol,price\nXLK,101.25\n", "utf-8")
    problem = read_household(tmp_path)
    assert problem.securities[0].price == Decimal("101.25")
    assert problem.withdrawals[0].sources == ("joint", "ira")
    assert problem.donations[0].sources == ("joint",)


def test_per_cent_become_exact_fractions(starter: Path) -> None:
    """A tenth of a per cent lost to binary fractions is a dollar in a thousand."""
    edit(starter / "household.toml", "long_term_pct = 15.0", "long_term_pct = 18.8")
    problem = read_household(starter)
    assert problem.taxpayer.rates.long_term == Decimal("0.188")
    assert problem.securities[2].ordinary_yield == Decimal("0.009")


def test_a_relative_band_is_a_part_of_the_target_and_an_absolute_one_counts_points(starter: Path) -> None:
    """The two readings of "20 %" differ by a factor of five at a target of a fifth."""
    edit(starter / "household.toml", "target_pct = 20", 'target_pct = 20\nband = "absolute"\nband_pct = 5')
    problem = read_household(starter)
    absolute, relative = segment(problem, "international").trigger, segment(problem, "bonds").trigger
    assert (absolute.lower, absolute.upper) == (Decimal("0.15"), Decimal("0.25"))
    assert (relative.lower, relative.upper) == (Decimal("0.255"), Decimal("0.345"))


@pytest.mark.parametrize(
    ("destination", "lower", "upper"),
    [
        ('"edge"', "0.255", "0.345"),
        ('"half-way"', "0.2775", "0.3225"),
        ('"target"', "0.3", "0.3"),
        ("0.2", "0.291", "0.309"),
    ],
)
def test_a_destination_says_how_far_from_the_target_trades_stop(starter: Path, destination: str, lower: str, upper: str) -> None:
    """Where to stop decides how much tax is paid; the four words and numbers mean four different bands."""
    edit(starter / "household.toml", 'destination = "edge"', f"destination = {destination}")
    band = segment(read_household(starter), "bonds").destination
    assert (band.lower, band.upper) == (Decimal(lower), Decimal(upper))


def test_band_edges_are_cut_off_at_nothing_and_everything(starter: Path) -> None:
    """No segment can weigh less than nothing, and a plan need not promise it."""
    edit(starter / "household.toml", "target_pct = 20", 'target_pct = 20\nband = "absolute"\nband_pct = 90')
    band = segment(read_household(starter), "international").trigger
    assert (band.lower, band.upper) == (Decimal(0), Decimal(1))


def test_a_parent_without_a_target_has_the_sum_of_its_parts(starter: Path) -> None:
    """Writing the same sum twice is how the two come to differ."""
    assert segment(read_household(starter), "stocks").target == Decimal("0.7")


def test_the_year_is_that_of_the_plan_unless_it_is_stated(starter: Path) -> None:
    """One date in the file is enough."""
    assert read_household(starter).taxpayer.year == 2026


def test_lots_get_the_same_ids_when_rows_are_added_below(starter: Path) -> None:
    """A wish to keep a lot names its id, and must still mean that lot after the next purchase."""
    before = [lot.id for lot in read_household(starter).lots]
    with (starter / "lots.csv").open("a", encoding="utf-8") as stream:
        stream.write("joint,VTI,2019-03-14,5,1000,,a second purchase that day\n")
    assert [lot.id for lot in read_household(starter).lots] == [*before, "VTI-joint-20190314-2"]
    assert before[0] == "VTI-joint-20190314-1"


def test_a_lot_may_bring_its_own_id_and_made_ids_step_aside(tmp_path: Path, starter: Path) -> None:
    """Two lots of one name would be sold as one."""
    (starter / "lots.csv").write_text(
        "lot,account,symbol,acquired,quantity,cost_basis\n"
        ",joint,VTI,2020-01-02,1,100\n"
        "VTI-joint-20200102-1,joint,VTI,2020-01-02,2,200\n",
        "utf-8",
    )
    assert [lot.id for lot in read_household(starter).lots] == ["VTI-joint-20200102-2", "VTI-joint-20200102-1"]


def test_a_lot_keeps_the_date_its_holding_period_counts_from(starter: Path) -> None:
    """A gift or a wash sale makes shares older than their purchase."""
    edit(starter / "lots.csv", "2026-02-03,40,12480.00,,", "2026-02-03,40,12480.00,2024-02-03,")
    assert read_household(starter).lots[1].holding_start == date(2024, 2, 3)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_mark_of_utf_8_do_not_matter(starter: Path, ending: str, mark: str) -> None:
    """Spreadsheets write both, and a person sees neither."""
    expected = read_household(starter)
    for name in ("household.toml", "lots.csv", "prices.csv"):
        text = mark + (starter / name).read_text("utf-8").replace("\n", ending)
        (starter / name).write_bytes(text.encode())
    assert read_household(starter) == expected
