"""Direct-index problems as plain JSON files, seeded, and the way from such a file to our documents and back to trades.

A file holds cash, prices with target weights, lots, and a factor model, so that any engine can be asked the same question and its
trades judged by themselves.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from lots.dates import is_long_term
from lots.law import FilingStatus, load_law
from lots.tax.flat import FlatRates, gains_tax
from lots.tax.netting import net_gains
from optimizer.plan import Plan
from optimizer.problem import Problem

AS_OF = date(2025, 6, 30)
File = dict[str, Any]


def index_file(names: int, lots: int, seed: int, factors: int = 4, value: float = 1_000_000.0) -> File:
    """Equal targets, weights a fifth off them, lots of nine years of which some are short-term and many under their basis."""
    rng = np.random.default_rng((seed, names, lots, factors))
    price = np.round(rng.lognormal(4.0, 0.7, names), 2)
    weight = rng.normal(1.0, 0.2, names).clip(0.4, 1.6)
    weight *= 0.995 / weight.sum()
    rows = []
    for n in range(names):
        parts = rng.dirichlet(np.ones(lots) * 3)
        for k, days in enumerate(rng.integers(40, 3200, lots).tolist()):
            growth = float(np.exp(rng.normal(0.05, 0.25) * np.sqrt(days / 365)))
            rows.append(
                {
                    "lot_id": f"lot {n}.{k}",
                    "symbol": f"N{n:04}",
                    "shares": round(float(parts[k] * weight[n] * value / price[n]), 4) + 0.0001,
                    "basis_per_share": round(float(price[n] / growth), 4),
                    "acquired": str(AS_OF - timedelta(days=days)),
                }
            )
    loadings = np.column_stack([rng.normal(1.0, 0.2, names), rng.normal(0.0, 1.0, (names, factors - 1))])
    deviations = np.concatenate([[0.16], np.linspace(0.05, 0.02, factors - 1)])
    return {
        "as_of": str(AS_OF),
        "cash": 0.005 * value,
        "tax_rates": {"short_term": 0.408, "long_term": 0.238},
        "securities": [
            {"symbol": f"N{n:04}", "price": float(price[n]), "target_weight": 1 / names, "spread_bps": 3.0} for n in range(names)
        ],
        "lots": rows,
        "risk": {
            "loadings": loadings.round(6).tolist(),
            "factor_cov": np.diag(deviations**2).tolist(),
            "specific_var": (rng.uniform(0.12, 0.35, names) ** 2).round(8).tolist(),
        },
    }


def covariance_of(file: File) -> np.ndarray:
    """The covariance of the names, worked out from the file alone."""
    loadings, between, specific = (np.array(file["risk"][key]) for key in ("loadings", "factor_cov", "specific_var"))
    return loadings @ between @ loadings.T + np.diag(specific)


def active_weights(file: File, trades: list[dict[str, Any]]) -> np.ndarray:
    """Weights less targets after trades, of the value before them."""
    price = {s["symbol"]: s["price"] for s in file["securities"]}
    shares = dict.fromkeys(price, 0.0)
    for lot in file["lots"]:
        shares[lot["symbol"]] += lot["shares"]
    value = sum(shares[name] * price[name] for name in price) + file["cash"]
    for trade in trades:
        shares[trade["symbol"]] += trade["shares"] * (1 if trade["side"] == "BUY" else -1)
    return np.array([shares[s["symbol"]] * s["price"] / value - s["target_weight"] for s in file["securities"]])


def tracking_error(file: File, trades: list[dict[str, Any]]) -> float:
    """Root of d'Cd, from the file and the trades alone."""
    active = active_weights(file, trades)
    return float(np.sqrt(active @ covariance_of(file) @ active))


