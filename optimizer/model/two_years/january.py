"""The household on the first trading day of next year, before its trades of this year are known."""

from decimal import Decimal

from lots.dates import first_trading_day
from lots.law import law_years
from optimizer.problem import Problem
from optimizer.taxpayer import FilerFacts, GainsToDate, Taxpayer

ZERO = Decimal(0)


def january_of(problem: Problem, rise: Decimal = ZERO) -> Problem:
    """The same lots, accounts and wishes on next year's first trading day, with nothing in the year yet.

    The flows the household ordered happen this year, so January has none but the gifts that may wait; the cash of its accounts is
    what the first trades leave. Income is this year's unless the household says otherwise, everybody a year older; where next
    year's figures are not on file, the latest stand in, their thresholds raised by the fraction `rise`.
    """
    return problem.model_copy(
        update={
            "as_of": first_trading_day(problem.taxpayer.year + 1),
            "taxpayer": next_taxpayer(problem, rise),
            "accounts": tuple(account.model_copy(update={"cash": ZERO}) for account in problem.accounts),
            "income": (),
            "contributions": (),
            "withdrawals": (),
            "donations": problem.donations if problem.next_year.gifts_may_wait else (),
        }
    )


def next_taxpayer(problem: Problem, rise: Decimal = ZERO) -> Taxpayer:
    """Who files next year, on next year's law or on the latest that is on file."""
    taxpayer, following = problem.taxpayer, problem.next_year
    year, years = taxpayer.year + 1, law_years()
    income = following.income
    if income is None and taxpayer.income is not None:
        income = a_year_older(taxpayer.income)
    return taxpayer.model_copy(
        update={
            "year": year,
            "rates": following.rates or taxpayer.rates,
            "income": income,
            "gains": GainsToDate(),
            "extrapolate_from": None if year in years else (taxpayer.extrapolate_from or years[-1]),
            "thresholds_rise": ZERO if year in years else taxpayer.thresholds_rise + rise,
        }
    )


def a_year_older(income: FilerFacts) -> FilerFacts:
    """The same income with the ages of next year's return."""
    ages = {name: getattr(income, name) for name in ("age", "spouse_age")}
    return income.model_copy(update={name: age + 1 for name, age in ages.items() if age is not None})
