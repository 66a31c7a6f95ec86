"""What the page says, section by section: words, figures and tables, before any of it is HTML."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optimizer.benchmark import TrackingSummary
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.report.bands import missing, segment_name
from optimizer.report.benchmark import benchmark_sentence, missed_sentence
from optimizer.report.calendar import Watch, watched_days
from optimizer.report.charts.bands import bands_figure
from optimizer.report.charts.dates import calendar_figure
from optimizer.report.charts.frontier import frontier_figure
from optimizer.report.charts.levers import ladder_figure
from optimizer.report.charts.lots import lot_map_figure
from optimizer.report.charts.placement import placement_figure
from optimizer.report.costs import certificate_text, ledger_text
from optimizer.report.figures import day, dollars, ended, plain, plural, points
from optimizer.report.levers import levers_sentence
from optimizer.report.lines import moved
from optimizer.report.lot_standing import Fate, standings
from optimizer.report.page import NO_ADVICE
from optimizer.report.placement import placement
from optimizer.report.reinvesting import reinvestment_lines
from optimizer.report.table import DataTable, without
from optimizer.report.tables.allocation import account_names, bands_table, placement_table
from optimizer.report.tables.assumptions import assumptions_table
from optimizer.report.tables.benchmark import factors_table, measures_table, names_table
from optimizer.report.tables.holdings import calendar_table, lots_table
from optimizer.report.tables.levers import ladder_table
from optimizer.report.tables.proof import cases_table
from optimizer.report.tables.runners_up import runners_up_table
from optimizer.report.tables.taxes import costs_table, margins_table, return_lines_table, tax_facts_table, tax_table
from optimizer.report.tables.trades import AccountTrades, cash_table, trades_by_account
from optimizer.report.tables.wishes import frontier_table, lot_rules_table, wishes_table
from optimizer.report.verdict import (
    NO_BAND,
    places_sentences,
    proof,
    side_after,
    still_outside,
    tax_sentence,
    usual_rule_sentence,
    verdict,
)

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from optimizer.questions.frontier import Frontier

WITHOUT_QUESTION = (
    "The plan names its question but does not hold it; with the question this page also shows every lot that stays,"
)
"""How the page says what it could show; what is missing follows."""


@dataclass(frozen=True)
class Chart:
    """A figure with the name of its place on the page and what it shows, in words for those who do not see it."""

    name: str
    description: str
    figure: "go.Figure"


@dataclass(frozen=True)
class Section:
    """One heading of the page with all that stands under it.

    Parameters
    ----------
    name : one word, unique on the page, from which its anchor is made.
    title : the heading.
    lead : sentences above the figures.
    charts, tables : what is shown, in order.
    folded : tables that a reader opens.
    trades : accounts with their trades.
    notes : sentences below the tables.
    """

    name: str
    title: str
    lead: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[DataTable, ...] = ()
    folded: tuple[DataTable, ...] = ()
    trades: tuple[AccountTrades, ...] = field(default=())
    notes: tuple[str, ...] = ()


def sections_of(plan: Plan, problem: Problem | None = None, frontier: "Frontier | None" = None) -> list[Section]:
    """All sections in the order of the page.

    Parameters
    ----------
    plan : the answer.
    problem : the question it answers; lots that stay, where things are held and forecasts are left out without it.
    frontier : the least cost at each drift; its section is left out without it.
    """
    made = [allocation_section(plan)]
    made += [benchmark_section(plan, plan.tracking)] if plan.tracking is not None else []
    made += [trades_section(plan, problem), tax_section(plan)]
    if plan.comparison is not None:
        made.append(levers_section(plan))
    made += [frontier_section(frontier)] if frontier is not None else []
    made.append(binding_section(plan))
    if problem is not None:
        made += [lots_section(plan, problem), location_section(plan, problem)]
    made += [calendar_section(plan, problem), costs_section(plan), assumptions_section(plan, problem)]
    return [section for section in made if section.tables or section.trades or section.lead]


def summary_of(plan: Plan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The three sentences everybody reads (bands or benchmark, the tax, the proof), and those beside them.

    What the usual rule would cost stands with the levers.
    """
    lead = (places_sentences(plan)[0], tax_sentence(plan), proof(plan))
    told = (*lead, usual_rule_sentence(plan))
    return lead, tuple(sentence for sentence in verdict(plan) if sentence not in told)


