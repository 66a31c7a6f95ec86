"""Schwab's realised gains by lot: every lot sold in a period, with what Schwab itself withheld as a wash sale.

The sign of ``Disallowed Loss`` has varied over the years, so only its size is read.
"""

import re

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
    symbol="Symbol",
    name="Name",
    sold="Closed Date",
    acquired="Opened Date",
    shares=("Quantity", "Qty"),
    proceeds="Proceeds",
    basis=("Cost Basis (CB)", "Cost Basis"),
    gain_=("Gain/Loss ($)", "Gain/Loss $"),
    term_="Term",
    disallowed_="Disallowed Loss",
)
_TITLE = re.compile(r"Realized Gain/Loss.*? for (?:account )?(?P<account>.+?)(?: as of .*| from .*|$)", re.IGNORECASE)


def read(file: File, draft: Draft) -> None:
    """Read the sales."""
    read_table(file.rows(), draft, COLUMNS, _sale, _passes)


def _passes(draft: Draft, row: Row, header: Header | None) -> bool:
    title = _TITLE.fullmatch(row.first)
    if title:
        draft.account = title["account"].strip(" ,")
    return bool(title) or is_small_print(row) or row.first.lower().startswith("total")


def _sale(draft: Draft, record: Record) -> None:
    found = FoundSale(
        symbol=dotted(record.text("symbol")),
        acquired=record.optional_day("acquired"),
        sold=record.day("sold"),
        shares=record.amount("shares"),
        proceeds=record.amount("proceeds"),
        basis=record.optional_amount("basis"),
        description=record.text("name"),
        disallowed=record.optional_amount("disallowed") or ZERO,
        gain=record.optional_amount("gain"),
        is_long=long_or_short(record.text("term")),
    )
    take_sale(draft, record, found)


FORMAT = Format("schwab-realized", "Schwab realised gains by lot", Kind.CLOSED_LOTS, "schwab", known_by(COLUMNS), read)
