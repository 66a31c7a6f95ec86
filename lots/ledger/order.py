"""The order in which events are read: corrections applied, then by date, kind and name.

Statements list the events of a day in any order, so the order in a file carries no meaning here. Within a day opening
balances come first, then what happens before the market opens (corporate actions), then money and shares that come in,
then transfers, then what leaves.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from lots.errors import LedgerError
from lots.events import Event


def sort_key(event: Event) -> tuple[date, int, str]:
    """The place of an event in the history."""
    return (event.date, event.ORDER_IN_DAY, event.event_id)


def effective(events: Iterable[Event]) -> list[Event]:
    """Return the events that stand, in the order they are read: without those a later correction replaces.

    Raises
    ------
    LedgerError
        If two events share an id, or a correction names an event that is not there or that another correction replaces.
    """
    by_id: dict[str, Event] = {}
    for event in events:
        if event.event_id in by_id:
            raise LedgerError(
                f"{event.where}: the event id {event.event_id!r} is already taken ({by_id[event.event_id].where}); "
                "give each event its own id."
            )
        by_id[event.event_id] = event
    replaced = _replaced_by(by_id)
    standing = [event for event in by_id.values() if event.event_id not in replaced]
    standing.sort(key=sort_key)
    return standing


def _replaced_by(by_id: dict[str, Event]) -> dict[str, Event]:
    replaced: dict[str, Event] = {}
    for event in by_id.values():
        old = event.replaces
        if old is None:
            continue
        if old not in by_id:
            raise LedgerError(f"{event.where}: it corrects event {old!r}, which is not in the history; check the id.")
        if old in replaced:
            raise LedgerError(
                f"{event.where}: it corrects event {old!r}, which {replaced[old].where} corrects already; "
                "let the second correction name the first."
            )
        replaced[old] = event
    _refuse_circles(by_id, replaced)
    return replaced


def _refuse_circles(by_id: dict[str, Event], replaced: dict[str, Event]) -> None:
    """Refuse corrections that correct each other in a circle, of which nothing would be left standing."""
    ends: set[str] = set()
    for start in replaced:
        trail: list[str] = []
        here = start
        while here in replaced and here not in ends:
            if here in trail:
                raise LedgerError(f"{by_id[here].where}: corrections {_listed(trail)} replace each other in a circle.")
            trail.append(here)
            here = replaced[here].event_id
        ends.update(trail)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)
