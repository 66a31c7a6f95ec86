"""`[benchmark]` and its tables of numbers: constituents, loadings and covariances, each a CSV file named in household.toml.

A constituent that has no table of its own among the securities becomes one of the benchmark's segment, so that an index of
hundreds of names is one file: symbol, weight and price.
"""

from collections.abc import Callable
from decimal import Decimal
from math import isfinite
from typing import Annotated

from pydantic import Field, StrictBool

from optimizer.documents import Document
from optimizer.household.csv_files import Cells, Columns, Sheet
from optimizer.household.draft import Draft, Parts
from optimizer.household.files import TOML_NAME
from optimizer.household.values import Name, Percentage, PositiveDollars, number, read_percentage, read_price

HUNDRED = Decimal(100)
ONE = Decimal(1)
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\.csv$", max_length=80)]
CONSTITUENTS = Columns(("symbol", "weight_pct"), ("price", "half_spread_bps", "name"))
LOADINGS = Columns(("symbol", "specific_volatility_pct"), rest="a factor")
FACTORS = Columns(("factor",), rest="a factor")
COVARIANCE = Columns(("symbol",), rest="a symbol")
_read_spread = number("basis points from 0 to 10000", Decimal(0), Decimal(10000))

Read = Callable[[str, Columns], Sheet | None]
"""Reads a file of the household's folder; None with the fault reported."""


class BenchmarkTable(Document):
    """`[benchmark]`: what is followed, how closely, and the files that say so."""

    constituents: FileName
    segment: Name
    loadings: FileName | None = None
    factor_covariance: FileName | None = None
    covariance: FileName | None = None
    max_tracking_error_pct: Percentage | None = None
    variance_price: PositiveDollars | None = None
    max_drift_pct: Percentage | None = None
    name_band_pct: Percentage | None = None
    one_way: StrictBool | None = None


def add_benchmark(table: BenchmarkTable, read: Read, draft: Draft) -> bool:
    """Put the benchmark, its risk model and its names into the draft; False where a file of it cannot be read."""
    at = (TOML_NAME, "benchmark")
    part: Parts = {}
    for name in ("max_tracking_error", "max_drift", "name_band"):
        value = getattr(table, f"{name}_pct")
        draft.origins[("benchmark", name)] = (*at, f"{name}_pct")
        if value is not None:
            part[name] = value / HUNDRED
    if table.variance_price is not None:
        part["variance_price"] = table.variance_price
    if table.one_way is not None:
        part["one_way"] = table.one_way
    draft.origins[("benchmark",)] = at
    draft.origins[("benchmark", "risk")] = (*at, "loadings")
    sheet = read(table.constituents, CONSTITUENTS)
    if sheet is None:
        return False
    part["constituents"] = _constituents(sheet, table.segment, draft)
    risk = _risk(table, read, draft)
    if risk is not None:
        part["risk"] = risk
    draft.parts["benchmark"] = part
    return risk is not None or not (table.loadings or table.covariance)


def _constituents(sheet: Sheet, segment: str, draft: Draft) -> list[Parts]:
    """The names with their weights; those that are no security yet become one."""
    seats = {str(part["symbol"]) for part in draft.collections.get("securities", [])}
    found: list[Parts] = []
    for position in range(len(sheet.rows)):
        cells = Cells(sheet, position, draft.findings)
        symbol = cells.text("symbol", "the symbol of a security")
        weight = cells.number("weight_pct", read_percentage, "a weight in per cent")
        draft.origins[("benchmark", "constituents", len(found))] = (sheet.name, position)
        found.append({"symbol": symbol or "?", "weight": (weight or Decimal(0)) / HUNDRED})
        if symbol and symbol not in seats:
            seats.add(symbol)
            _add_security(cells, symbol, segment, draft)
    draft.origins[("benchmark", "constituents")] = (sheet.name, 0)
    return found


