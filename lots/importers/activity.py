"""What happened, as rows of a broker's history say it, turned into the ledger's events.

A format maps the broker's word for an action to one of the rules here. Brokers invent actions freely, so an action
without a rule, or a row whose amount does not follow from its quantity and price, is left out and listed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lots.events import (
    Buy,
    CashIncome,
    CashMerger,
    Contribution,
    Fee,
    IncomeKind,
    ReturnOfCapital,
    Sell,
    Withdrawal,
)
from lots.importers.draft import Draft, Record
from lots.importers.naming import UNNAMED
from lots.importers.statement import Severity
from lots.units import CENT, ZERO, Money, Price, Shares


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a history: `shares` and `amount` signed as the account sees them, `fees` zero or more."""

    day: date
    action: str
    symbol: str
    description: str
    shares: Shares | None
    price: Price | None
    fees: Money
    amount: Money | None


Rule = Callable[[Draft, Record, Entry], None]


def buy(draft: Draft, record: Record, entry: Entry) -> None:
    """Book a purchase."""
    _purchase(draft, record, entry, is_reinvestment=False)


def reinvest(draft: Draft, record: Record, entry: Entry) -> None:
    """Book shares bought with a dividend; the dividend itself is another row."""
    _purchase(draft, record, entry, is_reinvestment=True)


def sell(draft: Draft, record: Record, entry: Entry) -> None:
    """Book a sale; which lots it took is for the ledger to say."""
    amount = _traded(record, entry, sign=1)
    if amount is None or entry.shares is None:
        return
    event = Sell(
        date=entry.day,
        account_id=record.account,
        event_id=UNNAMED,
        source=record.source,
        symbol=entry.symbol,
        shares=abs(entry.shares),
        proceeds=amount + entry.fees,
        fees=entry.fees,
    )
    draft.happened(record, event)


def income(kind: IncomeKind) -> Rule:
    """The rule that books a payment of one kind."""

    def book(draft: Draft, record: Record, entry: Entry) -> None:
        amount = _paid(record, entry)
        if amount is None:
            return
        event = CashIncome(
            date=entry.day,
            account_id=record.account,
            event_id=UNNAMED,
            source=record.source,
            amount=amount,
            kind=kind,
            symbol=entry.symbol or None,
        )
        draft.happened(record, event)

    return book


def cash_in_or_out(draft: Draft, record: Record, entry: Entry) -> None:
    """Book cash from or to a bank as a contribution or a withdrawal, by its sign."""
    if not entry.amount:
        record.leave_out(f"{entry.action!r} without an amount", "dollars", _ENTER_EVENT)
    elif entry.shares:
        text = f"{entry.action!r} of {entry.shares} {entry.symbol}"
        record.leave_out(text, "cash alone", "Enter the transfer of the shares.")
    elif record.is_sound:
        kind = Contribution if entry.amount > 0 else Withdrawal
        event = kind(date=entry.day, account_id=record.account, event_id=UNNAMED, source=record.source, amount=abs(entry.amount))
        draft.happened(record, event)


def fee(draft: Draft, record: Record, entry: Entry) -> None:
    """Book a charge for keeping the account."""
    if entry.amount is None or entry.amount >= 0:
        record.leave_out(f"{entry.action!r} of {entry.amount}", "a charge, below zero", _ENTER_EVENT)
    elif record.is_sound:
        event = Fee(date=entry.day, account_id=record.account, event_id=UNNAMED, source=record.source, amount=-entry.amount)
        draft.happened(record, event)


def return_of_capital(draft: Draft, record: Record, entry: Entry) -> None:
    """Book a distribution that lowers the basis."""
    amount = _paid(record, entry)
    if amount is not None:
        event = ReturnOfCapital(
            date=entry.day,
            account_id=record.account,
            event_id=UNNAMED,
            source=record.source,
            symbol=entry.symbol,
            amount=amount,
        )
        draft.happened(record, event)


def cash_merger(draft: Draft, record: Record, entry: Entry) -> None:
    """Book all shares of a security turned into cash."""
    amount = _paid(record, entry)
    if amount is not None:
        event = CashMerger(
            date=entry.day,
            account_id=record.account,
            event_id=UNNAMED,
            source=record.source,
            symbol=entry.symbol,
            proceeds=amount,
        )
        draft.happened(record, event)


def nothing(draft: Draft, record: Record, entry: Entry) -> None:
    """Pass over a row that moves nothing the ledger keeps, such as cash swept into the core fund."""


