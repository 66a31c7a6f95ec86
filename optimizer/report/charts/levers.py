"""The ladder of levers as a waterfall, from no lever to the plan, with the usual rule beside it."""

from itertools import pairwise
from typing import TYPE_CHECKING

from optimizer.plan import Comparison
from optimizer.report.charts.style import BLUE, GREEN, GREY, RED, empty_figure
from optimizer.report.figures import change, dollars

if TYPE_CHECKING:
    import plotly.graph_objects as go

LABEL_ROOM = 0.42
"""Part of the axis kept free beside the longest bar, so that its dollars fit on a phone."""


def ladder_figure(comparison: Comparison) -> "go.Figure":
    """What each lever adds to or takes from the total cost; the first and the last bar are totals."""
    ladder, rule = comparison.ladder, comparison.usual_rule
    first = "No lever" if ladder[0].lever is None else f"With {ladder[0].lever}"
    names = ["Usual rule", first, *(str(row.lever) for row in ladder[1:]), "Plan"]
    steps = [row.total - before.total for before, row in pairwise(ladder)]
    values = [rule.total, ladder[0].total, *steps, ladder[-1].total]
    figure = empty_figure(120 + 34 * len(names))
    figure.add_waterfall(
        orientation="h",
        y=list(range(len(names))),
        x=[float(value) for value in values],
        measure=["absolute", "absolute", *["relative"] * len(steps), "total"],
        text=[dollars(values[0]), dollars(values[1]), *(change(step) for step in steps), dollars(values[-1])],
        textposition="outside",
        cliponaxis=False,
        increasing={"marker": {"color": RED}},
        decreasing={"marker": {"color": GREEN}},
        totals={"marker": {"color": BLUE}},
        connector={"line": {"color": GREY, "width": 1}},
        hoverinfo="skip",
    )
    figure.update_xaxes(tickformat="$~s", nticks=6)
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, range=[len(names) - 0.5, -0.5])
    edges = [float(row.total) for row in (*ladder, rule)]
    room = (max(*edges, 0.0) - min(*edges, 0.0)) * LABEL_ROOM or 1.0
    figure.update_xaxes(range=[min(*edges, 0.0) - (room if min(edges) < 0 else 0), max(*edges, 0.0) + room])
    return figure
