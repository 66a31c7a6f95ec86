"""What a user or a statement says about the history itself: what was held on a day, and which event was a mistake."""

from dataclasses import dataclass
from typing import ClassVar

from lots.errors import InputError
from lots.events.event import Event
from lots.units import Money, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedShares(Event):
    """A statement: at the end of `date` the account holds so many shares of `symbol`, with this basis if it says so."""

    ORDER_IN_DAY: ClassVar[int] = 90

    symbol: str
    shares: Shares
    cost_basis: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedCash(Event):
    """A statement: at the end of `date` the account holds so many dollars in cash."""

    ORDER_IN_DAY: ClassVar[int] = 90

    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Void(Event):
    """The event named in `replaces` never happened."""

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.replaces is None:
            raise InputError(f"{self.where}: it voids an event but does not name one; set replaces.")
