"""Tax against drift: what each further dollar of tax buys in nearness to the targets, with the chosen plan."""

from typing import TYPE_CHECKING

from optimizer.report.charts.style import BLUE, GREY, ORANGE, empty_figure
from optimizer.report.figures import change, dollars, points

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from optimizer.questions.frontier import Frontier, FrontierPoint


def frontier_figure(frontier: "Frontier") -> "go.Figure":
    """What the plan adds to the year's tax against drift, a line in the order of the drift; the household's own plan marked."""
    line = sorted(frontier.points, key=lambda point: point.drift)
    figure = empty_figure(360)
    for name, shown, mode, color, size, symbol in (
        ("least cost at each drift", line, "lines+markers", BLUE, 7, "circle"),
        ("this plan", [frontier.own_plan], "markers", ORANGE, 15, "diamond"),
    ):
        figure.add_scatter(
            x=[round(float(point.drift) * 100, 4) for point in shown],
            y=[round(float(point.added_tax), 2) for point in shown],
            mode=mode,
            name=name,
            line={"color": GREY, "width": 1.5},
            marker={"color": color, "size": size, "symbol": symbol},
            text=[_told(point) for point in shown],
            hoverinfo="text",
        )
    figure.update_layout(showlegend=True)
    figure.update_xaxes(title="drift, points away from target", rangemode="tozero")
    figure.update_yaxes(title="added to this year's tax", tickformat="$,.0f")
    return figure


def _told(point: "FrontierPoint") -> str:
    return f"{points(point.drift)} points of drift: {change(point.added_tax)} tax, cost {dollars(point.cost)}"
