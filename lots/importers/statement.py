"""What a broker's file says, once read: lots, closed lots, positions, cash, what happened, and what was not understood.

A statement speaks in the ledger's events. It offers two views of the same account, and a history is built from one of
them: the *snapshot* (lots as they stand, sales as reported, no history behind them) or the *transactions* (purchases
and sales, from which the lots follow). Taking both would count every purchase twice. The *assertions* fit either view:
they change nothing and are compared with what the ledger comes to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from lots.errors import InputError
from lots.events import ClosedLot, Event, OpenCash, OpenLot, Source, StatedCash, StatedShares
from lots.units import ZERO, Money, Shares

_LISTED = 100
"""A file of another kind can be wrong on every row; its message lists this many, its `problems` all."""


class Kind(StrEnum):
    """What a file mainly holds."""

    LOTS = "lots"
    POSITIONS = "positions"
    CLOSED_LOTS = "closed lots"
    TRANSACTIONS = "transactions"
    SEVERAL = "several"


class Severity(StrEnum):
    """What a problem means for the file."""

    ERROR = "error"
    """Nothing of the file is taken."""
    LEFT_OUT = "left out"
    """The row is not taken; the rest of the file is."""
    NOTE = "note"
    """The row is taken, and there is something to know about it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a reader of the file should know.

    Parameters
    ----------
    file, row : where; `row` is the line a text editor shows, None for the file as a whole.
    found, expected : what stands there and what would be right.
    step : what to do next.
    severity : what it means for the file.
    """

    file: str
    row: int | None
    found: str
    expected: str
    step: str
    severity: Severity

    @property
    def is_error(self) -> bool:
        """Whether nothing of the file may be taken."""
        return self.severity is Severity.ERROR

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}, row {self.row}"
        return f"{place}: found {self.found}; expected {self.expected}. {self.step}".rstrip()


class StatementError(InputError):
    """A file that is not taken; `problems` has everything wrong with it, in the order of the rows."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        errors = [str(problem) for problem in problems if problem.is_error]
        more = [f"... and {len(errors) - _LISTED} more"] if len(errors) > _LISTED else []
        super().__init__("\n".join(errors[:_LISTED] + more))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Known:
    """What the caller knows and a file may not say.

    Parameters
    ----------
    account : the account of rows that name none.
    accounts : the household's name for an account by the file's name for it, such as ``{"XXXX-4321": "joint"}``.
    symbol : the ticker of rows that name none.
    as_of : the day of a file that does not say which day it speaks of.
    sheltered : accounts in which no tax depends on the basis or the day of a lot.
    """

    account: str | None = None
    accounts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    symbol: str | None = None
    as_of: date | None = None
    sheltered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Position:
    """Shares of one security in one account as a positions file reports them, dollars for all shares together."""

    account_id: str
    symbol: str
    shares: Shares
    source: Source
    cost_basis: Money | None = None
    market_value: Money | None = None


@dataclass(frozen=True, slots=True)
class CashBalance:
    """Dollars in cash in one account as a positions file reports them."""

    account_id: str
    amount: Money
    source: Source


@dataclass(frozen=True, slots=True)
class Statement:
    """One file, understood.

    Parameters
    ----------
    format : which format it was read as, such as ``schwab-lots``.
    kind : what it mainly holds.
    file, sha256 : its name and the hash of its bytes.
    rows : how many rows it has.
    account_hint : the account if the file speaks of one only.
    as_of : the day its lots, positions and cash stand for, when it says so.
    lots : open lots.
    closed_lots : sales as the broker reports them, lot by lot.
    positions, cash : what is held in total.
    transactions : what happened.
    problems : rows left out and notes; never an error.
    incomplete : account and symbol of every security of which a lot was left out, so that its lots are not all.
    """

    format: str
    kind: Kind
    file: str
    sha256: str
    rows: int
    account_hint: str | None
    as_of: date | None
    lots: tuple[OpenLot, ...]
    closed_lots: tuple[ClosedLot, ...]
    positions: tuple[Position, ...]
    cash: tuple[CashBalance, ...]
    transactions: tuple[Event, ...]
    problems: tuple[Problem, ...]
    incomplete: frozenset[tuple[str, str]] = frozenset()

    @property
    def accounts(self) -> tuple[str, ...]:
        """Every account the file speaks of, sorted."""
        events: tuple[Event, ...] = (*self.lots, *self.closed_lots, *self.transactions)
        named = {event.account_id for event in events}
        named.update(position.account_id for position in self.positions)
        named.update(balance.account_id for balance in self.cash)
        return tuple(sorted(named))

    @property
    def snapshot(self) -> tuple[Event, ...]:
        """The account as it stands with no history behind it: open lots, reported sales, and cash if the day is known."""
        return (*self.lots, *self.closed_lots, *self._opening_cash())

    @property
    def assertions(self) -> tuple[Event, ...]:
        """What the ledger should come to at the end of the day, if the day is known: shares and cash by account.

        The basis is not asserted, for a broker rounds it; :func:`lots.importers.reconcile` compares it with the lots.
        """
        if self.as_of is None:
            return ()
        shares: dict[tuple[str, str], Shares] = {}
        for each in self.positions:
            key = (each.account_id, each.symbol)
            shares[key] = shares.get(key, ZERO) + each.shares
        stated = (self._stated_shares(self.as_of, *key, total) for key, total in shares.items())
        return (*stated, *(self._stated_cash(self.as_of, *each) for each in self._cash_by_account().items()))

    @property
    def left_out(self) -> tuple[Problem, ...]:
        """The rows that were not taken, each with its reason."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.LEFT_OUT)

    def _opening_cash(self) -> tuple[OpenCash, ...]:
        day = self.as_of
        if day is None:
            return ()
        return tuple(
            OpenCash(
                date=day,
                account_id=account,
                event_id=f"{day}:OpenCash:{account}",
                source=Source(self.file, None, self.sha256),
                amount=amount,
            )
            for account, amount in self._cash_by_account().items()
        )

    def _cash_by_account(self) -> dict[str, Money]:
        totals: dict[str, Money] = {}
        for balance in self.cash:
            totals[balance.account_id] = totals.get(balance.account_id, ZERO) + balance.amount
        return totals

    def _stated_shares(self, day: date, account: str, symbol: str, shares: Shares) -> StatedShares:
        return StatedShares(
            date=day,
            account_id=account,
            event_id=f"{day}:StatedShares:{account}:{symbol}",
            source=Source(self.file, None, self.sha256),
            symbol=symbol,
            shares=shares,
        )

    def _stated_cash(self, day: date, account: str, amount: Money) -> StatedCash:
        return StatedCash(
            date=day,
            account_id=account,
            event_id=f"{day}:StatedCash:{account}",
            source=Source(self.file, None, self.sha256),
            amount=amount,
        )
