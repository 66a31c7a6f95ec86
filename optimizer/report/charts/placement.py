"""Where each segment is held, as a heat map."""

from decimal import Decimal
from typing import TYPE_CHECKING

from optimizer.report.charts.style import empty_figure, label
from optimizer.report.figures import change, dollars
from optimizer.report.placement import Placement

if TYPE_CHECKING:
    import plotly.graph_objects as go

SCALE = [[0, "rgba(59,130,196,0)"], [1, "rgba(59,130,196,0.85)"]]
"""From the ground of the page to blue, so that it reads on dark and light."""


def placement_figure(placed: Placement, names: dict[str, str]) -> "go.Figure":
    """Dollars of each segment in each account after the plan; each cell also tells the change."""
    accounts = list(range(len(placed.accounts)))
    figure = empty_figure(110 + 27 * len(placed.segments))
    zero = Decimal(0)
    cells = [[placed.after.get((segment, account), zero) for account in placed.accounts] for segment in placed.segments]
    figure.add_heatmap(
        x=accounts,
        y=list(range(len(placed.segments))),
        z=[[float(cell) for cell in row] for row in cells],
        text=[[_thousands(cell) for cell in row] for row in cells],
        texttemplate="%{text}",
        hovertext=[[_told(placed, segment, account, names) for account in placed.accounts] for segment in placed.segments],
        hoverinfo="text",
        colorscale=SCALE,
        showscale=False,
        xgap=2,
        ygap=2,
    )
    figure.update_xaxes(tickvals=accounts, ticktext=[label(names.get(each, each), 18) for each in placed.accounts], side="top")
    segments = [label(placed.names[segment], 22) for segment in placed.segments]
    figure.update_yaxes(tickvals=list(range(len(segments))), ticktext=segments, range=[len(segments) - 0.5, -0.5])
    figure.update_xaxes(showgrid=False)
    figure.update_yaxes(showgrid=False)
    return figure


def _thousands(amount: Decimal) -> str:
    """A cell's dollars, in thousands past a thousand; empty for less than half a dollar."""
    if abs(amount) < Decimal("0.5"):
        return ""
    return f"{dollars(amount / 1000)}k" if abs(amount) >= 1000 else dollars(amount)


def _told(placed: Placement, segment: str | None, account: str, names: dict[str, str]) -> str:
    before, after = (table.get((segment, account), Decimal(0)) for table in (placed.before, placed.after))
    where = f"{label(placed.names[segment])} in {label(names.get(account, account))}"
    return f"{where}: {dollars(before)} now, {dollars(after)} after ({change(after - before)})"
