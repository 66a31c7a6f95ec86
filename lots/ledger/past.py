"""The history as it stood on an earlier day, with the corrections known since."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from lots.events import Event, Void
from lots.ledger.order import effective


def until(events: Iterable[Event], day: date) -> list[Event]:
    """Return the events that stand and had happened by the end of `day`, no longer naming what they correct."""
    standing = [event for event in effective(events) if event.date <= day and not isinstance(event, Void)]
    return [event if event.replaces is None else replace(event, replaces=None) for event in standing]
