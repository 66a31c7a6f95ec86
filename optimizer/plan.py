"""The whole answer: trades, bands, tax, proof and reasons, as one JSON document.

Every amount that the ledger can state comes from replaying the trades in exact decimals; the solver's own figure stands
beside it.
"""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from lots.units import ZERO
from optimizer.benchmark import TrackingSummary
from optimizer.documents import (
    Document,
    Dollars,
    Fraction,
    Identifier,
    PositiveDollars,
    Rate,
    Seconds,
    ShareCount,
    SignedBasisPoints,
    Step,
)
from optimizer.errors import LedgerDisagrees
from optimizer.frames import Frames, Plots, plots_of
from optimizer.problem import Band, Lever
from optimizer.scope import Scope
from optimizer.trade_rows import BuyRow, CashRow, FlowRow, GiftRow, ReplacementRow, SaleRow

if TYPE_CHECKING:
    from optimizer.frames import Table

__all__ = [
    "AGREEMENT",
    "BandRow",
    "BuyBan",
    "BuyRow",
    "CaseRow",
    "CashRow",
    "Certificate",
    "Comparison",
    "CostSummary",
    "FlowRow",
    "GiftRow",
    "LeverRow",
    "LotOrder",
    "MarginalRow",
    "Plan",
    "ReinvestmentRow",
    "ReplacementRow",
    "SaleRow",
    "TaxLine",
    "TaxSummary",
    "Undone",
    "WishPrice",
    "YearTax",
    "refuse_disowned",
]

AGREEMENT = Decimal(1)
"""Dollars by which the tax of a plan rounded to shares may differ from the solver's."""


class BandRow(Document):
    """One segment before and after."""

    segment: Identifier
    name: str
    parent: Identifier | None
    target: Fraction
    trigger: Band
    allowed: Band
    """The band the plan had to reach: the destination for a segment that was outside, the trigger band otherwise."""
    value_before: Dollars
    value_after: Dollars
    weight_before: Fraction
    weight_after: Fraction
    was: Literal["inside", "above", "below"]
    """Where the segment stood against its trigger band."""
    breach: PositiveDollars
    """Dollars by which the segment still misses the allowed band; 0 unless something binds."""
    note: str
    """What keeps the segment outside, when it stays there."""


class TaxLine(Document):
    """One line of the return."""

    form: str
    number: str
    name: str
    amount: Dollars
    how: str
    """How the amount came about."""


class MarginalRow(Document):
    """What one more dollar of a kind costs; for a gift, what it saves."""

    kind: str
    federal: Rate
    state: Rate


class YearTax(Document):
    """The year's tax: at flat rates on gains, gifts, withdrawals and contributions, with `income` the whole return.

    The parts of a whole return are differences of returns in this order: without any of it, then with the year's gains, then
    with the plan's withdrawals and contributions, then with its gifts.
    """

    short: Dollars
    """Net short-term result of the year, carryovers included (Schedule D line 7)."""
    long: Dollars
    """Net long-term result of the year, carryovers included (Schedule D line 15)."""
    gains_tax: Dollars
    """Tax on the netted gains; negative when a net loss saves tax on other income."""
    loss_deducted: PositiveDollars
    short_carryforward: PositiveDollars
    long_carryforward: PositiveDollars
    withdrawal_tax: Dollars
    """Ordinary tax on withdrawals less what deductible contributions save."""
    penalty: PositiveDollars
    deduction: PositiveDollars
    """Charitable deduction."""
    deduction_saves: Dollars
    gift_carryforward: PositiveDollars = ZERO
    """Gifts beyond what may be deducted this year; the plan counts them for nothing. Not known at flat rates."""
    other_tax: Dollars = ZERO
    """Tax on everything else on the return: the year without gains, losses and plan; nothing at flat rates."""
    total: Dollars
    lines: tuple[TaxLine, ...] = ()
    """The return line by line; empty at flat rates."""
    marginal: tuple[MarginalRow, ...] = ()
    """What one more dollar of each kind costs beside this return; empty at flat rates."""


class TaxSummary(Document):
    """Tax with the plan and without it, and whether solver and ledger agree."""

    without_plan: YearTax
    """Nothing traded, given, contributed or withdrawn."""
    with_plan: YearTax
    """By replaying the plan through the ledger."""
    solver_total: Dollars
    """The solver's figure for the same trades before rounding."""
    difference: Dollars
    """Replay less solver."""

    @property
    def agrees(self) -> bool:
        """Whether ledger and solver tell the same tax but for what rounding to shares moves; if not, nothing is to be traded."""
        return abs(self.difference) < AGREEMENT


