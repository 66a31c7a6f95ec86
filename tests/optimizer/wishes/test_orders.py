"""Orders of a least size, a number and a fee: kept after rounding, and no other choice of orders is cheaper."""

from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from optimizer.model.assemble import assemble
from optimizer.plan import Plan
from optimizer.problem import Lever, Problem
from optimizer.rebalance import plan_model, prepare, rebalance
from optimizer.solve import placing
from optimizer.solve.chain import optimum_of
from tests.wish_households import household, lot

TARGETS = {"red": 0.4, "blue": 0.3, "green": 0.3}


def plan(problem: Problem) -> Plan:
    """The plan without the comparison."""
    return rebalance(problem, compare=False)


def orders(answer: Plan) -> dict[tuple[str, str, str], Decimal]:
    """Dollars of every order."""
    found: dict[tuple[str, str, str], Decimal] = {}
    for row in answer.sales:
        found[row.account, row.symbol, "sell"] = found.get((row.account, row.symbol, "sell"), Decimal(0)) + row.proceeds
    return found | {(row.account, row.symbol, "buy"): row.cost for row in answer.buys}


def crumbly(seed: int, **wishes: Any) -> Problem:
    """Three segments in two accounts, off target by random amounts, with gains and losses."""
    rng = Random(seed)
    lots = [
        lot(f"{symbol}-{account}", symbol, rng.randint(50, 900), rng.randint(50, 900), account=account)
        for symbol in ("RED", "BLUE", "GREEN")
        for account in ("joint", "ira")
    ]
    accounts = [
        {"id": "joint", "kind": "taxable", "cash": rng.randint(0, 60), "ticket_fee": wishes.pop("fee", 0)},
        {"id": "ira", "kind": "traditional_ira", "owner": "she", "cash": rng.randint(0, 60)},
    ]
    return household(lots, TARGETS, accounts=accounts, wishes=wishes)


@pytest.mark.parametrize("seed", range(12))
def test_every_order_has_the_least_size_or_sells_out(seed: int) -> None:
    """Nobody places an order for five dollars; a rest smaller than an order may go."""
    problem = crumbly(seed, min_trade=60)
    answer = plan(problem)
    held = {(each.account, each.symbol): each.shares for each in problem.lots}
    for (account, symbol, side), dollars in orders(answer).items():
        assert dollars >= 60 or (side == "sell" and dollars == held[account, symbol]), (account, symbol, side, dollars)
    assert not any("No plan was found" in note for note in answer.notes)
    assert answer.certificate.tradeable_bound is not None
    assert answer.certificate.bound - Decimal("0.02") <= answer.certificate.tradeable_bound
    assert answer.cost.total <= answer.certificate.tradeable_bound + 2


