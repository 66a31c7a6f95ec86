"""Small households on which a wish can be told by eye, and what they need to be planned."""

from datetime import date
from typing import Any

from optimizer.problem import Problem

AS_OF = date(2026, 11, 20)


def lot(
    name: str, symbol: str, value: float, basis: float, acquired: str = "2020-01-02", account: str = "joint"
) -> dict[str, Any]:
    """A lot of shares at a dollar each."""
    return {
        "id": name,
        "account": account,
        "symbol": symbol,
        "shares": value,
        "cost_basis": basis,
        "acquired": date.fromisoformat(acquired),
    }


def household(lots: list[dict[str, Any]], targets: dict[str, float], **parts: Any) -> Problem:
    """Funds A and B of every segment at a dollar a share, a taxable account and an IRA, flat rates, narrow bands.

    A segment `red` has the funds RED and RED2. Prices of time and place are nothing, so that a plan's cost is this year's tax.
    """
    funds = [
        {"symbol": name, "price": 1, "exposures": {segment: 1}}
        for segment in targets
        for name in (segment.upper(), segment.upper() + "2")
    ]
    whole: dict[str, Any] = {
        "as_of": AS_OF,
        "taxpayer": {"year": 2026, "filing_status": "single", "rates": {"ordinary": 0.4, "long_term": 0.2}},
        "owners": [{"id": "she", "birth_date": date(1950, 1, 1)}],
        "accounts": [{"id": "joint", "kind": "taxable"}, {"id": "ira", "kind": "traditional_ira", "owner": "she"}],
        "securities": funds,
        "segments": [
            {
                "id": name,
                "target": target,
                "trigger": {"lower": max(0, target - 0.05), "upper": min(1, target + 0.05)},
                "destination": {"lower": max(0, target - 0.02), "upper": min(1, target + 0.02)},
            }
            for name, target in targets.items()
        ],
        "lots": lots,
        "outlook": {"untaxed_probability": 1, "location_years": 0, "carryforward_value": 0},
    }
    return Problem.from_parts(whole | parts)
