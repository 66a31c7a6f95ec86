"""The whole federal return beside a tracking error: the flat plan where the law is flat, and no flat plan under the bound."""

import pytest

from optimizer.explain.compare import priced
from optimizer.problem import Problem
from optimizer.rebalance import prepare, rebalance, solved
from tests.index_files import File, index_file, index_problem, tracking_error

FLAT = [(0.10, 0.0), (0.12, 0.0), (0.22, 0.15), (0.24, 0.15), (0.358, 0.238)]
"""Rates of ordinary income and long-term gains of several taxpayers, Rev. Proc. 2024-40 and net investment income tax."""


def asked(file: File, taxpayer: dict[str, object], short: float, long: float) -> Problem:
    """The file's question within a quarter of today's tracking error."""
    parts = index_problem(file, max_tracking_error=0.25 * tracking_error(file, [])).model_dump(mode="json")
    gains = {"short": short, "long": long}
    parts["taxpayer"] = {"filing_status": "single", "year": 2025, "gains": gains, **taxpayer}
    return Problem.from_parts(parts)


def flat(rates: tuple[float, float]) -> dict[str, object]:
    """A taxpayer of flat rates."""
    return {"rates": {"ordinary": rates[0], "long_term": rates[1]}}


@pytest.mark.parametrize("seed", [1, 2])
def test_within_one_bracket_the_return_gives_the_plan_of_its_rates(seed: int) -> None:
    """Taxable income of 64,250 to 84,250 dollars is taxed at 22 %, gains at 15 %, with nothing else in the way."""
    file = index_file(40, 2, seed)
    whole = rebalance(asked(file, {"income": {"wages": 80_000}}, 20_000, 0), compare=False)
    rates = rebalance(asked(file, flat((0.22, 0.15)), 20_000, 0), compare=False)
    assert float(whole.certificate.objective) == pytest.approx(float(rates.certificate.objective), abs=0.05)
    assert float(whole.certificate.gap) <= 0.05
    assert abs(float(whole.tax.difference)) < 0.1


@pytest.mark.parametrize(
    ("wages", "short", "long"), [(20_000, 0, 0), (60_000, 0, 30_000), (110_000, 30_000, 0), (240_000, 60_000, 90_000)]
)
def test_no_plan_of_flat_rates_lies_under_the_bound_of_the_return(wages: int, short: int, long: int) -> None:
    """Plans of other rates, priced by the ledger on this return, and the plan itself, which is the cheapest of them."""
    file = index_file(30, 2, wages)
    model = prepare(asked(file, {"income": {"wages": wages}}, short, long))
    best = solved(model)
    assert best.optimum is not None
    assert best.optimum.gap <= 0.1
    assert float(best.cost.total) == pytest.approx(best.optimum.objective, abs=0.2)
    for rates in FLAT:
        other = solved(prepare(asked(file, flat(rates), short, long)))
        assert float(priced(model, other.orders).cost.total) >= best.optimum.bound - 0.05
