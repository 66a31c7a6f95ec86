"""The cases of one household's tax: two at flat rates, those within reach of its plans where the year's income is stated."""

from dataclasses import dataclass

import numpy as np

from lots.tax.retirement import BasisOrder
from lots.units import to_float
from optimizer.market.costs import Prices
from optimizer.model.axes import Axes
from optimizer.model.cases import FlatTax, TaxCase, flat_cases
from optimizer.model.facts import Facts
from optimizer.model.law_cases import Household, law_cases
from optimizer.model.own_year import own_returns, own_year
from optimizer.model.polyhedral import LinearCase, Pattern, Vector
from optimizer.model.reach import Range
from optimizer.model.schedule import year_tax
from optimizer.problem import Problem
from optimizer.taxpayer import MarginalRates


@dataclass(frozen=True)
class YearCases:
    """The cases, the tax that is there without gains and plan, and the box of z that plans can reach.

    At flat rates only the cases matter.
    """

    cases: tuple[TaxCase, ...] | tuple[LinearCase, ...]
    pattern: Pattern
    base_tax: float
    lower: Vector
    upper: Vector


def tax_of(problem: Problem, facts: Facts, axes: Axes, prices: Prices) -> YearCases:
    """Flat rates or the law's schedule, as the taxpayer states."""
    nothing = np.zeros(0)
    if problem.taxpayer.rates is not None:
        flat = flat_cases(_flat_tax(problem.taxpayer.rates, facts, prices))
        return YearCases(flat, Pattern.of(()), 0.0, nothing, nothing)
    taxpayer = problem.taxpayer
    law = taxpayer.law()
    tax = year_tax(law, taxpayer.filing_status)
    own = own_year(taxpayer.filer(), law, tax)
    lower, upper = reachable_box(problem, facts, axes)
    promised = float(axes.donation_amount.sum())
    all_counts = bool((~axes.lots.is_short[axes.gifts.lot]).all() and axes.cash_gift_counts.all())
    least = float(axes.donation_amount[~axes.is_up_to].sum()) if all_counts else 0.0
    own_gifts = own.cash_gifts + own.fund_gifts + own.short_gifts + own.long_gifts
    gifts = Range(least + own_gifts, promised + own_gifts)
    cases = law_cases(Household(tax, own, prices.carried_loss, lower, upper, gifts))
    base = to_float(own_returns(problem.taxpayer).bare.exact_total)
    return YearCases(cases, cases[0].pattern, base, lower, upper)


def _flat_tax(rates: MarginalRates, facts: Facts, prices: Prices) -> FlatTax:
    return FlatTax(
        ordinary=to_float(rates.ordinary),
        long_term=to_float(rates.long_term),
        deduction=to_float(rates.deduction_rate),
        loss_limit=to_float(facts.loss_limit),
        carried_loss=prices.carried_loss,
    )


def reachable_box(problem: Problem, facts: Facts, axes: Axes) -> tuple[Vector, Vector]:
    """The least and the most of each amount that any plan can reach, dollars of shape (6,)."""
    to_date, lots = problem.taxpayer.gains, axes.lots
    gain = np.where(lots.may_sell, lots.gain_ratio * lots.value, 0.0)
    is_long = lots.is_taxable & ~lots.is_short
    ranges = []
    for of_term, already, most in (
        (lots.is_short, to_date.net_short, problem.wishes.max_short_gain),
        (is_long, to_date.net_long, problem.wishes.max_long_gain),
    ):
        low, high = (to_float(already) + float(end(gain[of_term], 0.0).sum()) for end in (np.minimum, np.maximum))
        ranges.append((low, high if most is None else max(low, min(high, to_float(most)))))
    ranges.append(_income_range(problem, facts))
    promised, deducted = float(axes.donation_amount.sum()), lots.deduction_ratio[axes.gifts.lot]
    short = lots.is_short[axes.gifts.lot]
    certain = float(axes.donation_amount[~axes.is_up_to].sum())
    ranges.append((0.0 if len(axes.gifts) or not axes.cash_gift_counts.all() else certain, promised))
    ranges += [(0.0, promised * float(deducted[of].max(initial=0.0))) for of in (short, ~short)]
    return np.array([low for low, _ in ranges]), np.array([high for _, high in ranges])


def _income_range(problem: Problem, facts: Facts) -> tuple[float, float]:
    """Ordinary income that the flows can add: withdrawals that are taxed, less contributions that are deducted."""
    low = high = 0.0
    for order in problem.withdrawals:
        rules = [facts.withdrawal_rules[source] for source in order.sources]
        amount = to_float(order.leaving)
        low += amount if all(rule.taxable_fraction == 1 and rule.basis is BasisOrder.NONE for rule in rules) else 0.0
        high += amount if any(rule.taxable_fraction > 0 for rule in rules) else 0.0
    deductible = {a.id for a in problem.accounts if a.contribution_deductible}
    for entering in problem.contributions:
        low -= to_float(entering.amount) if deductible & set(entering.into) else 0.0
        high -= to_float(entering.amount) if deductible.issuperset(entering.into) else 0.0
    return low, high
