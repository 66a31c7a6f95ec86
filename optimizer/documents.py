"""The vocabulary of the two documents: exact numbers that travel as JSON numbers and say their unit.

A number in a document is read from its text into a decimal and written back as a JSON number, so that any language can
compute with it; cents and shares survive the journey because a decimal of up to fifteen digits has one nearest float.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema

from optimizer.errors import Fault, InputFaults

Path = tuple[str | int, ...]

PLAIN_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
"""How languages without decimals in their JSON write them: as text."""


def _exact(value: object) -> object:
    """Read a float through its shortest text, so 0.1 means a tenth; of texts only plain decimals are numbers."""
    if isinstance(value, bool) or (isinstance(value, str) and not PLAIN_DECIMAL.fullmatch(value)):
        raise ValueError("a number")
    return Decimal(repr(value)) if isinstance(value, float) else value


def _number(unit: str, **bounds: object) -> tuple[object, ...]:
    return (
        BeforeValidator(_exact),
        PlainSerializer(float, return_type=float, when_used="json"),
        WithJsonSchema({"type": "number", "unit": unit, **bounds}),
    )


Dollars = Annotated[Decimal, Field(allow_inf_nan=False), *_number("US dollars")]
PositiveDollars = Annotated[Decimal, Field(ge=0, allow_inf_nan=False), *_number("US dollars", minimum=0)]
ShareCount = Annotated[Decimal, Field(gt=0, allow_inf_nan=False), *_number("shares", exclusiveMinimum=0)]
DollarsPerShare = Annotated[Decimal, Field(gt=0, allow_inf_nan=False), *_number("US dollars per share", exclusiveMinimum=0)]
Fraction = Annotated[Decimal, Field(ge=0, le=1, allow_inf_nan=False), *_number("fraction (1 is 100 %)", minimum=0, maximum=1)]
TurnoverFraction = Annotated[
    Decimal, Field(ge=0, le=2, allow_inf_nan=False), *_number("fraction (1 is 100 %)", minimum=0, maximum=2)
]
"""Bought and sold together, of the household's value: all of it sold and bought again is 2."""
SignedFraction = Annotated[Decimal, Field(allow_inf_nan=False), *_number("fraction (1 is 100 %)")]
Rate = Annotated[Decimal, Field(allow_inf_nan=False), *_number("fraction (1 is 100 %), below zero where it saves")]
AnnualFraction = Annotated[Decimal, Field(ge=0, le=1, allow_inf_nan=False), *_number("fraction a year", minimum=0, maximum=1)]
BasisPoints = Annotated[Decimal, Field(ge=0, le=10000, allow_inf_nan=False), *_number("basis points", minimum=0)]
SignedBasisPoints = Annotated[Decimal, Field(allow_inf_nan=False), *_number("basis points")]
Step = Annotated[Decimal, Field(gt=0, allow_inf_nan=False), *_number("as the field beside it says", exclusiveMinimum=0)]
Years = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False), *_number("years", minimum=0)]
Seconds = Annotated[Decimal, Field(gt=0, allow_inf_nan=False), *_number("seconds", exclusiveMinimum=0)]
PerYear = Annotated[Decimal, Field(ge=0, allow_inf_nan=False), *_number("times a year", minimum=0)]
Ratio = Annotated[Decimal, Field(allow_inf_nan=False), *_number("a ratio of two numbers with the same unit")]


