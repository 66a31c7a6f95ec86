"""Which events of a file are new to the ledger, and what they are called there.

Exports overlap: the same purchase arrives in March and again in the year's file, under another row and perhaps another
name. What tells events apart is therefore what they say. Two rows of one file that say the same are two events, so the
key is the content and its occurrence: of a content that one file has twice and another three times the ledger has three.

Within a file events point at each other by names (a sale at its lots, a correction at what it corrects). Where an event
turns out to be known, or its name is taken by something else, everything in the file that points at it is turned
to the name in the ledger.

An event without a source was made by a program that chose its id, and that id alone says which event it is.
"""

from collections import OrderedDict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace

from lots.errors import LedgerError
from lots.events import ClosedLot, Event, LotPick
from lots.events.codec import content_hash

PART = "~"
"""Stands between a lot's name and the number of its part, as in the fold."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An event as the ledger keeps it: under its name there, with the key that tells it from others."""

    event: Event
    content_hash: str
    occurrence: int


@dataclass(slots=True)
class Merged:
    """What a merge found.

    Parameters
    ----------
    new : the events to add, in an order in which everything stands after what it points at.
    added, known : how many events of each file are new, and how many the ledger had already.
    renamed_lots : lots whose name was taken by another lot, with the name they have in the ledger.
    event_ids : what every incoming event is called in the ledger, new or known.
    """

    new: list[Kept] = field(default_factory=list)
    added: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    renamed_lots: dict[str, str] = field(default_factory=dict)
    event_ids: list[str] = field(default_factory=list)


def merge(kept: Sequence[Kept], incoming: Iterable[Event]) -> Merged:
    """Compare incoming events with those kept, file by file.

    Raises
    ------
    LedgerError
        If two events of one file share an id or a lot's name, or an event without a source has the id of another event.
    """
    merging = _Merging(kept)
    for file, events in _by_file(incoming).items():
        merging.take(file, events)
    return merging.result


def _by_file(incoming: Iterable[Event]) -> dict[tuple[str, str | None] | None, list[Event]]:
    groups: dict[tuple[str, str | None] | None, list[Event]] = {}
    for event in incoming:
        key = (event.source.file, event.source.sha256) if event.source else None
        groups.setdefault(key, []).append(event)
    return groups


def _rank(event: Event) -> int:
    """First what nothing is pointed from, then what points at lots, then corrections."""
    if event.replaces is not None:
        return 2
    return 1 if getattr(event, "picks", ()) or isinstance(event, ClosedLot) else 0


def _opened_lot(event: Event) -> str | None:
    """The lot an event opens; a reported sale only refers to the lot it came from."""
    return None if isinstance(event, ClosedLot) else getattr(event, "lot_id", None)


class _Names:
    """What a file calls things, and what the ledger calls them."""

    def __init__(self) -> None:
        self.events: dict[str, str] = {}
        self.lots: dict[str, str] = {}

    def lot(self, name: str) -> str:
        root, mark, part = name.partition(PART)
        return f"{self.lots.get(root, root)}{mark}{part}"

    def resolve(self, event: Event) -> Event:
        """The event pointing at things by their names in the ledger."""
        changes: dict[str, object] = {}
        if event.replaces is not None and self.events.get(event.replaces, event.replaces) != event.replaces:
            changes["replaces"] = self.events[event.replaces]
        picks: tuple[LotPick, ...] = getattr(event, "picks", ())
        if any(self.lot(pick.lot_id) != pick.lot_id for pick in picks):
            changes["picks"] = tuple(LotPick(self.lot(pick.lot_id), pick.shares) for pick in picks)
        if isinstance(event, ClosedLot) and self.lot(event.lot_id) != event.lot_id:
            changes["lot_id"] = self.lot(event.lot_id)
        return replace(event, **changes) if changes else event  # type: ignore[arg-type]


