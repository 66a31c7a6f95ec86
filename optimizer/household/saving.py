"""Wishes of a draft, written into household.toml: a person's file, of which every other word and comment stays as it is.

The text is edited group by group (wishes, levers, orders, segments, dates), and after each group the whole household is read
again from the edited text. A group is taken only if it now says what the draft says and nothing else has changed; otherwise it
is left out and named. So no misreading of the file can write something that nobody asked for.
"""

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from optimizer.errors import Fault, InputFaults
from optimizer.household.files import TOML_NAME
from optimizer.household.reader import read_household
from optimizer.household.wishes_tables import RENAMED
from optimizer.problem import Problem, SegmentFacts
from optimizer.wishes import Wishes

Edit = Callable[[tomlkit.TOMLDocument, Problem, Problem], None]
HUNDRED = Decimal(100)
LONG = 6
"""Entries of a list up to which it stands on one line."""
WIDTHS = ("band_pct", "band_below_pct", "band_above_pct", "band_floor_pct")
PER_CENT = {field: key for key, field in RENAMED.items()}
TABLES = ("preferences", "set_asides", "holding_limits")


@dataclass(frozen=True)
class Saved:
    """What was done.

    Parameters
    ----------
    written, left : groups of the draft that household.toml says now, and those that it cannot say.
    before : the name of the file that keeps what household.toml was; empty when nothing was written.
    """

    written: tuple[str, ...]
    left: tuple[str, ...]
    before: str = ""


def save_draft(folder: Path, seen: str, draft: Problem) -> Saved:
    """Write what a draft says otherwise into the folder's household.toml, and keep beside it what it was.

    Parameters
    ----------
    seen : digest of the household that the draft was made over.

    Raises
    ------
    InputFaults
        When the household was changed meanwhile, has faults of its own, or cannot be written; nothing has changed then.
    """
    place = (folder / TOML_NAME).resolve()
    base = read_household(folder)
    raw = place.read_bytes()
    if base.digest() != seen:
        raise _changed(place)
    text = raw.decode("utf-8-sig")
    if tomlkit.dumps(_parsed(text, place)) != text:
        raise _beyond(place)
    now, written, left = base, [], []
    for name, fields, edit in GROUPS:
        if all(getattr(now, field) == getattr(draft, field) for field in fields):
            continue
        edited = _edited(folder, text, now, draft, fields, edit)
        if edited is None:
            left.append(name)
        else:
            text, now = edited
            written.append(name)
    if now.scope != draft.scope:
        left.append("a limit on drift or gains taken from the frontier")
    before = _replaced(place, raw, text) if written else ""
    return Saved(tuple(written), tuple(left), before)


def _parsed(text: str, place: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except (TOMLKitError, ValueError, RecursionError):
        raise _beyond(place) from None


def _edited(
    folder: Path, text: str, now: Problem, draft: Problem, fields: Sequence[str], edit: Edit
) -> tuple[str, Problem] | None:
    """The text with one group changed and the household it makes; None when it does not make that of the draft."""
    document = tomlkit.parse(text)
    try:
        edit(document, now, draft)
        changed = tomlkit.dumps(document)
        found = _read_as(folder, changed)
    except (TOMLKitError, InputFaults, LookupError, TypeError, ValueError, AttributeError):
        return None
    asked = now.model_copy(update={field: getattr(draft, field) for field in fields})
    return (changed, found) if found.digest() == asked.digest() else None


def _read_as(folder: Path, text: str) -> Problem:
    """The household as it would be with another household.toml."""
    with tempfile.TemporaryDirectory(prefix="bandwise-trial-") as trial:
        place = Path(trial) / folder.resolve().name
        place.mkdir()
        for each in folder.resolve().iterdir():
            if each.name != TOML_NAME:
                (place / each.name).symlink_to(each)
        (place / TOML_NAME).write_bytes(text.encode())
        return read_household(place)


def _replaced(place: Path, raw: bytes, text: str) -> str:
    """Put the text in the file's place, whole or not at all; the name of the copy of what it was."""
    new = text.encode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8")
    try:
        before = _written_new(place, raw)
        handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(new)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, place.stat().st_mode & 0o7777)
            if place.read_bytes() != raw:
                before.unlink()
                raise _changed(place)
            os.replace(name, place)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise InputFaults([Fault((), str(error.strerror), "a file that can be written", where=str(place))]) from None
    return before.name


def _written_new(place: Path, raw: bytes) -> Path:
    """A copy under the first name that is free."""
    number = 1
    while True:
        target = place.with_name(f"{place.name}.before-wishes{'' if number == 1 else f'-{number}'}")
        try:
            with target.open("xb") as file:
                file.write(raw)
            return target
        except FileExistsError:
            number += 1


def _changed(place: Path) -> InputFaults:
    step = "Nothing was written; look at the draft again, then keep it."
    return InputFaults([Fault((), "files that were changed meanwhile", "those the draft was made over", step, str(place))])


def _beyond(place: Path) -> InputFaults:
    step = "Copy the lines of the draft into the file."
    return InputFaults(
        [Fault((), "TOML that cannot be edited without changing the rest of it", "plain tables", step, str(place))]
    )


