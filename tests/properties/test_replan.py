"""A question changed by one number: the plan that follows a change is the plan of the question asked afresh."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from optimizer.problem import Lever, Problem
from optimizer.rebalance import prepare, rebalance, replan
from tests.random_households import random_household

Change = Callable[[Problem], dict[str, Any]]
CHANGES: dict[str, Change] = {
    "levers": lambda problem: {"levers": tuple(lever for lever in Lever if lever is not Lever.HARVESTING)},
    "budget": lambda problem: {"wishes": problem.wishes.model_copy(update={"max_long_gain": Decimal(5_000)})},
    "band": lambda problem: {"segments": (_wider(problem.segments[0]), *problem.segments[1:])},
    "gift": lambda problem: {"donations": tuple(_more(order) for order in problem.donations)},
    "contribution": lambda problem: {"contributions": tuple(_more(order) for order in problem.contributions)},
}


def _more(order: Any) -> Any:
    return order.model_copy(update={"amount": order.amount + 100})


def _wider(segment: Any) -> Any:
    wider = {"lower": segment.destination.lower * Decimal("0.9"), "upper": segment.destination.upper}
    trigger = segment.trigger.model_copy(update={"lower": min(segment.trigger.lower, wider["lower"])})
    return segment.model_copy(update={"destination": segment.destination.model_copy(update=wider), "trigger": trigger})


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", range(4))
def test_a_changed_question_is_answered_as_if_it_were_the_first(seed: int, change: str) -> None:
    """Whatever of the old program is kept, cost and bound are those of the new question, and there and back is where it began."""
    before = random_household(seed)
    after = before.model_copy(update=CHANGES[change](before))
    model = prepare(before)
    first = rebalance(before, compare=False)
    model, plan = replan(model, after)
    expected = rebalance(after, compare=False)
    assert model.problem == after
    assert plan.problem == expected.problem
    assert plan.levers == expected.levers
    assert float(plan.certificate.objective) == pytest.approx(float(expected.certificate.objective), abs=0.02)
    assert float(plan.certificate.bound or 0) == pytest.approx(float(expected.certificate.bound or 0), abs=0.02)
    _, again = replan(model, before)
    assert float(again.certificate.objective) == pytest.approx(float(first.certificate.objective), abs=0.02)


def test_levers_alone_keep_the_compiled_program() -> None:
    """Switching a lever is a bound of the program at hand, which is what makes it quick."""
    before = random_household(1)
    model = prepare(before)
    switched, _ = replan(model, before.model_copy(update=CHANGES["levers"](before)))
    changed, _ = replan(model, before.model_copy(update=CHANGES["budget"](before)))
    assert switched.program is model.program
    assert changed.program is not model.program
