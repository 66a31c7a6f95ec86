"""The door of the ledger: a history as a plain document.

A document lists the household's accounts, what is known of its securities, and events. Numbers may be JSON numbers or
text; a JSON number is read as the decimal it is written as, never as a binary float. The models are made from the event
classes themselves, so that an event cannot have a field the document lacks.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema, create_model

from lots.accounts import Account, AccountKind
from lots.errors import InputError
from lots.events import Event, LotPick, Source
from lots.events.codec import kind_name, kinds
from lots.ledger.notes import ACCOUNT_NOTES, EVENT_NOTES, EVENT_UNITS
from lots.securities import Security, SecurityKind
from lots.wash import EarlierPurchases, Tacking, WashRules


def _exact(value: object) -> object:
    if isinstance(value, float | bool):
        raise ValueError(f"expected a decimal number as text or a whole number, found {value!r}")
    return value


def _number(unit: str) -> Any:
    """A decimal that says its unit in the schema; JSON may hold it as a number or as text."""
    shape = {"anyOf": [{"type": "number", "unit": unit}, {"type": "string", "unit": unit}]}
    return Annotated[Decimal, BeforeValidator(_exact), Field(allow_inf_nan=False, max_digits=24), WithJsonSchema(shape)]


_Shares = Annotated[Decimal, *_number("shares").__metadata__]
_Row = Annotated[int, WithJsonSchema({"type": "integer", "unit": "row, counted from 1"})]


class _Door(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AccountEntry(_Door):
    """An account of the household."""

    account_id: str = Field(description=ACCOUNT_NOTES["account_id"])
    kind: AccountKind = Field(description=ACCOUNT_NOTES["kind"])
    owner_id: str | None = Field(None, description=ACCOUNT_NOTES["owner_id"])
    name: str = Field("", description=ACCOUNT_NOTES["name"])
    relief: str = Field("fifo", description=ACCOUNT_NOTES["relief"])
    loaded_until: date | None = Field(None, description=ACCOUNT_NOTES["loaded_until"])


class SecurityEntry(_Door):
    """What is known of a security; one that is not listed is a stock identical to itself alone."""

    symbol: str = Field(description="Ticker, unique in the household.")
    name: str = Field("", description="What a person calls it.")
    identical_group: str | None = Field(
        None, description="Securities with the same group count as substantially identical (IRC 1091)."
    )
    kind: SecurityKind = Field(SecurityKind.STOCK, description="Average basis is for mutual funds; coins cannot wash.")


class RulesEntry(_Door):
    """The reading of the wash-sale rule where sources differ."""

    earlier: EarlierPurchases = Field(
        EarlierPurchases.STILL_HELD, description="Which shares bought before the sale may replace the ones sold."
    )
    tacking: Tacking = Field(Tacking.NO_DAY_TWICE, description="How the holding period of the sold shares is added.")


class PickEntry(_Door):
    """Shares of a named lot."""

    lot_id: str = Field(description="The lot, or a part of one such as `a~1`.")
    shares: _Shares = Field(description="Shares taken from it.")


class SourceEntry(_Door):
    """Where an event was read."""

    file: str = Field(description="File name.")
    row: _Row | None = Field(None, description="Row in the file, counted from 1.")
    sha256: str | None = Field(None, description="Hash of the file.")


def _door_type(name: str, kind: object) -> Any:
    """The type a field of an event has in the document."""
    number = _number(EVENT_UNITS.get(name, "US dollars"))
    replaced: dict[object, Any] = {
        Decimal: number,
        Decimal | None: number | None,
        tuple[LotPick, ...]: tuple[PickEntry, ...],
        Source | None: SourceEntry | None,
    }
    return replaced.get(kind, kind)


def _entry_model(kind: type[Event]) -> type[BaseModel]:
    name = kind_name(kind)
    columns: dict[str, Any] = {"event": (Literal[name], Field(description="What happened."))}
    for each in fields(kind):
        default = ... if each.default is MISSING else each.default
        if each.name == "event_id":
            default = None
        annotation = _door_type(each.name, each.type) if each.name != "event_id" else str | None
        columns[each.name] = (annotation, Field(default, description=EVENT_NOTES[each.name]))
    summary = (kind.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")
    return create_model(f"{kind.__name__}Entry", __base__=_Door, __doc__=summary, **columns)


ENTRIES = {name: _entry_model(kind) for name, kind in kinds().items()}
_AnyEntry: Any = Annotated[Union[tuple(ENTRIES.values())], Field(discriminator="event")]  # noqa: UP007


class HistoryDocument(_Door):
    """A household's history: accounts, securities and events in any order."""

    accounts: tuple[AccountEntry, ...] = Field(description="Every account of the household, whoever owns it.")
    securities: tuple[SecurityEntry, ...] = Field((), description="What is known of the securities.")
    rules: RulesEntry | None = Field(None, description="The reading of the wash-sale rule.")
    as_of: date | None = Field(
        None, description="The day the states of wash sales are judged on; the day of the last event if missing."
    )
    events: tuple[_AnyEntry, ...] = Field(description="What happened, in any order.")