def allocation_section(plan: Plan) -> Section:
    """The segments against their bands."""
    out, left = [row for row in plan.bands if row.was != "inside"], [row for row in plan.bands if side_after(row)]
    words = f"Weights of {plural(len(plan.bands), 'segment')} against their bands. "
    words += (
        f"Now {len(out)} outside: {', '.join(segment_name(row) for row in out) or 'none'}. After the plan {len(left)} outside."
    )
    notes = [
        ended(f"{segment_name(row)} {missing(row)}{f': {plain(row.note)}' if row.note else ''}") for row in still_outside(plan)
    ]
    has_bands = any(row.trigger != NO_BAND for row in plan.bands)
    charts = (Chart("bands", words, bands_figure(plan)),) if has_bands else ()
    table = without(bands_table(plan), "note")  # what it says stands below the table in full sentences
    return Section("allocation", "Allocation against bands", charts=charts, tables=(table,), notes=tuple(notes))


def benchmark_section(plan: Plan, tracking: TrackingSummary) -> Section:
    """The names against the benchmark."""
    lead = (benchmark_sentence(tracking), *([missed_sentence(tracking)] if tracking.missed > 0 else []))
    tables, folded = (measures_table(plan), names_table(plan)), (factors_table(plan),)
    return Section("benchmark", "Against the benchmark", lead=lead, tables=tables, folded=folded)


def trades_section(plan: Plan, problem: Problem | None) -> Section:
    """What to do, account by account."""
    done, names = moved(plan), account_names(plan, problem)
    return Section(
        "trades",
        "Trades by account",
        lead=(f"All accounts: {done}.", "Name the lots to the broker before the trade settles; the orders are yours to place."),
        trades=tuple(each for each in trades_by_account(plan, problem)),
        folded=(runners_up_table(plan, names), cash_table(plan, names)),
    )


def tax_section(plan: Plan) -> Section:
    """The year's tax with the plan and without it."""
    more = [each for each in (return_lines_table(plan), margins_table(plan)) if each]
    words = ledger_text(plan).plain
    return Section("tax", "Tax this year", tables=(tax_table(plan), tax_facts_table(plan)), folded=tuple(more), notes=(words,))


def levers_section(plan: Plan) -> Section:
    """What each way around the tax saved."""
    assert plan.comparison is not None
    words = "Waterfall of the total cost from the usual rule over each lever to the plan. "
    words += "; ".join(f"{row.lever or 'no lever'}: {dollars(row.total)}" for row in plan.comparison.ladder) + "."
    chart = Chart("levers", words, ladder_figure(plan.comparison))
    lead = (usual_rule_sentence(plan), levers_sentence(plan.comparison))
    return Section("levers", "What each lever saved", lead=lead, charts=(chart,), tables=(ladder_table(plan.comparison),))


def frontier_section(frontier: "Frontier") -> Section:
    """What nearness to the targets costs in tax."""
    own = frontier.own_plan
    moved = "raises" if own.added_tax > 0 else "lowers"
    words = f"This plan ends {points(own.drift)} points away from the targets and {moved} this year's tax by"
    words = f"{words} {dollars(abs(own.added_tax))}."
    told = f"{plural(len(frontier.points), 'plan')} of the least cost at each drift, bands set aside. {words}"
    chart = Chart("frontier", told, frontier_figure(frontier))
    lead: tuple[str, ...] = (
        words,
        "The line has the plans of the least cost at each drift, later years counted and bands set aside.",
    )
    reasons = dict.fromkeys(gone.reason for gone in frontier.missing)
    lead += tuple(f"Not every point asked for has a plan: {plain(reason)}." for reason in reasons)
    return Section("frontier", "Tax against drift", lead=lead, charts=(chart,), tables=(frontier_table(frontier),))