class CostSummary(Document):
    """The objective, part by part; `total` is what the plan minimises. `breach` and `idle_cash` are prices, the rest is money."""

    gains_tax: Dollars
    """This year's tax on gains, with the loss carried forward at its value today."""
    flow_tax: Dollars
    """Tax and penalties on withdrawals less what gifts and contributions save, and what moving money
    out of shelter costs."""
    future_tax: Dollars
    """Change in the value today of later years' tax on gains (negative: gains realised now are not taxed again)."""
    location: Dollars
    """Change in the tax drag of where things are held, over the years the outlook counts (negative: less drag)."""
    trading: PositiveDollars
    """Half-spreads and fees."""
    preference: PositiveDollars = ZERO
    """What later choices of a list of preferences are priced at, so that the first is bought where it may be."""
    giving: PositiveDollars = ZERO
    """What dollars given up to an amount had to save at least."""
    drift: PositiveDollars
    """What trading back the dollars that stay away from target will cost one day."""
    tracking: PositiveDollars = ZERO
    """The yearly variance of the return against the benchmark, at the benchmark's price."""
    breach: PositiveDollars
    """Dollars outside the bands, and beyond the limits of a benchmark, at the price that puts them before dollars."""
    idle_cash: PositiveDollars
    """Dollars left in cash beyond the floors, at the price that puts investing before dollars."""
    total: Dollars


class CaseRow(Document):
    """One convex case of the tax and what the solver says of it."""

    name: str
    status: str
    objective: Dollars | None
    bound: Dollars | None


class Undone(Document):
    """What a plan leaves outside its bands or uninvested: dollars that come before any cost, by a price that is no money."""

    outside: PositiveDollars = ZERO
    """Dollars outside the bands and beyond the limits of a benchmark."""
    idle: PositiveDollars = ZERO
    """Dollars left in cash that might have been invested."""
    priced: PositiveDollars = ZERO
    """What both together add to an objective, a bound or a total beside them; less this, those are money."""


class Certificate(Document):
    """The proof: no plan for this question costs less than `bound`, the dollars of `undone` priced above any tax."""

    objective: Dollars
    """Cost of the plan before rounding."""
    bound: Dollars
    """The smallest of the dual bounds of all cases."""
    undone: Undone = Undone()
    """What the plan before rounding leaves outside or idle; `bound` less its price is the least money that any plan costs which
    leaves no more."""
    undone_rounded: Undone = Undone()
    """The same of the plan in tradeable shares."""
    gap: Dollars
    """`objective` less `bound`; 0 proves the plan optimal. A plan that has to give a loss up to a sheltered account may
    cost up to this much more than another one would."""
    rounding: Dollars
    """What rounding to tradeable shares, and orders of the size, number and fee wished for, add to the cost."""
    tradeable_bound: Dollars | None = None
    """No plan in whole shares and such orders costs less; null where not all of them were searched."""
    tradeable_ended_by: Literal["proof", "work", "time"] | None = None
    """How the search among whole shares and such orders ended: nothing better is left; the work allowed for it was done, which is
    the same on every machine; or the time was up. Null where rounding does. For whole shares alone only those near the cheapest
    plan in parts of shares were searched."""
    status: Literal["optimal", "gap"]
    """`gap` where a better plan by more than a cent was not ruled out."""
    ended_by: Literal["proof", "tolerance", "time", "washing", "ledger"] = "proof"
    """Why no more was proven: nothing better is left; nothing better by what counts at this size; the time was up; or losses are
    washed by the ledger in another order than the program took them; or ledger and solver tell taxes more than a dollar apart. A
    plan with status `gap` and `proof` here does not say."""
    time_limit: Seconds | None = None
    """Seconds that the search was allowed; null for as long as it takes."""
    solver: str
    cases: tuple[CaseRow, ...]


class LeverRow(Document):
    """The household solved with the levers up to and including this one."""

    lever: Lever | None
    """The lever added in this step; null for none at all."""
    tax: Dollars
    """The year's tax by the ledger: on gains and withdrawals, less what gifts save."""
    later_tax: Dollars
    """Change in the value today of later tax: postponed gains, carried losses, location, money leaving pre-tax accounts."""
    trading: PositiveDollars
    """Half-spreads and fees, now and for trading back what stays away from target."""
    total: Dollars
    """Tax now, later tax and trading together: what the plan makes least once every segment is inside its band."""
    saved: Dollars | None
    """Total of the step before less this step's; 0 in the first step, null where either leaves a segment outside its band."""
    drag: SignedBasisPoints
    """Total as a fraction of the portfolio before flows."""
    carryforward: PositiveDollars
    """Loss carried to next year."""
    breach: PositiveDollars
    """Dollars outside the bands that this step cannot cure."""


