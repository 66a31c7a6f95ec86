"""The bands of all segments, from the words a person chose: exact edges, and where trades stop."""

from decimal import Decimal

import numpy as np

from optimizer.household.draft import Parts
from optimizer.household.files import TOML_NAME
from optimizer.household.findings import Address, Findings
from optimizer.household.strategy_tables import IGNORED, BandsTable, ignored_keys
from optimizer.household.tables import HouseholdTables, SegmentTable
from optimizer.targets.bands import BandRule

HUNDRED, ZERO, ONE = Decimal(100), Decimal(0), Decimal(1)
STEP = Decimal("1e-12")
"""To what edges are rounded that a division made longer than a document can carry."""


def band_edges(tables: HouseholdTables, targets: dict[str, Decimal], findings: Findings) -> dict[str, tuple[Parts, Parts]]:
    """Trigger and destination band of every segment, as parts of the document."""
    _refuse_ignored(tables, findings)
    volatilities = _volatilities(tables, targets)
    found: dict[str, tuple[Parts, Parts]] = {}
    for name, segment in tables.segments.items():
        rule, target = _rule(segment, tables.bands), targets[name]
        swing = None
        if rule.kind == "volatility":
            swing = volatilities.get(name)
            if swing is None:
                key = "band" if segment.band else "segment"
                address = (TOML_NAME, "segments", name, key)
                expected = "volatility_pct of a security that is all of it, as a band scaled by volatility needs"
                if not findings.follows((TOML_NAME, "segments", name)):
                    findings.note(address, f"no volatility of {name!r}", expected)
                swing = ONE
        found[name] = _parts(rule, target, swing)
    return found


def _refuse_ignored(tables: HouseholdTables, findings: Findings) -> None:
    """Report keys that a band has no use for: beside the kind itself, or of a segment that takes the household's kind.

    A width under [bands] is the default of segments that choose another kind, so there it is refused only where none does.
    """
    kinds = {segment.band for segment in tables.segments.values() if segment.band} | {tables.bands.band}
    for key in ignored_keys(tables.bands, tables.bands.band):
        if all(key in IGNORED[kind] for kind in kinds):
            _note_ignored((TOML_NAME, "bands", key), key, tables.bands.band, findings)
    for name, segment in tables.segments.items():
        kind = segment.band or tables.bands.band
        for key in ignored_keys(segment, kind):
            _note_ignored((TOML_NAME, "segments", name, key), key, kind, findings)


def _note_ignored(address: Address, key: str, kind: str, findings: Findings) -> None:
    if not findings.follows(address):
        kept = [each for each, without in IGNORED.items() if key not in without]
        findings.note(
            address, f'{key} beside band = "{kind}", which has no use for it', f"no {key}, or band = {' or '.join(kept)}"
        )


def _rule(segment: SegmentTable, default: BandsTable) -> BandRule:
    """The segment's own words, and the household's where it has none."""
    kind = segment.band or default.band
    width = default.band_pct if segment.band_pct is None else segment.band_pct
    sides = []
    for name in ("band_below_pct", "band_above_pct"):
        own, usual = getattr(segment, name), getattr(default, name)
        side = own if own is not None else width if segment.band_pct is not None or usual is None else usual
        sides.append(side / HUNDRED)
    floor = segment.band_floor_pct if segment.band_floor_pct is not None else default.band_floor_pct
    stop = default.destination if segment.destination is None else segment.destination
    return BandRule(kind, sides[0], sides[1], (floor or ZERO) / HUNDRED, stop)


def _parts(rule: BandRule, target: Decimal, swing: Decimal | None) -> tuple[Parts, Parts]:
    targets = np.array([target], dtype=object)
    low, high = rule.edges(targets, swings=None if swing is None else np.array([swing], dtype=object))
    inner = (low, high) if rule.kind == "none" else rule.destinations(targets, low, high)
    return _band(low[0], high[0]), _band(inner[0][0], inner[1][0])


def _band(lower: Decimal, upper: Decimal) -> Parts:
    return {"lower": _short(lower), "upper": _short(upper)}


def _short(edge: Decimal) -> Decimal:
    exponent = edge.as_tuple().exponent
    return edge.quantize(STEP) if isinstance(exponent, int) and exponent < -12 else edge


def _volatilities(tables: HouseholdTables, targets: dict[str, Decimal]) -> dict[str, Decimal]:
    """Each segment's volatility over the mean of all, weighted by target: of the first security that is all of it."""
    own: dict[str, Decimal] = {}
    for security in tables.securities.values():
        if security.segment in targets and security.volatility_pct:
            own.setdefault(security.segment, security.volatility_pct)
    weight = sum((targets[name] for name in own), ZERO)
    mean = sum((targets[name] * each for name, each in own.items()), ZERO)
    return {name: each * weight / mean for name, each in own.items()} if mean else {}
