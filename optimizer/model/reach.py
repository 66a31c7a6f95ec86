"""How far a household's year can reach: ranges of every amount of the return, by arithmetic on ranges.

Ranges only rule cases out. A range that is too wide leaves a case too many, which costs time and nothing else; none is ever
too narrow.
"""

from dataclasses import dataclass

from optimizer.model.polyhedral import Vector
from optimizer.model.schedule import YearTax


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, dollars."""

    low: float
    high: float

    def __add__(self, other: "Range | float") -> "Range":
        more = other if isinstance(other, Range) else Range(other, other)
        return Range(self.low + more.low, self.high + more.high)

    def __sub__(self, other: "Range") -> "Range":
        return Range(self.low - other.high, self.high - other.low)

    def at_least(self, floor: float) -> "Range":
        """The larger of the two everywhere."""
        return Range(max(floor, self.low), max(floor, self.high))

    def meets(self, low: float, high: float) -> bool:
        """Whether some of it lies between two amounts."""
        return self.low <= high and self.high >= low


@dataclass(frozen=True)
class OwnYear:
    """The year without the plan, dollars: what the return adds the plan's amounts to.

    `other` is adjusted gross income without gains, benefits and the plan; `invested` net investment income without gains.
    """

    other: float
    invested: float
    qualified: float
    benefits: float
    exempt_interest: float
    benefit_start: float
    benefit_middle: float
    medical: float
    taxes_paid: float
    other_itemized: float
    cash_gifts: float
    fund_gifts: float
    short_gifts: float
    long_gifts: float
    standard: float
    seniors: float
    fixed_tax: float
    """Tax that no plan changes: on high wages, and on withdrawals made already."""
    state_rate: float
    """The state's rate on federal taxable income, and on the net long-term gain in it; not above the other."""
    state_long_rate: float


@dataclass(frozen=True)
class Reach:
    """Ranges of the amounts of a return over a box of z."""

    short: Range
    long: Range
    net: Range
    gain: Range
    preferential: Range
    benefits: Range
    """Taxable social security."""
    agi: Range
    without_gain: Range
    """AGI less line 7a."""
    ordinary_gain: Range
    """Line 7a less the net long-term gain in it."""
    cash: Range
    gifts: Range
    """All gifts of the year, what was given before the plan included."""


def preferential_gain(short: float, long: float) -> float:
    """The smaller of Schedule D lines 15 and 16 if both are gains; rises with both."""
    return max(0.0, min(long, short + long))


def taxable_benefits(tax: YearTax, own: OwnYear, other: float) -> float:
    """Form 1040 line 6b at an AGI of `other` without benefits; rises with it."""
    half, most = tax.figures["social_security.shares.half"], tax.figures["social_security.shares.most"]
    above = max(0.0, other + half * own.benefits + own.exempt_interest - own.benefit_start)
    width = own.benefit_middle - own.benefit_start
    low = min(half * own.benefits, half * min(above, width))
    return min(low + most * max(0.0, above - width), most * own.benefits)


def reach_of(tax: YearTax, own: OwnYear, lower: Vector, upper: Vector) -> Reach:
    """Work out the ranges for z between `lower` and `upper`, each of shape (6,)."""
    short, long, ordinary, cash, short_gifts, long_gifts = (
        Range(float(low), float(high)) for low, high in zip(lower, upper, strict=True)
    )
    net, limit = short + long, tax.figures["capital_loss_limit"]
    gain = net.at_least(-limit)
    preferential = Range(preferential_gain(short.low, long.low), preferential_gain(short.high, long.high))
    ends = [max(s + x, -limit) - preferential_gain(s, x) for s, x in ((short.low, long.low), (short.high, long.high))]
    other = ordinary + own.other
    benefits = Range(*(taxable_benefits(tax, own, at) for at in ((other + gain).low, (other + gain).high)))
    gifts = cash + short_gifts + long_gifts
    return Reach(
        short=short,
        long=long,
        net=net,
        gain=gain,
        preferential=preferential,
        benefits=benefits,
        agi=other + gain + benefits,
        without_gain=other + benefits,
        ordinary_gain=Range(ends[0], ends[1]),
        cash=cash + own.cash_gifts,
        gifts=gifts + (own.cash_gifts + own.fund_gifts + own.short_gifts + own.long_gifts),
    )
