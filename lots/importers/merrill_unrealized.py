"""Merrill's unrealised gains: every open lot of every account with its day, the fullest file a broker gives.

Negative numbers stand in parentheses, and so does the term, ``(Long Term)``. Cash has no symbol and no day. Lots alike in
every cell repeat and are all real.
"""

from lots.importers.columns import Header, layout
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.holdings import FoundLot, long_or_short, take_lot
from lots.importers.statement import Kind
from lots.importers.table import is_small_print, known_by, read_table
from lots.importers.textfile import Row

COLUMNS = layout(
    day="COB Date",
    symbol="Symbol",
    description="Security Description",
    account="Account #",
    acquired="Acquisition Date",
    shares="Quantity",
    unit_cost="Unit Cost ($)",
    basis="Cost Basis ($)",
    value="Value ($)",
    term_="Short/Long",
)


def read(file: File, draft: Draft) -> None:
    """Read the lots and the cash."""
    read_table(file.rows(), draft, COLUMNS, _lot, _passes)


def _passes(draft: Draft, row: Row, header: Header | None) -> bool:
    return is_small_print(row) or row.first.lower().startswith("total")


def _lot(draft: Draft, record: Record) -> None:
    day = record.day("day")
    if record.is_sound and draft.as_of not in (None, day):
        record.fault(f"the day {day}", f"{draft.as_of}, the day of the rows above", "Download one day at a time.")
    draft.as_of = draft.as_of or (day if record.is_sound else None)
    symbol, acquired, value = record.text("symbol").upper(), record.optional_day("acquired"), record.optional_amount("value")
    if not symbol and not record.text("acquired") and value is not None:
        draft.cash_balance(record, value)
        return
    found = FoundLot(
        symbol=symbol,
        acquired=acquired,
        shares=record.amount("shares"),
        basis=record.optional_amount("basis"),
        description=record.text("description"),
        is_long=long_or_short(record.text("term")),
    )
    take_lot(draft, record, found)


FORMAT = Format("merrill-unrealized", "Merrill unrealised gains", Kind.LOTS, "merrill", known_by(COLUMNS), read)
