"""Fidelity's closed lots: every lot sold in a year. The account stands only in the name of the file.

The symbol comes with its CUSIP behind it, ``VTI(922908769)``, dollars with a space, ``"$3621.38 "``, and a gain stands
under the term it belongs to, a dash under the other. There is no column for wash sales.
"""

import re

from lots.importers.columns import Header, layout
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.holdings import FoundSale, take_sale
from lots.importers.statement import Kind
from lots.importers.table import is_small_print, known_by, read_table
from lots.importers.textfile import Row

COLUMNS = layout(
    symbol=("Symbol(CUSIP)", "Symbol"),
    description="Security Description",
    shares="Quantity",
    acquired="Date Acquired",
    sold="Date Sold",
    proceeds="Proceeds",
    basis=("Cost Basis", "Adjusted Cost Basis"),
    short="Short Term Gain/Loss",
    long="Long Term Gain/Loss",
)
_SYMBOL = re.compile(r"(?P<symbol>[^()]*)(\([0-9A-Z]*\))?")


def read(file: File, draft: Draft) -> None:
    """Read the sales."""
    read_table(file.rows(), draft, COLUMNS, _sale, _passes)


def _passes(draft: Draft, row: Row, header: Header | None) -> bool:
    return is_small_print(row) or row.first.lower().startswith(("total", "date downloaded"))


def _sale(draft: Draft, record: Record) -> None:
    matched = _SYMBOL.fullmatch(record.text("symbol"))
    short, long = record.optional_amount("short"), record.optional_amount("long")
    found = FoundSale(
        symbol=matched["symbol"].strip().upper() if matched else record.text("symbol"),
        acquired=record.optional_day("acquired"),
        sold=record.day("sold"),
        shares=record.amount("shares"),
        proceeds=record.amount("proceeds"),
        basis=record.optional_amount("basis"),
        description=record.text("description"),
        gain=short if long is None else long,
        is_long=None if (short is None) == (long is None) else long is not None,
    )
    take_sale(draft, record, found)


FORMAT = Format("fidelity-closed", "Fidelity closed lots", Kind.CLOSED_LOTS, "fidelity", known_by(COLUMNS), read)
