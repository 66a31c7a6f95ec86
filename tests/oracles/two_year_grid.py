"""A slow second opinion on two tax years: every lot sold now, in January or not at all, in halves, by the law's own netting.

It shares nothing with the model but the problem: terms by the law's dates, both years' tax and what is carried between them by
:mod:`lots.tax`, the price of later years from the outlook. It can only say "here is a plan, and this is its cost".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from lots.dates import first_trading_day, is_long_term
from lots.law import extrapolate_law, load_law
from lots.tax.flat import FlatRates, gains_tax
from lots.tax.liability import compute_return
from lots.tax.netting import net_gains
from optimizer.problem import Problem

TRACE, WAITING = Decimal("1e-6"), Decimal("2e-6")
HALVES = [(now, later) for now in range(3) for later in range(3 - now)]
"""Halves of a lot sold now and in January."""
ZERO = Decimal(0)
Gains = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Grid:
    """A household with one taxable account whose proceeds all buy one fund that nobody holds."""

    problem: Problem

    def sold(self) -> Iterator[tuple[tuple[int, int], ...]]:
        """Every combination of halves over all lots."""
        yield from product(HALVES, repeat=len(self.problem.lots))

    def gains(self, halves: tuple[tuple[int, int], ...]) -> tuple[Gains, Gains, Decimal, Decimal]:
        """Short and long gain of each year, gain realised in both, and dollars traded in January."""
        problem, january = self.problem, first_trading_day(self.problem.as_of.year + 1)
        price = {s.symbol: s.price for s in problem.securities}
        years = [[ZERO, ZERO], [ZERO, ZERO]]
        realised = moved = ZERO
        for lot, parts in zip(problem.lots, halves, strict=True):
            value = lot.shares * price[lot.symbol]
            gain = value - lot.cost_basis
            for year, (day, half) in enumerate(zip((problem.as_of, january), parts, strict=True)):
                years[year][is_long_term(lot.acquired, day)] += gain * half / 2
                realised += gain * half / 2
            moved += value * parts[1] / 2
        return (years[0][0], years[0][1]), (years[1][0], years[1][1]), realised, moved

    def cost(self, halves: tuple[tuple[int, int], ...]) -> Decimal:
        """Both years' tax beyond that of two years without gains, next year's at its value today, and later years' tax."""
        this, following, realised, in_january = self.gains(halves)
        outlook = self.problem.outlook
        discount = 1 / (1 + outlook.discount_rate)
        first, second, carried_on = self._taxes(this, following)
        waiting = outlook.future_long_term_rate * (1 - outlook.untaxed_probability)
        waiting *= (1 + outlook.discount_rate) ** -outlook.horizon_years
        price = {s.symbol: s.price for s in self.problem.securities}
        now = sum(
            (lot.shares * price[lot.symbol] * part[0] / 2 for lot, part in zip(self.problem.lots, halves, strict=True)), ZERO
        )
        trace = 2 * TRACE * (now + in_january) + 2 * WAITING * in_january
        return first + discount * (second - outlook.carryforward_value * carried_on) - waiting * realised + trace

    def _taxes(self, this: Gains, following: Gains) -> tuple[Decimal, Decimal, Decimal]:
        return self._flat(this, following) if self.problem.taxpayer.rates else self._whole(this, following)

    def _flat(self, this: Gains, following: Gains) -> tuple[Decimal, Decimal, Decimal]:
        taxpayer = self.problem.taxpayer
        limit = load_law(taxpayer.year).capital_loss_limit(taxpayer.filing_status)
        before = taxpayer.gains
        first = net_gains(before.net_short + this[0], before.net_long + this[1], limit)
        second = net_gains(following[0] - first.short_carryover, following[1] - first.long_carryover, limit)
        years = (taxpayer.rates, self.problem.next_year.rates or taxpayer.rates)
        rates = [FlatRates(r.ordinary, r.long_term, r.deduction_rate) for r in years]
        return gains_tax(first, rates[0]), gains_tax(second, rates[1]), second.carryover

    def _whole(self, this: Gains, following: Gains) -> tuple[Decimal, Decimal, Decimal]:
        taxpayer, ahead = self.problem.taxpayer, self.problem.next_year.income
        law, next_law = load_law(taxpayer.year), extrapolate_law(taxpayer.year + 1)
        gains = taxpayer.gains
        own = gains.model_copy(update={"short": gains.short + this[0], "long": gains.long + this[1]})
        status, nothing = taxpayer.filing_status, type(gains)()
        first = compute_return(taxpayer.income.filer(status, own), law)
        carried = {"short_carryover": first.short_carryover, "long_carryover": first.long_carryover}
        after = type(gains)(short=following[0], long=following[1], **carried)
        second = compute_return(ahead.filer(status, after), next_law)
        bare = compute_return(taxpayer.income.filer(status, nothing), law).exact_total
        bare_next = compute_return(ahead.filer(status, nothing), next_law).exact_total
        return first.exact_total - bare, second.exact_total - bare_next, second.short_carryover + second.long_carryover
