"""Price histories for the tests of policies: invented ones, and real ones where they lie beside the project."""

import csv
from pathlib import Path

import numpy as np
import pytest

from optimizer.market.prices import PriceHistory
from optimizer.targets.policy import Months

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "data"


def month_ends(count: int, first: str = "2000-01") -> np.ndarray:
    """The last days of so many months."""
    months = np.datetime64(first) + np.arange(1, count + 1)
    return months.astype("datetime64[D]") - 1


def invented(seed: int, segments: int = 6, months: int = 130) -> PriceHistory:
    """Correlated random walks of different volatility, the last of which is listed half-way."""
    rng = np.random.default_rng(seed)
    returns = rng.normal(0.005, 0.03, (months, 1)) * rng.uniform(0.3, 1.6, segments)
    returns = returns + rng.normal(0.002, 1, (months, segments)) * rng.uniform(0.01, 0.06, segments)
    prices = 100 * np.cumprod(1 + np.clip(returns, -0.5, 0.5), axis=0)
    prices[: months // 2, -1] = np.nan
    return PriceHistory.of_adjusted(month_ends(months), [f"s{k}" for k in range(segments)], prices)


def with_market(history: PriceHistory) -> Months:
    """A history sampled, with market weights that drift with its prices."""
    caps = np.nan_to_num(history.adjusted) * np.arange(1, len(history.symbols) + 1)
    return Months.of(history, caps / caps.sum(axis=1, keepdims=True))


def french_industries() -> tuple[PriceHistory, np.ndarray]:
    """Twelve US industries since 1926 (Kenneth R. French Data Library) and their shares of the market.

    They lie in `../shared/data` beside the project or the test is skipped.
    """
    tables = []
    for name in ("french_12ind_vw_monthly.csv", "french_12ind_capweight_monthly.csv"):
        path = BESIDE / name
        if not path.exists():
            pytest.skip(f"no {name} beside the project")
        with path.open(newline="", encoding="utf-8") as stream:
            header, *rows = csv.reader(stream)
        tables.append(np.array([[float(cell) for cell in row[1:]] for row in rows]))
    prices = 100 * np.cumprod(1 + tables[0], axis=0)
    return PriceHistory.of_adjusted([row[0] for row in rows], header[1:], prices), tables[1]
