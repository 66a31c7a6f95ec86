"""The household against its benchmark, before and after, as the plan states it."""

from decimal import Decimal

import numpy as np

from lots.units import CENT, from_float
from optimizer.benchmark import FactorRow, NameRow, TrackingSummary
from optimizer.model.assemble import Model
from optimizer.model.blocks.tracking import targets_of
from optimizer.solve.off_benchmark import Standing, standing
from optimizer.solve.rounding import Orders

FARTHEST = 10
"""Names that the plan lists; the others are in the sums."""
WEIGHT = Decimal("1e-8")


def tracking_summary(model: Model, orders: Orders) -> TrackingSummary | None:
    """Tracking error, drift, the farthest names and the active factor exposures; None without a benchmark."""
    benchmark, before, after = model.problem.benchmark, standing(model, None), standing(model, orders)
    if benchmark is None or before is None or after is None:
        return None
    return TrackingSummary(
        error_before=_error(before),
        error_after=_error(after),
        max_error=benchmark.max_tracking_error,
        drift_before=from_float(before.drift, WEIGHT),
        drift_after=from_float(after.drift, WEIGHT),
        max_drift=benchmark.max_drift,
        missed=from_float(after.missed(), CENT),
        names=_farthest(model, before, after),
        factors=_factors(before, after),
    )


def _error(names: Standing) -> Decimal | None:
    return None if names.tracking_error is None else from_float(names.tracking_error, WEIGHT)


def _farthest(model: Model, before: Standing, after: Standing) -> tuple[NameRow, ...]:
    target = targets_of(model.problem)
    order = np.argsort(-np.abs(after.active), kind="stable")[:FARTHEST].tolist()
    return tuple(
        NameRow(
            symbol=model.problem.securities[n].symbol,
            target=from_float(target[n], WEIGHT),
            weight_before=from_float(max(before.active[n] + target[n], 0.0), WEIGHT),
            weight_after=from_float(max(after.active[n] + target[n], 0.0), WEIGHT),
        )
        for n in order
    )


def _factors(before: Standing, after: Standing) -> tuple[FactorRow, ...]:
    risk = after.risk
    if risk is None:
        return ()
    rows = zip(risk.factors, risk.loadings @ before.active, risk.loadings @ after.active, strict=True)
    return tuple(FactorRow(factor=name, before=from_float(x, WEIGHT), after=from_float(y, WEIGHT)) for name, x, y in rows)
