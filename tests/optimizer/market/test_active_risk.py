"""The root of a covariance gives the variance that the covariance itself gives."""

import numpy as np
import pytest

from optimizer.check import faults_of
from optimizer.market.active_risk import own_variance, risk_of
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
def test_what_is_each_name_s_own_leaves_a_covariance(dense: bool) -> None:
    """Of a factor model it is the specific variance; of a whole covariance at least the half of that is found again."""
    risk = risk_of(index_problem(FILE, dense))
    assert risk is not None
    specific = np.array(FILE["risk"]["specific_var"])
    assert np.linalg.eigvalsh(covariance_of(FILE) - np.diag(risk.own**2))[0] >= -1e-12
    assert (risk.own**2 >= specific / 2).all()
    if not dense:
        assert risk.own**2 == pytest.approx(specific)


def test_a_covariance_of_fewer_months_than_names_has_nothing_to_take_off() -> None:
    """Along some direction nothing varies, so that any variance taken off would leave less than none."""
    returns = np.random.default_rng(1).normal(size=(6, 12))
    assert own_variance(returns.T @ returns) == pytest.approx(np.zeros(12), abs=1e-12)


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