def _value(value: object) -> Any:
    """A value as TOML writes it; a decimal with all its digits and none more."""
    match value:
        case Decimal():
            plain = value.normalize()
            return tomlkit.parse(f"x = {plain:f}")["x"]
        case tuple():
            entries = tomlkit.array()
            for each in value:
                entries.append(_value(each))
            return entries.multiline(len(value) > LONG)
        case _:
            return tomlkit.item(str(value) if isinstance(value, str) else value)


def _set(table: Any, key: str, value: object) -> None:
    """Give a key its value, or take it out where there is none."""
    if value is None or value == ():
        if key in table:
            table.remove(key)
    else:
        table[key] = _value(value)


def _table(document: tomlkit.TOMLDocument, name: str) -> Any:
    if name not in document:
        made = tomlkit.table()
        made.trivia.indent = "\n"
        document[name] = made
    return document[name]


def _wishes(document: tomlkit.TOMLDocument, base: Problem, draft: Problem) -> None:
    table = _table(document, "wishes")
    for name in Wishes.model_fields:
        old, new = getattr(base.wishes, name), getattr(draft.wishes, name)
        if old != new and name not in TABLES:
            _set(table, PER_CENT.get(name, name), new * HUNDRED if name in PER_CENT and new is not None else new)


def _levers(document: tomlkit.TOMLDocument, _base: Problem, draft: Problem) -> None:
    document["levers"] = _value(tuple(lever.value for lever in draft.levers)) if draft.levers else tomlkit.array()


def _next_year(document: tomlkit.TOMLDocument, base: Problem, draft: Problem) -> None:
    table = _table(document, "next_year")
    for name in ("bands_by", "gifts_may_wait"):
        if getattr(base.next_year, name) != getattr(draft.next_year, name):
            _set(table, name, getattr(draft.next_year, name))


def _orders(kind: str, accounts: str) -> Edit:
    """Change amounts of orders, take orders out, and add those that are new, at the end."""

    def edit(document: tomlkit.TOMLDocument, base: Problem, draft: Problem) -> None:
        rows: Any = document.get(kind)
        here = [row for row in rows or () if row.get("on") in (None, base.as_of)]
        old, new = list(getattr(base, kind)), list(getattr(draft, kind))
        if len(here) != len(old):
            raise ValueError(kind)
        for row, order in zip(here, old, strict=True):
            same = [each for each in new if each.model_copy(update={"amount": order.amount}) == order]
            if same:
                new.remove(same[0])
                if same[0].amount != order.amount:
                    _set(row, "amount", same[0].amount)
            else:
                rows.remove(row)
        if rows is not None and not rows and not new:
            document.remove(kind)
        for order in new:
            row = tomlkit.table()
            row["amount"] = _value(order.amount)
            row[accounts] = _value(order.into if kind == "contributions" else order.sources)
            row.add(tomlkit.nl())
            if kind not in document:
                document[kind] = tomlkit.aot()
            document[kind].append(row)

    return edit


def _segments(document: tomlkit.TOMLDocument, base: Problem, draft: Problem) -> None:
    """Targets of segments without parts; and bands in points around the target, where they differ."""
    if draft.scope.max_drift is not None:
        raise ValueError("bands that were set aside for a limit on drift")
    wholes = {each.parent for each in draft.segments}
    for old, new in zip(base.segments, draft.segments, strict=True):
        if old == new:
            continue
        table = document["segments"][new.id]
        for key in WIDTHS:
            _set(table, key, None)
        for key, value in segment_fields(old, new, new.id in wholes).items():
            table[key] = _value(value)


def segment_fields(old: SegmentFacts, new: SegmentFacts, is_whole: bool) -> dict[str, str | Decimal]:
    """How household.toml says a changed segment: its target where it has no parts, and its band in points around it."""
    target = {"target_pct": new.target * HUNDRED} if old.target != new.target and not is_whole else {}
    return {
        **target,
        "band": "absolute",
        "band_below_pct": (new.target - new.trigger.lower) * HUNDRED,
        "band_above_pct": (new.trigger.upper - new.target) * HUNDRED,
        "destination": _stop(new),
    }


def _stop(segment: SegmentFacts) -> Decimal:
    """How far from the target towards the wider side's edge trades stop, from 0 to 1."""
    below, above = segment.target - segment.trigger.lower, segment.trigger.upper - segment.target
    if max(below, above) == 0:
        return Decimal(1)
    if above >= below:
        return ((segment.destination.upper - segment.target) / above).quantize(Decimal("0.000001"))
    return ((segment.target - segment.destination.lower) / below).quantize(Decimal("0.000001"))


GROUPS: tuple[tuple[str, tuple[str, ...], Edit], ...] = (
    ("wishes", ("wishes",), _wishes),
    ("levers", ("levers",), _levers),
    ("new money", ("contributions",), _orders("contributions", "into")),
    ("withdrawals", ("withdrawals",), _orders("withdrawals", "from")),
    ("gifts", ("donations",), _orders("donations", "from")),
    ("targets and bands", ("segments",), _segments),
    ("what may wait for January", ("next_year",), _next_year),
)
"""What a draft may say otherwise: how it is called, the fields of the question, and how household.toml says it."""
