"""The vocabulary of the two documents: exact numbers that travel as JSON numbers and say their unit.

A number in a document is read from its text into a decimal and written back as a JSON number, so that any language can
compute with it; cents and shares survive the journey because a decimal of up to fifteen digits has one nearest float.
"""

import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema

from optimizer.errors import Fault, InputFaults

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
AnnualFraction = Annotated[Decimal, Field(ge=0, le=1, allow_inf_nan=False), *_number("fraction a year", minimum=0, maximum=1)]
BasisPoints = Annotated[Decimal, Field(ge=0, le=10000, allow_inf_nan=False), *_number("basis points", minimum=0)]
SignedBasisPoints = Annotated[Decimal, Field(allow_inf_nan=False), *_number("basis points")]
Years = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False), *_number("years", minimum=0)]


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
        try:
            raw = json.loads(text, parse_float=Decimal)
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}, column {error.colno}"
            raise InputFaults([Fault((), error.msg, "a JSON document", where=place)]) from None
        except RecursionError:
            raise InputFaults([Fault((), "brackets nested without end", "a JSON document")]) from None
        return cls.from_parts(raw)

    @classmethod
    def from_parts(cls, raw: object) -> Self:
        """Read a document from parsed JSON or TOML; raises as :meth:`from_json` does."""
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            raise InputFaults([_fault(item) for item in error.errors(include_url=False)]) from None

    @classmethod
    def schema_parts(cls) -> dict[str, Any]:
        """The document's JSON Schema, every number with its unit."""
        return cls.model_json_schema(schema_generator=_NumbersStayNumbers)

    def to_json(self) -> str:
        """Write the document as indented JSON text."""
        return self.model_dump_json(indent=2) + "\n"


def _fault(item: Any) -> Fault:
    """Translate one message of the validator into found and expected."""
    kind, given = item["type"], item.get("input")
    path = tuple(item["loc"])
    if kind == "missing":
        return Fault(path, "nothing", f"a value for {path[-1]!r}")
    if kind == "extra_forbidden":
        return Fault(path, f"the unknown name {path[-1]!r}", "one of the names the schema lists")
    shown = repr(str(given)) if isinstance(given, str | int | float | Decimal) else type(given).__name__
    message = item["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return Fault(path, shown[:80], message[:1].lower() + message[1:])
