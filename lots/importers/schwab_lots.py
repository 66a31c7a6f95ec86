"""Schwab's lot details: the open lots of one security in one account, from the position's Lot Details window.

There is no lot id; the day and the cost are all that tells lots apart. After a wash sale the file grows from nine to
fifteen columns: ``Open Date`` and ``Cost Basis`` are then those after the adjustment, ``Transaction Open`` and
``Transaction CB`` what was really bought.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from lots.importers.cells import CellError, find_day, number
from lots.importers.columns import Header, layout
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.holdings import FoundLot, long_or_short, take_lot
from lots.importers.instruments import dotted
from lots.importers.statement import Kind
from lots.importers.table import known_by, read_table
from lots.importers.textfile import Row
from lots.units import CENT, ZERO

COLUMNS = layout(
    held_from="Open Date",
    shares=("Quantity", "Qty (Quantity)", "Qty"),
    basis=("Cost Basis", "Cost Basis (CB)"),
    term=("Holding Period", "Term"),
    bought_="Transaction Open",
    bought_for_=("Transaction CB", "Transaction Cost Basis"),
    disallowed_="Disallowed Loss",
)
_TITLE = re.compile(r"(?P<symbol>\S.*?) Lot Details for (?P<account>.+?) as of (?P<day>.+)", re.IGNORECASE)


def read(file: File, draft: Draft) -> None:
    """Read the lots and hold them against the total row."""
    table = _Lots()
    read_table(file.rows(), draft, COLUMNS, table.lot, table.passes)
    if table.count and not (table.symbol or draft.known.symbol):
        expected = "a title such as 'VTI Lot Details for XXXX-4321 as of 02:46 AM ET, 09/25/2020'"
        draft.error(None, "no security", expected, "Download the file again, with its first line, or name the ticker.")


@dataclass(slots=True)
class _Lots:
    """The lots under one title, added up."""

    symbol: str | None = None
    shares: Decimal = ZERO
    basis: Decimal = ZERO
    count: int = 0
    is_sound: bool = True

    def passes(self, draft: Draft, row: Row, header: Header | None) -> bool:
        title = _TITLE.fullmatch(row.first)
        if title:
            self.symbol = dotted(title["symbol"])
            draft.account, draft.as_of = title["account"].strip(), find_day(title["day"])
            self.shares, self.basis, self.count, self.is_sound = ZERO, ZERO, 0, True
            return True
        if row.first.lower().startswith("total") and header is not None:
            self._compare(draft, row, header)
            return True
        return False

    def lot(self, draft: Draft, record: Record) -> None:
        held_from, bought = record.optional_day("held_from"), record.optional_day("bought")
        shares, basis = record.amount("shares"), record.optional_amount("basis")
        self.count, self.shares, self.basis = self.count + 1, self.shares + shares, self.basis + (basis or ZERO)
        self.is_sound = self.is_sound and record.is_sound
        symbol = self.symbol or draft.known.symbol or "?"
        is_long = long_or_short(record.text("term"))
        taken = take_lot(
            draft, record, FoundLot(symbol, bought or held_from, shares, basis, held_from=held_from, is_long=is_long)
        )
        if taken and basis is not None:
            _check_wash(record, basis)

    def _compare(self, draft: Draft, row: Row, header: Header) -> None:
        """Refuse a file whose lots do not add up to its own total: a line is missing."""
        if not self.is_sound:
            return
        step = "Download the file again; a lot is missing or counted twice."
        for name, ours, slack in (("shares", self.shares, ZERO), ("basis", self.basis, CENT * self.count)):
            stated = _total(row, header, name)
            if stated is not None and abs(stated - ours) > slack:
                title = header.titles[header.places[name]]
                draft.error(row.number, f"a total of {stated} under {title!r}", f"{ours}, the sum of the lots", step)


def _check_wash(record: Record, basis: Decimal) -> None:
    """Note a basis that is not what was paid plus the loss a wash sale added; the sign of that loss varies."""
    paid, disallowed = record.optional_amount("bought_for"), record.optional_amount("disallowed")
    if paid is not None and disallowed is not None and abs(paid + abs(disallowed) - basis) > CENT:
        expected = f"{paid} paid and {abs(disallowed)} of a disallowed loss"
        record.note(f"a basis of {basis}", expected, "The basis was taken as stated.")


def _total(row: Row, header: Header, name: str) -> Decimal | None:
    place = header.places[name]
    try:
        return number(row.cells[place]) if place < len(row.cells) else None
    except CellError:
        return None


FORMAT = Format("schwab-lots", "Schwab lot details", Kind.LOTS, "schwab", known_by(COLUMNS), read)
