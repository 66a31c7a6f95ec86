"""The whole federal schedule as convex cases: nowhere under the tax, and together touching it everywhere.

With N = S + L net, g ≥ max(N, −limit) on line 7a, M adjusted gross income, t ≥ max(0, M − deductions) taxable income, p its
preferential part and y ≥ t − p the ordinary one, the tax of :mod:`optimizer.model.schedule` is

    max( O(y) − C(y) + C(t),  A(b − p') + C(y + p') − C(y) ) + rate · min(investment income, M above a threshold),

O, C and A convex. What keeps it from being convex is a handful of minima and of terms taken off, each of which is the smaller
of two or three convex alternatives: −C(y) is the least of minus its pieces, p is what netting leaves, the minimum tax has an
exemption or none, one itemises or not, a deduction is phased out or gone. A case takes one alternative of each. Because the tax
rises with M, t and, on the pieces a case takes, with y, the inequalities above are tight where it matters, and where they
are not a case only lies higher. (More net long-term gain can owe less, where it lifts a limit on gifts that is a share of
income; so a case that takes p from g holds g to N.) So the least of the cases is the tax, the least of their optima the
optimum, and the least of their bounds a bound, with no big number to switch anything.

One stretch needs more care. Between the end of the 0 % rate and the end of the bracket that is taxed below the next
preferential rate, O(y) − C(y) falls; there y is tied to t − p by an equation and p from below, which takes a case for each way
of netting. The worksheet's last line, all of it at ordinary rates where that is less, is one case more.

Which alternatives a household can reach is told by the ranges of :mod:`optimizer.model.reach`.

References
----------
Form 1040 with Schedules A and D, the Qualified Dividends and Capital Gain Tax Worksheet, Forms 6251 and 8960.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from optimizer.model.deduction_cases import Alternative, Way, names_of, senior_alternatives, ways
from optimizer.model.minimum_tax import NO_GAIN, with_minimum, write_pieces
from optimizer.model.polyhedral import LinearCase, Pattern, Rows, Vector
from optimizer.model.reach import OwnYear, Range, Reach, reach_of
from optimizer.model.schedule import YearTax


@dataclass(frozen=True)
class Household:
    """What the cases are made for: the year's law, the year without the plan, the value of a dollar of loss carried, the box of
    z, and the range of all gifts of the year where it is narrower than the box."""

    tax: YearTax
    own: OwnYear
    carried_loss: float
    lower: Vector
    upper: Vector
    gifts: Range | None = None


def law_cases(house: Household) -> tuple[LinearCase, ...]:
    """Every case that some plan within the box could reach."""
    reach = reach_of(house.tax, house.own, house.lower, house.upper)
    if house.gifts is not None:
        reach = replace(reach, gifts=house.gifts)
    found: list[tuple[str, Rows, tuple[float, float]]] = []
    for way in ways(house.tax, house.own, reach):
        for picked in product(*_choices(house, reach, way)):
            rows = Rows(constant=house.own.fixed_tax)
            _return(house, rows)
            for alternative in picked:
                alternative.write(rows)
            value = house.carried_loss if any(a.netting == CARRIED for a in picked) else 0.0
            found.append((names_of(picked), rows, (value, house.tax.figures["capital_loss_limit"])))
    pattern = Pattern.of(rows for _, rows, _ in found)
    return tuple(LinearCase.of(name, pattern, rows, carried) for name, rows, carried in found)


CARRIED = "a loss carried on"


def _choices(house: Household, reach: Reach, way: Way) -> Iterator[list[Alternative]]:
    """The dimensions of the cases for one way of line 12e; each a list of alternatives of which a case takes one."""
    yield way.alternatives
    yield senior_alternatives(house.tax, house.own, reach)
    yield _benefits(house, reach)
    yield _investment(house, reach)
    yield [both for bracket in _brackets(house, reach, way) for both in with_minimum(house.tax, reach, way, bracket)]


def _return(house: Household, rows: Rows) -> None:
    """What every case holds: line 7a, adjusted gross income, taxable income and the two schedules."""
    own, tax = house.own, house.tax
    rows.at_least("loss limit", -tax.figures["capital_loss_limit"], gain=1)
    rows.at_least("line 7a", 0, gain=1, short=-1, long=-1)
    benefits = {"benefits": -1.0} if own.benefits > 0 else {}
    rows.at_least("AGI", own.other, agi=1, gain=-1, ordinary=-1, **benefits)
    rows.at_least("no less than nothing", 0, taxable=1)
    rows.at_least("taxable income", 0, taxable=1, agi=-1, deductions=1)
    write_pieces(rows, "tax on the ordinary part", tax.ordinary, "ordinary_tax", {"ordinary_part": 1})
    write_pieces(rows, "tax at gain rates on all", tax.preferential, "gain_tax", {"taxable": 1})
    rows.add_height(tax=1)
    if own.state_rate > 0:
        rows.add_height(taxable=own.state_rate, at_state_gain_rate=own.state_long_rate - own.state_rate)
        rows.at_most("state gain within taxable income", 0, at_state_gain_rate=1, taxable=-1)


def _benefits(house: Household, reach: Reach) -> list[Alternative]:
    """Social security: the taxed part is the least of three convex functions of the other income."""
    own, f = house.own, house.tax.figures
    if own.benefits <= 0:
        return [Alternative("")]
    half, most = f["social_security.shares.half"], f["social_security.shares.most"]
    fixed = own.other + half * own.benefits + own.exempt_interest

    def start(rows: Rows) -> None:
        for name, edge in (("above_start", own.benefit_start), ("above_middle", own.benefit_middle)):
            rows.at_least(f"{name}, nothing", 0, **{name: 1})
            rows.at_least(name, fixed - edge, **{name: 1}, gain=-1, ordinary=-1)

    def phased(rows: Rows) -> None:
        start(rows)
        rows.at_least("benefits", 0, benefits=1, above_start=-half, above_middle=half - most)

    def half_taxed(rows: Rows) -> None:
        start(rows)
        rows.at_least("benefits", half * own.benefits, benefits=1, above_middle=-most)

    def all_taxed(rows: Rows) -> None:
        rows.at_least("benefits", most * own.benefits, benefits=1)

    ceiling = most * own.benefits
    if reach.benefits.low >= ceiling:
        return [Alternative("", all_taxed)]
    found = [Alternative("benefits phasing in", phased)]
    if own.benefits < own.benefit_middle - own.benefit_start:
        found.append(Alternative("half of the benefits taxed", half_taxed))
    if reach.benefits.high >= ceiling:
        found.append(Alternative("all the benefits taxed that can be", all_taxed))
    return found


def _investment(house: Household, reach: Reach) -> list[Alternative]:
    """The smaller of investment income and income above the threshold; nothing where neither can be reached."""
    own, f = house.own, house.tax.figures
    rate, threshold = f["niit.rate.rate"], f["niit.threshold"]

    def invested(rows: Rows) -> None:
        rows.at_least("investment tax, nothing", 0, surtaxed=1)
        rows.at_least("investment income", own.invested, surtaxed=1, gain=-1)
        rows.add_height(surtaxed=rate)

    def above(rows: Rows) -> None:
        rows.at_least("investment tax, nothing", 0, surtaxed=1)
        rows.at_least("income above the threshold", -threshold, surtaxed=1, agi=-1)
        rows.add_height(surtaxed=rate)

    if reach.agi.high <= threshold or reach.gain.high + own.invested <= 0:
        return [Alternative("")]
    more = reach.without_gain + (-threshold - own.invested)
    found = []
    if more.high >= 0:
        found.append(Alternative("investment income taxed", invested))
    if more.low < 0:
        found.append(Alternative("income above the investment tax's threshold taxed", above))
    return found


def _brackets(house: Household, reach: Reach, way: Way) -> list[Alternative]:
    """Netting and the piece of C that is taken off, together: the pieces of −C(y) with the ways of netting."""
    own, tax, gains = house.own, house.tax, house.tax.preferential
    ordinary = (reach.without_gain + reach.ordinary_gain + -own.qualified - way.deducted).at_least(0.0)
    taxable = (reach.agi - way.deducted).at_least(0.0)
    if own.qualified <= 0 and reach.preferential.high <= 0:
        return [_all_ordinary(netting, NO_GAIN) for netting in _nettings(house, reach)]
    found = []
    for k, edge in enumerate(gains.edges):
        end = float(gains.edges[k + 1]) if k + 1 < len(gains.edges) else float("inf")
        back = recovered(tax, float(edge))
        if ordinary.meets(back, end):
            found += [_piece(house, k, back, netting) for netting in _nettings(house, reach)]
        if back > edge and ordinary.meets(float(edge), back):
            found += [_tied(house, k, float(edge), bind) for bind in _ties(house, reach)]
        if back > edge and taxable.meets(float(edge), back):
            found += [_all_ordinary(netting) for netting in _nettings(house, reach)]
    return found


def recovered(tax: YearTax, edge: float) -> float:
    """The income from which on O − C is no longer under what it was at an edge of C; the edge itself where it never falls."""

    def less(y: float) -> float:
        point = np.array([y])
        return float(tax.ordinary(point)[0] - tax.preferential(point)[0])

    kinks = sorted({float(e) for e in (*tax.ordinary.edges, *tax.preferential.edges) if e > edge})
    level, at = less(edge), edge
    for kink in [*kinks, 2 * kinks[-1] if kinks else edge + 1]:
        if less(kink) >= level:
            return at if less(at) >= level else at + (kink - at) * (level - less(at)) / (less(kink) - less(at))
        at = kink
    return at


def _nettings(house: Household, reach: Reach) -> list[Alternative]:
    """Whether net long-term gain is taxed at its own rates; a net loss may be carried on."""
    q, v, limit = house.own.qualified, house.carried_loss, house.tax.figures["capital_loss_limit"]
    state = house.own.state_rate > 0

    def none(rows: Rows) -> None:
        rows.at_most("preferential part", q, preferential=1)
        if state:
            rows.at_most("state gain", 0, at_state_gain_rate=1)

    def some(rows: Rows) -> None:
        rows.at_least("short-term gain, nothing", 0, short_gain=1)
        rows.at_least("short-term gain", 0, short_gain=1, short=-1)
        rows.at_most("line 7a, no more", 0, gain=1, short=-1, long=-1)
        rows.at_most("preferential part", q, preferential=1, gain=-1, short_gain=1)
        if state:
            rows.at_most("state gain", 0, at_state_gain_rate=1, gain=-1, short_gain=1)

    def carried(rows: Rows) -> None:
        none(rows)
        rows.add_height(short=v, long=v)
        rows.constant += v * limit

    found = []
    if reach.preferential.low <= 0 and reach.net.high >= -limit:
        found.append(Alternative("no net long-term gain", none))
    if reach.preferential.high > 0:
        found.append(Alternative("some net long-term gain", some))
    if reach.net.low < -limit:
        found.append(Alternative(CARRIED if v > 0 else "no net long-term gain", carried))
    return _unlike(found)


def _unlike(found: list[Alternative]) -> list[Alternative]:
    """The first of each name."""
    return list({alternative.name: alternative for alternative in reversed(found)}.values())[::-1]


def _ties(house: Household, reach: Reach) -> list[Alternative]:
    """The ways of netting with p from below as well: each exact on its part of the plane, and above the tax elsewhere."""
    q = house.own.qualified
    nettings = {alternative.name: alternative for alternative in _nettings(house, reach)}
    found = []

    def tied(name: str, floor: dict[str, float], region: dict[str, float]) -> Alternative:
        def write(rows: Rows) -> None:
            nettings[name].write(rows)
            rows.at_least("preferential part, dividends", q, preferential=1)
            if floor:
                rows.at_least("preferential part, gain", q, preferential=1, **floor)
            if region:
                rows.at_most("netting", 0, **region)

        return Alternative(name, write)

    if "some net long-term gain" in nettings:
        found.append(tied("some net long-term gain", {"long": -1}, {}))
        if reach.short.low < 0:
            found.append(tied("some net long-term gain", {"short": -1, "long": -1}, {}))
    for name in ("no net long-term gain", CARRIED):
        if name in nettings:
            if reach.long.low <= 0:
                found.append(tied(name, {}, {"long": 1}))
            if reach.net.low <= 0 and reach.short.low < 0:
                found.append(tied(name, {}, {"short": 1, "long": 1}))
    return found


def _piece(house: Household, k: int, start: float, netting: Alternative) -> Alternative:
    """−C(y) by its k-th piece, y not below where O(y) less the piece only rises."""

    def write(rows: Rows) -> None:
        netting.write(rows)
        rows.at_least("ordinary part, from", start, ordinary_part=1)
        rows.at_least("ordinary part", 0, ordinary_part=1, taxable=-1, preferential=1)
        _regular(house, k, rows)

    return Alternative(f"{netting.name}, {_where(k)}", write, netting.name, k)


def _tied(house: Household, k: int, edge: float, tie: Alternative) -> Alternative:
    """The stretch where O(y) − C(y) falls: y tied to t − p, so that it rises only with t."""

    def write(rows: Rows) -> None:
        tie.write(rows)
        rows.at_least("ordinary part, from", edge, ordinary_part=1)
        rows.at_least("ordinary part", 0, ordinary_part=1, taxable=-1, preferential=1)
        rows.at_most("ordinary part, tied", 0, ordinary_part=1, taxable=-1, preferential=1)
        _regular(house, k, rows)

    return Alternative(f"{tie.name}, {_where(k)}, just past it", write, tie.name, k)


def _all_ordinary(netting: Alternative, piece: int | None = None) -> Alternative:
    """All taxable income at ordinary rates: the last line of the worksheet, or a year that has nothing else."""

    def write(rows: Rows) -> None:
        netting.write(rows)
        rows.at_least("ordinary part", 0, ordinary_part=1, taxable=-1)
        rows.at_least("regular tax", 0, tax=1, ordinary_tax=-1)

    name = f"{netting.name}, all at ordinary rates" if piece is None else netting.name
    return Alternative(name, write, netting.name, piece)


def _where(k: int) -> str:
    return ("ordinary income below the gain rates' first edge", "between their edges", "past their second edge")[k]


def _regular(house: Household, k: int, rows: Rows) -> None:
    slopes, intercepts = house.tax.preferential.affine()
    slope, intercept = float(slopes[k]), float(intercepts[k])
    rows.at_least("regular tax", -intercept, tax=1, ordinary_tax=-1, gain_tax=-1, ordinary_part=slope)
