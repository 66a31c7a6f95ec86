"""What the owners' ages mean for the year: the ages on the return, and distributions that the law requires.

A required distribution rests on a balance of last year that the household does not state, so the plan does not see to it; it
says who owes one, and by what the balance is divided.
"""

from collections.abc import Iterator

from lots.accounts import AccountKind
from lots.errors import InputError, LawError
from lots.tax.rmd import required_distribution
from lots.units import ZERO
from optimizer.problem import Problem

REQUIRED = frozenset({AccountKind.TRADITIONAL_IRA, AccountKind.TRADITIONAL_401K})


def age_notes(problem: Problem) -> Iterator[str]:
    """Sentences on the ages the tax is computed with, and on each owner of an age to take a required distribution."""
    yield from _on_the_return(problem)
    yield from _required(problem)


def _on_the_return(problem: Problem) -> Iterator[str]:
    income, year = problem.taxpayer.income, problem.taxpayer.year
    if income is None or not any(owner.birth_date for owner in problem.owners):
        return
    ages = [str(age) for age in (income.age, income.spouse_age) if age is not None]
    if ages:
        yield f"The return counts filers as {' and '.join(ages)} years old at the end of {year}."
    else:
        yield (
            "The return counts nobody's age, because the owners' birth dates do not say who files; state age, and of a couple "
            "spouse_age, with the year's income."
        )


def _required(problem: Problem) -> Iterator[str]:
    law = problem.taxpayer.law()
    for owner in problem.owners:
        held = [a.id for a in problem.accounts if a.owner == owner.id and a.kind in REQUIRED]
        if not held or owner.birth_date is None:
            continue
        try:
            due = required_distribution(law, owner.birth_date, ZERO)
        except (InputError, LawError):
            continue
        if due.divisor is None:
            continue
        first = " or, because it is the first, by 1 April of the next" if due.is_first else ""
        yield (
            f"{owner.id} turns {due.age} in {law.year} and has to take a required minimum distribution from {', '.join(held)} "
            f"within the year{first}: the balance of 31 December {law.year - 1} divided by {due.divisor} (Uniform Lifetime "
            "Table; less with a spouse more than ten years younger as the only beneficiary). That balance is not known here, so "
            "the plan takes no more than its own orders say; order the rest as a withdrawal (IRC 401(a)(9))."
        )
