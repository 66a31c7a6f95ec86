"""Events as plain values for keeping, and back again without loss.

Every kind of event has a name that never changes once an event of it was kept, and the way a field is written follows
from its type alone, so a new kind of event needs no change here. Decimals are text, for no number in between would hold
them exactly; dates are ISO text; what a field says by default is left out, so that a field added later does not change
how older events read.

This is for records the program wrote itself. What a person wrote enters through the door of the ledger's document.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin

from lots.errors import InputError
from lots.events import KINDS, Event

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"
"""What JSON can hold without a float."""
Record = TypeVar("Record")

NAMING = frozenset({"event_id", "source", "lot_id"})
"""Fields that say what an event is called and where it was read, not what happened."""


def kind_name(kind: type[Event]) -> str:
    """The lasting name of a kind of event: its class name in lower case, words joined by underscores."""
    name = _KIND_NAMES.get(kind)
    if name is None:
        name = _KIND_NAMES[kind] = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    return name


_KIND_NAMES: dict[type[Event], str] = {}


@cache
def kinds() -> Mapping[str, type[Event]]:
    """Every kind of event by its lasting name."""
    return MappingProxyType({kind_name(kind): kind for kind in KINDS})


def encode(record: object) -> dict[str, Plain]:
    """Return the fields of a record (an event, an account, a security) that differ from their defaults, as plain values."""
    return {
        each.name: each.write(value)
        for each in _columns(type(record)).values()
        if (value := getattr(record, each.name)) != each.default or each.is_required
    }


def decode(kind: type[Record], plain: Mapping[str, Plain]) -> Record:
    """Return the record that :func:`encode` made `plain` from.

    Raises
    ------
    InputError
        If a field is missing, unknown or of another type.
    """
    columns = _columns(kind)
    try:
        values = {name: columns[name].read(value) for name, value in plain.items()}
        return kind(**values)
    except KeyError as error:
        raise InputError(f"a {kind.__name__} has no field {error}; it was written by a newer version.") from None
    except (TypeError, ValueError, ArithmeticError) as error:
        raise InputError(f"not a {kind.__name__}: {error}") from None


def kind_named(name: str) -> type[Event]:
    """Return the kind of event with a lasting name.

    Raises
    ------
    InputError
        If there is none.
    """
    kind = kinds().get(name)
    if kind is None:
        raise InputError(f"there is no kind of event called {name!r}; it was written by a newer version.")
    return kind


def content_hash(event: Event) -> str:
    """Return a hash of what happened, whatever the event is called and wherever it was read.

    Two events with equal hashes say the same: 10 and 10.00 shares are equal, and so are lots that differ in name only.
    """
    facts = {
        each.name: each.write_canonically(value)
        for each in _columns(type(event)).values()
        if each.name not in NAMING and ((value := getattr(event, each.name)) != each.default or each.is_required)
    }
    return hashlib.sha256(_CANONICAL.encode([kind_name(type(event)), facts]).encode()).hexdigest()


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _Column:
    """How one field of a record is written and read."""

    name: str
    default: object
    is_required: bool
    write: Callable[[Any], Plain]
    write_canonically: Callable[[Any], Plain]
    read: Callable[[Any], Any]


def _columns(kind: type) -> dict[str, _Column]:
    found = _COLUMNS.get(kind)
    if found is None:
        found = _COLUMNS[kind] = {each.name: _column(each) for each in fields(kind)}
    return found


_COLUMNS: dict[type, dict[str, _Column]] = {}


def _column(field: "Field[Any]") -> _Column:
    is_required = field.default is MISSING
    write, read = _ways(field.type, str)
    return _Column(field.name, field.default, is_required, write, _ways(field.type, _shortest)[0], read)


Ways: TypeAlias = tuple[Callable[[Any], Plain], Callable[[Any], Any]]


def _ways(kind: Any, number: Callable[[Decimal], str]) -> Ways:
    """How values of a type are written and read; `number` says how a decimal becomes text."""
    if get_origin(kind) in (Union, UnionType):
        return _optional(_ways(_only_type(kind), number))
    if get_origin(kind) is tuple:
        write, read = _ways(get_args(kind)[0], number)
        return (lambda values: [write(each) for each in values]), (lambda plain: tuple(map(read, plain)))
    if kind in (str, int, bool):
        return _same, _checked(kind)
    if kind is Decimal:
        return number, _read_decimal
    if kind is date:
        return date.isoformat, date.fromisoformat
    if isinstance(kind, type) and issubclass(kind, Enum):
        return (lambda value: value.value), kind
    if is_dataclass(kind) and isinstance(kind, type):
        return _nested(kind, number)
    raise TypeError(f"no way to write a field of type {kind}")


def _only_type(kind: Any) -> Any:
    types = [each for each in get_args(kind) if each is not NoneType]
    if len(types) != 1:
        raise TypeError(f"no way to write a field of type {kind}")
    return types[0]


def _optional(ways: Ways) -> Ways:
    write, read = ways
    return (
        lambda value: None if value is None else write(value),
        lambda plain: None if plain is None else read(plain),
    )


def _nested(kind: Any, number: Callable[[Decimal], str]) -> Ways:
    ways = {each.name: _ways(each.type, number)[0] for each in fields(kind)}
    return (
        lambda record: {name: write(getattr(record, name)) for name, write in ways.items()},
        lambda plain: decode(kind, plain),
    )


def _same(value: Any) -> Plain:
    return value  # type: ignore[no-any-return]


def _checked(kind: type) -> Callable[[Any], Any]:
    def read(plain: Any) -> Any:
        if type(plain) is not kind:
            raise TypeError(f"expected {kind.__name__}, found {plain!r}")
        return plain

    return read


def _read_decimal(plain: Any) -> Decimal:
    if type(plain) is not str:
        raise TypeError(f"expected a decimal as text, found {plain!r}")
    return Decimal(plain)


def _shortest(number: Decimal) -> str:
    """The same text for equal numbers, however many zeros they carry and whatever the precision of sums is."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
