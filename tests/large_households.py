"""Large households for tests and benchmarks: four accounts, many segments, several funds in each that stand in for each other."""

import random
from datetime import date, timedelta
from typing import Any

from optimizer.problem import Problem

AS_OF = date(2026, 11, 20)
ACCOUNTS = ("joint", "trust", "ira", "roth")
DOLLARS = 20_000_000


def large_household(n_lots: int, seed: int = 1, n_segments: int = 12, funds_each: int = 4, lately: float = 0.01) -> Problem:
    """Lots bought over ten years, a fifth of them at a loss, some of them bought lately, in segments that have drifted."""
    rng = random.Random(seed)
    segments = [f"s{k}" for k in range(n_segments)]
    weights = [rng.uniform(0.5, 1.5) for _ in segments]
    target = [round(weight / sum(weights), 4) for weight in weights]
    target[-1] = round(1 - sum(target[:-1]), 4)
    securities = [fund for segment in segments for fund in _funds(rng, segment, funds_each)]
    drifted = [weight * rng.uniform(0.6, 1.5) for weight in target]
    lots = [_lot(rng, n, DOLLARS / n_lots, securities, drifted, lately) for n in range(n_lots)]
    return Problem.from_parts(
        {
            "as_of": AS_OF,
            "household": f"large {n_lots}",
            "taxpayer": {
                "year": 2026,
                "filing_status": "mfj",
                "rates": {"ordinary": 0.408, "long_term": 0.238},
                "gains": {"short": 0, "long": -20000},
            },
            "owners": [{"id": "he", "birth_date": date(1960, 5, 1)}, {"id": "she", "birth_date": date(1962, 5, 1)}],
            "accounts": [
                {"id": "joint", "kind": "taxable", "cash": 20000},
                {"id": "trust", "kind": "taxable", "cash": 5000},
                {"id": "ira", "kind": "traditional_ira", "owner": "he", "cash": 3000},
                {"id": "roth", "kind": "roth_ira", "owner": "she", "cash": 2000, "contribution_room": 7000},
            ],
            "securities": securities,
            "segments": [
                {
                    "id": segment,
                    "target": share,
                    "trigger": {"lower": share * 0.8, "upper": min(1, share * 1.2)},
                    "destination": {"lower": share * 0.9, "upper": min(1, share * 1.1)},
                }
                for segment, share in zip(segments, target, strict=True)
            ],
            "lots": lots,
            "contributions": [{"amount": 15000, "into": ["joint", "roth"]}],
            "withdrawals": [{"amount": 40000, "sources": ["joint", "trust", "ira"]}],
            "donations": [{"amount": 25000, "sources": ["joint", "trust"]}],
        }
    )


def _funds(rng: random.Random, segment: str, count: int) -> list[dict[str, Any]]:
    ordinary, volatility = rng.choice([0, 0, 0.03]), round(rng.uniform(0.05, 0.25), 3)
    return [
        {
            "symbol": f"{segment}f{k}",
            "price": round(rng.uniform(20, 400), 2),
            "exposures": {segment: 1},
            "half_spread": rng.choice([1, 2, 3]),
            "ordinary_yield": ordinary,
            "qualified_yield": 0.015,
            "volatility": volatility,
        }
        for k in range(count)
    ]


def _lot(
    rng: random.Random, number: int, dollars: float, securities: list[dict[str, Any]], drifted: list[float], lately: float
) -> dict[str, Any]:
    segment = rng.choices(range(len(drifted)), weights=drifted)[0]
    funds_each = len(securities) // len(drifted)
    security = securities[segment * funds_each + rng.randrange(funds_each)]
    shares = max(0.001, round(dollars * rng.uniform(0.2, 1.8) / security["price"], 3))
    age = rng.randint(1, 30) if rng.random() < lately else rng.randint(31, 3500)
    return {
        "id": f"L{number}",
        "account": rng.choices(ACCOUNTS, weights=[5, 2, 2, 1])[0],
        "symbol": security["symbol"],
        "shares": shares,
        "acquired": AS_OF - timedelta(age),
        "cost_basis": round(shares * security["price"] * rng.uniform(0.35, 1.15), 2),
    }
