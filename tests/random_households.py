"""Random households for tests: seeded, small, and full of what makes planning hard."""

import random
from datetime import date, timedelta
from typing import Any

from optimizer.problem import Problem

AS_OF = date(2026, 11, 20)
AGES_IN_DAYS = (5, 20, 30, 31, 200, 364, 365, 366, 367, 800, 2500)
"""Around the wash-sale window and around the turn to long-term."""


def random_household(seed: int, n_lots: int = 20) -> Problem:
    """Four segments in two classes, eight funds and a broad one, three accounts, flows, losses, recent purchases."""
    rng = random.Random(seed)
    targets = {"technology": 0.3, "energy": 0.2, "health": 0.2, "bonds": 0.3}
    securities = [_fund(rng, segment, which) for segment in targets for which in "AB"]
    broad = {"technology": 0.45, "energy": 0.25, "health": 0.3}
    securities.append({"symbol": "BROAD", "price": 100, "exposures": broad, "half_spread": 1, "volatility": 0.16})
    securities.append({"symbol": "BROAD2", "price": 50, "exposures": broad, "half_spread": 1, "identical_group": "broad"})
    securities[-2]["identical_group"] = "broad"
    accounts = [
        {"id": "joint", "kind": "taxable", "cash": rng.choice([0, 2500]), "cash_floor": rng.choice([0, 500])},
        {"id": "ira", "kind": "traditional_ira", "owner": "he", "cash": 800, "traded": rng.random() < 0.85},
        {"id": "roth", "kind": "roth_ira", "owner": "she", "cash": 300, "contribution_room": 7000, "contributions_made": 4000},
    ]
    lots = [_lot(rng, number, securities) for number in range(n_lots)]
    parts = {
        "as_of": AS_OF,
        "household": f"random {seed}",
        "taxpayer": _taxpayer(rng),
        "owners": [{"id": "he", "birth_date": date(1960, 5, 1)}, {"id": "she", "birth_date": date(1980, 5, 1)}],
        "accounts": accounts,
        "securities": securities,
        "segments": _segments(rng, targets),
        "lots": lots,
        "income": [{"account": "joint", "amount": 900, "paid_by": "TEA"}] if rng.random() < 0.5 else [],
        "contributions": [{"amount": 6000, "into": ["joint", "roth"]}] if rng.random() < 0.5 else [],
        "withdrawals": [{"amount": 5000, "sources": ["joint", "ira", "roth"]}] if rng.random() < 0.5 else [],
        "donations": [{"amount": 2000, "sources": ["joint"]}] if rng.random() < 0.5 else [],
        "outlook": {"carryforward_value": rng.choice([0, 0.05, 0.12]), "location_years": rng.choice([0, 5])},
        "wishes": {"keep_lots": [lot["id"] for lot in lots if rng.random() < 0.08]},
    }
    if rng.random() < 0.3:
        parts["loss_sales"] = [
            {"account": "joint", "symbol": "ENA", "sold": AS_OF - timedelta(rng.choice([1, 29, 30])), "shares": 5, "loss": 100}
        ]
    return Problem.from_parts(parts)


def _fund(rng: random.Random, segment: str, which: str) -> dict[str, Any]:
    bonds = segment == "bonds"
    return {
        "symbol": segment[:2].upper() + which,
        "price": round(rng.uniform(20, 300), 2),
        "exposures": {segment: 1},
        "half_spread": rng.choice([0, 1, 3]),
        "ordinary_yield": 0.04 if bonds else 0,
        "qualified_yield": 0 if bonds else 0.015,
        "volatility": 0.06 if bonds else 0.2,
    }


def _taxpayer(rng: random.Random) -> dict[str, Any]:
    gains = {
        "short": rng.choice([0, 9000, -2000]),
        "long": rng.choice([0, 4000, -6000]),
        "long_carryover": rng.choice([0, 5000]),
    }
    rates = {"ordinary": rng.choice([0.24, 0.408]), "long_term": rng.choice([0.15, 0.238])}
    return {"year": 2026, "filing_status": rng.choice(["single", "mfs", "mfj"]), "rates": rates, "gains": gains}


def _segments(rng: random.Random, targets: dict[str, float]) -> list[dict[str, Any]]:
    width = rng.choice([0.15, 0.25])
    stop = rng.choice([0.0, 0.5, 1.0])
    rows: list[dict[str, Any]] = []
    for segment, target in targets.items():
        inner = width * stop
        rows.append(
            {
                "id": segment,
                "target": target,
                "parent": None if segment == "bonds" else "stocks",
                "trigger": {"lower": target * (1 - width), "upper": target * (1 + width)},
                "destination": {"lower": target * (1 - inner), "upper": target * (1 + inner)},
            }
        )
    edges = {"lower": 0.6, "upper": 0.8}
    rows.append({"id": "stocks", "target": 0.7, "trigger": edges, "destination": edges})
    return rows


def _lot(rng: random.Random, number: int, securities: list[dict[str, Any]]) -> dict[str, Any]:
    security = rng.choice(securities)
    shares = round(rng.uniform(500, 20000) / security["price"], 3)
    return {
        "id": f"L{number}",
        "account": rng.choice(["joint", "joint", "joint", "ira", "roth"]),
        "symbol": security["symbol"],
        "shares": shares,
        "acquired": AS_OF - timedelta(rng.choice(AGES_IN_DAYS)),
        "cost_basis": round(shares * security["price"] * rng.uniform(0.25, 1.25), 2),
    }
