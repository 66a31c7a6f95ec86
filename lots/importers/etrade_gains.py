"""E*TRADE's gains and losses of a stock plan: sales with the basis raised by what was taxed as wages.

The first row under the titles is a summary. ``Adjusted Cost Basis`` is the one to file with: the plain acquisition cost
leaves out the wages, and most people who use it pay tax twice.
"""

from lots.importers.columns import Header, layout
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.holdings import FoundSale, long_or_short, take_sale
from lots.importers.instruments import dotted
from lots.importers.statement import Kind
from lots.importers.table import is_small_print, known_by, read_table
from lots.importers.textfile import Row
from lots.units import ZERO

COLUMNS = layout(
    record_type="Record Type",
    symbol="Symbol",
    plan="Plan Type",
    shares=("Quantity", "Qty."),
    acquired="Date Acquired",
    sold="Date Sold",
    proceeds="Total Proceeds",
    basis="Adjusted Cost Basis",
    gain_=("Adjusted Gain/Loss", "Adjusted Gain (Loss)"),
    term_=("Capital Gains Status", "Term"),
    deferred_="Deferred Loss",
)


def read(file: File, draft: Draft) -> None:
    """Read the sales."""
    read_table(file.rows(), draft, COLUMNS, _sale, _passes)


def _passes(draft: Draft, row: Row, header: Header | None) -> bool:
    return row.first.lower() == "summary" or is_small_print(row)


def _sale(draft: Draft, record: Record) -> None:
    kind = record.text("record_type")
    if kind.lower() != "sell":
        record.leave_out(f"a record of type {kind!r}", "'Sell'", "Enter what happened; nothing was booked for the row.")
        return
    found = FoundSale(
        symbol=dotted(record.text("symbol")),
        acquired=record.optional_day("acquired"),
        sold=record.day("sold"),
        shares=record.amount("shares"),
        proceeds=record.amount("proceeds"),
        basis=record.optional_amount("basis"),
        disallowed=record.optional_amount("deferred") or ZERO,
        gain=record.optional_amount("gain"),
        is_long=long_or_short(record.text("term")),
    )
    take_sale(draft, record, found)


FORMAT = Format("etrade-gains", "E*TRADE stock-plan gains", Kind.CLOSED_LOTS, "etrade", known_by(COLUMNS), read)