def _iso_day(value: object) -> object:
    """Take a day as ISO text or as a date; a bare number is none."""
    if isinstance(value, str | date) and not isinstance(value, datetime):
        return value
    raise ValueError("a day as YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(_iso_day)]
Claim = Annotated[bool, Field(strict=True)]
Identifier = Annotated[str, Field(min_length=1, max_length=80)]


class _NumbersStayNumbers(GenerateJsonSchema):
    """Schemas whose defaults have the type they state: a decimal default is a number there, as it is in the document."""

    def encode_default(self, dft: Any) -> Any:
        """Write a default as the document would."""
        return super().encode_default(float(dft) if isinstance(dft, Decimal) else dft)


class Document(BaseModel):
    """A frozen part of a document; a field nobody defined is a fault, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a document from JSON text.

        Raises
        ------
        InputFaults
            With every fault found, each at its path in the document.
        """
        return cls.from_parts(_parsed(text))

    @classmethod
    def from_parts(cls, raw: object) -> Self:
        """Read a document from parsed JSON or TOML; raises as :meth:`from_json` does."""
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            raise InputFaults(_deepest([_fault(item) for item in error.errors(include_url=False)])) from None

    @classmethod
    def schema_parts(cls) -> dict[str, Any]:
        """The document's JSON Schema, every number with its unit."""
        return cls.model_json_schema(schema_generator=_NumbersStayNumbers)

    def to_json(self) -> str:
        """Write the document as indented JSON text."""
        return self.model_dump_json(indent=2) + "\n"


class _Doubled(dict[str, object]):
    """An object in which names stand more than once, of which a plain one would keep the last without a word."""

    twice: tuple[str, ...] = ()


def _parsed(text: str) -> object:
    """JSON text as plain parts, its numbers exact and every name once in its object."""
    try:
        raw: object = json.loads(text, parse_float=_exact_float, object_pairs_hook=_object)
        doubled = [_twice(path) for path in _doubled(raw, ())]
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputFaults([Fault((), error.msg, "a JSON document", where=place)]) from None
    except RecursionError:
        raise InputFaults([Fault((), "brackets nested without end", "a JSON document")]) from None
    except ValueError:
        raise InputFaults([Fault((), "a number of thousands of digits", "numbers that can be computed with")]) from None
    if doubled:
        raise InputFaults(doubled)
    return raw


def _exact_float(text: str) -> object:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text  # an exponent beyond all bounds; as text it is refused where it stands


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    counts = Counter(name for name, _ in pairs)
    doubled = _Doubled(plain)
    doubled.twice = tuple(name for name, count in counts.items() if count > 1)
    return doubled


def _twice(path: Path) -> Fault:
    return Fault(path, f"the name {path[-1]!r} more than once", "every name once in its object")


def _doubled(part: object, path: Path) -> Iterator[Path]:
    """Where a name stands more than once; below it only what the parser kept can be searched."""
    if isinstance(part, _Doubled):
        yield from ((*path, name) for name in part.twice)
    if isinstance(part, dict):
        for name, below in part.items():
            yield from _doubled(below, (*path, name))
    elif isinstance(part, list):
        for position, below in enumerate(part):
            yield from _doubled(below, (*path, position))


def _deepest(faults: list[Fault]) -> list[Fault]:
    """Leave out a fault that only follows from one below it, such as a list that is empty without its faulty entry."""
    above = {fault.path[:length] for fault in faults for length in range(len(fault.path))}
    return [fault for fault in faults if fault.path not in above]


_EXPECTED = {
    "model_type": "an object",
    "dict_type": "an object",
    "tuple_type": "a list",
    "list_type": "a list",
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "decimal_type": "a number",
    "date_from_datetime_parsing": "a day as YYYY-MM-DD",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
    "string_too_short": "a text of at least {min_length} characters",
    "string_too_long": "a text of at most {max_length} characters",
    "string_pattern_mismatch": "a text of the pattern {pattern}",
}
"""What the validator's complaints are about, in the words of JSON."""


def _fault(item: Any) -> Fault:
    """Translate one message of the validator into found and expected."""
    kind, path = item["type"], tuple(item["loc"])
    if kind == "missing":
        return Fault(path, "nothing", f"a value for {path[-1]!r}")
    if kind == "extra_forbidden":
        return Fault(path, f"the unknown name {path[-1]!r}", "one of the names the schema lists")
    if kind in _EXPECTED:
        return Fault(path, _shown(item.get("input")), _EXPECTED[kind].format(**item.get("ctx", {})))
    message = item["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return Fault(path, _shown(item.get("input")), message[:1].lower() + message[1:])


def _shown(value: object) -> str:
    """A value in the words of JSON, cut short."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict() | BaseModel():
            return "an object"
        case list() | tuple():
            return "a list" if value else "an empty list"
        case str():
            return repr(value)[:80]
        case int() if abs(value) >= 10**40:
            return "a number of more than 40 digits"
        case _:
            return str(value)[:80]
