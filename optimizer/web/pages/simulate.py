"""The simulator: what is asked, how far it is, and whether rebalancing paid."""

from dataclasses import dataclass
from decimal import Decimal

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from optimizer.errors import Fault, InputFaults
from optimizer.problem import Lever
from optimizer.report.charts.style import BLUE, GREEN, GREY, ORANGE, RED, empty_figure
from optimizer.report.html.page import section_fragment
from optimizer.report.html.sections import Chart, Section
from optimizer.report.simulation import NO_PROMISE
from optimizer.report.table import Column, DataTable, Kind, table
from optimizer.simulate.document import Simulation
from optimizer.web.desk import Desk
from optimizer.web.simulation import SimulationAsked, simulate
from optimizer.web.view import DeskNow, answer_or_refusal, number, page, settled
from optimizer.web.worker import Refusal, refusal_of

router = APIRouter()
FIELDS = {
    "years": "Years",
    "paths": "Paths",
    "growth_pct": "Growth a year, %",
    "volatility_pct": "Volatility a year, %",
    "correlation": "Correlation",
    "start": "Start, $",
    "ordinary_pct": "Ordinary rate, %",
    "long_term_pct": "Long-term rate, %",
    "contribute": "Contributed a year, $",
    "withdraw": "Withdrawn a year, $",
    "donate": "Given a year, $",
    "seed": "Seed",
}
LEVERS = tuple(lever for lever in Lever if lever is not Lever.LOCATION)
COLOURS = (GREY, BLUE, ORANGE, GREEN, RED, "#8a63b8", "#6b6f76")
DASHES = ("solid", "dash", "dot")
_POLICIES = (
    Column("policy", "Policy"),
    Column("before", "Before tax", Kind.PERCENT),
    Column("after", "Yearly tax", Kind.PERCENT),
    Column("sold", "Sold at the end", Kind.PERCENT),
    Column("heirs", "Heirs", Kind.PERCENT),
    Column("volatility", "Volatility", Kind.PERCENT),
    Column("fall", "Deepest fall", Kind.PERCENT),
    Column("turnover", "Turnover", Kind.PERCENT),
    Column("times", "Trades a year", Kind.COUNT),
    Column("drag", "Tax drag, bp", Kind.COUNT),
)
_PREMIUMS = (
    Column("policy", "Policy"),
    Column("years", "Years", Kind.COUNT),
    Column("measure", "Counted"),
    Column("median", "Median", Kind.COUNT),
    Column("low", "5 %", Kind.COUNT),
    Column("high", "95 %", Kind.COUNT),
    Column("ahead", "Ahead in", Kind.PERCENT),
)
_LADDER = (Column("step", "Step"), Column("drag", "Tax drag, bp", Kind.COUNT), Column("back", "Gives back, bp", Kind.COUNT))
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Limits:
    """What a field takes, as its attributes and in words."""

    least: str
    most: str
    step: str
    words: str


@router.get("/simulate")
def simulation(request: Request, desk: DeskNow) -> Response:
    """The form; and, once it is sent, the answer."""
    query = request.query_params
    answer: Simulation | None = None
    refusal: Refusal | None = None
    try:
        asked = asked_of(request)
    except InputFaults as faults:
        asked, refusal = None, refusal_of(faults)
    if asked is not None and "edit" not in query:
        answer, refusal = answer_or_refusal(desk.job(simulate, "simulating", asked))
    usual = of_household(desk) if "years" not in query else SimulationAsked()
    return page(
        request,
        "simulate.html.j2",
        422 if refusal else 200,
        title="Simulate",
        fields=FIELDS,
        limits=LIMITS,
        given={name: query.get(name, "").strip()[:40] if name in query else number(getattr(usual, name)) for name in FIELDS},
        market=query.get("market", usual.market),
        ticked=query.getlist("lever"),
        levers=LEVERS,
        refusal=refusal,
        answer=answer,
        fragment=section_fragment(section_of(answer)) if answer else "",
        no_promise=NO_PROMISE,
        told="Cancelled. Nothing was changed." if "edit" in query else "",
    )


def of_household(desk: Desk) -> SimulationAsked:
    """What the form shows at first: the household's own rates where it states flat ones and its files can be read."""
    usual = SimulationAsked()
    reading = desk.reading()
    try:
        if reading is not None:
            settled(reading)
        rates = desk.draft().taxpayer.rates
    except Refusal:
        return usual
    if rates is None:
        return usual
    return usual.model_copy(update={"ordinary_pct": float(rates.ordinary * 100), "long_term_pct": float(rates.long_term * 100)})


