"""A policy's weights through time, as a page, as a table and as plain parts."""

import csv
import io
from collections.abc import Sequence
from typing import TextIO

import numpy as np
from rich.text import Text

from optimizer.cli.target_paths import TargetPath
from optimizer.market.prices import Vector
from optimizer.report.figures import plain
from optimizer.report.layout import figure_table, whole_width
from optimizer.report.terminal import page_console

SIGNS, PLAIN_SIGNS = "▁▂▃▄▅▆▇█", "_.-=+*%#"
SPARK_CELLS = 36


def show_paths(stream: TextIO, paths: Sequence[TargetPath]) -> None:
    """A table a class: least, mean, most and last weight of every segment, and how it went."""
    console = page_console(stream)
    signs = PLAIN_SIGNS if console.options.ascii_only else SIGNS
    with console.capture() as page:
        for path in paths:
            dates = f"{path.days[0]} to {path.days[-1]}, {len(path.days)} dates"
            console.print(
                Text(f"{plain(path.name)}: targets by the policy {plain(path.policy)}, % of the household", style="bold")
            )
            table = figure_table(dates, "Least", "Mean", "Most", "Now")
            table.add_column(f"0 to {100 * path.weights.max():.1f} %", no_wrap=True)
            for column, name in enumerate(path.names):
                series = path.weights[:, column]
                figures = [f"{100 * each:.1f}" for each in (series.min(), series.mean(), series.max(), series[-1])]
                table.add_row(plain(name), *figures, spark(series, float(path.weights.max()), signs))
            usual, console.width = console.width, max(console.width, whole_width(table, console))
            console.print(table)
            console.width = usual
            console.print(Text(path.followed.verdict))
            console.print()
    stream.write("".join(f"{line.rstrip()}\n" for line in page.get().splitlines()))


def spark(series: Vector, most: float, signs: str = SIGNS, cells: int = SPARK_CELLS) -> str:
    """A series as a line of blocks between 0 and `most`, each the mean of its stretch of time."""
    stretches = np.array_split(series, min(cells, len(series)))
    heights = [float(stretch.mean()) / most if most > 0 else 0.0 for stretch in stretches]
    return "".join(signs[min(len(signs) - 1, int(height * len(signs)))] for height in heights)


def csv_text(paths: Sequence[TargetPath]) -> str:
    """A row a date and a column a segment, fractions of the household; an empty cell where a class has no target yet."""
    rows: dict[str, dict[str, str]] = {}
    for path in paths:
        for day, weights in zip(path.days, path.weights, strict=True):
            row = rows.setdefault(str(day), {})
            row.update((name, f"{weight:.8f}") for name, weight in zip(path.segments, weights, strict=True))
    names = [name for path in paths for name in path.segments]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["date", *names])
    writer.writerows([day, *(row.get(name, "") for name in names)] for day, row in sorted(rows.items()))
    return text.getvalue()


def targets_parts(paths: Sequence[TargetPath]) -> dict[str, object]:
    """Targets through time as plain parts: fractions of the household."""
    return {
        "classes": [
            {
                "class": path.name,
                "policy": path.policy,
                "segments": list(path.segments),
                "days": [str(day) for day in path.days],
                "weights": path.weights.tolist(),
                "followed": _number(path.followed.followed),
                "traded": _number(path.followed.traded),
                "verdict": path.followed.verdict,
            }
            for path in paths
        ]
    }


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None
