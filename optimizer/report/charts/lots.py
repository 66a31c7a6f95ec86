"""The map of the lots: how long each is held, what it has gained, how large it is, and what the plan does with it."""

import math
from typing import TYPE_CHECKING

from lots.dates import long_term_from
from optimizer.plan import Plan
from optimizer.report.charts.style import BLUE, GREY, ORANGE, empty_figure, label
from optimizer.report.figures import change, dollars, percent
from optimizer.report.lot_standing import Fate, LotStanding

if TYPE_CHECKING:
    import plotly.graph_objects as go

LARGEST_PIXELS, SMALLEST_PIXELS = 34, 5
ROOMY, DOT_PIXELS = 400, 2
"""Of more lots than these the signs shrink, so that they cover no more of the map together; none below a dot."""
DETAILED = 1200
"""Lots past this number have no text of their own to point at; the page would be twice as large."""

_GROUPS = (
    ("keep", GREY, "circle", (Fate.KEEP,)),
    ("sell", ORANGE, "square", (Fate.SELL, Fate.SELL_PART, Fate.SELL_AND_GIVE)),
    ("give", BLUE, "diamond", (Fate.GIVE, Fate.GIVE_PART)),
)


def lot_map_figure(plan: Plan, lots: list[LotStanding]) -> "go.Figure":
    """Unrealised gain in per cent of basis against days held, area by value, colour and shape by what the plan does.

    Only lots whose sale is taxed and whose basis is known stand on the map; the line is where a sale becomes long-term.
    """
    shown = [each for each in lots if each.term is not None and each.gain_fraction is not None]
    largest = max((each.value for each in shown), default=1)
    shrunk = min(1.0, math.sqrt(ROOMY / len(shown))) if shown else 1.0
    figure = empty_figure(440)
    for name, color, symbol, fates in _GROUPS:
        group = [each for each in shown if each.fate in fates]
        figure.add_scatter(
            x=[each.held_days for each in group],
            y=[round(float(each.gain_fraction or 0) * 100, 2) for each in group],
            mode="markers",
            name=f"{name} ({len(group):,})",
            marker={
                "size": [round(max(DOT_PIXELS, shrunk * _pixels(each, float(largest))), 1) for each in group],
                "color": color,
                "symbol": symbol,
                "opacity": 0.55 if name == "keep" else 0.85,
                "line": {"width": 0.5, "color": color},
            },
            text=[_told(each) for each in group] if len(shown) <= DETAILED or name != "keep" else None,
            hoverinfo="text" if len(shown) <= DETAILED or name != "keep" else "x+y",
        )
    boundary = (long_term_from(plan.as_of) - plan.as_of).days
    figure.add_vline(x=boundary, line={"color": GREY, "width": 1, "dash": "dash"})
    figure.add_hline(y=0, line={"color": GREY, "width": 1})
    figure.update_layout(showlegend=True)
    figure.update_xaxes(title="days held (dashed: long-term)", tickformat=",d")
    figure.update_yaxes(title="unrealised gain, % of basis", ticksuffix=" %")
    return figure


def _pixels(each: LotStanding, largest: float) -> float:
    """A diameter whose square grows with the lot's value."""
    return round(max(SMALLEST_PIXELS, LARGEST_PIXELS * math.sqrt(float(each.value) / largest)), 1) if largest else SMALLEST_PIXELS


def _told(each: LotStanding) -> str:
    gain = "" if each.gain is None else f", gain {change(each.gain)} ({percent(each.gain_fraction or each.gain * 0)} %)"
    return f"{label(each.lot.symbol)} of {each.lot.acquired}: {dollars(each.value)}{gain}; {each.term}-term; {each.fate}"