def limits_of(name: str) -> Limits:
    """What a field takes."""
    least, most, words = None, None, "any number"
    for each in SimulationAsked.model_fields[name].metadata:
        above, least, most = getattr(each, "gt", None), getattr(each, "ge", least), getattr(each, "le", most)
        if above is not None:
            least, words = above, f"above {above:g}"
    if most is not None:
        words = f"{words}, at most {most:,.15g}" if words.startswith("above") else f"{least:,.15g} to {most:,.15g}"
    is_whole = SimulationAsked.model_fields[name].annotation is int
    return Limits(number(least or 0), number(most) if most is not None else "", "1" if is_whole else "any", words)


def asked_of(request: Request) -> SimulationAsked | None:
    """The question in the address; None where there is none yet.

    Raises
    ------
    InputFaults
        With every field that is no number or out of bounds.
    """
    query = request.query_params
    if "years" not in query:
        return None
    parts: dict[str, object] = {name: query[name].strip() for name in (*FIELDS, "market") if query.get(name, "").strip()}
    parts["levers"] = query.getlist("lever")
    try:
        return SimulationAsked.model_validate(parts)
    except ValidationError as error:
        faults = [
            Fault((), repr(each.get("input"))[:60], each["msg"].removeprefix("Input should be "), where=_label(each["loc"]))
            for each in error.errors(include_url=False)
        ]
        raise InputFaults(faults) from None


def _label(place: tuple[int | str, ...]) -> str:
    return FIELDS.get(str(place[0]), str(place[0])) if place else "the form"


def section_of(answer: Simulation) -> Section:
    """The answer as figures and tables."""
    tables: tuple[DataTable, ...] = (policies_table(answer), premiums_table(answer, "buy-and-hold"))
    folded = (premiums_table(answer, "average segment"),)
    if answer.ladder:
        rows = [(row.step, _tenths(row.drag), _tenths(row.gives_back)) for row in answer.ladder]
        tables = (*tables, table("ladder", "What each lever gives back of the tax drag, basis points a year", _LADDER, rows))
    return Section("simulation", "The answer", charts=(growth_chart(answer),), tables=tables, folded=folded)


def _tenths(figure: Decimal) -> str:
    """A count or basis points to a tenth; finer than that no path agrees."""
    return f"{figure.quantize(TENTH) + 0:,.1f}"


def policies_table(answer: Simulation) -> DataTable:
    """Every policy over the whole span."""
    rows = [
        (
            *(row.policy, row.before, row.after, row.liquidated, row.stepped_up, row.volatility, row.drawdown, row.turnover),
            *(_tenths(row.rebalances), _tenths(row.drag)),
        )
        for row in answer.policies
    ]
    many = f", median of {answer.paths:,} paths" if answer.paths > 1 else ""
    return table("policies", f"Policies, {answer.first_day} to {answer.last_day}{many}, a year", _POLICIES, rows)


def premiums_table(answer: Simulation, against: str) -> DataTable:
    """How far every policy was ahead."""
    rows = [
        (
            *(row.policy, row.years, row.measure, _tenths(row.median), _tenths(row.low), _tenths(row.high)),
            row.positive,
        )
        for row in answer.premiums
        if row.against == against and row.measure != "after tax each year"
    ]
    return table(f"premiums-{against.replace(' ', '-')}", f"Ahead of {against}, basis points a year", _PREMIUMS, rows)


def growth_chart(answer: Simulation) -> Chart:
    """Every policy's value through time: on the history, or on the first path."""
    figure = empty_figure(360)
    for place, series in enumerate(answer.series):
        figure.add_scatter(
            x=[day.isoformat() for day in answer.days],
            y=[round(float(value)) for value in series.value],
            mode="lines",
            name=series.policy,
            line={
                "color": COLOURS[place % len(COLOURS)],
                "width": 1.8,
                "dash": DASHES[place // len(COLOURS) % 3],
            },
        )
    figure.update_layout(showlegend=True)
    figure.update_yaxes(type="log", tickformat="$~s")
    which = "on the first of the paths" if answer.paths > 1 else "on this history"
    return Chart("growth", f"Value of every policy through time, {which}. The table has the growth a year.", figure)


LIMITS = {name: limits_of(name) for name in FIELDS}
