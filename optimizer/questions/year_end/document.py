"""The answer over two tax years: two plans, what each choice of dates costs, lots about to turn, and the law that stands in."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from lots.lot import Term
from optimizer.documents import AnnualFraction, Document, Dollars, Fraction, Identifier, PositiveDollars, ShareCount
from optimizer.plan import Plan

Date = Literal["december", "january"]
Days = Annotated[int, Field(ge=0, json_schema_extra={"unit": "days"})]
Year = Annotated[int, Field(json_schema_extra={"unit": "calendar year"})]


class DateRow(Document):
    """A lot that the plan sells in a taxable account, and what the other date would cost."""

    lot: Identifier
    account: Identifier
    symbol: Identifier
    date: Date
    gain: Dollars
    term: Term
    term_on_other_date: Term
    other_date_costs: Dollars
    """What both years' tax would be more if this sale alone changed its date; next year's and a carried loss at their value
    today."""


class TurningRow(Document):
    """A short-term lot that turns long-term soon."""

    lot: Identifier
    account: Identifier
    symbol: Identifier
    shares: ShareCount
    gain: Dollars
    """Of the whole lot at today's price; negative for a loss."""
    long_term_from: date
    """The first day on which a sale is long-term."""
    days_left: Days
    waiting_saves: Dollars
    """What both years' tax is less if the whole lot is sold on that day and not now, at today's price; negative where waiting
    costs. Next year's tax counts at its value today."""
    plan: Literal["sells now", "sells in January", "gives", "holds"]
    """What the plan does with it; the first of these that applies."""


class Alternative(Document):
    """The household planned with another choice of dates, each plan replayed."""

    dates: Literal["both", "everything now", "everything in January"]
    this_year_tax: Dollars
    next_year_tax: Dollars
    total: Dollars
    """What the plan makes least, without the price of bands and idle cash: both years' tax beyond that of years without gains and
    plan, next year's at its value today, later tax and trading."""
    costs_more: Dollars
    """Total less that of the plan."""
    outside_meanwhile: PositiveDollars
    """Dollars outside the bands between the two dates."""
    drift_meanwhile: Fraction
    """Half the sum of all distances from target between the two dates, as a fraction of the household."""


class LawStandIn(Document):
    """Whose figures next year's tax was computed on, and how far the answer moves if indexed thresholds rise."""

    year: Year
    figures_of: Year
    stamp: str
    rise: Fraction
    next_year_tax: Dollars | None
    """On the figures as they stand; null at flat rates, which know no thresholds."""
    next_year_tax_raised: Dollars | None
    """With thresholds raised, planned anew."""
    cost_moves: Dollars | None
    """Change of the least total, both measured against years without gains and plan."""
    december_moves: PositiveDollars | None
    """Dollars of this year's trades that would be others."""
    january_moves: PositiveDollars | None


class YearEnd(Document):
    """One household's answer over two tax years.

    The two plans share one proof: their costs add up to the total that is made least, and the certificate of each is that of
    both together.
    """

    format: Literal["bandwise.year-end/1"] = "bandwise.year-end/1"
    household: str
    problem: Annotated[str, Field(description="SHA-256 of the problem this answers.")]
    version: Annotated[str, Field(description="Version of the software that made the answer.")]
    as_of: date
    january: date
    """The first trading day of next year, on which the second plan is carried out."""
    bands_by: Date
    discount_rate: AnnualFraction
    """By which a tax due a year later counts less."""
    this_year: Plan
    """Its cost holds this year's tax without any value for the loss it carries, because next year's tax counts that; the distance
    from target is counted where it is left in the end."""
    next_year: Plan
    """The plan of the household that this year's plan leaves; its cost holds next year's tax at its value today."""
    alternatives: tuple[Alternative, ...]
    """The plan itself, everything now, and everything in January; a choice that cannot carry out the orders is left out."""
    dates: tuple[DateRow, ...]
    turning: tuple[TurningRow, ...]
    sold_in_january: PositiveDollars
    """Market value today of what waits to be sold, whose price may change."""
    law: LawStandIn | None
    """Null where next year's figures are on file."""
    not_kept: tuple[str, ...]
    """Wishes that only a plan of one year keeps."""
    notes: tuple[str, ...]