class Comparison(Document):
    """What the levers saved and what the usual rule would have cost."""

    ladder: tuple[LeverRow, ...]
    usual_rule: LeverRow
    """Sell the overweight pro rata, first in first out, straight to target; `lever` is null."""


class BuyBan(Document):
    """A group of substantially identical securities that must not be bought for a while, reinvested
    dividends included."""

    symbols: tuple[Identifier, ...]
    until: date
    """The last day of the ban."""
    reason: str


class ReinvestmentRow(Document):
    """A reinvestment of dividends to switch off, or one that cannot be and what it washes."""

    account: Identifier
    symbol: Identifier
    until: date | None
    """The last day on which it has to be off; null for as long as its segment stands above its band."""
    shares: ShareCount | None = None
    """Shares it is expected to buy, where it cannot be switched off; null where it can."""
    reason: str


class WishPrice(Document):
    """What one wish or order costs: the household's saving with it loosened by a step, by solving again."""

    wish: str
    unit: str
    step: Step
    """How much of it, in `unit`."""
    saving: PositiveDollars
    """Dollars of cost for the step, later years at today's value."""
    sentence: str


class LotOrder(Document):
    """The same shares sold from lots that a simpler rule picks, by the ledger."""

    rule: str
    tax: Dollars
    more_tax: Dollars
    """This year's tax less the plan's."""
    more_cost: Dollars
    """Cost less the plan's, later years at today's value."""


class Plan(Document):
    """One household's answer."""

    format: Literal["bandwise.plan/1"] = "bandwise.plan/1"
    household: str
    problem: Annotated[str, Field(description="SHA-256 of the problem this plan answers.")]
    version: Annotated[str, Field(description="Version of the software that made the plan.")]
    as_of: date
    tax_year: Annotated[int, Field(json_schema_extra={"unit": "calendar year"})]
    levers: tuple[Lever, ...]
    scope: Scope = Scope()
    """How far the question reached."""
    value_before: Dollars
    """Holdings and cash, pooled income included, before flows."""
    value_after: Dollars
    bands: tuple[BandRow, ...]
    tracking: TrackingSummary | None = None
    """Where the names of a benchmark stand; null without one."""
    sales: tuple[SaleRow, ...]
    gifts: tuple[GiftRow, ...]
    buys: tuple[BuyRow, ...]
    flows: tuple[FlowRow, ...]
    cash: tuple[CashRow, ...]
    tax: TaxSummary
    cost: CostSummary
    certificate: Certificate
    comparison: Comparison | None
    """Left out when a plan is made without comparing."""
    buy_bans: tuple[BuyBan, ...]
    reinvestments: tuple[ReinvestmentRow, ...] = ()
    """Reinvestments of dividends that would wash a loss or feed a segment above its band."""
    notes: tuple[str, ...]
    """What the reader should know beside the numbers."""
    prices_of_wishes: tuple[WishPrice, ...] = ()
    """What each binding wish costs, the dearest first; empty unless asked for."""
    lot_orders: tuple[LotOrder, ...] = ()
    """How far simpler rules of choosing lots would have been; empty unless asked for."""

    @property
    def money(self) -> Decimal:
        """What the plan costs in money: all that it makes least but the prices that put bands and investing first."""
        return self.cost.total - self.cost.breach - self.cost.idle_cash

    @property
    def frames(self) -> Frames:
        """The plan's tables for pandas: `trades`, `lots`, `bands`, `tax`, `prices_of_wishes`, `levers`, `cash`."""
        return Frames(self)

    @property
    def trades(self) -> "Table":
        """Sales, gifts, purchases and payments as one table for pandas; the same as `frames.trades`."""
        return self.frames.trades

    @property
    def lots(self) -> "Table":
        """The lots sold or given as a table for pandas; the same as `frames.lots`."""
        return self.frames.lots

    @property
    def plot(self) -> Plots:
        """The plan's charts as Plotly figures: `bands`, `levers`, and of the problem, too, `lots`, `placement`, `calendar`."""
        return plots_of(self)


def refuse_disowned(*plans: Plan) -> None:
    """Stop where nobody should trade a plan, because ledger and solver tell different taxes of it.

    Every command calls it once its page and its document are written; whatever is traded from calls it before it is.

    Raises
    ------
    LedgerDisagrees
        For the first such plan.
    """
    for plan in plans:
        if not plan.tax.agrees:
            raise LedgerDisagrees(plan.tax.difference)
