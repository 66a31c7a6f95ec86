"""What the household wants beyond its bands: what stays, what is preferred, how much at most.

Every wish has words of its own that a plan or a contradiction repeats (:mod:`optimizer.limits`), and none is needed.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from optimizer.documents import Claim, Day, Document, Dollars, Fraction, Identifier, PositiveDollars, TurnoverFraction

Days = Annotated[int, Field(strict=True, ge=0, le=36500, json_schema_extra={"unit": "days"})]
Count = Annotated[int, Field(strict=True, ge=0, le=100_000, json_schema_extra={"unit": "orders"})]
Shelter = Literal["all", "taxable", "sheltered"]


class SetAside(Document):
    """Cash kept apart for a purpose; it is no part of the bands."""

    purpose: Annotated[str, Field(min_length=1, max_length=80)]
    amount: PositiveDollars
    account: Identifier
    """Where it is kept; the plan raises it there if it is missing."""
    until: Day | None = None
    """The last day on which it is kept apart; without end when left out."""

    def is_kept_on(self, day: date) -> bool:
        """Whether it is still kept apart on a day."""
        return self.until is None or day <= self.until


class Preference(Document):
    """What is bought of a segment in accounts of one kind: the first of a list, a later one where that may not be bought."""

    segment: Identifier
    buy: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """Symbols, the most wanted first. Whatever else has its largest weight in the segment is not bought in these accounts."""
    accounts: Shelter = "all"


class HoldingLimit(Document):
    """The most of one account that one security or one segment may make up after the plan."""

    account: Identifier
    symbol: Identifier | None = None
    segment: Identifier | None = None
    at_most: Fraction
    """Of the account's value after the plan, cash included."""

    @model_validator(mode="after")
    def _speaks_of_one_thing(self) -> Self:
        if (self.symbol is None) == (self.segment is None):
            raise ValueError("either a symbol or a segment")
        return self


class Wishes(Document):
    """What the household wants beyond its bands."""

    keep_lots: tuple[Identifier, ...] = ()
    """Lots that are neither sold nor given."""
    keep_accounts: tuple[Identifier, ...] = ()
    """Accounts in which nothing is sold or given; their cash may still be invested."""
    do_not_sell: tuple[Identifier, ...] = ()
    """Symbols that are neither sold nor given, in any account."""
    do_not_buy: tuple[Identifier, ...] = ()
    """Symbols that are not bought, in any account."""
    restricted: tuple[Identifier, ...] = ()
    """Symbols that are neither sold, given nor bought, in any account."""
    preferences: tuple[Preference, ...] = ()
    """What to buy of a segment, in order of preference; at most one list for a segment in an account."""
    min_holding_days: Days = 0
    """Lots acquired fewer days ago than this are not sold, in any account; one without a date counts as old."""
    no_short_term_gains: Claim = False
    """Whether short-term lots at a gain stay."""
    wait_for_long_term_days: Days = 0
    """Lots at a gain that turn long-term within so many days are not sold before they do."""
    set_asides: tuple[SetAside, ...] = ()
    """Cash kept apart from the portfolio."""
    holding_limits: tuple[HoldingLimit, ...] = ()
    """The most of an account that a security or a segment may make up."""
    max_short_gain: Dollars | None = None
    """The most net short-term gain in the year, carryovers and gains to date included."""
    max_long_gain: Dollars | None = None
    """The most net long-term gain in the year, carryovers and gains to date included."""
    max_net_gain: Dollars | None = None
    """The most net gain in the year, carryovers and gains to date included."""
    max_gains_tax: Dollars | None = None
    """The most tax on the year's net gains; with `income`, the most that gains, withdrawals, contributions and gifts
    together may add to the year's tax, penalties left out."""
    max_agi: Dollars | None = None
    """The most adjusted gross income, such as the edge of a Medicare premium tier; needs `income`."""
    max_turnover: PositiveDollars | None = None
    """The most dollars bought and sold together, gifts left out."""
    max_turnover_share: TurnoverFraction | None = None
    """The same as a fraction of the household's value before the plan, up to 2: sold and bought both count."""
    max_orders: Count | None = None
    """The most orders to place; one for each account, security and side, gifts left out."""
    min_trade: PositiveDollars | None = None
    """No order for fewer dollars than this, unless it sells out a whole holding."""
    min_harvest: PositiveDollars | None = None
    """A lot with a smaller loss than this is not sold for its loss."""
    min_harvest_share: Fraction | None = None
    """A lot whose loss is a smaller part of its basis than this is not sold for its loss."""