def _add_security(cells: Cells, symbol: str, segment: str, draft: Draft) -> None:
    part: Parts = {"symbol": symbol, "exposures": {segment: ONE}}
    price = cells.number("price", read_price)
    if price is not None:
        part["price"] = price
    spread = cells.number("half_spread_bps", _read_spread)
    if spread is not None:
        part["half_spread"] = spread
    if cells.text("name"):
        part["name"] = cells.text("name")
    position = draft.append("securities", part, (cells.sheet.name, cells.position))
    draft.origins[("securities", position, "exposures", segment)] = (TOML_NAME, "benchmark", "segment")


def _risk(table: BenchmarkTable, read: Read, draft: Draft) -> Parts | None:
    at = (TOML_NAME, "benchmark")
    if table.covariance is not None:
        if table.loadings is not None or table.factor_covariance is not None:
            draft.findings.note((*at, "covariance"), "a covariance beside factors", "either of the two")
            return None
        sheet = read(table.covariance, COVARIANCE)
        if sheet is None:
            return None
        symbols, rows = _square(sheet, "symbol", draft)
        draft.origins[("benchmark", "risk")] = (sheet.name, 0)
        return {"symbols": symbols, "covariance": rows}
    if table.loadings is None and table.factor_covariance is None:
        return None
    if table.loadings is None or table.factor_covariance is None:
        draft.findings.note(at, "one file of a factor model", "both loadings and factor_covariance")
        return None
    loadings, between = read(table.loadings, LOADINGS), read(table.factor_covariance, FACTORS)
    if loadings is None or between is None:
        return None
    return _factor_model(loadings, between, draft)


def _factor_model(loadings: Sheet, between: Sheet, draft: Draft) -> Parts | None:
    """Loadings by factor and specific variances, with the factors in the order of their covariance."""
    factors, covariance = _square(between, "factor", draft)
    columns = [name for name in loadings.header if name not in LOADINGS.needed]
    if sorted(columns) != sorted(name.lower() for name in factors):
        found = f"the factors {', '.join(columns)}"
        draft.findings.note((loadings.name, 0), found, f"a column for each factor of {between.name}: {', '.join(factors)}")
        return None
    symbols, rows, variances = [], [], []
    for position in range(len(loadings.rows)):
        cells = Cells(loadings, position, draft.findings)
        symbols.append(cells.text("symbol", "a symbol") or "?")
        rows.append([_float(cells, name.lower()) for name in factors])
        specific = cells.number("specific_volatility_pct", read_percentage, "a volatility in per cent") or Decimal(0)
        variances.append(float(specific / HUNDRED) ** 2)
        draft.origins[("benchmark", "risk", "symbols", position)] = (loadings.name, position)
    draft.origins[("benchmark", "risk")] = (loadings.name, 0)
    draft.origins[("benchmark", "risk", "factor_covariance")] = (between.name, 0)
    return {
        "symbols": symbols,
        "factors": factors,
        "loadings": rows,
        "factor_covariance": covariance,
        "specific_variance": variances,
    }


def _square(sheet: Sheet, key: str, draft: Draft) -> tuple[list[str], list[list[float]]]:
    """Names by row, and the numbers in the same order by column."""
    names = [row.cells.get(key, "") for row in sheet.rows]
    columns = [name for name in sheet.header if name != key]
    if sorted(columns) != sorted(name.lower() for name in names):
        found = f"{len(names)} rows and {len(columns)} columns"
        draft.findings.note((sheet.name, 0), found, f"the same {key}s as rows and as columns")
        return names, []
    cells = [Cells(sheet, position, draft.findings) for position in range(len(sheet.rows))]
    return names, [[_float(row, name.lower()) for name in names] for row in cells]


def _float(cells: Cells, column: str) -> float:
    """A number of a risk model, exponents allowed."""
    text = cells.text(column, "a number")
    try:
        value = float(text or 0)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        cells.fault(column, f"{column} {text[:60]!r}", "a number such as 0.0125 or 1.25e-2")
        return 0.0
    return value
