"""Folds a history into open lots, disposals and cash.

The fold is pure: the same events, accounts, securities and rules give the same book, whatever order the events come in.
A corrected event or a late purchase is not patched into an old result; the whole history is folded again, which is why
the fold takes time in proportion to its events.

What a later event may still change is only what the law lets it change: the disallowed part of a loss realised in the
30 days before. Everything else in the fold of the first events stays as it is when more follow.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from lots.accounts import Account
from lots.errors import LedgerError
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
    IncomeKind,
    Inherited,
    OpenCash,
    OpenLot,
    ReinvestedIncome,
    ReturnOfCapital,
    RothConversion,
    Sell,
    SpinOff,
    Split,
    StatedCash,
    StatedShares,
    StockMerger,
    SymbolChange,
    Transfer,
    Void,
    Withdrawal,
)
from lots.ledger import cash, corporate, moves, statements, trades
from lots.ledger.order import effective
from lots.ledger.records import Assertion, Income, WashMatch
from lots.ledger.washing import Washing
from lots.ledger.workings import Workings
from lots.lot import Disposal, DonatedLot, TaxLot
from lots.securities import Security
from lots.units import ZERO, Money
from lots.wash import WashRules, group_of

__all__ = ["Assertion", "Book", "Income", "WashMatch", "fold"]


@dataclass(frozen=True, slots=True)
class Book:
    """What a history comes to.

    Parameters
    ----------
    open_lots : the lots still held, by `lot_id`, in the order of acquisition. A lot that a wash sale or a transfer
        divided appears in parts, ``lot``, ``lot~1``, ``lot~2``.
    disposals : every sale, lot by lot, in the order of the sales; those in sheltered accounts have `is_taxable` False.
    donations : every lot given to charity.
    incomes : dividends, interest and distributions.
    cash : dollars by account.
    wash_matches : which shares replaced which, in the order they were matched.
    assertions : what statements say, beside what the events come to.
    taxable : the accounts whose gains are taxed.
    has_two_bases : whether a gift with another basis for a loss was ever held.
    """

    open_lots: Mapping[str, TaxLot]
    disposals: tuple[Disposal, ...]
    donations: tuple[DonatedLot, ...]
    incomes: tuple[Income, ...]
    cash: Mapping[str, Money]
    wash_matches: tuple[WashMatch, ...]
    assertions: tuple[Assertion, ...]
    taxable: frozenset[str]
    has_two_bases: bool

    def taxable_disposals(self, year: int | None = None) -> tuple[Disposal, ...]:
        """The disposals that belong on a return, of one tax year if given."""
        return tuple(each for each in self.disposals if each.is_taxable and year in (None, each.disposed.year))

    def distributions(self, year: int) -> Money:
        """Capital-gain distributions of a year, Schedule D line 13, dollars."""
        kind = IncomeKind.CAPITAL_GAIN_DISTRIBUTION
        return sum((each.amount for each in self.incomes if each.kind is kind and each.date.year == year), ZERO)


def fold(
    events: Iterable[Event],
    accounts: Iterable[Account],
    securities: Iterable[Security] = (),
    rules: WashRules | None = None,
) -> Book:
    """Fold a history into a book.

    Parameters
    ----------
    events : the history in any order; corrections replace the events they name.
    accounts : every account of the household, spouse's and retirement accounts included.
    securities : what is known of the securities; one that is missing is a stock identical to itself alone.
    rules : the reading of the wash-sale rule.

    Raises
    ------
    LedgerError
        If an event contradicts the events before it. The message names the event, what was found and where to look.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from lots.accounts import AccountKind
    >>> joint = Account("joint", AccountKind.TAXABLE)
    >>> bought = Buy(date=date(2026, 3, 2), account_id="joint", event_id="1", symbol="VTI", shares=Decimal(10),
    ...              cost=Decimal(2500), lot_id="a")
    >>> fold([bought], [joint]).open_lots["a"].cost_basis
    Decimal('2500')
    """
    standing = effective(events)
    state = _start(accounts, securities, rules or WashRules(), standing)
    today: date | None = None
    for event in standing:
        if today is not None and event.date != today:
            state.washing.end_day(state)
        elif event.ORDER_IN_DAY > Buy.ORDER_IN_DAY:
            state.washing.end_purchases(state)
        today = event.date
        apply = _APPLY.get(type(event))
        if apply is None:
            raise LedgerError(f"{event.where}: the ledger has no rule for an event of kind {type(event).__name__}.")
        apply(state, event)
    state.washing.end_day(state)
    return _close(state)


_APPLY: dict[type[Event], Callable[[Workings, Any], None]] = {
    OpenLot: trades.open_lot,
    ClosedLot: trades.closed_lot,
    Buy: trades.buy,
    Sell: trades.sell,
    Donate: trades.donate,
    OpenCash: cash.open_cash,
    Contribution: cash.contribute,
    Withdrawal: cash.withdraw,
    CashIncome: cash.receive_income,
    ReinvestedIncome: trades.reinvest,
    ReturnOfCapital: corporate.return_capital,
    Fee: cash.pay_fee,
    Transfer: moves.transfer,
    CashTransfer: moves.transfer_cash,
    RothConversion: moves.convert,
    GiftReceived: moves.receive_gift,
    Inherited: moves.inherit,
    Split: corporate.split,
    StockMerger: corporate.merge,
    CashMerger: corporate.merge_for_cash,
    SpinOff: corporate.spin_off,
    SymbolChange: corporate.change_symbol,
    StatedShares: statements.check_shares,
    StatedCash: statements.check_cash,
    Void: statements.void,
}
"""The rule for each kind of event; each entry takes events of its own kind only."""


def _start(accounts: Iterable[Account], securities: Iterable[Security], rules: WashRules, events: list[Event]) -> Workings:
    by_account: dict[str, Account] = {}
    for account in accounts:
        if account.account_id in by_account:
            raise LedgerError(f"Account {account.account_id!r} is declared twice; keep one of the two.")
        by_account[account.account_id] = account
    by_symbol = {security.symbol: security for security in securities}
    return Workings(by_account, by_symbol, Washing(by_account, by_symbol, rules, _renamed_groups(events, by_symbol)))


def _renamed_groups(events: list[Event], securities: Mapping[str, Security]) -> dict[str, str]:
    """The groups that a change of symbol makes one, each with the name they share."""
    shared: dict[str, str] = {}

    for event in events:
        if isinstance(event, SymbolChange):
            groups = (group_of(symbol, securities) for symbol in (event.symbol, event.new_symbol))
            first, second = sorted(_shared_name(group, shared) for group in groups)
            if first != second:
                shared[second] = first
    return {group: _shared_name(group, shared) for group in shared}


def _shared_name(group: str, shared: Mapping[str, str]) -> str:
    """Follow a chain of renamed groups to its end."""
    while group in shared:
        group = shared[group]
    return group


def _close(state: Workings) -> Book:
    pieces = sorted(state.pieces.values(), key=lambda piece: (piece.acquired, piece.sequence, piece.lot_id))
    _let_go(state)
    pieces.reverse()
    open_lots: dict[str, TaxLot] = {}
    while pieces:
        lot = pieces.pop().as_lot()
        open_lots[lot.lot_id] = lot
    return Book(
        open_lots=MappingProxyType(open_lots),
        disposals=_washed(state),
        donations=tuple(state.donations),
        incomes=tuple(state.incomes),
        cash=MappingProxyType(dict(sorted(state.cash.items()))),
        wash_matches=tuple(state.washing.matches),
        assertions=tuple(state.assertions),
        taxable=frozenset(name for name, account in state.accounts.items() if account.kind.is_taxable),
        has_two_bases=state.has_two_bases,
    )


def _let_go(state: Workings) -> None:
    """Forget what only the fold needed; a long history needs the room for the lots made from its pieces."""
    for used in (state.positions, state.pieces, state.parts):
        used.clear()


def _washed(state: Workings) -> tuple[Disposal, ...]:
    """The disposals with what the wash-sale rule took from them."""
    disposals = state.disposals
    for index, tally in state.washing.tallies.items():
        disposals[index] = disposals[index].washed(tally.shares, tally.disallowed, tally.lost)
    return tuple(disposals)
