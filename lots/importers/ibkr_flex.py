"""Interactive Brokers' Flex statement: open lots, closed lots, positions, cash, trades and payments.

An open position comes as ``SUMMARY``, as ``LOT``, or as both, whichever the query asked for; many queries ask for the
summary alone. The holding period may start on another day than the lot was opened. Attributes are read by their own
names and new ones are let pass, because the broker adds some every few months.
"""

from collections import Counter

from lots.errors import InputError
from lots.events import IncomeKind
from lots.importers.activity import (
    INTEREST_OWED,
    TAX_WITHHELD,
    Entry,
    Rule,
    buy,
    cash_in_or_out,
    fee,
    income,
    not_kept,
    note_ordinary_dividends,
    sell,
    unknown,
)
from lots.importers.draft import Draft, Record, try_row
from lots.importers.fileformat import File, Format
from lots.importers.flex_xml import Element, elements
from lots.importers.holdings import FoundLot, FoundPosition, FoundSale, take_lot, take_position, take_sale
from lots.importers.instruments import dotted
from lots.importers.statement import Kind, Severity
from lots.importers.textfile import Row
from lots.units import ZERO

_SHARES = frozenset({"", "STK", "FUND"})
_ORDINARY = income(IncomeKind.ORDINARY_DIVIDEND)
PAYMENTS: dict[str, Rule] = {
    "dividends": _ORDINARY,
    "payment in lieu of dividends": not_kept("no dividend in law", "It is on Form 1099-MISC; enter it if you file it."),
    "withholding tax": TAX_WITHHELD,
    "broker interest received": income(IncomeKind.INTEREST),
    "bond interest received": income(IncomeKind.INTEREST),
    "broker interest paid": INTEREST_OWED,
    "deposits/withdrawals": cash_in_or_out,
    "deposits & withdrawals": cash_in_or_out,
    "other fees": fee,
    "advisor fees": fee,
}
"""What to do with each type of cash transaction, in small letters."""

_SILENT = frozenset(
    {
        "FlexQueryResponse",
        "FlexStatements",
        "AccountInformation",
        "ChangeInNAV",
        "ConversionRate",
        "SecurityInfo",
        "EquitySummaryByReportDateInBase",
        "MTMPerformanceSummaryUnderlying",
        "FIFOPerformanceSummaryUnderlying",
        "StatementOfFundsLine",
        "Order",
        "SymbolSummary",
        "AssetSummary",
    }
)
"""Elements that repeat in other words what is read elsewhere."""


def read(file: File, draft: Draft) -> None:
    """Read every element of every account."""
    flex = _Flex(draft)
    for element in elements(file):
        draft.rows += 1
        flex.take(element)
    flex.close()


