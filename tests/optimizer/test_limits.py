"""The registry of wishes: each can be loosened by a step, and its words are those of the constraint behind it."""

from decimal import Decimal

from optimizer.check import faults_of
from optimizer.limits import Limit, Unit, limits_of, loosened
from optimizer.model.assemble import assemble
from optimizer.problem import Problem
from tests.wish_households import household, lot

LOTS = [lot("old", "RED", 700, 300), lot("young", "RED", 100, 90, "2026-11-01"), lot("ira", "BLUE", 200, 200, account="ira")]


def wishful() -> Problem:
    """A household with one wish of every kind."""
    wishes = {
        "keep_lots": ["young"],
        "keep_accounts": ["ira"],
        "do_not_sell": ["RED2"],
        "do_not_buy": ["BLUE2"],
        "restricted": ["RED2"],
        "preferences": [{"segment": "blue", "buy": ["BLUE"]}],
        "min_holding_days": 20,
        "no_short_term_gains": True,
        "wait_for_long_term_days": 10,
        "set_asides": [{"purpose": "a boat", "amount": 5, "account": "joint"}],
        "holding_limits": [{"account": "joint", "symbol": "RED", "at_most": 0.9}],
        "max_short_gain": 100,
        "max_long_gain": 200,
        "max_net_gain": 300,
        "max_gains_tax": 60,
        "max_turnover": 900,
        "max_turnover_share": 0.5,
        "min_harvest": 10,
        "min_trade": 5,
        "max_orders": 9,
        "min_harvest_share": 0.05,
    }
    accounts = [
        {
            "id": "joint",
            "kind": "taxable",
            "cash": 20,
            "cash_floor": 5,
            "do_not_sell": ["BLUE2"],
            "do_not_buy": ["RED2"],
            "max_sold": 400,
            "max_bought": 400,
        },
        {"id": "ira", "kind": "traditional_ira", "owner": "she", "contribution_room": 10},
    ]
    orders = {
        "contributions": [{"amount": 10, "into": ["joint"]}],
        "withdrawals": [{"amount": 10, "sources": ["joint"]}],
        "donations": [{"amount": 10, "sources": ["joint"]}],
    }
    return household(LOTS, {"red": 0.7, "blue": 0.3}, wishes=wishes, accounts=accounts, **orders)


def _stands(problem: Problem, limit: Limit) -> object:
    at: object = problem
    for key in limit.paths[0]:
        at = at[key] if isinstance(at, tuple) else getattr(at, str(key))  # type: ignore[index]
    return at


def test_every_wish_of_a_household_is_in_the_registry_and_loosens_in_its_direction() -> None:
    """A wish that is left out has no price; one that tightens when it should loosen has the wrong sign."""
    problem = wishful()
    assert faults_of(problem) == []
    limits = limits_of(problem)
    told = {limit.paths[0][-1] if isinstance(limit.paths[0][-1], str) else limit.paths[0][-2] for limit in limits}
    needs_income = {"max_agi"}
    assert set(type(problem.wishes).model_fields) - {"set_asides", "holding_limits"} - needs_income <= told
    for limit in limits:
        moved = loosened(problem, limit)
        assert moved != problem, limit.words
        if limit.unit is Unit.ENTRY:
            continue
        change = Decimal(str(_stands(moved, limit))) - Decimal(str(_stands(problem, limit)))
        assert change == limit.sense * limit.step, limit.words
        assert Problem.from_json(moved.to_json()) == moved


def test_the_order_of_every_wish_is_that_of_a_constraint_of_the_model() -> None:
    """A contradiction and a price must speak of one wish in the same words."""
    problem = wishful()
    known = {each.order for each in assemble(problem).constraints}
    lost = [limit.words for limit in limits_of(problem) if limit.order and limit.order not in known]
    # Nothing of RED2 and BLUE2 is held, no lot turns long-term soon, and a room without a contribution into it binds nothing.
    absent = ["contribute at most", "do not sell RED2", "do not trade RED2", "do not sell BLUE2", "wait for lots"]
    assert [words for words in lost if not any(words.startswith(start) for start in absent)] == []


def test_an_entry_is_struck_out_and_the_others_stay() -> None:
    """Freeing one lot must not free all."""
    problem = wishful()
    two = problem.model_copy(update={"wishes": problem.wishes.model_copy(update={"keep_lots": ("young", "old")})})
    (young, old) = [limit for limit in limits_of(two) if limit.paths[0][:2] == ("wishes", "keep_lots")]
    assert loosened(two, young).wishes.keep_lots == ("old",)
    assert loosened(two, old).wishes.keep_lots == ("young",)
