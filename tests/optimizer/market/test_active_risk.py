"""The root of a covariance gives the variance that the covariance itself gives."""

import numpy as np
import pytest

from optimizer.check import faults_of
from optimizer.market.active_risk import risk_of
from optimizer.problem import Problem
from tests.index_files import covariance_of, index_file, index_problem

FILE = index_file(12, 2, 5, factors=3)


@pytest.mark.parametrize("dense", [False, True])
def test_variance_is_that_of_the_covariance(dense: bool) -> None:
    """Factors and a whole covariance are two ways to say the same."""
    risk = risk_of(index_problem(FILE, dense))
    assert risk is not None
    covariance = covariance_of(FILE)
    for seed in range(5):
        active = np.random.default_rng(seed).normal(0, 0.01, 12)
        assert risk.tracking_error(active) ** 2 == pytest.approx(float(active @ covariance @ active), rel=1e-9)


@pytest.mark.parametrize("dense", [False, True])
def test_no_active_weight_goes_beyond_what_its_tracking_error_allows_alone(dense: bool) -> None:
    """The largest weight is reached: along the covariance's own direction for the name."""
    risk = risk_of(index_problem(FILE, dense))
    assert risk is not None
    inverse = np.linalg.inv(covariance_of(FILE))
    for name in range(12):
        active = inverse[name] / np.sqrt(inverse[name, name])
        assert risk.tracking_error(active) == pytest.approx(1.0, rel=1e-9)
        assert risk.alone[name] == pytest.approx(active[name], rel=1e-9)


def faulty(**changes: object) -> list[str]:
    """What is wrong with the file's benchmark after changes to its risk model or itself."""
    parts = index_problem(FILE, max_tracking_error=0.01).model_dump(mode="json")
    for path, value in changes.items():
        at = parts["benchmark"]
        *above, last = path.split("__")
        for step in above:
            at = at[step]
        at[last] = value
    return [f"{'/'.join(map(str, fault.path))}: {fault.found}" for fault in faults_of(Problem.from_parts(parts))]


def test_a_risk_model_that_is_none_is_told() -> None:
    """Each fault stands alone at its place."""
    assert faulty() == []
    uneven = np.diag([0.02, 0.001, 0.001])
    uneven[0, 1] = 0.001
    assert faulty(risk__factor_covariance=uneven.tolist())[0].startswith("benchmark/risk/factor_covariance/0: 0.001 across 0.0")
    below = np.diag([0.02, -0.001, 0.001]).tolist()
    assert faulty(risk__factor_covariance=below) == ["benchmark/risk/factor_covariance: a variance below zero in some direction"]
    assert faulty(risk__specific_variance=[0.1]) == ["benchmark/risk/specific_variance: 1 variances"]
    assert faulty(risk=None) == ["benchmark/risk: no risk model, though tracking error is limited or priced"]
    twice = [{"symbol": "N0000", "weight": 0.5}, {"symbol": "N0000", "weight": 0.6}, {"symbol": "XX", "weight": 0.1}]
    assert faulty(constituents=twice) == [
        "benchmark/constituents/1/symbol: 'N0000' a second time",
        "benchmark/constituents/2/symbol: the unknown symbol 'XX'",
        "benchmark/constituents: weights that sum to 120.0000%",
    ]
