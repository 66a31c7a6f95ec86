"""Our own CSV of lots."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lots.importers import Statement, StatementError, read_statement

Read = Callable[..., Statement]
NAME = "bandwise/bandwise-lots.csv"


def test_a_lot_is_its_whole_basis_to_the_cent(read: Read) -> None:
    """Per share, 1012.40 for 3.4567 shares could not be written down."""
    lots = read(NAME).lots
    assert [lot.cost_basis for lot in lots] == [Decimal(text) for text in ("1300.25", "1300.25", "1012.40", "10412.88")]
    assert (lots[2].date, lots[2].holding_start, lots[2].shares) == (date(2026, 2, 10), date(2025, 8, 1), Decimal("3.4567"))


def test_the_example_of_the_project_is_read() -> None:
    """What the quickstart uses and what the importer reads is one format."""
    path = Path(__file__).parents[4] / "examples" / "year_end" / "lots.csv"
    statement = read_statement(path)
    assert len(statement.lots) + len(statement.left_out) == len(path.read_text(encoding="utf-8").splitlines()) - 1
    assert {account for account, _ in statement.incomplete} == {"401k"}


def test_a_lot_keeps_the_id_its_writer_gave_it() -> None:
    """A plan that names lots is checked against the same file."""
    raw = "account,symbol,acquired,quantity,cost_basis,lot\njoint,VTI,2020-03-16,1,130,{}\njoint,VTI,2020-03-16,1,130,{}\n"
    ids = [[lot.lot_id for lot in read_statement(raw.format(*pair).encode()).lots] for pair in (("a", "b"), ("a", ""))]
    assert ids == [["a", "b"], ["a", "VTI-joint-20200316-1"]]
    with pytest.raises(StatementError, match="row 3: found the lot id 'a'"):
        read_statement(raw.format("a", "a").encode())


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        ("600,maybe", "'maybe' under 'inherited'"),
        ("-1,", "a basis for a loss of -1"),
        ("1001,", "no more than the basis of 1000"),
    ],
)
def test_a_gift_or_an_estate_that_cannot_be_refuses_the_file(cells: str, word: str) -> None:
    """A basis for a loss above the basis is the two columns swapped."""
    raw = "account,symbol,acquired,quantity,cost_basis,loss_basis,inherited\njoint,VTI,2020-03-16,1,1000,{}\n"
    with pytest.raises(StatementError, match=f"row 2: .*{word}"):
        read_statement(raw.format(cells).encode())
    assert read_statement(raw.format("600,no").encode()).lots[0].loss_basis == Decimal(600)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("2025-08-01", "2026-02-11", "no later than the acquisition"),
        ("joint,VTI,2026", ",VTI,2026", "nothing under 'account'"),
        ("3.4567", "0", "more than zero"),
        ("3.4567", "-3.4567", "more than zero"),
        ("1012.40", "-1012.40", "zero or more"),
        ("1012.40", '"1012,40"', "a number such as"),
        ("a wash sale", "a wash sale,,b", "behind the last title"),
        ("2026-02-10", "2026-02-30", "a day such as"),
        ("1012.40", "", "a number under 'cost_basis'"),
    ],
)
def test_a_line_that_cannot_be_true_refuses_the_file(read: Read, old: str, new: str, word: str) -> None:
    """Whoever wrote the file can mend it, so nothing is left out in silence."""
    with pytest.raises(StatementError, match=f"row 5: .*{word}"):
        read(NAME, (old, new))