class _Flex:
    """What was seen so far of a statement."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.levels: Counter[tuple[str, str]] = Counter()
        self.unread: dict[str, list[int]] = {}
        self.dividends = 0

    def take(self, element: Element) -> None:
        """Read one element."""
        header, row = element.as_row("accountId")
        record = Record(self.draft, header, row)
        level = element.attributes.get("levelOfDetail", "").upper()
        self.levels[(element.tag, level)] += 1
        try:
            self._dispatch(element, record, level)
        except InputError as error:
            try_row(record, error)

    def _dispatch(self, element: Element, record: Record, level: str) -> None:
        match element.tag:
            case "FlexStatement":
                self._statement(element, record)
            case "OpenPosition":
                _position(self.draft, record, is_lot=level == "LOT")
            case "Lot":
                _closed_lot(self.draft, record)
            case "Trade" if level == "CLOSED_LOT":
                _closed_lot(self.draft, record)
            case "Trade" if level in ("", "EXECUTION"):
                _trade(self.draft, record)
            case "CashTransaction" if level != "SUMMARY":
                self.dividends += _payment(self.draft, record) is _ORDINARY and record.is_sound
            case "CashReportCurrency":
                _cash(self.draft, record)
            case "CorporateAction" | "Transfer" | "OptionEAE" | "StockGrantActivity":
                _leave_out(record, element.tag)
            case "Trade" | "CashTransaction":
                pass  # sums of what stands elsewhere in detail
            case tag if element.attributes and tag not in _SILENT:
                self.unread.setdefault(tag, []).append(element.line)

    def _statement(self, element: Element, record: Record) -> None:
        self.draft.account = record.text("account") or None
        ends = record.optional_day("toDate")
        if ends and self.draft.as_of and ends != self.draft.as_of:
            expected = f"{self.draft.as_of}, the day of the accounts above"
            record.fault(f"a statement that ends on {ends}", expected, "Run one query for all accounts.")
        self.draft.as_of = ends or self.draft.as_of

    def close(self) -> None:
        """Say what the query left out."""
        draft = self.draft
        note_ordinary_dividends(draft, self.dividends)
        if self.levels[("OpenPosition", "SUMMARY")] and not self.levels[("OpenPosition", "LOT")]:
            step = "In the Flex query, tick 'Lots' under Open Positions."
            draft.problem(Severity.NOTE, None, "positions without their lots", "open positions by lot", step)
        sums = sum(count for (tag, level), count in self.levels.items() if tag in ("Trade", "Order") and level in _SUMS)
        details = sum(self.levels[("Trade", level)] for level in ("", "EXECUTION", "CLOSED_LOT"))
        if sums and not details:
            step = "In the Flex query, tick 'Executions' and 'Closed Lots' under Trades."
            draft.problem(Severity.NOTE, None, "trades in sums only", "trades one by one", step)
        for tag, lines in self.unread.items():
            found = f"{_counted(len(lines), 'element')} <{tag}>"
            draft.problem(Severity.NOTE, lines[0], found, "elements that are read", "They were passed over.")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


_SUMS = ("ORDER", "SYMBOL_SUMMARY", "ASSET_SUMMARY", "SYMBOL SUMMARY", "ASSET SUMMARY")


def _position(draft: Draft, record: Record, *, is_lot: bool) -> None:
    symbol, shares = _security(record), record.amount("position")
    basis = record.optional_amount("costBasisMoney")
    if not is_lot:
        value = record.optional_amount("positionValue")
        take_position(draft, record, FoundPosition(symbol, shares, basis, value, record.text("description")))
        return
    found = FoundLot(
        symbol=symbol,
        acquired=record.optional_day("openDateTime"),
        shares=shares,
        basis=basis,
        held_from=record.optional_day("holdingPeriodDateTime"),
    )
    take_lot(draft, record, found)


def _closed_lot(draft: Draft, record: Record) -> None:
    """Take a closed lot; its proceeds are its cost and the gain, and its price is that of the opening trade."""
    symbol, side = _security(record), record.text("buySell").upper()
    if side != "SELL":
        step = "Short sales are not kept; nothing was booked for it."
        record.leave_out(f"a lot of {symbol} closed by {side or 'neither side'}", "a lot closed by SELL", step)
    cost, gain = abs(record.amount("cost")), record.amount("fifoPnlRealized")
    found = FoundSale(
        symbol=symbol,
        acquired=record.optional_day("openDateTime"),
        sold=record.day("tradeDate"),
        shares=abs(record.amount("quantity")),
        proceeds=cost + gain,
        basis=cost,
    )
    take_sale(draft, record, found)


def _trade(draft: Draft, record: Record) -> None:
    symbol, side = _security(record), record.text("buySell").upper()
    is_opening = record.text("openCloseIndicator").upper()
    if (side, is_opening) in (("SELL", "O"), ("BUY", "C")):
        step = "Short sales are not kept; nothing was booked for it."
        record.leave_out(f"{side} of {symbol} that opens or closes a short position", "shares held long", step)
    charged = (record.optional_amount("ibCommission") or ZERO) + (record.optional_amount("taxes") or ZERO)
    if charged and record.text("ibCommissionCurrency") not in ("", "USD"):
        step = "Enter the trade in US dollars; nothing was booked for the row."
        record.leave_out(f"a commission in {record.text('ibCommissionCurrency')}", "US dollars", step)
    net = record.optional_amount("netCash")
    entry = Entry(
        day=record.day("tradeDate"),
        action=side,
        symbol=symbol,
        description=record.text("description"),
        shares=record.optional_amount("quantity"),
        price=record.optional_amount("tradePrice") if charged <= 0 else None,  # a rebate blurs the price
        fees=max(-charged, ZERO),
        amount=record.amount("proceeds") + charged if net is None else net,
    )
    if record.is_sound:
        {"BUY": buy, "SELL": sell}.get(side, unknown)(draft, record, entry)


def _payment(draft: Draft, record: Record) -> Rule:
    kind, when = record.text("type"), next((name for name in _DAYS if record.text(name)), "dateTime")
    rule = PAYMENTS.get(kind.lower(), unknown)
    _leave_out_foreign(record, kind)
    entry = Entry(
        day=record.day(when),
        action=kind,
        symbol=dotted(record.text("symbol")),
        description=record.text("description"),
        shares=None,
        price=None,
        fees=ZERO,
        amount=record.optional_amount("amount"),
    )
    if record.is_sound:
        rule(draft, record, entry)
    return rule


_DAYS = ("dateTime", "settleDate", "reportDate")


def _cash(draft: Draft, record: Record) -> None:
    currency, amount = record.text("currency"), record.optional_amount("endingCash")
    if currency == "BASE_SUMMARY" or amount is None:
        return
    if currency == "USD":
        draft.cash_balance(record, amount)
    elif amount:
        step = "Only US dollars are kept; nothing was booked for it."
        record.leave_out(f"{amount} {currency} in cash", "US dollars", step)


def _security(record: Record) -> str:
    """The ticker of a row; what is no share, or not in dollars, is left out here."""
    symbol, kind = dotted(record.text("symbol")), record.text("assetCategory").upper()
    if kind not in _SHARES:
        step = "It is not kept; nothing was booked for it."
        record.leave_out(f"{symbol!r} of the category {kind}", "shares of a stock or fund", step)
    _leave_out_foreign(record, symbol)
    return symbol


def _leave_out_foreign(record: Record, what: str) -> None:
    currency = record.text("currency")
    if currency not in ("", "USD"):
        step = "Its basis is dollars at the rates of its own days; enter it in our own CSV."
        record.leave_out(f"{what!r} in {currency}", "US dollars", step)


def _leave_out(record: Record, tag: str) -> None:
    words = record.text("actionDescription") or record.text("description") or record.text("symbol")
    record.leave_out(f"<{tag}> {words!r}", "what one element can tell in full", "Enter what happened as an event.")


def _recognises(file: File, head: list[Row]) -> bool:
    start = file.text[:4000]
    return "<FlexQueryResponse" in start or "<FlexStatementResponse" in start


FORMAT = Format("ibkr-flex", "Interactive Brokers Flex XML", Kind.SEVERAL, "ibkr", _recognises, read)
