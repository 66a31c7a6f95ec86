"""Tiny households just under and just over every edge of the return, against every combination of a grid of trades.

Each has three lots and a price on later tax that makes gains worth taking where this year taxes them little, so that its plan
comes to rest at the edges. A combination is priced by the ledger and the exact return; none may cost less than the bound.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from lots.law import FilingStatus, load_law
from optimizer.explain.compare import priced
from optimizer.model.assemble import Model, assemble
from optimizer.problem import Lever, Problem
from optimizer.solve.chain import optimum_of
from optimizer.solve.rounding import BuyTrade, Flow, LotTrade, Orders, closing_cash, orders_of

LAW = load_law(2026)
SINGLE, JOINT = FilingStatus.SINGLE, FilingStatus.MFJ
NEW = 3
"""The security that takes all that is sold."""


def household(status: FilingStatus, lots: list[tuple[int, int, str]], gift: int = 0, **income: object) -> Problem:
    """One account with a lot each of three funds (value, basis, acquired), and a fourth fund to buy; one segment, no bands."""
    symbols = ["A", "B", "C", "NEW"]
    gains = income.pop("gains", {})
    return Problem.from_parts(
        {
            "as_of": date(2026, 11, 20),
            "taxpayer": {"year": 2026, "filing_status": status.value, "income": income, "gains": gains},
            "accounts": [{"id": "joint", "kind": "taxable", "cash": gift}],
            "securities": [{"symbol": symbol, "price": 10, "exposures": {"all": 1}} for symbol in symbols],
            "segments": [
                {"id": "all", "target": 1, "trigger": {"lower": 0, "upper": 1}, "destination": {"lower": 0, "upper": 1}}
            ],
            "lots": [
                {"id": s, "account": "joint", "symbol": s, "shares": value // 10, "cost_basis": basis, "acquired": acquired}
                for s, (value, basis, acquired) in zip(symbols, lots, strict=False)
            ],
            "donations": [{"amount": gift, "sources": ["joint"]}] if gift else [],
            "outlook": {
                "location_years": 0,
                "drift_cost": 0,
                "horizon_years": 0,
                "untaxed_probability": 0,
                "future_long_term_rate": 0.2,
                "carryforward_value": 0.1,
            },
        }
    )


OLD, RECENT = "2020-01-02", "2026-08-03"
LONG_GAINS = [(60_000, 20_000, OLD), (30_000, 18_000, OLD), (20_000, 26_000, OLD)]
MIXED = [(60_000, 35_000, OLD), (30_000, 21_000, RECENT), (20_000, 31_000, RECENT)]
LARGE = [(900_000, 200_000, OLD), (500_000, 100_000, OLD), (60_000, 40_000, RECENT)]


def wages_at(edge: str, status: FilingStatus, below: int) -> int:
    """Wages that leave `below` dollars of room under an edge of taxable income with the standard deduction."""
    return int(LAW.by_status(edge, status) + LAW.by_status("standard_deduction", status)) - below


def kinks() -> Iterator[tuple[str, Problem]]:
    """Every edge by name, approached from both sides."""
    for near in (-2_000, -1, 0, 1, 15_000, 40_000):
        for status in (SINGLE, JOINT):
            zero = wages_at("preferential.zero_rate_top", status, near)
            yield f"end of the 0 % rate, {near} below, {status.value}", household(status, LONG_GAINS, wages=zero)
            yield f"past the bump, {near}, {status.value}", household(status, MIXED, wages=zero)
        fifteen = wages_at("preferential.fifteen_rate_top", SINGLE, near)
        yield f"end of the 15 % rate, {near} below", household(SINGLE, LONG_GAINS, wages=fifteen)
        threshold = int(LAW.by_status("niit.threshold", JOINT)) - near
        yield f"investment income tax, {near} below", household(JOINT, MIXED, wages=threshold, interest=3_000)
        gains = {"short": near, "long_carryover": 3_000}
        yield f"the limit on losses, {near}", household(SINGLE, MIXED, wages=90_000, gains=gains)
        gap = int(LAW.by_status("standard_deduction", JOINT)) - 12_000 - near
        yield (
            f"standard or itemised, {near} short",
            household(JOINT, LONG_GAINS, 12_000, wages=250_000, mortgage_interest=max(gap, 0)),
        )
        start, exemption = LAW.by_status("amt.phaseout_start", SINGLE), LAW.by_status("amt.exemption", SINGLE)
        end = int(start + exemption / LAW.figure("amt.phaseout.rate")) - 600_000 - near
        yield f"end of the AMT exemption, {near} below", household(SINGLE, LARGE, wages=max(end, 0), property_taxes=9_000)
        cap = int(LAW.by_status("salt.phase_down_start", SINGLE)) - 30_000 - near
        yield f"cap on taxes, {near} below", household(SINGLE, LONG_GAINS, wages=cap, state_taxes=45_000)
        benefits = {"pensions": 20_000 - near, "social_security": 30_000, "age": 70}
        yield f"social security, {near}", household(SINGLE, LONG_GAINS, **(benefits | {"pensions": max(0, 20_000 - near)}))


def grid(model: Model) -> Iterator[Orders]:
    """Every lot sold in quarters, and the gift in cash or from one lot; all that is left is reinvested."""
    problem = model.problem
    gifts: list[tuple[LotTrade, ...]] = [()]
    for order in problem.donations:
        shares = order.amount / 10
        gifts += [(LotTrade(n, shares, 0),) for n in range(3) if model.axes.lots.may_give[n] and problem.lots[n].shares >= shares]
    for given, parts in product(gifts, product((0, 1, 2, 3, 4), repeat=3)):
        kept = [lot.shares - sum((g.shares for g in given if g.lot == n), Decimal(0)) for n, lot in enumerate(problem.lots)]
        sales = tuple(LotTrade(n, kept[n] * part / 4) for n, part in enumerate(parts) if part)
        cash = tuple(Flow(n, 0, order.amount) for n, order in enumerate(problem.donations) if not given)
        without = Orders(sales, given, (), (), (), cash)
        spare = closing_cash(problem, without)[0]
        yield Orders(sales, given, (BuyTrade(0, NEW, spare / 10),) if spare > 0 else (), (), (), cash)


@pytest.mark.parametrize(("name", "problem"), list(kinks()), ids=lambda value: value if isinstance(value, str) else "")
def test_no_combination_of_a_grid_beats_the_bound_at_an_edge(name: str, problem: Problem) -> None:
    """An edge that the model has in the wrong place shows as a plan that somebody could have done better."""
    model = assemble(problem)
    optimum = optimum_of(model, frozenset(Lever))
    assert optimum is not None
    assert optimum.gap <= 0.01
    own = priced(model, orders_of(model, optimum.amounts)).cost.total
    assert abs(float(own) - optimum.objective) < 0.2, "the ledger and the model price the plan alike"
    least = min(float(priced(model, orders).cost.total) for orders in grid(model))
    assert least >= optimum.bound - 0.01, name
