"""Tax against drift: what each further dollar of tax buys in nearness to the targets, with the chosen plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from optimizer.report.charts.style import BLUE, GREY, ORANGE, empty_figure
from optimizer.report.figures import dollars, points

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One plan between the least tax and the least drift.

    Parameters
    ----------
    drift : how far the segments stay from their targets together, a fraction of the household.
    tax : the year's tax, dollars.
    is_chosen : whether it is the plan of the page.
    """

    drift: Decimal
    tax: Decimal
    is_chosen: bool = False


def frontier_figure(frontier: Sequence[FrontierPoint]) -> "go.Figure":
    """A line through the plans in the order of their drift, the chosen one marked."""
    line = sorted(frontier, key=lambda point: point.drift)
    figure = empty_figure(360)
    for name, shown, mode, color, size in (
        ("plans", line, "lines+markers", BLUE, 7),
        ("this plan", [point for point in line if point.is_chosen], "markers", ORANGE, 15),
    ):
        figure.add_scatter(
            x=[round(float(point.drift) * 100, 4) for point in shown],
            y=[round(float(point.tax), 2) for point in shown],
            mode=mode,
            name=name,
            line={"color": GREY, "width": 1.5},
            marker={"color": color, "size": size, "symbol": "diamond" if size > 10 else "circle"},
            text=[f"{points(point.drift)} points of drift: {dollars(point.tax)} tax" for point in shown],
            hoverinfo="text",
        )
    figure.update_layout(showlegend=True)
    figure.update_xaxes(title="points away from target")
    figure.update_yaxes(title="tax this year", tickformat="$,.0f")
    return figure
