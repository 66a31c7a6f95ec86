"""What every format must do, shown on every synthetic statement of this folder.

A file here is named after the format it must be read as, up to the first dot: ``schwab-lots.washed.csv``.
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from lots.accounts import Account, AccountKind
from lots.importers import Known, Severity, Statement, StatementError, formats, guide, read_statement
from lots.ledger import fold

HERE = Path(__file__).parent
FILES = sorted(path for path in HERE.glob("*/*.*") if path.suffix in (".csv", ".xml", ".beancount"))
EACH = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
KNOWN = Known(account="X99999999", symbol="ACME")
"""For the formats that say neither account nor ticker."""


def read(raw: bytes, path: Path) -> Statement:
    """Read bytes under a fixture's name."""
    return read_statement(raw, path.name, known=KNOWN)


def bare(statement: Statement) -> Statement:
    """A statement without the hash of its bytes, which a byte order mark changes."""

    def without(items: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(replace(item, source=replace(item.source, sha256=None)) for item in items)

    return replace(
        statement,
        sha256="",
        lots=without(statement.lots),
        closed_lots=without(statement.closed_lots),
        positions=without(statement.positions),
        cash=without(statement.cash),
        transactions=without(statement.transactions),
    )


def test_every_format_has_a_statement_here() -> None:
    """A format nobody has shown a file is not known to work."""
    assert {path.name.split(".")[0] for path in FILES} == {each.name for each in formats()}


@EACH
def test_a_file_is_recognised_by_what_it_says(path: Path) -> None:
    """People rename downloads; a wrong guess would book the wrong columns."""
    statement = read_statement(path.read_bytes(), "download (3).txt", known=KNOWN)
    assert statement.format == path.name.split(".")[0]


@EACH
@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["bare", "BOM"])
def test_line_ends_and_a_byte_order_mark_change_nothing(path: Path, ends: bytes, mark: bytes) -> None:
    """The same download differs in these between browsers and spreadsheets."""
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert bare(read(mark + raw.replace(b"\n", ends), path)) == bare(read(raw, path))


@EACH
def test_reading_twice_gives_the_same_ids_and_each_once(path: Path) -> None:
    """Importing a file again must change nothing, and two rows alike in every cell are two events."""
    once, again = read(path.read_bytes(), path), read(path.read_bytes(), path)
    events = [*once.snapshot, *once.transactions, *once.assertions]
    assert once == again
    assert len({event.event_id for event in events}) == len(events)
    assert all(event.event_id for event in events)


@EACH
def test_what_two_overlapping_files_share_has_the_same_ids(path: Path) -> None:
    """Next month's download begins in this month; what stands in both must be known to be the same."""
    lines = path.read_bytes().splitlines(keepends=True)
    ids = {event.event_id for event in read(path.read_bytes(), path).transactions}
    for gone in range(1, len(lines)):
        try:
            part = read(b"".join(lines[:gone] + lines[gone + 1 :]), path)
        except StatementError:
            continue
        assert {event.event_id for event in part.transactions} <= ids


@EACH
def test_every_fact_points_at_its_row(path: Path) -> None:
    """A preparer who doubts a number opens the file at that line."""
    statement = read(path.read_bytes(), path)
    items = [*statement.lots, *statement.closed_lots, *statement.positions, *statement.cash, *statement.transactions]
    assert items
    lines = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for item in items:
        assert item.source is not None
        assert item.source.row is not None
        assert lines[item.source.row - 1].strip()
        assert item.source.sha256 == statement.sha256


@EACH
def test_the_snapshot_folds_into_a_book(path: Path) -> None:
    """What an importer says must be history the ledger accepts, share for share and cent for cent."""
    statement = read(path.read_bytes(), path)
    book = fold(statement.snapshot, [Account(name, AccountKind.TAXABLE) for name in statement.accounts])
    assert sum((lot.shares for lot in book.open_lots.values()), Decimal(0)) == sum(lot.shares for lot in statement.lots)


@EACH
@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le"])
def test_utf_16_is_a_fault_not_a_crash(path: Path, coding: str) -> None:
    """Excel offers it as plain Unicode text."""
    with pytest.raises(StatementError, match="UTF-8"):
        read(path.read_bytes().decode("utf-8-sig").encode(coding), path)


@EACH
def test_latin_1_is_a_fault_not_a_crash(path: Path) -> None:
    """Half-decoded text would lose a character somewhere nobody looks."""
    with pytest.raises(StatementError, match=r"byte 0xe9.*UTF-8"):
        read(path.read_bytes() + "# café\n".encode("latin-1"), path)


@EACH
def test_nothing_is_an_error_in_what_is_taken(path: Path) -> None:
    """A statement with an error must never reach the caller."""
    statement = read(path.read_bytes(), path)
    assert all(problem.severity is not Severity.ERROR for problem in statement.problems)


@pytest.mark.parametrize("each", formats(), ids=lambda each: each.name)
def test_every_format_has_a_page_that_tells_how_to_export_it(each: object) -> None:
    """A format nobody can find on the broker's site is of no use."""
    page = guide(getattr(each, "guide"))  # noqa: B009
    assert page.startswith("# ")
    assert f"`{getattr(each, 'name')}`" in page  # noqa: B009