def not_kept(what: str, step: str) -> Rule:
    """The rule that leaves out an action the file alone cannot explain, with what to do instead."""

    def leave_out(draft: Draft, record: Record, entry: Entry) -> None:
        of = f" of {entry.symbol}" if entry.symbol else ""
        record.leave_out(f"{entry.action!r}{of} on {entry.day}, {what}", "what a row of this file can tell in full", step)

    return leave_out


INTEREST_OWED = not_kept("interest owed", "The ledger keeps no borrowed money.")
MOVED = not_kept("which may come from an account of your own or from outside", "Enter the transfer or the contribution.")
OPTION = not_kept("an option or a short sale", "Options and short sales are not kept.")
REORGANISED = not_kept("whose terms the row does not say", "Enter the split, merger or spin-off with its terms.")
TAX_WITHHELD = not_kept("a tax withheld", "It is on Form 1099; the ledger keeps no foreign or withheld tax.")


def unknown(draft: Draft, record: Record, entry: Entry) -> None:
    """Leave out an action nobody has told us about."""
    of = f" of {entry.symbol}" if entry.symbol else ""
    record.leave_out(f"the action {entry.action!r}{of} on {entry.day}", "an action that is known", _ENTER_EVENT)


def note_ordinary_dividends(draft: Draft, count: int) -> None:
    """Note that dividends were booked as ordinary because the file does not say which part is qualified."""
    if count:
        found = f"{count} {'dividend' if count == 1 else 'dividends'} booked as ordinary"
        step = "Form 1099-DIV says which part of each is qualified; until then tax is estimated too high."
        draft.problem(Severity.NOTE, None, found, "whether they are qualified", step)


def _purchase(draft: Draft, record: Record, entry: Entry, *, is_reinvestment: bool) -> None:
    amount = _traded(record, entry, sign=-1)
    if amount is None or entry.shares is None:
        return
    event = Buy(
        date=entry.day,
        account_id=record.account,
        event_id=UNNAMED,
        source=record.source,
        symbol=entry.symbol,
        shares=abs(entry.shares),
        cost=amount - entry.fees,
        lot_id=UNNAMED,
        fees=entry.fees,
        is_reinvestment=is_reinvestment,
    )
    draft.happened(record, event)


def _traded(record: Record, entry: Entry, sign: int) -> Money | None:
    """The dollars of a trade, zero or more, or None when the row is not the trade its action says."""
    if entry.shares is None or entry.amount is None:
        missing = "a quantity" if entry.shares is None else "an amount"
        record.leave_out(f"{entry.action!r} without {missing}", "both", _ENTER_EVENT)
        return None
    record.leave_out_unless_lot(entry.symbol, entry.description, abs(entry.shares))
    if entry.amount == 0:
        text = f"{entry.action!r} of {entry.shares} {entry.symbol} for nothing"
        record.leave_out(text, "dollars paid or received", "It may be a transfer or a corporate action. " + _ENTER_EVENT)
    if entry.amount * sign < 0 or entry.fees < 0:
        text = f"{entry.action!r} for {entry.amount} with fees of {entry.fees}"
        record.leave_out(text, "cash going the other way", "If it cancels an earlier trade, correct that one.")
    amount = abs(entry.amount)
    gross = amount + entry.fees * sign
    if entry.price is not None and abs(abs(entry.shares) * entry.price - gross) > _rounding(entry.shares, entry.price):
        text = f"an amount of {entry.amount} for {entry.shares} at {entry.price} with fees of {entry.fees}"
        record.leave_out(text, "an amount that follows from them", "It may be a bond or an option. " + _ENTER_EVENT)
    return amount if record.is_sound else None


def _paid(record: Record, entry: Entry) -> Money | None:
    if entry.amount is None or entry.amount <= 0:
        text = f"{entry.action!r} of {'nothing' if entry.amount is None else entry.amount}"
        record.leave_out(text, "an amount above zero", "If it takes back an earlier payment, correct that one.")
    return entry.amount if record.is_sound else None


def _rounding(shares: Shares, price: Price) -> Money:
    """The most by which quantity times price may miss the amount, both being rounded to the digits shown.

    A whole number of shares is taken as exact, a price as rounded to the cent at least.
    """
    digit_of_shares = min(_last_digit(shares), Decimal("0.1")) if shares % 1 else ZERO
    return abs(shares) * min(_last_digit(price), CENT) + price * digit_of_shares + CENT


def _last_digit(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else ZERO


_ENTER_EVENT = "Enter what happened as an event; nothing was booked for the row."
