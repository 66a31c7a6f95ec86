"""Schemes: ways to slice an asset class into segments, each with public funds to hold it by, shipped as data.

A scheme is one TOML file, one of ours or one of the reader's own. Two funds of a segment that follow different indexes
can stand in for each other after a sale at a loss; two that follow the same index may be substantially identical and are
not offered as such.
"""

import tomllib
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import Field

from optimizer.documents import Document, Identifier
from optimizer.errors import Fault, InputFaults

PerCent = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False)]


class SchemeFund(Document):
    """A public fund that holds one segment."""

    ticker: Identifier
    index: str
    """The index it follows; the same text is the same index."""
    expense_pct: PerCent
    """What it costs a year, in per cent of its value."""
    sponsor: str = ""


class SchemeSegment(Document):
    """A slice of the class."""

    name: str
    funds: Annotated[tuple[SchemeFund, ...], Field(min_length=2)]
    """The first is the one to begin with."""
    market_pct: PerCent | None = None
    """Its share of the class by market value, in per cent."""
    parent: Identifier | None = None
    """The segment it is a part of, where a scheme has more than one level."""

    def stand_ins(self, ticker: str) -> tuple[str, ...]:
        """Funds on another index than `ticker` has: held in its place they are not substantially identical by index."""
        own = next(fund.index for fund in self.funds if fund.ticker == ticker)
        return tuple(fund.ticker for fund in self.funds if fund.index != own)


class Scheme(Document):
    """One way to slice an asset class."""

    name: str
    asset_class: str
    segments: Annotated[dict[Identifier, SchemeSegment], Field(min_length=2)]
    as_of: str
    """When its figures were true, as YYYY-MM."""
    source: str
    note: str = ""


def scheme_names() -> list[str]:
    """The schemes that come with the program."""
    return sorted(path.name.removesuffix(".toml") for path in _shipped().iterdir() if path.name.endswith(".toml"))


def read_scheme(name: str) -> Scheme:
    """A scheme by its name, or of a file.

    Raises
    ------
    InputFaults
        When there is none of that name, or the file is not a scheme.
    """
    if name in scheme_names():
        text = (_shipped() / f"{name}.toml").read_text("utf-8")
    elif name.endswith(".toml") and Path(name).is_file():
        text = Path(name).read_text("utf-8")
    else:
        step = "`bandwise segments list` says what they are."
        raise InputFaults([Fault((), f"no scheme {name!r}", f"one of {', '.join(scheme_names())}, or a file", step, "scheme")])
    try:
        tree = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InputFaults([Fault((), str(error), "TOML", where=name)]) from None
    try:
        return Scheme.from_parts(tree)
    except InputFaults as refusal:
        faults = [Fault(f.path, f.found, f.expected, f.step, f"{name}, {f.place}") for f in refusal.faults]
        raise InputFaults(faults) from None


def _shipped() -> "resources.abc.Traversable":
    return resources.files("optimizer.targets") / "schemes"
