"""Policies over 500 segments and 30 years of months; the growth from 125 segments in the same run."""

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from optimizer.market.prices import PriceHistory
from optimizer.targets.policy import Months, targets_through
from optimizer.targets.registry import policy_of

YEARS, MONTHS = 30, 12
NAMES = [
    "equal",
    "inverse-volatility",
    "risk-parity",
    "minimum-variance",
    "cluster-risk",
    "trend",
    "slow-market",
    "shrunk-market",
]


def months_of(segments: int) -> Months:
    """Month ends of correlated random walks with market weights."""
    rng = np.random.default_rng(11)
    count = YEARS * MONTHS + 61
    common = rng.normal(0.006, 0.04, (count, 1))
    returns = common * rng.uniform(0.5, 1.5, segments) + rng.normal(0, 0.05, (count, segments))
    prices = 100 * np.cumprod(1 + np.clip(returns, -0.6, 1), axis=0)
    dates = np.datetime64("1990-01") + np.arange(count + 1)
    days = dates[1:].astype("datetime64[D]") - 1
    market = prices / prices.sum(axis=1, keepdims=True)
    return Months.of(PriceHistory.of_adjusted(days, [f"s{k}" for k in range(segments)], prices), market)


@pytest.mark.parametrize("segments", [125, 500])
@pytest.mark.parametrize("name", NAMES)
def test_thirty_years_of_months(benchmark: BenchmarkFixture, name: str, segments: int) -> None:
    """The whole path of targets, month by month, as `bandwise targets` and a simulation ask for it."""
    months = months_of(segments)
    policy = policy_of(name)
    days, weights = benchmark.pedantic(
        targets_through, args=(policy, months, months.history.dates[-YEARS * MONTHS :]), rounds=3, warmup_rounds=0
    )
    assert weights.shape == (len(days), segments) == (YEARS * MONTHS, segments)
