"""A wish is never free money: every plan under it is a plan without it, so it may cost and can never save."""

from typing import Any

import pytest

from optimizer.model.assemble import assemble
from optimizer.problem import Lever, Problem
from optimizer.solve.chain import optimum_of
from tests.random_households import random_household

WISHES: list[dict[str, Any]] = [
    {"keep_accounts": ("roth",)},
    {"do_not_sell": ("TEA", "BROAD")},
    {"restricted": ("ENA", "HEB")},
    {"preferences": [{"segment": "technology", "buy": ["TEA", "TEB"], "accounts": "taxable"}]},
    {"min_holding_days": 25},
    {"no_short_term_gains": True},
    {"wait_for_long_term_days": 200},
    {"holding_limits": [{"account": "joint", "segment": "stocks", "at_most": 0.6}]},
    {"max_turnover_share": 0.05},
    {"max_net_gain": 5000, "max_short_gain": 3000, "max_turnover": 20000},
    {"min_harvest": 300, "min_harvest_share": 0.1},
]


def _least(problem: Problem) -> float:
    optimum = optimum_of(assemble(problem), frozenset(Lever))
    return float("inf") if optimum is None else optimum.objective


@pytest.mark.parametrize("seed", range(5))
def test_no_wish_makes_a_plan_cheaper(seed: int) -> None:
    """Whatever is kept, waited for, limited or preferred, the household without the wish could have done the same."""
    problem = random_household(seed)
    free, told = _least(problem), 0
    for wish in WISHES:
        raw = problem.model_dump()
        raw["wishes"] |= wish
        held = _least(Problem.from_parts(raw))
        assert held >= free - 0.01, (wish, free, held)
        told += held > free + 0.01
    assert told >= 2, "no wish bound, so none was tried"


@pytest.mark.parametrize("seed", range(5))
def test_no_limit_of_an_account_makes_a_plan_cheaper(seed: int) -> None:
    """The same of what is said of one account."""
    problem = random_household(seed)
    free = _least(problem)
    for limit in ({"max_sold": 500}, {"max_bought": 500}, {"do_not_sell": ("TEA",)}, {"do_not_buy": ("TEA", "ENB")}, {"fee": 10}):
        first = Problem.from_parts(
            problem.model_dump() | {"accounts": [problem.accounts[0].model_dump() | limit, *problem.accounts[1:]]}
        )
        assert _least(first) >= free - 0.01, limit
