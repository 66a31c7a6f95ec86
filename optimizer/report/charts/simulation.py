"""The pictures of a simulation: growth, drift against bands, premiums by window, the ladder, tax by year, bands against looks."""

from decimal import Decimal
from typing import TYPE_CHECKING

from optimizer.report.charts.style import BAND, BLUE, GREEN, GREY, ORANGE, RED, empty_figure, label
from optimizer.simulate.document import Simulation

if TYPE_CHECKING:
    import plotly.graph_objects as go

COLOURS = (GREY, BLUE, ORANGE, GREEN, RED, "#8d62c9", "#a0793d", "#3f8f94")
TAXED, UNTAXED = "after tax and sale", "before tax"


def growth_figure(simulation: Simulation) -> "go.Figure":
    """Dollars of every policy through time, on a scale of equal growth."""
    figure = empty_figure(380)
    days = [day.isoformat() for day in simulation.days]
    for place, series in enumerate(simulation.series):
        figure.add_scatter(
            x=days, y=[float(value) for value in series.value], name=label(series.policy), mode="lines",
            line={"color": COLOURS[place % len(COLOURS)], "width": 1.6}, hovertemplate="%{y:$,.0f}",
        )  # fmt: skip
    figure.update_layout(showlegend=True, hovermode="x unified")
    figure.update_yaxes(type="log", tickformat="$~s", gridcolor=BAND)
    return figure


def drift_figure(simulation: Simulation) -> "go.Figure":
    """Weights of the last policy with bands through time, in grey where its band lies at the start."""
    bands = simulation.bands[-1]
    series = next(each for each in simulation.series if each.policy == bands.policy)
    days = [day.isoformat() for day in simulation.days]
    figure = empty_figure(380)
    for low, high in sorted({(low, high) for low, high in zip(bands.lower, bands.upper, strict=True)}):
        figure.add_hrect(y0=float(low), y1=float(high), fillcolor=BAND, line_width=0, layer="below")
    for place, segment in enumerate(bands.segments):
        figure.add_scatter(
            x=days, y=[float(row[place]) for row in series.weights], name=label(segment), mode="lines",
            line={"width": 1, "color": COLOURS[1 + place % (len(COLOURS) - 1)]}, hovertemplate="%{y:.1%}",
        )  # fmt: skip
    figure.update_layout(showlegend=True)
    figure.update_yaxes(tickformat=".0%", gridcolor=BAND)
    return figure


def premium_figure(simulation: Simulation) -> "go.Figure":
    """How far every policy was ahead of buy-and-hold by length of window: median, and 5 to 95 %."""
    measure = TAXED if any(row.measure == TAXED for row in simulation.premiums) else UNTAXED
    names = list(dict.fromkeys(row.policy for row in simulation.premiums if row.policy != "market"))
    figure = empty_figure(380)
    for place, name in enumerate(names):
        rows = [r for r in simulation.premiums if (r.policy, r.against, r.measure) == (name, "buy-and-hold", measure)]
        middle = [float(row.median) for row in rows]
        figure.add_scatter(
            x=[f"{row.years.normalize():f} {'year' if row.years == 1 else 'years'}" for row in rows],
            y=middle,
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [float(row.high) - m for row, m in zip(rows, middle, strict=True)],
                "arrayminus": [m - float(row.low) for row, m in zip(rows, middle, strict=True)],
                "thickness": 1,
            },
            name=label(name),
            mode="markers",
            marker={"size": 9, "color": COLOURS[1 + place % (len(COLOURS) - 1)]},
            hovertemplate="%{y:.1f} bp",
        )
    figure.add_hline(y=0, line={"color": GREY, "width": 1})
    figure.update_layout(showlegend=True, scattermode="group")
    figure.update_xaxes(type="category")
    figure.update_yaxes(title={"text": "bp a year"}, gridcolor=BAND)
    return figure


