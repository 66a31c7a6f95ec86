"""One year's tax as cases in rows, at flat rates as well as by the whole return, so that two years can be joined."""

from lots.units import to_float
from optimizer.model.axes import Axes
from optimizer.model.cases import FlatTax
from optimizer.model.facts import Facts
from optimizer.model.law_cases import Household, law_cases
from optimizer.model.own_year import own_returns, own_year
from optimizer.model.polyhedral import LinearCase, Pattern, Rows, Vector
from optimizer.model.reach import Range
from optimizer.model.schedule import year_tax
from optimizer.model.year_cases import YearCases, reachable_box
from optimizer.problem import Problem

GIFTS = slice(3, 6)
"""Where the gifts stand among the amounts of a year."""


def cases_of(problem: Problem, facts: Facts, axes: Axes, carried_loss: float, carried_in: Vector) -> YearCases:
    """The cases of a year into which at most `carried_in` of short- and long-term loss may be carried, dollars of shape (2,).

    `carried_loss` is the value of a dollar of loss carried out of it; nothing where the year after is planned too.
    """
    lower, upper = reachable_box(problem, facts, axes)
    lower[:2] -= carried_in
    if problem.next_year.gifts_may_wait:
        lower[GIFTS] = 0.0
    rates = problem.taxpayer.rates
    if rates is not None:
        flat = FlatTax(
            to_float(rates.ordinary),
            to_float(rates.long_term),
            to_float(rates.deduction_rate),
            to_float(facts.loss_limit),
            min(carried_loss, to_float(rates.ordinary)),
        )
        cases = flat_rows(flat)
        return YearCases(cases, cases[0].pattern, 0.0, lower, upper)
    tax = year_tax(problem.taxpayer.law(), problem.taxpayer.filing_status)
    own = own_year(problem.taxpayer.filer(), problem.taxpayer.law(), tax)
    promised = float(axes.donation_amount.sum())
    given_before = own.cash_gifts + own.fund_gifts + own.short_gifts + own.long_gifts
    gifts = Range(given_before + float(lower[GIFTS].sum()), given_before + promised)
    cases = law_cases(Household(tax, own, carried_loss, lower, upper, gifts))
    return YearCases(cases, cases[0].pattern, to_float(own_returns(problem.taxpayer).bare.exact_total), lower, upper)


def flat_rows(tax: FlatTax) -> tuple[LinearCase, ...]:
    """The two cases of :func:`~optimizer.model.cases.flat_cases` over all six amounts of a year, as rows."""
    written = [("no net long-term gain", _no_long_gain(tax)), ("some net long-term gain", _some_long_gain(tax))]
    pattern = Pattern.of(rows for _, rows in written)
    return tuple(LinearCase.of(name, pattern, rows, (0.0, 0.0)) for name, rows in written)


def _rest(tax: FlatTax) -> Rows:
    rows = Rows()
    saved = -tax.deduction
    rows.add_height(on_gains=1, on_short=1, ordinary=tax.ordinary, cash_gifts=saved, short_gifts=saved, long_gifts=saved)
    rows.at_least("short-term surcharge, nothing", 0, on_short=1)
    return rows


def _no_long_gain(tax: FlatTax) -> Rows:
    rows, v = _rest(tax), tax.carried_loss
    rows.at_least("net at the ordinary rate", 0, on_gains=1, short=-tax.ordinary, long=-tax.ordinary)
    rows.at_least("net beyond the limit", -tax.loss_limit * (tax.ordinary - v), on_gains=1, short=-v, long=-v)
    return rows


def _some_long_gain(tax: FlatTax) -> Rows:
    rows, v = _rest(tax), min(tax.carried_loss, tax.long_term)
    rows.at_least("net at the ordinary rate", 0, on_gains=1, short=-tax.long_term, long=-tax.long_term)
    rows.at_least("net beyond the limit", 0, on_gains=1, short=-v, long=-v)
    rows.at_least("short-term surcharge", 0, on_short=1, short=-(tax.ordinary - tax.long_term))
    return rows
