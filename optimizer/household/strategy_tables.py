"""`[bands]`, `[targets]` and `[watch]`: the strategy as a person writes it, in per cent."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator

from optimizer.documents import Document
from optimizer.household.values import BandWidth, Day, listed, number
from optimizer.targets.bands import BandKind
from optimizer.targets.watch import RHYTHMS, Act, Rhythm

STOPS = {"target": Decimal(0), "half-way": Decimal("0.5"), "edge": Decimal(1)}
_read_stop = number("", Decimal(0), Decimal(1))


def _stop(value: object) -> Decimal:
    """How far from the target towards the edge of the band a trade stops, as a fraction."""
    if isinstance(value, str) and value in STOPS:
        return STOPS[value]
    try:
        return _read_stop(value)
    except ValueError:
        raise ValueError('"edge", "half-way", "target" or a number from 0 (target) to 1 (edge)') from None


Stop = Annotated[Decimal, PlainValidator(_stop)]


class BandWords(Document):
    """What says how wide a band is, for all segments or for one."""

    band: BandKind | None = None
    band_pct: BandWidth | None = None
    band_below_pct: BandWidth | None = None
    """The width below the target where it is another one than above."""
    band_above_pct: BandWidth | None = None
    band_floor_pct: BandWidth | None = None
    """The least distance to an edge of a floored band, in percentage points."""
    destination: Stop | None = None


WIDTHS = ("band_pct", "band_below_pct", "band_above_pct")
IGNORED: dict[str, tuple[str, ...]] = {
    "relative": ("band_floor_pct",),
    "absolute": ("band_floor_pct",),
    "volatility": ("band_floor_pct",),
    "5/25": (*WIDTHS, "band_floor_pct"),
    "none": (*WIDTHS, "band_floor_pct"),
    "floored": (),
}
"""What a kind of band has no use for, so that nobody believes it at work."""


def ignored_keys(own: BandWords, kind: BandKind) -> list[str]:
    """The keys that stand beside a band of a kind and say nothing about it."""
    return [key for key in IGNORED[kind] if key in own.model_fields_set and getattr(own, key) is not None]


class BandsTable(BandWords):
    """`[bands]`: how wide every band is unless its segment says otherwise."""

    band: BandKind = "relative"
    band_pct: BandWidth = Decimal(20)
    destination: Stop = Decimal(1)


class TargetsTable(Document):
    """`[targets]`: the policy that shares out the target of a segment among those of its parts that state none."""

    policy: str
    options: dict[str, object] = Field(default_factory=dict)
    """The policy's own, such as months; one that ends in _pct is in per cent."""
    prices: str | None = None
    """A file of prices through time in the household's folder, with a column a segment or a security."""
    true_jumps: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    """Columns of it whose jumps look like splits and are none."""
    market: str | None = None
    """A file of dated market weights in the household's folder, with a column a segment."""
    weights: str | None = None
    """For the policy "dated", a file of dated weights in the household's folder, with a column a segment."""


def _look(value: object) -> Rhythm | tuple[date, ...]:
    if isinstance(value, str) and value in RHYTHMS:
        return value  # type: ignore[return-value]
    if isinstance(value, list | tuple) and value and all(isinstance(day, date) for day in value):
        return tuple(sorted(value))
    raise ValueError(f"one of {', '.join(RHYTHMS)}, or a list of days")


class WatchTable(Document):
    """`[watch]`: when the household looks, and whether a look alone leads to trades."""

    look: Annotated[Rhythm | tuple[Day, ...], PlainValidator(_look)] = "month"
    act: Act = "outside"
