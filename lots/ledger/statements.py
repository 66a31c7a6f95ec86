"""Compares what a statement asserts with what the fold has come to."""

from decimal import Decimal

from lots.events import StatedCash, StatedShares, Void
from lots.ledger.records import Assertion
from lots.ledger.workings import Workings
from lots.units import ZERO


def check_shares(state: Workings, event: StatedShares) -> None:
    """Compare shares, and basis if it is stated, once the day's wash sales are matched."""
    state.washing.end_day(state)
    pieces = state.held(state.account(event).account_id, event.symbol)
    _note(state, event, "shares", event.shares, sum((piece.shares for piece in pieces), ZERO))
    if event.cost_basis is not None:
        _note(state, event, "cost basis", event.cost_basis, sum((piece.cost_basis for piece in pieces), ZERO))


def check_cash(state: Workings, event: StatedCash) -> None:
    """Compare dollars."""
    _note(state, event, "cash", event.amount, state.cash.get(state.account(event).account_id, ZERO))


def void(state: Workings, event: Void) -> None:
    """Do nothing: the event it names is left out of the history already."""


def _note(state: Workings, event: StatedShares | StatedCash, what: str, stated: Decimal, found: Decimal) -> None:
    symbol = event.symbol if isinstance(event, StatedShares) else None
    state.assertions.append(Assertion(event.date, event.account_id, symbol, what, stated, found, event.event_id, event.where))
