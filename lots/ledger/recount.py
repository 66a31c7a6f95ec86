"""Adds up shares, cash and basis straight from the events: the other side of the audit's scales.

Nothing here knows lots. Shares and cash follow from the events alone. Basis needs three amounts only the law's rules can
tell and takes them from the book: losses moved into a replacement's basis, and what of a return of capital went beyond the
basis. A gift with two bases leaves with whichever the price picks, so with one in the history basis is not weighed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

from lots.events import (
    Buy,
    CashIncome,
    CashMerger,
    CashTransfer,
    ClosedLot,
    Contribution,
    Donate,
    Event,
    Fee,
    GiftReceived,
    Inherited,
    OpenCash,
    OpenLot,
    ReinvestedIncome,
    ReturnOfCapital,
    RothConversion,
    Sell,
    SpinOff,
    Split,
    StockMerger,
    SymbolChange,
    Transfer,
    Withdrawal,
)
from lots.ledger.book import Book
from lots.lot import Manner
from lots.units import ZERO, Money, Shares

STEP = Decimal("0.00000001")


@dataclass(slots=True)
class Totals:
    """Shares by account and symbol, cash by account, and the basis of taxable accounts, held or gone; None if not weighed."""

    shares: dict[tuple[str, str], Shares] = field(default_factory=lambda: defaultdict(Decimal))
    cash: dict[str, Money] = field(default_factory=lambda: defaultdict(Decimal))
    basis: Money | None = None

    @classmethod
    def of(cls, book: Book) -> "Totals":
        """The totals a book comes to."""
        totals = cls()
        for lot in book.open_lots.values():
            totals.shares[(lot.account_id, lot.symbol)] += lot.shares
        totals.cash.update(book.cash)
        if not book.has_two_bases:
            held = sum((lot.cost_basis for lot in book.open_lots.values() if lot.account_id in book.taxable), ZERO)
            sold = sum((each.cost_basis for each in book.disposals if each.is_taxable), ZERO)
            given = sum((each.cost_basis for each in book.donations if each.account_id in book.taxable), ZERO)
            totals.basis = held + sold + given
        return totals


def recount(events: Iterable[Event], book: Book) -> Totals:
    """Add up standing events in the order they are read."""
    totals = Totals()
    history = list(events)
    for event in history:
        _add_shares(totals.shares, event)
        _add_cash(totals.cash, event)
    if not book.has_two_bases:
        paid = sum((_basis_in(event) for event in history if event.account_id in book.taxable), ZERO)
        moved = sum((match.disallowed_loss for match in book.wash_matches if not match.is_lost), ZERO)
        beyond = sum((d.proceeds for d in book.disposals if d.manner is Manner.RETURN_OF_CAPITAL and d.is_taxable), ZERO)
        totals.basis = paid + moved + beyond
    return totals


def _add_shares(shares: dict[tuple[str, str], Shares], event: Event) -> None:
    here = (event.account_id, getattr(event, "symbol", None) or "")
    match event:
        case OpenLot() | Buy() | ReinvestedIncome() | GiftReceived() | Inherited():
            shares[here] += event.shares
        case Sell() | Donate():
            shares[here] -= event.shares
        case Transfer() | RothConversion():
            shares[here] -= event.shares or ZERO
            shares[(event.to_account_id, here[1])] += event.shares or ZERO
        case Split():
            shares[here] = _after(shares[here], event)
        case StockMerger():
            shares[(event.account_id, event.new_symbol)] = _after(shares.pop(here), event, shares[_new(event)])
        case SpinOff():
            shares[(event.account_id, event.new_symbol)] = _after(shares[here], event, shares[_new(event)])
        case SymbolChange():
            shares[(event.account_id, event.new_symbol)] += shares.pop(here)
        case CashMerger():
            shares.pop(here)
        case _:
            pass


def _new(event: StockMerger | SpinOff) -> tuple[str, str]:
    return (event.account_id, event.new_symbol)


def _after(old: Shares, event: Split | StockMerger | SpinOff, already: Shares = ZERO) -> Shares:
    """The shares of the new kind, those held already among them, less the fraction paid in cash."""
    total = already + (old * event.new_shares / event.old_shares).quantize(STEP)
    return total.to_integral_value(ROUND_DOWN) if event.cash_in_lieu else total


def _add_cash(cash: dict[str, Money], event: Event) -> None:
    match event:
        case OpenCash() | Contribution() | CashIncome() | ReturnOfCapital():
            cash[event.account_id] += event.amount
        case Withdrawal() | Fee():
            cash[event.account_id] -= event.amount
        case CashTransfer():
            cash[event.account_id] -= event.amount
            cash[event.to_account_id] += event.amount
        case RothConversion() if event.symbol is None:
            cash[event.account_id] -= event.amount
            cash[event.to_account_id] += event.amount
        case Buy():
            cash[event.account_id] -= event.cost + event.fees
        case Sell():
            cash[event.account_id] += event.proceeds - event.fees
        case CashMerger():
            cash[event.account_id] += event.proceeds
        case Split() | SpinOff():
            cash[event.account_id] += event.cash_in_lieu
        case StockMerger():
            cash[event.account_id] += event.cash_in_lieu + event.boot
        case _:
            pass


def _basis_in(event: Event) -> Money:
    match event:
        case OpenLot() | ClosedLot():
            return event.cost_basis
        case Buy():
            return event.cost + event.fees
        case ReinvestedIncome():
            return event.amount
        case GiftReceived():
            return event.donor_basis + event.gift_tax_on_appreciation
        case Inherited():
            return event.value
        case ReturnOfCapital():
            return -event.amount
        case _:
            return ZERO
