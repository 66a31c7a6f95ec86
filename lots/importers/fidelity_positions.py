"""Fidelity's positions: all accounts in one table, a total for each security and no lots.

``SPAXX**`` and its like are the core position, which is cash. ``Pending Activity`` is dollars that are not settled; they
are listed and not taken. Every row ends in one comma more than the titles, and the day stands in the last line.
"""

from lots.importers.cells import find_day
from lots.importers.columns import Header, layout
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.holdings import FoundPosition, take_position
from lots.importers.statement import Kind, Severity
from lots.importers.table import cell_of, is_small_print, known_by, read_table
from lots.importers.textfile import Row

COLUMNS = layout(
    account="Account Number",
    account_name="Account Name",
    symbol="Symbol",
    description="Description",
    shares="Quantity",
    value="Current Value",
    basis=("Cost Basis Total", "Cost Basis"),
)
_CORE = "**"


def read(file: File, draft: Draft) -> None:
    """Read the positions and the cash of every account."""
    read_table(file.rows(), draft, COLUMNS, _position, _passes)


def _passes(draft: Draft, row: Row, header: Header | None) -> bool:
    if row.first.lower().startswith("date downloaded"):
        draft.as_of = find_day(row.first)
        return True
    if header is not None and cell_of(row, header, "symbol").lower() == "pending activity":
        amount = cell_of(row, header, "value") or "an amount that is not told"
        found, step = f"Pending Activity of {amount}", "Import again once the trades have settled."
        draft.problem(Severity.LEFT_OUT, row.number, found, "settled cash", step)
        return True
    return is_small_print(row)


def _position(draft: Draft, record: Record) -> None:
    symbol, value = record.text("symbol"), record.optional_amount("value")
    if symbol.endswith(_CORE):
        if value is None:
            record.fault(f"{symbol} without a value", "dollars under 'Current Value'", "Download the file again.")
        else:
            draft.cash_balance(record, value)
        return
    found = FoundPosition(
        symbol.rstrip("*").upper(),
        record.amount("shares"),
        record.optional_amount("basis"),
        value,
        record.text("description"),
    )
    take_position(draft, record, found)


FORMAT = Format("fidelity-positions", "Fidelity positions", Kind.POSITIONS, "fidelity", known_by(COLUMNS), read)
