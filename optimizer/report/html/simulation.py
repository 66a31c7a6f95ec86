"""A simulation as one page that opens offline: the verdict, the pictures with their tables, and what was assumed."""

from decimal import Decimal

from optimizer.report.charts.simulation import (
    drag_figure,
    drift_figure,
    grid_figure,
    growth_figure,
    lead_figure,
    premium_figure,
    tax_figure,
)
from optimizer.report.figures import day, plain
from optimizer.report.html.page import chart_library, content_policy, environment, section_fragment, text_of
from optimizer.report.html.sections import Chart, Section
from optimizer.report.simulation import NO_PROMISE
from optimizer.report.table import Column, DataTable, Kind, table
from optimizer.simulate.document import Simulation

HUNDREDTH = Decimal("0.01")


def simulation_page(simulation: Simulation) -> str:
    """Write the answer as one HTML document."""
    sections = [each for each in _sections(simulation) if each is not None]
    scripts = (chart_library(), text_of("page.js"))
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            title="Does rebalancing pay?",
            what="simulation",
            summary="In a few sentences",
            facts=[
                ("From", day(simulation.first_day)),
                ("To", day(simulation.last_day)),
                ("Paths", f"{simulation.paths:,}"),
                ("Policies", f"{len(simulation.policies)}"),
            ],
            lead=simulation.verdict,
            beside=() if simulation.is_complete else ("Stopped early: everything here is of what was done until then.",),
            sections=sections,
            fragments=[section_fragment(section) for section in sections],
            style=text_of("page.css"),
            scripts=scripts,
            policy=content_policy(scripts),
            no_advice=NO_PROMISE,
            made="Made by bandwise.",
        )
    )


def _sections(simulation: Simulation) -> list[Section | None]:
    return [
        _growth(simulation),
        _premiums(simulation),
        _drift(simulation),
        _ladder(simulation),
        _tax(simulation),
        _grid(simulation),
        Section(
            "assumed",
            "What the prices are and what is assumed",
            notes=(_ended(simulation.market), *map(_ended, simulation.assumptions)),
        ),
    ]


def _growth(simulation: Simulation) -> Section:
    many = simulation.paths > 1
    lead = f"The table is the median of {simulation.paths:,} paths; the picture shows the first of them." if many else ""
    charts = (
        ()
        if not simulation.series
        else (
            Chart("growth", "Dollars of every policy through time.", growth_figure(simulation)),
            Chart(
                "lead", "How far every policy is ahead of buy-and-hold through time, in per cent of it.", lead_figure(simulation)
            ),
        )
    )
    return Section("growth", "Policies", (lead,) if lead and charts else (), charts, (_policies(simulation),))


def _policies(simulation: Simulation) -> DataTable:
    """Growth to the hundredth of a per cent, since policies differ by tenths."""
    headings = {
        "before": "Before tax, %", "after": "Yearly tax, %", "liquidated": "Tax and sale, %", "stepped_up": "To heirs, %",
        "given": "Given, %", "volatility": "Volatility, %", "drawdown": "Deepest fall, %", "turnover": "Turnover, %",
    }  # fmt: skip
    columns = [Column("policy", "Policy"), *(Column(key, heading, Kind.SHARES) for key, heading in headings.items())]
    columns += [Column(key, heading, Kind.SHARES) for key, heading in (("sharpe", "Sharpe"), ("times", "Times a year"))]
    columns += [Column("drag", "Drag, bp", Kind.SHARES)]
    rows = [
        (
            plain(row.policy),
            *((getattr(row, key) * 100).quantize(HUNDREDTH) for key in headings),
            *(each.quantize(HUNDREDTH) for each in (row.sharpe, row.rebalances, row.drag)),
        )
        for row in simulation.policies
    ]
    return table("policies", "Growth a year and what it took", columns, rows)


def _premiums(simulation: Simulation) -> Section:
    figures = ("median", "Median, bp"), ("low", "5 %"), ("high", "95 %"), ("sure_low", "Band from"), ("sure_high", "to")
    columns = [Column("policy", "Policy"), Column("against", "Ahead of"), Column("measure", "Counted")]
    columns += [Column("years", "Years", Kind.SHARES), Column("windows", "Windows", Kind.COUNT)]
    columns += [Column(key, heading, Kind.SHARES) for key, heading in figures]
    columns += [Column("positive", "Ahead in", Kind.PERCENT)]
    rows = [
        (
            *(plain(row.policy), row.against, row.measure, row.years, Decimal(row.windows)),
            *(row.median, row.low, row.high, row.sure_low, row.sure_high, row.positive),
        )
        for row in simulation.premiums
    ]
    lead = (
        "Ahead of buy-and-hold is the rebalancing return; ahead of the average segment is the diversification return, which "
        "whoever never trades earns to a good part as well. The band is a 90 % block-bootstrap band of the median.",
    )
    chart = Chart("premium", "How far each policy was ahead of buy-and-hold, by length of window.", premium_figure(simulation))
    whole = table("premiums", "How far ahead, basis points a year", columns, rows)
    return Section("premiums", "Ahead, by length of window", lead, (chart,), folded=(whole,))


def _drift(simulation: Simulation) -> Section | None:
    if not simulation.bands or not simulation.series:
        return None
    name = plain(simulation.bands[-1].policy)
    chart = Chart("drift", f"Weights of {name} through time against its band.", drift_figure(simulation))
    return Section("drift", f"Drift of {name} against its bands", charts=(chart,))


def _ladder(simulation: Simulation) -> Section | None:
    if not simulation.ladder:
        return None
    columns = [
        Column("step", "Step"),
        Column("drag", "Tax drag, bp a year", Kind.SHARES),
        Column("back", "Gives back", Kind.SHARES),
    ]
    rows = [(row.step, row.drag, row.gives_back) for row in simulation.ladder]
    chart = Chart("ladder", "The tax drag and what each lever takes off it.", drag_figure(simulation))
    return Section(
        "ladder", "What each lever gives back", charts=(chart,), tables=(table("ladder", "The ladder", columns, rows),)
    )


def _tax(simulation: Simulation) -> Section | None:
    if not any(any(series.tax) for series in simulation.series):
        return None
    chart = Chart("tax", "Tax of every year and policy, in per cent of the portfolio at the year's end.", tax_figure(simulation))
    return Section("tax", "Tax by year", charts=(chart,))


def _grid(simulation: Simulation) -> Section | None:
    if not simulation.grid:
        return None
    lead = ("The median rebalancing return after tax and sale, bp a year, for each width of band and interval between looks.",)
    columns = [
        Column("band", "Band", Kind.PERCENT),
        Column("look", "Months", Kind.COUNT),
        Column("ahead", "Ahead, bp", Kind.SHARES),
    ]
    rows = [(cell.band, Decimal(cell.look_months), cell.premium) for cell in simulation.grid]
    chart = Chart("grid", "The premium by width of band and interval between looks.", grid_figure(simulation))
    return Section(
        "grid", "Band against interval", lead, (chart,), folded=(table("grid", "Band against interval", columns, rows),)
    )


def _ended(text: str) -> str:
    clean = plain(text)
    return clean if clean.endswith(".") else f"{clean}."