class _Merging:
    def __init__(self, kept: Sequence[Kept]) -> None:
        self.result = Merged()
        self.by_id: dict[str, Kept] = {}
        self.by_content: dict[str, list[str]] = {}
        self.lot_owners: dict[str, str] = {}
        for each in kept:
            self._note(each)

    def take(self, file: tuple[str, str | None] | None, events: list[Event]) -> None:
        """Merge the events of one file."""
        names, spoken_for = _Names(), dict[str, OrderedDict[str, None]]()
        _refuse_doubles(events)
        called = file[0] if file else ""
        for event in sorted(events, key=_rank):
            resolved = names.resolve(event)
            digest = content_hash(resolved)
            match = self._known(resolved, digest, spoken_for) if file else self._same_id(resolved, digest)
            counts = self.result.known if match else self.result.added
            counts[called] = counts.get(called, 0) + 1
            standing = (match or self._add(resolved, digest, names)).event
            self.result.event_ids.append(standing.event_id)
            self._call(names, event, standing)

    def _known(self, event: Event, digest: str, spoken_for: dict[str, OrderedDict[str, None]]) -> Kept | None:
        """Find the kept event this one is, each kept event standing for one event of a file only."""
        if digest not in spoken_for:
            spoken_for[digest] = OrderedDict.fromkeys(self.by_content.get(digest, ()))
        left = spoken_for[digest]
        for namesake in (event.event_id, self.lot_owners.get(_opened_lot(event) or "", "")):
            if namesake in left:
                del left[namesake]
                return self.by_id[namesake]
        return self.by_id[left.popitem(last=False)[0]] if left else None

    def _same_id(self, event: Event, digest: str) -> Kept | None:
        match = self.by_id.get(event.event_id)
        if match and match.content_hash != digest:
            raise LedgerError(
                f"{event.where}: the ledger already has an event {event.event_id!r} that says something else "
                f"({match.event.where}); give the new one its own id, and name the old one in `replaces` to correct it."
            )
        return match

    def _add(self, event: Event, digest: str, names: _Names) -> Kept:
        changes: dict[str, str] = {}
        if event.event_id in self.by_id:
            changes["event_id"] = _free_name(event.event_id, self.by_id)
        lot = _opened_lot(event)
        if lot is not None:
            wanted = names.lots.get(lot, lot)
            if self.lot_owners.get(wanted) not in (None, event.replaces):
                wanted = _free_name(lot, self.lot_owners)
                self.result.renamed_lots[lot] = wanted
            if wanted != lot:
                changes["lot_id"] = wanted
        named = replace(event, **changes) if changes else event  # type: ignore[arg-type]
        kept = Kept(named, digest, len(self.by_content.get(digest, ())) + 1)
        self._note(kept)
        self.result.new.append(kept)
        return kept

    def _note(self, kept: Kept) -> None:
        self.by_id[kept.event.event_id] = kept
        self.by_content.setdefault(kept.content_hash, []).append(kept.event.event_id)
        lot = _opened_lot(kept.event)
        if lot is not None:
            self.lot_owners[lot] = kept.event.event_id

    @staticmethod
    def _call(names: _Names, event: Event, standing: Event) -> None:
        names.events[event.event_id] = standing.event_id
        lot, kept = _opened_lot(event), _opened_lot(standing)
        if lot is not None and kept is not None:
            names.lots[lot] = kept


def _refuse_doubles(events: list[Event]) -> None:
    ids: dict[str, Event] = {}
    lots: dict[str, Event] = {}
    for event in events:
        if event.event_id in ids:
            raise LedgerError(
                f"{event.where}: the event id {event.event_id!r} is already taken ({ids[event.event_id].where}); "
                "give each event its own id."
            )
        ids[event.event_id] = event
        lot = _opened_lot(event)
        if lot is not None and event.replaces is None:
            if lot in lots:
                raise LedgerError(f"{event.where}: there is already a lot {lot!r} ({lots[lot].where}); give each lot its own id.")
            lots[lot] = event


def _free_name(name: str, taken: Container[str]) -> str:
    """The name with the first number that makes it free, counting from 2."""
    number = 2
    while f"{name}.{number}" in taken:
        number += 1
    return f"{name}.{number}"
