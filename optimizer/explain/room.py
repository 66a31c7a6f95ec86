"""Contribution room at the stated income: the room of an account is the household's word, the law's limit stands beside it.

Only IRAs are looked at, and only where the year's income is stated: their limit depends on pay and, for a Roth account, on
adjusted gross income (IRC 219(b), 408A(c)). Contributions made earlier in the year are not known here.
"""

from collections.abc import Iterator
from decimal import Decimal

from lots.accounts import AccountKind
from lots.tax.contributions import IRA, Saver, contribution_limit
from lots.units import ZERO, Money
from optimizer.plan import YearTax
from optimizer.problem import AccountFacts, Problem
from optimizer.solve.rounding import Orders


def room_notes(problem: Problem, orders: Orders, tax: YearTax) -> Iterator[str]:
    """A sentence for each IRA that the plan gives more than the law allows at the income of the plan."""
    income = problem.taxpayer.income
    agi = next((line.amount for line in tax.lines if (line.form, line.number) == ("Form 1040", "11a")), None)
    if income is None or agi is None:
        return
    pay = income.wages + max(ZERO, income.other_income)
    for n, account in enumerate(problem.accounts):
        given = sum((flow.amount for flow in orders.contributions if flow.account == n), ZERO)
        limit = _limit(problem, account, pay, agi) if given > 0 and account.kind in IRA else None
        if limit is not None and given > limit:
            yield (
                f"{given:,.2f} goes into {account.id}, where the law allows {limit:,.2f} at pay of {pay:,.2f} and adjusted "
                f"gross income of {agi:,.2f}; state a smaller contribution_room, or the excess is taxed every year (IRC 4973)."
            )


def _limit(problem: Problem, account: AccountFacts, pay: Money, agi: Decimal) -> Money | None:
    """The law's limit for the account's owner; None where the owner's age is not known."""
    born = next((owner.birth_date for owner in problem.owners if owner.id == account.owner), None)
    income = problem.taxpayer.income
    if born is None or income is None:
        return None
    saver = Saver(
        age=problem.taxpayer.year - born.year,
        compensation=pay,
        status=problem.taxpayer.filing_status,
        magi=agi,
        is_living_apart=income.is_living_apart,
    )
    return contribution_limit(problem.taxpayer.law(), AccountKind(account.kind), saver)
