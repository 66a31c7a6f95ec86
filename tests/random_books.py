"""A book of households as an adviser's is: a dozen funds in six segments, one to five accounts, ten to four hundred lots."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from optimizer.problem import Problem

AS_OF = date(2026, 11, 20)
SEGMENTS = {"us": 0.34, "technology": 0.12, "world": 0.18, "small": 0.06, "bonds": 0.24, "estate": 0.06}
FUNDS = [
    ("VTI", "us", 338.14, 0.012, 0.16),
    ("ITOT", "us", 149.2, 0.012, 0.16),
    ("XLK", "technology", 147.62, 0.006, 0.22),
    ("VGT", "technology", 771.85, 0.006, 0.22),
    ("VXUS", "world", 76.4, 0.027, 0.17),
    ("IXUS", "world", 88.9, 0.027, 0.17),
    ("VB", "small", 262.3, 0.013, 0.2),
    ("IJR", "small", 121.7, 0.013, 0.2),
    ("BND", "bonds", 74.57, 0.038, 0.06),
    ("AGG", "bonds", 100.3, 0.038, 0.06),
    ("VNQ", "estate", 92.8, 0.035, 0.19),
    ("SCHH", "estate", 21.9, 0.03, 0.19),
]
KINDS = ("taxable", "traditional_ira", "roth_ira", "taxable", "401k")


def book_household(number: int) -> Problem:
    """Household `number` of the book; three in four have drifted, one in three has money coming or going."""
    rng = random.Random(f"book {number}")
    n_lots = min(400, max(10, round(rng.lognormvariate(4.2, 0.8))))
    names = [f"a{n}" for n in range(rng.randint(1, 5))]
    accounts: list[dict[str, Any]] = [
        {"id": name, "kind": kind, "owner": "one", "cash": round(rng.uniform(0, 3000), 2), "contribution_room": 7000}
        for name, kind in zip(names, KINDS, strict=False)
    ]
    ordinary, long_term = rng.choice([(0.22, 0.15), (0.24, 0.15), (0.32, 0.188), (0.408, 0.238)])
    parts: dict[str, Any] = {
        "as_of": AS_OF,
        "household": f"household {number}",
        "taxpayer": {
            "year": 2026,
            "filing_status": rng.choice(["single", "mfj"]),
            "rates": {"ordinary": ordinary, "long_term": long_term},
        },
        "owners": [{"id": "one", "birth_date": date(1962, 5, 1)}],
        "accounts": accounts,
        "securities": [_security(*fund) for fund in FUNDS],
        "segments": [_segment(name, target) for name, target in SEGMENTS.items()],
        "lots": _lots(rng, n_lots, names),
    }
    if rng.random() < 0.2:
        parts["contributions"] = [{"amount": 6000, "into": names[:1]}]
    if rng.random() < 0.15:
        parts["withdrawals"] = [{"amount": 8000, "sources": names}]
    return Problem.from_parts(parts)


def write_book(folder: Path, count: int) -> None:
    """Write a book as problem documents, one file a household."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number:06d}.json").write_text(book_household(number).to_json())


def _security(symbol: str, segment: str, price: float, income: float, volatility: float) -> dict[str, Any]:
    kind = "ordinary_yield" if segment in ("bonds", "estate") else "qualified_yield"
    return {
        "symbol": symbol,
        "price": price,
        "exposures": {segment: 1},
        "half_spread": 1,
        kind: income,
        "volatility": volatility,
    }


def _segment(name: str, target: float) -> dict[str, Any]:
    edges = {"lower": round(0.8 * target, 4), "upper": round(1.2 * target, 4)}
    return {"id": name, "target": target, "trigger": edges, "destination": edges}


def _lots(rng: random.Random, count: int, accounts: list[str]) -> list[dict[str, Any]]:
    """Lots that add up to the targets, moved off them by a drift of the household's own; some funds reinvested lately."""
    tilt = {name: rng.lognormvariate(0, 0.1) for name in SEGMENTS}
    reinvesting = {fund[0] for fund in rng.sample(FUNDS, rng.choice([0, 0, 1, 2, 3]))}
    by_segment: dict[str, list[dict[str, Any]]] = {name: [] for name in SEGMENTS}
    for number in range(count):
        symbol, segment, price, _, _ = FUNDS[number % len(FUNDS)] if number < len(FUNDS) else rng.choice(FUNDS)
        age = rng.choice([40, 200, 500, 1000, 2500])
        if symbol in reinvesting and rng.random() < 0.3:
            age = 5
        lot = {
            "id": f"L{number}",
            "account": rng.choice(accounts),
            "symbol": symbol,
            "price": price,
            "weight": rng.uniform(0.3, 1),
        }
        lot |= {"acquired": AS_OF - timedelta(age + rng.randint(0, 25)), "cost": rng.uniform(0.95, 1.1) * 0.93 ** (age / 365)}
        by_segment[segment].append(lot)
    wealth = count * rng.uniform(2000, 15000)
    found = []
    for segment, lots in by_segment.items():
        whole = sum(lot["weight"] for lot in lots) or 1
        for lot in lots:
            dollars = wealth * SEGMENTS[segment] * tilt[segment] * lot.pop("weight") / whole
            shares = round(dollars / lot.pop("price"), 3)
            found.append({**lot, "shares": max(shares, 0.001), "cost_basis": round(dollars * lot["cost"], 2)})
    for lot in found:
        del lot["cost"]
    return found