def test_a_search_that_ends_early_states_its_gap_and_is_the_same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work and not a clock ends it, so that the answer is the same whatever was solved before; its bound still holds."""
    problem = crumbly(6, max_orders=4)
    proven = plan(problem)
    assert proven.certificate.tradeable_ended_by == "proof"
    monkeypatch.setattr(placing, "ORDER_WORK", 1)
    once, model = plan(problem), prepare(problem)
    again = [plan_model(model, compare=False) for _ in range(2)]
    assert all(each == once for each in again)
    assert once.certificate.tradeable_bound is not None
    assert proven.certificate.tradeable_bound is not None
    assert once.certificate.tradeable_bound <= proven.certificate.tradeable_bound + Decimal("0.02")
    assert proven.cost.total <= once.cost.total + Decimal("0.5")


def test_cash_that_is_kept_does_not_move_the_bound_of_orders() -> None:
    """What a constant adds to the cost stands in the bound as well; without it a search cut off looked proven."""
    bounds = []
    for kept in (0, 500):
        raw = crumbly(5, max_orders=3).model_dump()
        for account in raw["accounts"]:
            account["cash"] = account["cash"] + kept
            account["cash_floor"] = kept
        raw["wishes"] |= {"max_orders": 3}
        model = assemble(Problem.from_parts(raw))
        optimum = optimum_of(model, frozenset(Lever))
        assert optimum is not None
        found = placing.tradeable_plan(model, optimum, frozenset(Lever))
        assert found is not None
        assert found.bound is not None
        cost = float(sum(found.amounts.costs.values()))
        assert found.bound <= cost + 1e-6
        bounds.append(cost - found.bound)
    assert bounds[0] == pytest.approx(bounds[1], abs=0.03)


@pytest.mark.parametrize("seed", range(2))
def test_no_other_choice_of_orders_is_cheaper(seed: int) -> None:
    """With at most two orders every pair of orders is tried, all others forbidden: the convex optimum of each is no better."""
    problem = crumbly(seed, max_orders=2)
    answer = plan(problem)
    assert len(orders(answer)) <= 2
    model = assemble(problem)
    least = np.inf
    places = [("sell", a, s) for a in ("joint", "ira") for s in ("RED", "BLUE", "GREEN")]
    places += [("buy", a, s) for a in ("joint", "ira") for s in ("RED", "RED2", "BLUE", "BLUE2", "GREEN", "GREEN2")]
    for pair in {frozenset(pair) for pair in product(places, repeat=2)}:
        least = min(least, _least_with(problem, pair))
    assert model.whole is not None
    bound = answer.certificate.tradeable_bound
    assert bound is not None
    assert abs(float(bound) - least) <= 0.02, (bound, least)
    assert float(answer.cost.total) <= least + 1


def _least_with(problem: Problem, pair: frozenset[tuple[str, str, str]]) -> float:
    """The least cost with these orders alone, in parts of shares."""
    raw = problem.model_dump()
    raw["wishes"] |= {"max_orders": None}
    symbols = [s.symbol for s in problem.securities]
    for account in raw["accounts"]:
        account["do_not_sell"] = [s for s in symbols if ("sell", account["id"], s) not in pair]
        account["do_not_buy"] = [s for s in symbols if ("buy", account["id"], s) not in pair]
    optimum = optimum_of(assemble(Problem.from_parts(raw)), frozenset(Lever))
    # Cash that no order may spend is priced as idle only where the account could buy something.
    idle = sum(float(a.cash) for a in problem.accounts if not any(side == "buy" and at == a.id for side, at, _ in pair))
    return np.inf if optimum is None else optimum.objective + idle


@pytest.mark.parametrize("fee", [0, 8, 400])
def test_a_fee_for_an_order_is_paid_and_spared_where_it_costs_more_than_it_brings(fee: float) -> None:
    """A dearer ticket never means more orders in the account that charges it, and its cash pays for each."""
    answer = plan(crumbly(3, fee=fee))
    here = [key for key in orders(answer) if key[0] == "joint"]
    assert answer.cost.trading == pytest.approx(fee * len(here), abs=Decimal("0.02"))
    fewer = [key for key in orders(plan(crumbly(3, fee=0, min_trade=1))) if key[0] == "joint"]
    assert len(here) <= len(fewer) or fee == 0
    assert all(row.after >= 0 for row in answer.cash)


def test_orders_that_cannot_be_as_few_as_wished_are_told() -> None:
    """A withdrawal that needs a sale cannot be met without an order; the plan says that it places more."""
    raw = crumbly(1, max_orders=0).model_dump() | {"withdrawals": [{"amount": 200, "sources": ["joint"]}]}
    assert any("more than the 0 wished for" in note for note in plan(Problem.from_parts(raw)).notes)


def whole_and_fractional(max_orders: int) -> Problem:
    """An account of whole shares beside two of parts, where a few orders leave cash that buys no whole share."""
    basis, price = {"RED": 640, "BLUE": 1900, "GREEN": 140}, {"RED": 73.1, "BLUE": 41.7, "GREEN": 58.3}
    lots = [
        lot(f"{symbol}-{account}", symbol, {"RED": 9, "BLUE": 41, "GREEN": 3}[symbol], basis[symbol], account=account)
        for symbol in basis
        for account in ("joint", "whole", "ira")
    ]
    accounts = [
        {"id": "joint", "kind": "taxable", "cash": 130},
        {"id": "whole", "kind": "taxable", "cash": 95, "share_step": 1},
        {"id": "ira", "kind": "traditional_ira", "owner": "she", "cash": 20},
    ]
    raw = household(lots, TARGETS, accounts=accounts).model_dump() | {"wishes": {"max_orders": max_orders}}
    for security in raw["securities"]:
        security["price"] = price[security["symbol"].removesuffix("2")]
    return Problem.from_parts(raw)


@pytest.mark.parametrize("max_orders", range(2, 9))
def test_no_plan_costs_less_than_the_bound_of_its_orders(max_orders: int) -> None:
    """Cash below one whole share is no cost of a plan, so that the program must not count it either."""
    problem = whole_and_fractional(max_orders)
    model, proof = assemble(problem), plan(problem)
    optimum = optimum_of(model, frozenset(Lever))
    assert optimum is not None
    found = placing.tradeable_plan(model, optimum, frozenset(Lever))
    assert found is not None
    assert found.bound is not None
    assert found.bound <= float(proof.cost.total) + 0.1
    assert proof.certificate.tradeable_bound is not None
    assert proof.certificate.tradeable_bound <= proof.cost.total
    assert proof.certificate.tradeable_ended_by == "proof"


@pytest.mark.parametrize("share", ["0.1", "0.3", "1.5"])
def test_whole_shares_keep_a_turnover_limit(share: str) -> None:
    """A share less is bought or sold where a whole one would pass the limit; bought and sold together may be over 100 %."""
    raw = whole_and_fractional(0).model_dump() | {"wishes": {"max_turnover_share": Decimal(share)}}
    problem = Problem.from_parts(raw)
    price = {s.symbol: s.price for s in problem.securities}
    worth = sum(each.shares * price[each.symbol] for each in problem.lots) + sum(each.cash for each in problem.accounts)
    answer = plan(problem)
    assert sum(orders(answer).values()) <= Decimal(share) * worth + Decimal("0.02")
    assert not any("exceeded" in note for note in answer.notes)
