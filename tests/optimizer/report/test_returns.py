"""The whole return on the page: with the plan and without it, and what one more dollar costs."""

from io import StringIO

from rich.console import Console

from optimizer.rebalance import rebalance
from optimizer.report.figures import cents
from optimizer.report.terminal import show_plan
from tests.oracles.test_kinks import JOINT, LONG_GAINS, household


def test_the_page_shows_the_return_with_and_without_the_plan() -> None:
    """A preparer checks a plan against the return, not against a solver."""
    problem = household(JOINT, LONG_GAINS, wages=120_000, interest=500)
    plan = rebalance(problem, compare=False)
    console = Console(file=StringIO(), width=120)
    show_plan(plan, console, problem)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    for tax in (plan.tax.without_plan, plan.tax.with_plan):
        amounts = {line.number: line.amount for line in tax.lines if line.form == "Form 1040"}
        assert all(cents(amounts[number]) in shown for number in ("11a", "15", "24"))
        assert cents(tax.total) in shown
    assert "One more dollar, in %" in shown
    assert "long gain" in shown
    assert "Worksheet" not in shown


def test_marginal_rates_are_those_beside_the_plan() -> None:
    """Another dollar of a gain is asked for after the trades, not before."""
    plan = rebalance(household(JOINT, LONG_GAINS, wages=60_000), compare=False)
    rates = {row.kind: row.federal for row in plan.tax.without_plan.marginal}
    assert rates["long gain"] == 0
    assert rates["wage"] > 0
    assert {row.kind for row in plan.tax.with_plan.marginal} == set(rates)
