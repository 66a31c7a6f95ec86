"""The calendar as a picture: lots on the day they turn long-term, and windows until their last day."""

from typing import TYPE_CHECKING

from optimizer.plan import Plan
from optimizer.report.calendar import Watch, WatchedDay
from optimizer.report.charts.style import GREEN, ORANGE, RED, empty_figure, label
from optimizer.report.figures import change

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_ROWS = 30


def calendar_figure(plan: Plan, days: list[WatchedDay]) -> "go.Figure":
    """One row for each group of securities, the nearest first; windows are bars from the day of the plan."""
    days = [each for each in days if each.watch is not Watch.REINVESTMENT]
    rows = list(dict.fromkeys(each.symbols for each in days))[:MOST_ROWS]
    place = {symbols: number for number, symbols in enumerate(rows)}
    shown = [each for each in days if each.symbols in place]
    figure = empty_figure(110 + 26 * len(rows))
    for watch, color in ((Watch.BUY_BAN, RED), (Watch.REPLACEMENT, ORANGE)):
        for number, each in enumerate(each for each in shown if each.watch is watch):
            figure.add_scatter(
                x=[plan.as_of.isoformat(), each.day.isoformat()],
                y=[place[each.symbols]] * 2,
                mode="lines",
                line={"color": color, "width": 9},
                opacity=0.75,
                name=f"{watch} until",
                legendgroup=watch,
                showlegend=number == 0,
                text=[f"{watch} until {each.day}: {label('/'.join(each.symbols))}"] * 2,
                hoverinfo="text",
            )
    turning = [each for each in shown if each.watch is Watch.LONG_TERM]
    figure.add_scatter(
        x=[each.day.isoformat() for each in turning],
        y=[place[each.symbols] for each in turning],
        mode="markers",
        marker={"color": GREEN, "size": 10, "symbol": "diamond"},
        name="lot turns long-term",
        text=[_told(each) for each in turning],
        hoverinfo="text",
    )
    figure.update_layout(showlegend=True)
    names = [label("/".join(symbols), 16) for symbols in rows]
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=names, range=[len(rows) - 0.5, -0.5])
    figure.update_xaxes(type="date", tickformat="%-d %b %Y", nticks=4)
    return figure


def _told(each: WatchedDay) -> str:
    gain = "" if each.gain is None else f", gain {change(each.gain)}"
    return f"{label('/'.join(each.symbols))}: long-term from {each.day}{gain}"
