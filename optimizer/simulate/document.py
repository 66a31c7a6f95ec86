"""What a simulation answers, as one document: figures, premiums, the ladder and a verdict, every number with its unit."""

from typing import Annotated, Literal

from pydantic import Field

from optimizer.documents import Day, Document, Dollars, Fraction, PerYear, PositiveDollars, Rate, Ratio, SignedBasisPoints, Years

Count = Annotated[int, Field(ge=0, json_schema_extra={"unit": "number"})]

CalendarYear = Annotated[int, Field(json_schema_extra={"unit": "calendar year"})]
Measure = Literal["before tax", "after tax each year", "after tax and sale"]
Against = Literal["buy-and-hold", "market fund", "average segment"]


class PolicyRow(Document):
    """One policy over the whole span: of the one history, or the median over paths."""

    policy: str
    before: Rate
    """Growth a year before tax."""
    after: Rate
    """Growth a year after the tax of every year; what is owed at the end is taken off."""
    liquidated: Rate
    """Growth a year when everything is sold at the end too."""
    stepped_up: Rate
    """Growth a year when heirs take over with a stepped-up basis."""
    given: Rate
    """Growth a year when everything is given to charity in shares at the end, with what the deduction saves."""
    volatility: Rate
    """Standard deviation a year, before tax."""
    drawdown: Fraction
    """The deepest fall from a peak, before tax."""
    sharpe: Ratio
    """Excess return over volatility, a year; against the bill rate where the data have one, else against zero."""
    turnover: Rate
    """Sold a year as a fraction of the mean value; swaps of a harvest are left out."""
    rebalances: PerYear
    tax: Rate
    """Tax paid a year as a fraction of the mean value."""
    trading_cost: Rate
    drag: SignedBasisPoints
    """Growth a year that taxes take, sale at the end included."""


class PremiumRow(Document):
    """How far a policy was ahead, over all windows or paths of one length."""

    policy: str
    against: Against
    measure: Measure
    years: Years
    windows: Count
    median: SignedBasisPoints
    low: SignedBasisPoints
    """5 % of windows were below."""
    high: SignedBasisPoints
    """5 % of windows were above."""
    positive: Fraction
    """Share of windows in which the policy was ahead."""
    sure_low: SignedBasisPoints
    """Lower end of a 90 % block-bootstrap band of the median."""
    sure_high: SignedBasisPoints


class LadderRow(Document):
    """One rung: levers so far, and the tax drag they leave."""

    step: str
    drag: SignedBasisPoints
    gives_back: SignedBasisPoints
    """What this rung took off the drag of the one before."""


class GridCell(Document):
    """The premium of one band width and one interval between looks."""

    band: Fraction
    look_months: Count
    premium: SignedBasisPoints
    """Median rebalancing return after tax and sale."""


class Series(Document):
    """One policy through time, on the history or on the first path."""

    policy: str
    value: tuple[PositiveDollars, ...]
    weights: tuple[tuple[Rate, ...], ...]
    tax_years: tuple[CalendarYear, ...]
    tax: tuple[Dollars, ...]
    """Tax of each year, dollars; below zero where a loss saves tax on other income."""


class BandOfSegments(Document):
    """The band a policy keeps its segments in, at the start."""

    policy: str
    segments: tuple[str, ...]
    lower: tuple[Rate, ...]
    upper: tuple[Rate, ...]


class Simulation(Document):
    """Policies side by side on the same prices."""

    format: Literal["bandwise.simulation/1"] = "bandwise.simulation/1"
    market: str
    """What the prices are."""
    first_day: Day
    last_day: Day
    assumptions: tuple[str, ...]
    paths: Count
    """Paths of the whole span that ran; 1 for a history."""
    is_complete: bool
    """False when the run was stopped early; everything here is of what was done."""
    policies: tuple[PolicyRow, ...]
    premiums: tuple[PremiumRow, ...]
    theory: SignedBasisPoints
    """Half of weighted variance less portfolio variance, a year: what rebalancing adds to the segments' average log growth."""
    ladder: tuple[LadderRow, ...]
    verdict: tuple[str, ...]
    grid: tuple[GridCell, ...] = ()
    days: tuple[Day, ...] = ()
    series: tuple[Series, ...] = ()
    bands: tuple[BandOfSegments, ...] = ()
