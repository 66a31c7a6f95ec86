"""How long a plan takes: the example household and grown copies of it, in one run.

Run with ``python -m pytest tests/bench/test_plan_speed.py -n 0 --benchmark-only``. Ratios between sizes and between compiling,
planning and planning again are what to quote; seconds belong to the machine.
"""

import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from optimizer.household import read_household
from optimizer.problem import LotFacts, Problem
from optimizer.rebalance import plan_model, prepare, rebalance, replan
from tests.bench.plan_speed import with_income as income_instead_of_rates

EXAMPLE = Path(__file__).parents[2] / "examples" / "year_end"
SIZES = (600, 2_000, 5_000)


@pytest.fixture(scope="module")
def example() -> Problem:
    return read_household(EXAMPLE)


def grown(problem: Problem, n_lots: int, seed: int = 1) -> Problem:
    """The same household with its lots divided into `n_lots`, each with a date and a basis of its own."""
    rng = random.Random(seed)
    copies, lots = -(-n_lots // len(problem.lots)), []
    for lot in problem.lots:
        lots.append(_part(lot, 0, copies, rng))
        lots += [_part(lot, copy, copies, rng) for copy in range(1, copies)]
    return problem.model_copy(update={"lots": tuple(lots[:n_lots])})


def _part(lot: LotFacts, copy: int, copies: int, rng: random.Random) -> LotFacts:
    shares = (lot.shares / copies).quantize(Decimal("0.0001"))
    basis = None if lot.cost_basis is None else (lot.cost_basis / copies * Decimal(str(round(rng.uniform(0.9, 1.1), 4))))
    acquired = None if lot.acquired is None else lot.acquired - timedelta(rng.randint(0, 60) if copy else 0)
    changes = {"id": f"{lot.id}/{copy}", "shares": max(shares, Decimal("0.0001")), "acquired": acquired}
    return lot.model_copy(update=changes | {"cost_basis": None if basis is None else basis.quantize(Decimal("0.01"))})


@pytest.mark.benchmark(group="example")
def test_rebalance_with_comparison(benchmark: BenchmarkFixture, example: Problem) -> None:
    """What `bandwise plan` does after reading the files: compile, plan, seven ladder steps, the usual rule."""
    plan = benchmark.pedantic(rebalance, args=(example,), rounds=5, warmup_rounds=1)
    assert plan.certificate.status == "optimal"


@pytest.mark.benchmark(group="example")
def test_rebalance_alone(benchmark: BenchmarkFixture, example: Problem) -> None:
    """Compile and plan once."""
    plan = benchmark.pedantic(rebalance, args=(example, False), rounds=5, warmup_rounds=1)
    assert plan.certificate.status == "optimal"


@pytest.mark.benchmark(group="example")
def test_planning_again_on_a_compiled_household(benchmark: BenchmarkFixture, example: Problem) -> None:
    """Solve, round, replay and write down once more."""
    model = prepare(example)
    plan_model(model, False)
    plan = benchmark.pedantic(plan_model, args=(model, False), rounds=10, warmup_rounds=1)
    assert plan.certificate.status == "optimal"


@pytest.mark.benchmark(group="example")
@pytest.mark.parametrize("changed", ["levers", "gift", "contribution"])
def test_planning_again_after_one_change(benchmark: BenchmarkFixture, example: Problem, changed: str) -> None:
    """What a page does as one moves a control: the question with one number changed, planned without the comparison."""
    model, parts = prepare(example), {"gift": "donations", "contribution": "contributions"}
    if changed == "levers":
        after = example.model_copy(update={"levers": example.levers[:-1]})
    else:
        orders = getattr(example, parts[changed])
        more = (orders[0].model_copy(update={"amount": orders[0].amount + 100}), *orders[1:])
        after = example.model_copy(update={parts[changed]: more})
    _, plan = benchmark.pedantic(replan, args=(model, after), rounds=10, warmup_rounds=1)
    assert plan.certificate.status == "optimal"


@pytest.fixture(scope="module")
def with_income(example: Problem) -> Problem:
    """The example's couple with a year's income stated in the place of their rates."""
    return income_instead_of_rates(example)


@pytest.mark.benchmark(group="example")
@pytest.mark.parametrize("compare", [False, True])
def test_rebalance_on_the_whole_return(benchmark: BenchmarkFixture, with_income: Problem, compare: bool) -> None:
    """The same plan on the whole federal return in the place of flat rates, alone and with the comparison."""
    plan = benchmark.pedantic(rebalance, args=(with_income, compare), rounds=5, warmup_rounds=1)
    assert plan.certificate.status == "optimal"


@pytest.mark.benchmark(group="sizes")
@pytest.mark.parametrize("n_lots", SIZES)
def test_rebalance_grown(benchmark: BenchmarkFixture, example: Problem, n_lots: int) -> None:
    """The same household in more and more lots."""
    problem = grown(example, n_lots)
    plan = benchmark.pedantic(rebalance, args=(problem, False), rounds=3, warmup_rounds=1)
    assert plan.certificate.status == "optimal"