def benchmark_of(file: File, dense: bool = False, **limits: Any) -> dict[str, Any]:
    """The file's targets and risk as the document's benchmark; a covariance in the place of factors when dense."""
    symbols = [s["symbol"] for s in file["securities"]]
    loadings = file["risk"]["loadings"]
    factors = {
        "factors": [f"factor {k}" for k in range(len(loadings[0]))],
        "loadings": loadings,
        "factor_covariance": file["risk"]["factor_cov"],
        "specific_variance": file["risk"]["specific_var"],
    }
    risk = {"symbols": symbols, **({"covariance": covariance_of(file).tolist()} if dense else factors)}
    weights = [{"symbol": s["symbol"], "weight": s["target_weight"]} for s in file["securities"]]
    return {"constituents": weights, "risk": risk, **limits}


def index_problem(
    file: File,
    dense: bool = False,
    short_gain: float = 0,
    share_step: str = "0.0001",
    future_rate: float = 0,
    **limits: Any,
) -> Problem:
    """The file as a problem: one taxable account, one segment, and the names in the benchmark.

    `future_rate` prices a gain that waits; 0 asks for this year's tax and trading cost alone.
    """
    rates = file["tax_rates"]
    lots = [
        {
            "id": lot["lot_id"],
            "account": "taxable",
            "symbol": lot["symbol"],
            "shares": lot["shares"],
            "cost_basis": round(Decimal(repr(lot["shares"])) * Decimal(repr(lot["basis_per_share"])), 2),
            "acquired": lot["acquired"],
        }
        for lot in file["lots"]
    ]
    whole = {"lower": 0, "upper": 1}
    return Problem.from_parts(
        {
            "as_of": file["as_of"],
            "household": "direct index",
            "taxpayer": {
                "filing_status": "single",
                "year": int(file["as_of"][:4]),
                "rates": {"ordinary": rates["short_term"], "long_term": rates["long_term"]},
                "gains": {"short": short_gain},
            },
            "accounts": [{"id": "taxable", "kind": "taxable", "cash": file["cash"], "share_step": Decimal(share_step)}],
            "securities": [
                {"symbol": s["symbol"], "price": s["price"], "exposures": {"index": 1}, "half_spread": s["spread_bps"]}
                for s in file["securities"]
            ],
            "segments": [{"id": "index", "target": 1, "trigger": whole, "destination": whole}],
            "lots": lots,
            "benchmark": benchmark_of(file, dense, **limits),
            "outlook": {"drift_cost": 0, "future_long_term_rate": future_rate},
        }
    )


def trades_of(plan: Plan) -> list[dict[str, Any]]:
    """The plan's trades as any engine would write them."""
    sales = [{"symbol": r.symbol, "side": "SELL", "shares": float(r.shares), "lot_id": r.lot} for r in plan.sales]
    return sales + [{"symbol": r.symbol, "side": "BUY", "shares": float(r.shares), "lot_id": None} for r in plan.buys]


def judged(file: File, trades: list[dict[str, Any]]) -> dict[str, float]:
    """Netted tax at flat rates, trading cost and tracking error, from the trades alone, whoever made them."""
    price = {s["symbol"]: s["price"] for s in file["securities"]}
    spread = {s["symbol"]: s["spread_bps"] / 1e4 for s in file["securities"]}
    lots = {lot["lot_id"]: lot for lot in file["lots"]}
    gains = {False: 0.0, True: 0.0}
    for trade in (trade for trade in trades if trade["side"] == "SELL"):
        lot = lots[trade["lot_id"]]
        is_long = is_long_term(date.fromisoformat(lot["acquired"]), date.fromisoformat(file["as_of"]))
        gains[is_long] += trade["shares"] * (price[lot["symbol"]] - lot["basis_per_share"])
    rates = FlatRates(*(Decimal(repr(file["tax_rates"][key])) for key in ("short_term", "long_term", "short_term")))
    limit = load_law(int(file["as_of"][:4])).capital_loss_limit(FilingStatus.SINGLE)
    netted = net_gains(Decimal(repr(gains[False])), Decimal(repr(gains[True])), limit)
    return {
        "tax": float(gains_tax(netted, rates)),
        "trading": sum(trade["shares"] * price[trade["symbol"]] * spread[trade["symbol"]] for trade in trades),
        "error": tracking_error(file, trades),
    }
