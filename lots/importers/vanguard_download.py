"""Vanguard's OfxDownload.csv: what is held and what happened, two tables in one file, no lots and no day.

The settlement fund is cash, and sweeps into and out of it are passed over. A dividend is booked as ordinary, for the file
does not say which part of it is qualified.
"""

from lots.events import IncomeKind
from lots.importers.activity import (
    MOVED,
    REORGANISED,
    Entry,
    Rule,
    buy,
    cash_in_or_out,
    fee,
    income,
    note_ordinary_dividends,
    nothing,
    reinvest,
    return_of_capital,
    sell,
    unknown,
)
from lots.importers.columns import Header, layout
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.holdings import FoundPosition, take_position
from lots.importers.statement import Kind
from lots.importers.table import is_small_print, known_by, read_tables
from lots.importers.textfile import Row
from lots.units import ZERO

HOLDINGS = layout(
    account="Account Number",
    name="Investment Name",
    symbol="Symbol",
    shares="Shares",
    price="Share Price",
    value="Total Value",
)
TRANSACTIONS = layout(
    account="Account Number",
    day="Trade Date",
    action="Transaction Type",
    name="Investment Name",
    symbol="Symbol",
    shares="Shares",
    price="Share Price",
    principal="Principal Amount",
    fees_=("Commissions and Fees", "Commission Fees", "Commission"),
    amount="Net Amount",
)
SETTLEMENT = frozenset({"VMFXX"})
"""The fund that holds an account's cash."""

_ORDINARY = income(IncomeKind.ORDINARY_DIVIDEND)

RULES: dict[str, Rule] = {
    "buy": buy,
    "buy (exchange)": buy,
    "sell": sell,
    "sell (exchange)": sell,
    "reinvestment": reinvest,
    "reinvestment (lt gain)": reinvest,
    "reinvestment (st gain)": reinvest,
    "dividend": _ORDINARY,
    "capital gain (st)": _ORDINARY,
    "capital gain (lt)": income(IncomeKind.CAPITAL_GAIN_DISTRIBUTION),
    "interest": income(IncomeKind.INTEREST),
    "return of capital": return_of_capital,
    "sweep in": nothing,
    "sweep out": nothing,
    "funds received": cash_in_or_out,
    "contribution": cash_in_or_out,
    "withdrawal": cash_in_or_out,
    "distribution": cash_in_or_out,
    "fee": fee,
    "transfer (incoming)": MOVED,
    "transfer (outgoing)": MOVED,
    "rollover (incoming)": MOVED,
    "rollover (outgoing)": MOVED,
    "conversion (incoming)": MOVED,
    "conversion (outgoing)": MOVED,
    "stock split": REORGANISED,
    "merger": REORGANISED,
    "spin-off": REORGANISED,
}
"""What to do with each transaction type, in small letters."""


def read(file: File, draft: Draft) -> None:
    """Read both tables."""
    dividends: list[int] = []

    def happened(draft: Draft, record: Record) -> None:
        if _happened(draft, record) is _ORDINARY and record.is_sound:
            dividends.append(1)

    read_tables(file.rows(), draft, ((HOLDINGS, _position), (TRANSACTIONS, happened)), _passes)
    note_ordinary_dividends(draft, len(dividends))


def _passes(draft: Draft, row: Row, header: Header | None) -> bool:
    return is_small_print(row)


def _position(draft: Draft, record: Record) -> None:
    symbol, shares, value = record.text("symbol").upper(), record.amount("shares"), record.optional_amount("value")
    if symbol in SETTLEMENT:
        draft.cash_balance(record, shares if value is None else value)
        return
    take_position(draft, record, FoundPosition(symbol, shares, value=value, description=record.text("name")))


def _happened(draft: Draft, record: Record) -> Rule:
    action, symbol = record.text("action"), record.text("symbol").upper()
    rule = RULES.get(action.lower(), unknown)
    if symbol in SETTLEMENT and rule in (buy, sell, reinvest):
        rule = nothing
    entry = Entry(
        day=record.day("day"),
        action=action,
        symbol=symbol,
        description=record.text("name"),
        shares=record.optional_amount("shares"),
        price=record.optional_amount("price") or None,  # written as 0 where there is none
        fees=record.optional_amount("fees") or ZERO,
        amount=record.optional_amount("amount") or record.optional_amount("principal"),
    )
    if record.is_sound:
        rule(draft, record, entry)
    return rule


FORMAT = Format(
    "vanguard-download", "Vanguard's OfxDownload.csv", Kind.TRANSACTIONS, "vanguard", known_by(HOLDINGS, TRANSACTIONS), read
)
