"""Every segment's weight against its band, before and after."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from optimizer.plan import BandRow, Plan
from optimizer.report.bands import edges_of, in_tree_order, segment_name
from optimizer.report.charts.style import BAND, BLUE, GREY, ORANGE, empty_figure, label
from optimizer.report.figures import percent
from optimizer.report.verdict import NO_BAND, side_after

if TYPE_CHECKING:
    import plotly.graph_objects as go

ROW_PIXELS = 27

Marker = Mapping[str, object]


def bands_figure(plan: Plan) -> "go.Figure":
    """Percentage points from target: a bar for each band, an open ring for the weight now, a filled sign for the weight after.

    Weights of wholes and parts differ by tens of points and bands by few, so that all are drawn from their own target.
    """
    rows = [row for _, row in in_tree_order(plan.bands) if row.trigger != NO_BAND]
    places = list(range(len(rows)))
    figure = empty_figure(100 + ROW_PIXELS * len(rows))
    figure.add_bar(
        y=places,
        x=[_points(row.trigger.upper - row.trigger.lower) for row in rows],
        base=[_points(row.trigger.lower - row.target) for row in rows],
        orientation="h",
        width=0.55,
        marker_color=BAND,
        name="band",
        text=[f"{label(segment_name(row))}: target {percent(row.target)} %, band {edges_of(row.trigger)} %" for row in rows],
        textposition="none",
        hoverinfo="text",
    )
    ring = {"symbol": "circle-open", "size": 11, "color": ORANGE, "line": {"width": 2.5}}
    signs = ["x" if side_after(row) else "circle" for row in rows]
    _weights(figure, "now", rows, [row.weight_before for row in rows], ring)
    _weights(figure, "after", rows, [row.weight_after for row in rows], {"symbol": signs, "size": 10, "color": BLUE})
    figure.add_vline(x=0, line={"color": GREY, "width": 1.5})
    figure.update_layout(showlegend=True)
    figure.update_xaxes(title="points from target")
    figure.update_yaxes(tickvals=places, ticktext=[label(segment_name(row), 22) for row in rows], range=[len(rows) - 0.5, -0.5])
    return figure


def _weights(figure: "go.Figure", name: str, rows: list[BandRow], weights: list[Decimal], marker: Marker) -> None:
    figure.add_scatter(
        y=list(range(len(rows))),
        x=[_points(weight - row.target) for row, weight in zip(rows, weights, strict=True)],
        mode="markers",
        marker=marker,
        name=name,
        text=[f"{label(segment_name(row))}: {name} {percent(weight)} %" for row, weight in zip(rows, weights, strict=True)],
        hoverinfo="text",
    )


def _points(fraction: Decimal) -> float:
    return round(float(fraction) * 100, 4)