class History(BaseModel):
    """A document taken in: everything :func:`lots.ledger.book.fold` wants, and what it covers."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    accounts: tuple[Account, ...]
    securities: tuple[Security, ...]
    rules: WashRules
    events: tuple[Event, ...]
    as_of: date
    loaded_until: dict[str, date]


def schema() -> dict[str, Any]:
    """The JSON Schema of a history document, every field with its meaning and unit."""
    return HistoryDocument.model_json_schema()


def read(text: str, file: str = "events") -> History:
    """Take in a history document.

    Parameters
    ----------
    text : the document as JSON.
    file : its name, for messages.

    Raises
    ------
    InputError
        If the document is not JSON, or not a history; the message lists every fault with its place.
    """
    try:
        plain = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as fault:
        raise InputError(f"{file}, line {fault.lineno}: not JSON ({fault.msg}); expected a history document.") from None
    except RecursionError:
        raise InputError(f"{file}: nested too deeply to be a history document.") from None
    except ValueError:
        raise InputError(f"{file}: a number of thousands of digits; expected numbers that can be computed with.") from None
    return take_in(plain, file)


def take_in(plain: object, file: str = "events") -> History:
    """Take in a history document already parsed, with decimals where it has fractions."""
    try:
        document = HistoryDocument.model_validate(plain)
    except ValidationError as fault:
        raise InputError(_all_faults(fault, file)) from None
    events = tuple(_events(document, file))
    return history_of(
        events,
        tuple(Account(each.account_id, each.kind, each.owner_id, each.name, each.relief) for each in document.accounts),
        tuple(Security(each.symbol, each.name, each.identical_group, each.kind) for each in document.securities),
        WashRules(document.rules.earlier, document.rules.tacking) if document.rules else WashRules(),
        document.as_of,
        {each.account_id: each.loaded_until for each in document.accounts if each.loaded_until},
    )


def history_of(
    events: tuple[Event, ...],
    accounts: tuple[Account, ...],
    securities: tuple[Security, ...],
    rules: WashRules,
    as_of: date | None = None,
    loaded_until: Mapping[str, date] = MappingProxyType({}),
) -> History:
    """Put a history together; unless `loaded_until` says otherwise, an account with any event is known through `as_of`."""
    day = as_of or max((event.date for event in events), default=date(1, 1, 1))
    covered = dict.fromkeys((event.account_id for event in events), day) | dict(loaded_until)
    return History(accounts=accounts, securities=securities, rules=rules, events=events, as_of=day, loaded_until=covered)


def _events(document: HistoryDocument, file: str) -> Iterable[Event]:
    """Make the events; one without an id is named by its content, so that the order in the document means nothing."""
    seen: dict[str, int] = {}
    for row, entry in enumerate(document.events, start=1):
        values = {name: getattr(entry, name) for name in type(entry).model_fields if name != "event"}
        if "picks" in values:
            values["picks"] = tuple(LotPick(pick.lot_id, pick.shares) for pick in values["picks"])
        if values["event_id"] is None:
            values["event_id"] = _name_by_content(entry, seen)
        source = values["source"]
        values["source"] = Source(source.file, source.row, source.sha256) if source else Source(file, row)
        yield kinds()[entry.event](**values)


def _name_by_content(entry: Any, seen: dict[str, int]) -> str:
    digest = hashlib.sha256(entry.model_dump_json(exclude={"source"}).encode()).hexdigest()[:12]
    seen[digest] = seen.get(digest, 0) + 1
    return f"{entry.event}-{digest}" if seen[digest] == 1 else f"{entry.event}-{digest}-{seen[digest]}"


def _all_faults(fault: ValidationError, file: str) -> str:
    """Every fault on a line of its own: where, what was found, what was expected."""
    lines = []
    for each in fault.errors(include_url=False):
        place = ".".join(str(part) for part in each["loc"] if part not in ENTRIES)
        found = "nothing" if each["type"] == "missing" else _shown(each)
        lines.append(f"{file}: {place or 'document'}: found {found}; expected {_expected(each)}.")
    return "\n".join(lines)


SHAPES = {"list": "a list", "tuple": "a list", "dict": "an object", "model": "an object", "string": "text", "date": "YYYY-MM-DD"}
"""What a document's values are called, by what the validator calls them."""


def _expected(fault: Any) -> str:
    """What would have been right, in the words of the document rather than of the validator."""
    kind, place = fault["type"], fault["loc"]
    if kind == "missing":
        return f"a value for {str(place[-1])!r}"
    if kind == "extra_forbidden":
        return f"one of the names the schema lists instead of {str(place[-1])!r}"
    if kind.startswith("union_tag"):
        return f"the name of an event under 'event': {', '.join(sorted(ENTRIES))}"
    plain = SHAPES.get(kind.split("_")[0])
    message = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Input should be ").removeprefix("expected ")
    return plain or message[:1].lower() + message[1:].rstrip(".")


def _shown(fault: Any) -> str:
    """A value as the document writes it, cut where it is long; of an unknown event its name."""
    value = fault["input"]
    if isinstance(value, dict) and "event" in value:
        value = value["event"]
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return json.dumps(value, default=str, ensure_ascii=False)[:80]
