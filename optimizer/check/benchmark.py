"""What a benchmark and its risk model must satisfy: names exist, rows fit, and no variance is below zero."""

from collections.abc import Iterator

import numpy as np

from optimizer.benchmark import RiskModel
from optimizer.errors import Fault
from optimizer.problem import Problem

ROUNDING = 1e-9
"""Part of the largest entry by which two entries across the diagonal may differ."""


def benchmark_faults(problem: Problem) -> Iterator[Fault]:
    """Names that do not exist or stand twice, weights beyond the whole, and a risk model that is none."""
    benchmark = problem.benchmark
    if benchmark is None:
        return
    known = {security.symbol for security in problem.securities}
    seen: set[str] = set()
    for k, name in enumerate(benchmark.constituents):
        path = ("benchmark", "constituents", k, "symbol")
        if name.symbol not in known:
            yield Fault(path, f"the unknown symbol {name.symbol!r}", "a symbol among the securities")
        if name.symbol in seen:
            yield Fault(path, f"{name.symbol!r} a second time", "every name once")
        seen.add(name.symbol)
    total = sum(name.weight for name in benchmark.constituents)
    if total > 1 + 1e-6:
        yield Fault(("benchmark", "constituents"), f"weights that sum to {float(total):.4%}", "100 % or less")
    if benchmark.risk is not None:
        yield from _risk_faults(benchmark.risk, problem, known)
    elif benchmark.max_tracking_error is not None or benchmark.variance_price is not None:
        yield Fault(("benchmark", "risk"), "no risk model, though tracking error is limited or priced", "a risk model")


def _risk_faults(risk: RiskModel, problem: Problem, known: set[str]) -> Iterator[Fault]:
    at = ("benchmark", "risk")
    for k, symbol in enumerate(risk.symbols):
        if symbol not in known:
            yield Fault((*at, "symbols", k), f"the unknown symbol {symbol!r}", "a symbol among the securities")
    if len(set(risk.symbols)) < len(risk.symbols):
        yield Fault((*at, "symbols"), "a symbol that stands twice", "every symbol once")
    missing = sorted(known - set(risk.symbols))
    if missing:
        listed = ", ".join(missing[:6]) + (" …" if len(missing) > 6 else "")
        yield Fault((*at, "symbols"), f"nothing for {listed}", "a row for every security of the problem")
    names, factors = len(risk.symbols), len(risk.factors)
    if risk.covariance is not None:
        yield from _square((*at, "covariance"), risk.covariance, names, "name")
        return
    yield from _square((*at, "factor_covariance"), risk.factor_covariance, factors, "factor")
    if len(risk.specific_variance) != names:
        yield Fault((*at, "specific_variance"), f"{len(risk.specific_variance)} variances", f"one for each of the {names} names")
    if len(risk.loadings) != names or any(len(row) != factors for row in risk.loadings):
        found = f"{len(risk.loadings)} rows of {' or '.join(sorted({str(len(row)) for row in risk.loadings}) or ['0'])} loadings"
        yield Fault((*at, "loadings"), found, f"a row for each of the {names} names with one for each of the {factors} factors")


def _square(path: tuple[str, ...], rows: tuple[tuple[float, ...], ...], size: int, kind: str) -> Iterator[Fault]:
    """A covariance is square, symmetric and nowhere negative."""
    if len(rows) != size or any(len(row) != size for row in rows):
        yield Fault(path, f"{len(rows)} rows", f"{size} rows of {size} numbers, one for each {kind}")
        return
    if not size:
        return
    matrix = np.array(rows)
    largest = float(np.abs(matrix).max())
    uneven = np.abs(matrix - matrix.T)
    if uneven.max() > ROUNDING * max(largest, 1e-300):
        row, column = np.unravel_index(int(uneven.argmax()), uneven.shape)
        yield Fault((*path, str(row)), f"{matrix[row, column]} across {matrix[column, row]} the other way", "a symmetric matrix")
    elif np.linalg.eigvalsh(matrix)[0] < -1e-6 * largest:
        yield Fault(path, "a variance below zero in some direction", "a covariance, which has none")
