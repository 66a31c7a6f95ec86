"""What every event has, and how one points at lots.

An event is a fact with a date. It never changes: a wrong one is replaced by a new one that names it in `replaces`, so
the history of the history is kept and everything derived from it is derived again.
"""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import ClassVar

from lots.errors import InputError
from lots.units import Shares


@dataclass(frozen=True, slots=True)
class Source:
    """Where an event was read: a file, the row in it, and the hash of the file's bytes."""

    file: str
    row: int | None = None
    sha256: str | None = None

    def __str__(self) -> str:
        return self.file if self.row is None else f"{self.file}, row {self.row}"


@dataclass(frozen=True, slots=True)
class LotPick:
    """Shares of a named lot: the specific identification of Reg. 1.1012-1(c)."""

    lot_id: str
    shares: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact about one account.

    Parameters
    ----------
    date : trade date; the law's windows and holding periods count trade dates.
    account_id : the account it happened in.
    event_id : unique in the household's history.
    source : where it was read, for messages.
    replaces : the `event_id` of the event this one corrects.
    """

    ORDER_IN_DAY: ClassVar[int] = 50
    """Rank among the events of one day, whose order in a file means nothing: the smaller comes first."""

    date: date
    account_id: str
    event_id: str
    source: Source | None = None
    replaces: str | None = None

    def __post_init__(self) -> None:
        for name in _decimal_fields(type(self)):
            value = getattr(self, name)
            if value is not None and not isinstance(value, Decimal):
                raise TypeError(f"{name} of event {self.event_id} must be a Decimal, found {value!r}")

    @property
    def where(self) -> str:
        """The place a message can point at."""
        return str(self.source) if self.source else f"event {self.event_id}"


_DECIMAL_FIELDS: dict[type[Event], tuple[str, ...]] = {}


def _decimal_fields(kind: type[Event]) -> tuple[str, ...]:
    if kind not in _DECIMAL_FIELDS:
        marked = (Decimal, Decimal | None)
        _DECIMAL_FIELDS[kind] = tuple(each.name for each in fields(kind) if each.type in marked)
    return _DECIMAL_FIELDS[kind]


def require_positive(event: Event, **amounts: Decimal) -> None:
    """Refuse an event whose named amounts are not all greater than zero."""
    for name, amount in amounts.items():
        if amount <= 0:
            raise InputError(f"{event.where}: {name} is {amount}; expected more than zero on {event.date}.")


def require_not_negative(event: Event, **amounts: Decimal) -> None:
    """Refuse an event with a named amount below zero."""
    for name, amount in amounts.items():
        if amount < 0:
            raise InputError(f"{event.where}: {name} is {amount}; expected zero or more on {event.date}.")


def require_picks_total(event: Event, shares: Shares, picks: tuple[LotPick, ...]) -> None:
    """Refuse named lots that do not add up to the shares of the event."""
    named = sum((pick.shares for pick in picks), Decimal(0))
    if picks and named != shares:
        raise InputError(
            f"{event.where}: the lots named for {event.date} add up to {named} shares, but the event says {shares}; "
            "correct one of the two."
        )
    for pick in picks:
        if not isinstance(pick.shares, Decimal):
            raise TypeError(f"shares of lot {pick.lot_id} must be a Decimal, found {pick.shares!r}")
        if pick.shares <= 0:
            raise InputError(f"{event.where}: lot {pick.lot_id} is named with {pick.shares} shares; expected more than zero.")