def drag_figure(simulation: Simulation) -> "go.Figure":
    """The tax drag with no lever, and what each lever takes off it."""
    rows = simulation.ladder
    steps = [-row.gives_back for row in rows[1:]]
    names = [*(row.step for row in rows), "What is left"]
    values = [rows[0].drag, *steps, rows[-1].drag]
    figure = empty_figure(110 + 34 * len(names))
    figure.add_waterfall(
        orientation="h",
        y=list(range(len(names))),
        x=[float(value) for value in values],
        measure=["absolute", *["relative"] * len(steps), "total"],
        text=[f"{value.quantize(Decimal('0.1'))} bp" for value in values],
        textposition="outside",
        cliponaxis=False,
        increasing={"marker": {"color": RED}},
        decreasing={"marker": {"color": GREEN}},
        totals={"marker": {"color": BLUE}},
        connector={"line": {"color": GREY, "width": 1}},
        hoverinfo="skip",
    )
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, range=[len(names) - 0.5, -0.5])
    most = max(float(row.drag) for row in rows)
    figure.update_xaxes(range=[min(0.0, *(float(row.drag) for row in rows)), most * 1.25])
    return figure


def tax_figure(simulation: Simulation) -> "go.Figure":
    """Tax of every year and policy, as a part of the portfolio at the year's end."""
    figure = empty_figure(340)
    at_end = {day.year: place for place, day in enumerate(simulation.days)}
    for place, series in enumerate(simulation.series):
        worth = [float(series.value[at_end[year]]) or 1.0 for year in series.tax_years]
        figure.add_bar(
            x=[str(year) for year in series.tax_years],
            y=[float(tax) / value for tax, value in zip(series.tax, worth, strict=True)],
            name=label(series.policy),
            marker={"color": COLOURS[place % len(COLOURS)]},
            hovertemplate="%{y:.2%}",
        )
    figure.update_layout(showlegend=True, barmode="group")
    figure.update_yaxes(tickformat=".1%", gridcolor=BAND)
    figure.update_xaxes(nticks=12)
    return figure


def lead_figure(simulation: Simulation) -> "go.Figure":
    """How far every policy is ahead of the first one through time, as a part of its value."""
    figure = empty_figure(300)
    days = [day.isoformat() for day in simulation.days]
    base = [float(value) or 1.0 for value in simulation.series[0].value] if simulation.series else []
    for place, series in enumerate(simulation.series[1:], start=1):
        figure.add_scatter(
            x=days,
            y=[float(value) / start - 1 for value, start in zip(series.value, base, strict=True)],
            name=label(series.policy),
            mode="lines",
            line={"color": COLOURS[place % len(COLOURS)], "width": 1.4},
            hovertemplate="%{y:.1%}",
        )
    figure.add_hline(y=0, line={"color": GREY, "width": 1})
    figure.update_layout(showlegend=True)
    figure.update_yaxes(tickformat=".0%", gridcolor=BAND, title={"text": "ahead of buy-and-hold"})
    return figure


def grid_figure(simulation: Simulation) -> "go.Figure":
    """The premium of every band width and interval between looks."""
    widths = sorted({cell.band for cell in simulation.grid})
    looks = sorted({cell.look_months for cell in simulation.grid})
    found = {(cell.band, cell.look_months): float(cell.premium) for cell in simulation.grid}
    values = [[found[width, look] for width in widths] for look in looks]
    far = max(abs(value) for row in values for value in row) or 1.0
    figure = empty_figure(120 + 60 * len(looks))
    figure.add_heatmap(
        x=[f"{width:.0%}" for width in widths],
        y=[f"{look} {'month' if look == 1 else 'months'}" for look in looks],
        z=values,
        zmin=-far,
        zmax=far,
        colorscale=[[0, RED], [0.5, "#d9dbde"], [1, GREEN]],
        showscale=False,
        texttemplate="%{z:.1f}",
        textfont={"color": "#16181b"},
        hoverinfo="skip",
    )
    figure.update_xaxes(type="category", title={"text": "band, part of the target"})
    figure.update_yaxes(type="category")
    return figure
