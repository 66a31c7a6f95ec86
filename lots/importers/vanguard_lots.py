"""Vanguard's cost basis download: open lots of all accounts, under a few lines of preamble.

The day stands in the title of a column, ``Market value as of 08/03/2026``, and nothing is written as a dash.
"""

from lots.importers.cells import find_day
from lots.importers.columns import Header, layout, plain
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.holdings import FoundLot, take_lot
from lots.importers.statement import Kind
from lots.importers.table import is_small_print, known_by, read_table
from lots.importers.textfile import Row

COLUMNS = layout(
    account=("Account", "Account number"),
    symbol="Symbol/CUSIP",
    description="Description",
    side="Position type",
    acquired_=("Date acquired", "Acquired date", "Acquisition date", "Purchase date", "Trade date", "Acquired"),
    shares="Quantity",
    basis="Total cost",
)
_DAY = "market value as of"


def read(file: File, draft: Draft) -> None:
    """Read the lots."""
    seen: list[Header] = []

    def passes(draft: Draft, row: Row, header: Header | None) -> bool:
        if header is not None and header not in seen:
            seen.append(header)
            _take_titles(draft, row, header)
        return is_small_print(row) or row.first.lower().startswith("total")

    read_table(file.rows(), draft, COLUMNS, _lot, passes)


def _take_titles(draft: Draft, row: Row, header: Header) -> None:
    dated = next((title for title in header.titles if plain(title).startswith(_DAY)), "")
    draft.as_of = find_day(dated)
    if "acquired" not in header.places:
        expected = "a column such as 'Date acquired'"
        step = "Choose the view that lists each lot, and download again."
        draft.error(row.number, "lots without the day they were acquired", expected, step)


def _lot(draft: Draft, record: Record) -> None:
    if not record.has_column("acquired"):
        return
    symbol, side = record.text("symbol").upper(), record.text("side")
    if side.lower().startswith("short"):
        step = "Short positions are not kept; nothing was booked for it."
        record.leave_out(f"{symbol!r}, {side}", "shares held long", step)
    found = FoundLot(
        symbol=symbol,
        acquired=record.optional_day("acquired"),
        shares=record.amount("shares"),
        basis=record.optional_amount("basis"),
        description=record.text("description"),
    )
    take_lot(draft, record, found)


FORMAT = Format("vanguard-lots", "Vanguard cost basis", Kind.LOTS, "vanguard", known_by(COLUMNS), read)
