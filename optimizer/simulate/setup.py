"""What the investor brings to a simulation: money, rates, costs, flows and levers."""

from dataclasses import dataclass
from decimal import Decimal

from lots.law import FilingStatus
from lots.law.load import lasting_law
from lots.units import to_float
from optimizer.market.costs import later_gain_price
from optimizer.problem import Lever, Outlook
from optimizer.simulate.year_tax import Rates


@dataclass(frozen=True)
class Setup:
    """One investor's account in the single-account engine.

    Parameters
    ----------
    start_value : dollars invested on the first day.
    rates : flat rates; None for an account whose trades and dividends are not taxed.
    pays_from_portfolio : whether April's tax comes out of the account or from elsewhere.
    half_spread : cost of a dollar traded, a fraction.
    contribution, withdrawal : dollars a year, in equal parts at the ends of quarters.
    donation : dollars given each December.
    levers : what is steered; the rest happens blindly.
    harvest_at : loss, as a fraction of its basis, from which a lot is harvested.
    has_substitutes : whether every segment has a second choice to harvest into.
    keeps_wash_rule : False only to measure what the rule costs.
    sells_oldest_first : first in, first out instead of the lots that cost least.
    idle_cash : cash, as a fraction of the portfolio, from which pooled money is invested without waiting for a rebalance.
    """

    start_value: float = 1_000_000.0
    rates: Rates | None = None
    pays_from_portfolio: bool = True
    half_spread: float = 0.0
    contribution: float = 0.0
    withdrawal: float = 0.0
    donation: float = 0.0
    levers: frozenset[Lever] = frozenset()
    harvest_at: float = 0.05
    has_substitutes: bool = True
    keeps_wash_rule: bool = True
    sells_oldest_first: bool = False
    idle_cash: float = 0.005

    @property
    def harvests(self) -> bool:
        """Whether losses are taken before a trade asks for it."""
        may = self.has_substitutes or not self.keeps_wash_rule
        return self.rates is not None and Lever.HARVESTING in self.levers and may


def flat_rates(
    ordinary: Decimal,
    long_term: Decimal,
    deduction: Decimal | None = None,
    status: FilingStatus = FilingStatus.SINGLE,
    year: int = 2026,
    outlook: Outlook | None = None,
) -> Rates:
    """Flat rates with the law's limit on losses and the outlook's prices of later years."""
    later = later_gain_price(outlook or Outlook(), to_float(long_term))
    carried = outlook.carryforward_value if outlook else None
    return Rates(
        ordinary=to_float(ordinary),
        long_term=to_float(long_term),
        deduction=to_float(ordinary if deduction is None else deduction),
        loss_limit=to_float(lasting_law(year).capital_loss_limit(status)),
        later_gain=later,
        carried_loss=min(later if carried is None else to_float(carried), to_float(ordinary)),
    )
