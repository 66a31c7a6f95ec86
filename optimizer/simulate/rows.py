"""Arrays of figures as rows of the document, and a setup in words."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lots.units import from_float
from optimizer.problem import Lever
from optimizer.simulate.document import Against, Measure, PolicyRow, PremiumRow
from optimizer.simulate.measures import Figures
from optimizer.simulate.setup import Setup
from optimizer.simulate.windows import spread_of

Floats = NDArray[np.float64]
MONTHS = 12


def basis_points(fraction: float) -> Decimal:
    """A fraction in basis points, to the hundredth."""
    return from_float(fraction * 1e4, Decimal("0.01"))


def fraction(value: float) -> Decimal:
    """A fraction to the eighth place."""
    return from_float(value, Decimal("1e-8"))


def policy_row(name: str, figures: Figures) -> PolicyRow:
    """A policy's figures in the median of the paths."""
    middle = {each: float(np.median(getattr(figures, each))) for each in figures.__dataclass_fields__}
    drag = float(np.median(figures.before - figures.liquidated))
    return PolicyRow(
        policy=name,
        before=fraction(middle["before"]),
        after=fraction(middle["after"]),
        liquidated=fraction(middle["liquidated"]),
        stepped_up=fraction(middle["stepped_up"]),
        given=fraction(middle["given"]),
        volatility=fraction(middle["volatility"]),
        drawdown=fraction(min(1.0, max(0.0, middle["drawdown"]))),
        sharpe=fraction(middle["sharpe"]),
        turnover=fraction(middle["turnover"]),
        rebalances=fraction(middle["rebalances"]),
        tax=fraction(middle["tax"]),
        trading_cost=fraction(middle["spread"]),
        drag=basis_points(drag),
    )


def premium_row(policy: str, against: Against, measure: Measure, length: int, ahead: Floats, overlap: int) -> PremiumRow:
    """How far a policy was ahead in windows of `length` months, in the order of their starts."""
    spread = spread_of(ahead, overlap)
    return PremiumRow(
        policy=policy,
        against=against,
        measure=measure,
        years=Decimal(length) / MONTHS,
        windows=spread.count,
        median=basis_points(spread.median),
        low=basis_points(spread.low),
        high=basis_points(spread.high),
        positive=fraction(spread.positive),
        sure_low=basis_points(spread.sure_low),
        sure_high=basis_points(spread.sure_high),
    )


def setup_words(setup: Setup) -> tuple[str, ...]:
    """What the investor brings, in sentences."""
    words = [f"${setup.start_value:,.0f} at the start, traded at month ends; cash earns nothing"]
    if setup.rates is None:
        words.append("a sheltered account: trades and dividends are not taxed")
    else:
        source = "the portfolio" if setup.pays_from_portfolio else "elsewhere"
        words.append(
            f"flat rates of {setup.rates.ordinary:.1%} on ordinary income and short-term gains and {setup.rates.long_term:.1%} "
            f"on long-term gains and qualified dividends, today's limit on losses all along, tax paid each April from {source}"
        )
    if setup.half_spread:
        words.append(f"trading costs {setup.half_spread * 1e4:g} bp of what is traded")
    for amount, verb in ((setup.contribution, "paid in"), (setup.withdrawal, "taken out")):
        if amount:
            words.append(f"${amount:,.0f} a year {verb}, in quarters")
    if setup.donation:
        words.append(f"${setup.donation:,.0f} given to charity each December")
    if setup.levers:
        words.append("levers pulled: " + ", ".join(lever.value for lever in Lever if lever in setup.levers))
    if setup.harvests:
        into = (
            "a second fund of the segment that moves exactly like the first" if setup.keeps_wash_rule else "the same fund at once"
        )
        words.append(f"lots {setup.harvest_at:.0%} under their basis are harvested into {into}")
    return tuple(words)
