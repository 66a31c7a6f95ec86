"""Schwab's positions, for one account or all of them, in the three generations seen since 2020.

They differ in titles (``Quantity``, then ``Qty (Quantity)``), in order, in ``Account Total`` against ``Positions Total``
and in how the title writes its day. A file of all accounts repeats the account's name and the titles for each.
"""

import re
from dataclasses import dataclass

from lots.importers.cells import find_day
from lots.importers.columns import Header, layout
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.holdings import FoundPosition, take_position
from lots.importers.instruments import dotted
from lots.importers.statement import Kind
from lots.importers.table import is_small_print, known_by, read_table
from lots.importers.textfile import Row

COLUMNS = layout(
    symbol="Symbol",
    description="Description",
    shares=("Quantity", "Qty (Quantity)", "Qty"),
    value=("Market Value", "Mkt Val (Market Value)", "Mkt Val"),
    basis=("Cost Basis", "Cost Basis (CB)"),
    type=("Security Type", "Asset Type"),
)
_TITLE = re.compile(r"Positions for (?:account )?(?P<account>.+?) as of (?P<day>.+)", re.IGNORECASE)
_ALL = re.compile(r"all[- ]accounts", re.IGNORECASE)
_CASH = re.compile(r"cash (&|and) (cash investments|money market)|cash", re.IGNORECASE)
_TOTALS = ("account total", "positions total", "total")
_LONGEST_NAME = 60
_NOT_KEPT = ("option", "fixed income", "bond", "future", "forex", "cryptocurrency")


def read(file: File, draft: Draft) -> None:
    """Read the positions and the cash of every account."""
    table = _Accounts()
    read_table(file.rows(), draft, COLUMNS, _position, table.passes)
    table.close(draft)


@dataclass(slots=True)
class _Accounts:
    """The titles between the tables; a line that stands alone is an account's name if titles follow it."""

    heading: Row | None = None
    header: Header | None = None

    def passes(self, draft: Draft, row: Row, header: Header | None) -> bool:
        if self.heading is not None and header is not self.header:
            draft.account, self.heading = self.heading.first, None
        self.header = header
        title = _TITLE.fullmatch(row.first)
        if title:
            self.close(draft)
            draft.as_of = find_day(title["day"])
            draft.account = None if _ALL.fullmatch(title["account"].strip()) else title["account"].strip()
            return True
        if is_small_print(row) and header is not None and len(row.first) > _LONGEST_NAME:
            return True
        if sum(1 for cell in row.cells if cell.strip()) == 1:
            self.close(draft)
            self.heading = row
            return True
        return row.first.lower() in _TOTALS

    def close(self, draft: Draft) -> None:
        """Refuse a lone cell that no titles followed: it is the stump of a row."""
        if self.heading is not None and self.header is not None:
            expected = "a whole row, or titles under the name of an account"
            draft.error(self.heading.number, repr(self.heading.first), expected, "Download the file again; it may be cut off.")
        self.heading = None


def _position(draft: Draft, record: Record) -> None:
    symbol, value = record.text("symbol"), record.optional_amount("value")
    if _CASH.fullmatch(symbol):
        if value is None:
            record.fault("no amount of cash", "dollars under 'Market Value'", "Download the file again.")
        else:
            draft.cash_balance(record, value)
        return
    shares, kind = record.amount("shares"), record.text("type")
    if kind.lower().startswith(_NOT_KEPT):
        record.leave_out(f"{symbol!r}, {kind}", "shares of a stock or fund", "It is not kept; nothing was booked for it.")
    found = FoundPosition(dotted(symbol), shares, record.optional_amount("basis"), value, record.text("description"))
    take_position(draft, record, found)


FORMAT = Format("schwab-positions", "Schwab positions", Kind.POSITIONS, "schwab", known_by(COLUMNS), read)
