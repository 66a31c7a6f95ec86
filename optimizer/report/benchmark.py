"""The household against its benchmark: tracking error, drift, factors and the names farthest from their targets."""

from collections.abc import Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.text import Text

from optimizer.benchmark import TrackingSummary
from optimizer.report.figures import cents, plain
from optimizer.report.layout import figure_table

NAMES = 5
"""Names that the page lists; the document has more."""
FACTORS = 12


def benchmark_section(tracking: TrackingSummary) -> Iterator[RenderableType]:
    """A table of what is measured, one of names and factors, and what misses a limit."""
    table = figure_table("", "Now", "After", "At most")
    if tracking.error_before is not None and tracking.error_after is not None:
        limit = _per_cent(tracking.max_error) if tracking.max_error is not None else ""
        table.add_row("Tracking error a year", _per_cent(tracking.error_before), _per_cent(tracking.error_after), limit)
    limit = _per_cent(tracking.max_drift) if tracking.max_drift is not None else ""
    table.add_row("Half the sum of distances", _per_cent(tracking.drift_before), _per_cent(tracking.drift_after), limit)
    for row in sorted(tracking.factors, key=lambda row: -abs(row.before))[:FACTORS]:
        table.add_row(f"Active exposure to {plain(row.factor)}", _loading(row.before), _loading(row.after), "")
    yield table
    yield Text()
    names = figure_table("Farthest after it", "Target", "Now", "After")
    for name in tracking.names[:NAMES]:
        weights = (name.target, name.weight_before, name.weight_after)
        names.add_row(plain(name.symbol), *(_per_cent(weight) for weight in weights))
    yield names
    if tracking.missed > 0:
        yield Text(missed_sentence(tracking), style="yellow")


def benchmark_sentence(tracking: TrackingSummary) -> str:
    """The benchmark in a sentence."""
    if tracking.error_before is None or tracking.error_after is None:
        before, after = tracking.drift_before, tracking.drift_after
        what = "Half the sum of distances from the benchmark's weights"
        limit = tracking.max_drift
    else:
        before, after, what = tracking.error_before, tracking.error_after, "The tracking error against the benchmark"
        limit = tracking.max_error
    bound = "" if limit is None else f"; at most {_per_cent(limit)} is asked for"
    return f"{what} goes from {_per_cent(before)} to {_per_cent(after)}{bound}."


def missed_sentence(tracking: TrackingSummary) -> str:
    """What is beyond the benchmark's limits."""
    return f"The limits are missed by {cents(tracking.missed)} in sum, the least these wishes allow."


def _per_cent(fraction: Decimal) -> str:
    return f"{fraction * 100:.3f} %"


def _loading(exposure: Decimal) -> str:
    return f"{exposure:+.4f}"
