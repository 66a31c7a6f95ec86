"""What a gift up to an amount came to and why, and what of all gifts no return of this year takes."""

from collections.abc import Iterator

from lots.units import CENT
from optimizer.explain.compare import Step
from optimizer.problem import DonationOrder, Problem
from optimizer.solve.rounding import given_for


def gift_notes(problem: Problem, step: Step) -> Iterator[str]:
    """A sentence for each gift up to an amount, and one for deductions that wait for later years."""
    for n, order in enumerate(problem.donations):
        if order.up_to:
            yield _up_to(problem, step, n, order)
    carried = step.replayed.tax.gift_carryforward
    if carried > 0:
        law = problem.taxpayer.law()
        last = problem.taxpayer.year + int(law.figure("charity.carryforward.years"))
        yield (
            f"{carried:,.2f} of all gifts exceed what may be deducted this year and may be deducted until {last} (IRC 170(d)); "
            "the plan counts that for nothing, since later years' returns are not known."
        )


def _up_to(problem: Problem, step: Step, n: int, order: DonationOrder) -> str:
    given = given_for(problem, step.orders, n)
    least = f"{order.least_saving / CENT:.0f} cents"
    steps = [account.share_step for account in problem.accounts if account.id in order.sources]
    odd = max(steps) * max(security.price for security in problem.securities)
    if given > 0 and given >= order.amount - odd:
        return f"All of the {order.amount:,.2f} that may be given is given: its last dollar still saves {least} or more."
    if given > 0:
        return (
            f"{given:,.2f} of the {order.amount:,.2f} that may be given is given: one more dollar would save less than {least}, "
            "or there is no more to give from."
        )
    return f"Nothing of the {order.amount:,.2f} that may be given is given: no gift saves {least} a dollar."
