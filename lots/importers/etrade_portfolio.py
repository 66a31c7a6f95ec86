"""E*TRADE's portfolio download with its lots unfolded.

The lots of a holding follow it as rows whose **day stands in the Symbol column**, behind some spaces. The file has both
the totals and the lots, so each is held against the other. The basis is `Total Cost` where the view has it, else value
less gain, which is exact to the cent; only without both is it worked out from a rounded price.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lots.importers.cells import CellError, day, find_day, is_null
from lots.importers.columns import Header, layout
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.holdings import FoundLot, FoundPosition, take_lot, take_position
from lots.importers.instruments import dotted, is_option
from lots.importers.statement import Kind
from lots.importers.table import is_small_print, read_table
from lots.importers.textfile import Row
from lots.units import Money, Shares, cents

COLUMNS = layout(
    symbol="Symbol",
    shares=("Qty #", "Quantity", "Quantity #", "Qty"),
    value="Value $",
    total_cost_=("Total Cost", "Total Cost $"),
    price_paid_=("Price Paid $", "Price Paid"),
    gain_=("Total Gain $", "Total Gain"),
)
_ACCOUNTS = "net account value"


def read(file: File, draft: Draft) -> None:
    """Read the positions, their lots, and the cash."""
    table = _Portfolio()
    read_table(file.rows(), draft, COLUMNS, table.row, table.passes)


@dataclass(slots=True)
class _Portfolio:
    """Where in the file we are: among the accounts, and under which holding."""

    is_among_accounts: bool = False
    accounts: int = 0
    symbol: str = ""
    is_kept: bool = False

    def passes(self, draft: Draft, row: Row, header: Header | None) -> bool:
        if header is None:
            self._take_account(draft, row)
            return True
        if row.first.lower().startswith("generated at"):
            draft.as_of = find_day(row.first)
            return True
        return row.first.lower() == "total" or is_small_print(row)

    def _take_account(self, draft: Draft, row: Row) -> None:
        """Take the account's name from the summary; a summary of several does not say which holding is whose."""
        filled = [cell for cell in row.cells if cell.strip()]
        if any(cell.strip().lower() == _ACCOUNTS for cell in row.cells):
            self.is_among_accounts = True
        elif self.is_among_accounts and len(filled) > 1:
            self.accounts += 1
            draft.account = row.first if self.accounts == 1 else None
        else:
            self.is_among_accounts = False

    def row(self, draft: Draft, record: Record) -> None:
        symbol = record.text("symbol")
        acquired = _as_day(symbol)
        if acquired is not None or not symbol:
            self._lot(draft, record, acquired)
        elif symbol.upper() == "CASH":
            amount = record.amount("value")
            draft.cash_balance(record, amount)
        else:
            self.symbol = dotted(symbol)
            found = FoundPosition(self.symbol, record.amount("shares"), _basis(record), record.optional_amount("value"))
            take_position(draft, record, found)
            self.is_kept = record.is_sound

    def _lot(self, draft: Draft, record: Record, acquired: date | None) -> None:
        if not self.symbol:
            record.fault("a lot", "a holding above it", "Download the file again; its beginning is missing.")
        if self.symbol and not self.is_kept:
            record.leave_out(f"a lot of {self.symbol}", "a holding that is kept", "See the row of the holding.")
            return
        shares, basis = record.amount("shares"), _basis(record)
        taken = take_lot(draft, record, FoundLot(self.symbol, acquired, shares, basis))
        if taken and not (record.text("total_cost") or record.text("gain")):
            step = "Choose a view with the column 'Total Cost' to have it to the cent."
            record.note(f"a basis of {basis} from a rounded price", "a total cost", step)


def _basis(record: Record) -> Money | None:
    """The basis of a row, or None when it has none."""
    total, gain, value = (record.optional_amount(name) for name in ("total_cost", "gain", "value"))
    if total is not None:
        return total
    if gain is not None and value is not None:
        return value - gain
    paid = record.optional_amount("price_paid")
    shares: Shares | None = record.optional_amount("shares")
    return None if paid is None or shares is None else cents(Decimal(paid * shares))


def _as_day(text: str) -> date | None:
    if is_null(text) or is_option(text, ""):
        return None
    try:
        return day(text)
    except CellError:
        return None


def _recognises(file: File, head: list[Row]) -> bool:
    found = (COLUMNS.match(row.cells) for row in head)
    return any(header is not None and {"total_cost", "price_paid"} & set(header.places) for header in found)


FORMAT = Format("etrade-portfolio", "E*TRADE portfolio with lots", Kind.SEVERAL, "etrade", _recognises, read)