def binding_section(plan: Plan) -> Section:
    """What each wish costs and what simpler rules would have done; empty unless the plan was explained."""
    wishes = without(without(wishes_table(plan), "step"), "unit")  # the sentence says by how much a wish is loosened
    tables = tuple(each for each in (wishes, lot_rules_table(plan)) if each)
    return Section("binding", "What was binding and what it cost", tables=tables)


def lots_section(plan: Plan, problem: Problem) -> Section:
    """Every lot, on a map and in a table."""
    lots = standings(plan, problem)
    names = account_names(plan, problem)
    touched = sum(each.fate is not Fate.KEEP for each in lots)
    lead = f"{plural(len(lots), 'lot')}, of which the plan touches {touched:,}."
    chart_words = f"Map of the taxed lots by days held and unrealised gain; {lead} The table holds the same figures."
    mapped = [each for each in lots if each.term is not None and each.gain_fraction is not None]
    charts = (Chart("lots", chart_words, lot_map_figure(plan, lots)),) if mapped else ()
    return Section("lots", "Lot map", lead=(lead,) if lots else (), charts=charts, folded=(lots_table(lots, names),))


def location_section(plan: Plan, problem: Problem) -> Section:
    """Where each segment is held."""
    placed, names = placement(plan, problem), account_names(plan, problem)
    words = f"Heat map of dollars by segment and account after the plan, over {plural(len(placed.accounts), 'account')}."
    chart = Chart("location", f"{words} The table holds the same figures.", placement_figure(placed, names))
    lead = ("Each cell is what a segment holds in an account after the plan; the table also has what it holds now.",)
    return Section("location", "Where things are held", lead=lead, charts=(chart,), folded=(placement_table(placed, names),))


def calendar_section(plan: Plan, problem: Problem | None) -> Section:
    """Days to watch."""
    lots = standings(plan, problem) if problem is not None else []
    days = watched_days(plan, problem, lots)
    told = tuple(reinvestment_lines(plan))
    if not days:
        return Section("calendar", "Calendar", lead=told)
    turning = sum(each.watch is Watch.LONG_TERM for each in days)
    windows = sum(each.watch in (Watch.BUY_BAN, Watch.REPLACEMENT) for each in days)
    words = f"{plural(turning, 'lot turns', 'lots turn')} long-term after {day(plan.as_of)}"
    words += f"; {plural(windows, 'window')} of the wash-sale rule {'stands' if windows == 1 else 'stand'} open."
    chart = Chart("calendar", f"Calendar. {words} The table lists each.", calendar_figure(plan, days))
    lead = (words, "Reinvested dividends count as purchases.") if windows else (words,)
    lead = (*lead, *told)
    return Section(
        "calendar", "Calendar", lead=lead, charts=(chart,), tables=(calendar_table(days, account_names(plan, problem)),)
    )


def costs_section(plan: Plan) -> Section:
    """What the plan weighs, and the proof."""
    tables, notes = (costs_table(plan),), (certificate_text(plan).plain,)
    return Section("costs", "What the plan weighs, and the proof", tables=tables, folded=(cases_table(plan),), notes=notes)


def assumptions_section(plan: Plan, problem: Problem | None) -> Section:
    """What was taken for granted, and what the page is not."""
    notes = [plain(note) for note in plan.notes]
    if problem is None:
        notes.append(f"{WITHOUT_QUESTION} where things are held, and the forecasts behind the plan.")
    return Section("assumptions", "Assumptions", tables=(assumptions_table(plan, problem),), notes=(*notes, NO_ADVICE))
