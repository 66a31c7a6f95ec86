"""December and January: what to do now, what to leave, and what the choice of dates is worth."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from fastapi import APIRouter, Request
from starlette.responses import Response

from optimizer.problem import Problem
from optimizer.questions.year_end.document import YearEnd
from optimizer.report.figures import day, dollars
from optimizer.report.html.page import section_fragment
from optimizer.report.html.sections import Section, trades_section
from optimizer.report.table import Column, DataTable, Kind, table
from optimizer.web import work
from optimizer.web.pages.trades import shortened
from optimizer.web.view import DeskNow, DeskRead, FormNow, page, seen, settled

router = APIRouter()
_TAXES = (
    Column("year", "Tax year"),
    Column("without", "Without trades", Kind.DOLLARS, is_summed=True),
    Column("with", "With the plan", Kind.DOLLARS, is_summed=True),
    Column("short", "Net short", Kind.DOLLARS),
    Column("long", "Net long", Kind.DOLLARS),
    Column("carried", "Loss carried on", Kind.DOLLARS),
)
_DATES = (
    Column("dates", "Dates"),
    Column("now", "Tax this year", Kind.DOLLARS),
    Column("then", "Tax next year", Kind.DOLLARS),
    Column("total", "Total", Kind.DOLLARS),
    Column("more", "Costs more", Kind.CHANGE),
    Column("outside", "Outside bands meanwhile", Kind.DOLLARS),
    Column("drift", "Drift meanwhile", Kind.PERCENT),
)
_SALES = (
    Column("lot", "Sale"),
    Column("when", "When"),
    Column("gain", "Gain", Kind.CHANGE),
    Column("term", "Term"),
    Column("other", "On the other date"),
    Column("costs", "Tax then", Kind.CHANGE),
)
_TURNING = (
    Column("lot", "Lot"),
    Column("from", "Long-term from", Kind.DATE),
    Column("left", "Days left", Kind.COUNT),
    Column("gain", "Gain", Kind.CHANGE),
    Column("saves", "Waiting saves", Kind.CHANGE),
    Column("plan", "The plan"),
)


@router.get("/year-end")
def year_end(request: Request, desk: DeskRead) -> Response:
    """Both years in one plan."""
    problem = desk.draft()
    answer: YearEnd = settled(desk.job(work.year_end, "planning both years", problem)).answer
    first, is_short_now = shortened(trades_section(answer.this_year, problem))
    second, is_short_then = shortened(trades_section(answer.next_year, problem))
    now = named(first, "now", f"Now: trade on {day(answer.this_year.as_of)}")
    then = named(second, "January", f"In January: trade on {day(answer.january)}")
    others = [f"{dollars(each.costs_more)} over {each.dates}" for each in answer.alternatives if each.dates != "both"]
    return page(
        request,
        "year_end.html.j2",
        title="December and January",
        answer=answer,
        others=" and ".join(others),
        halves=[(section_fragment(now), "now", is_short_now), (section_fragment(then), "january", is_short_then)],
        tables=[each for each in tables_of(answer, lot_words(problem)) if each],
        next_year=problem.next_year,
    )


@router.post("/year-end")
def change(desk: DeskNow, form: FormNow) -> Response:
    """Say what may wait for January."""
    problem: Problem = desk.draft()
    bands = "january" if form.get("bands_by") == "january" else "december"
    update = {"bands_by": bands, "gifts_may_wait": form.get("gifts_may_wait") == "1"}
    desk.put(problem.model_copy(update={"next_year": problem.next_year.model_copy(update=update)}))
    return seen("/year-end")


def named(section: Section, name: str, title: str) -> Section:
    """A plan's trades under another heading; each account says the date as well, for both dates stand on one page."""
    trades = tuple(replace(each, name=f"{each.name}, {name}") for each in section.trades)
    return Section(name, title, lead=section.lead, trades=trades)


def lot_words(problem: Problem) -> dict[str, str]:
    """Every lot in words: what, since when, and where."""
    names = {each.id: each.name or each.id for each in problem.accounts}
    return {
        lot.id: f"{lot.symbol}{f' of {lot.acquired}' if lot.acquired else ''}, {names.get(lot.account, lot.account)}"
        for lot in problem.lots
    }


def tables_of(answer: YearEnd, words: Mapping[str, str]) -> list[DataTable]:
    """Both years' tax, the choices of dates, sales whose date matters, and lots about to turn; lots by their words."""
    taxes = [
        (
            *(str(plan.tax_year), plan.tax.without_plan.total, plan.tax.with_plan.total),
            *(plan.tax.with_plan.short, plan.tax.with_plan.long),
            plan.tax.with_plan.short_carryforward + plan.tax.with_plan.long_carryforward,
        )
        for plan in (answer.this_year, answer.next_year)
    ]
    dates = [
        (
            *("as planned" if each.dates == "both" else each.dates, each.this_year_tax, each.next_year_tax),
            *(each.total, each.costs_more, each.outside_meanwhile, each.drift_meanwhile),
        )
        for each in answer.alternatives
    ]
    sales = [
        (
            *(words.get(each.lot, each.lot), "now" if each.date == "december" else "January", each.gain, each.term),
            *(each.term_on_other_date, each.other_date_costs),
        )
        for each in sorted(answer.dates, key=lambda row: -abs(row.other_date_costs))
    ]
    turning = [
        (words.get(each.lot, each.lot), each.long_term_from, Decimal(each.days_left), each.gain, each.waiting_saves, each.plan)
        for each in answer.turning
    ]
    return [
        table("taxes", "Both years' tax", _TAXES, taxes),
        table("dates", "What the choice of dates is worth; next year's tax at its value today", _DATES, dates),
        table("sales", "Sales, and what both years' tax would be more on the other date", _SALES, sales),
        table("turning", "Lots about to turn long-term", _TURNING, turning),
    ]
