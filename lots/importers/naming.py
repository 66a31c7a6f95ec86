"""Ids for events and lots, made from what they say.

The same row of two overlapping files gets the same id, so it is booked once; of rows alike in every cell the second gets
another id than the first, for both are real. An open lot is numbered among those of its security, account and day, so
that what is left of it after a sale keeps its name.
"""

import hashlib
from collections import Counter
from dataclasses import fields, replace
from decimal import Decimal
from typing import TypeVar

from lots.events import Buy, ClosedLot, Event, OpenLot

UNNAMED = ""
"""The id of an event or lot before it is named."""

_E = TypeVar("_E", bound=Event)
_NO_FACTS = frozenset({"event_id", "lot_id", "source", "replaces"})
_FACTS: dict[type[Event], tuple[str, ...]] = {}
"""The fields that make an event what it is, by its kind."""


class Names:
    """Names the events of one file."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, ...]] = Counter()
        self._lot_ids: set[str] = set()

    def named(self, event: _E) -> _E:
        """Return the event with its ids; a lot keeps the id its writer gave it unless another lot has it."""
        content = _content(event)
        self._seen[content] += 1
        digest = hashlib.sha256("\n".join((*content, str(self._seen[content]))).encode()).hexdigest()[:16]
        event_id = f"{event.date}:{content[0]}:{digest}"
        if isinstance(event, OpenLot):
            return replace(event, event_id=event_id, lot_id=self._lot_id(event))
        if isinstance(event, ClosedLot | Buy):
            return replace(event, event_id=event_id, lot_id=f"{_stem(event, event.symbol)}-{digest[:8]}")
        return replace(event, event_id=event_id)

    def _lot_id(self, lot: OpenLot) -> str:
        stem, name = _stem(lot, lot.symbol), lot.lot_id.replace("~", "-")
        while not name or name in self._lot_ids:
            self._seen[(stem,)] += 1
            name = f"{stem}-{self._seen[(stem,)]}"
        self._lot_ids.add(name)
        return name


def _stem(event: Event, symbol: str) -> str:
    """What the names of an account's lots of one security and day begin with; ``~`` is kept for parts of lots."""
    return f"{symbol}-{event.account_id}-{event.date:%Y%m%d}".replace("~", "-")


def _content(event: Event) -> tuple[str, ...]:
    """What makes an event this one and no other, as text: its kind and fields without ids and source."""
    return (type(event).__name__, *(f"{name}={_plain(getattr(event, name))}" for name in _facts_of(type(event))))


def _facts_of(kind: type[Event]) -> tuple[str, ...]:
    if kind not in _FACTS:
        _FACTS[kind] = tuple(each.name for each in fields(kind) if each.name not in _NO_FACTS)
    return _FACTS[kind]


def _plain(value: object) -> str:
    """A value as text, the same for 10 and 10.0000."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return str(value)
