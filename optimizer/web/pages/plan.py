"""The plan, beside the form that changes what is asked of it; and what each lever saved, worked out after it."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from optimizer.plan import Plan
from optimizer.problem import Lever, Problem
from optimizer.report.html import sections
from optimizer.report.html.page import section_fragment
from optimizer.report.html.sections import Section
from optimizer.web import work
from optimizer.web.desk import Desk
from optimizer.web.draft import BUDGETS, ORDERS, differences, with_money
from optimizer.web.pages.trades import shortened
from optimizer.web.view import DeskNow, DeskRead, FormNow, answer_or_refusal, page, seen, settled

router = APIRouter()


@router.get("/plan")
def plan(request: Request, desk: DeskRead) -> Response:
    """The plan of the draft, or why there is none, beside the form."""
    problem = desk.draft()
    job = desk.plan(problem)
    answer, refusal = answer_or_refusal(job)
    parts, is_short = plan_sections(answer, problem) if refusal is None else ([], False)
    lead, beside = sections.summary_of(answer) if refusal is None else ((), ())
    return page(
        request,
        "plan.html.j2",
        422 if refusal else 200,
        title="Plan",
        problem=problem,
        refusal=refusal,
        lead=lead,
        beside=beside,
        sections=parts,
        is_short=is_short,
        differences=differences(desk.household(), problem),
        budgets=[(name, label, getattr(problem.wishes, name)) for name, label in BUDGETS.items() if _is_asked(problem, name)],
        orders=ORDERS,
        levers=list(Lever),
        names={each.id: each.name or each.id for each in problem.accounts},
        milliseconds=round(job.seconds_of_work * 1000),
    )


@router.post("/plan")
def change(desk: DeskNow, form: FormNow) -> Response:
    """Take the form's orders, limits and levers into the draft."""
    desk.put(with_money(desk.draft(), plain_fields(form), [str(each) for each in form.getlist("lever")]))
    return seen("/plan")


@router.get("/plan/levers")
def levers(request: Request, desk: DeskRead) -> Response:
    """What each lever saved."""
    return _one(request, desk, work.compared, "comparing with fewer levers", "What each lever saved")


@router.get("/plan/prices")
def prices(request: Request, desk: DeskRead) -> Response:
    """What was binding and what it cost."""
    return _one(request, desk, work.explained, "pricing the wishes", "What was binding and what it cost")


def _one(request: Request, desk: Desk, task: work.Asked, doing: str, title: str) -> Response:
    problem = desk.draft()
    answer: Plan = settled(desk.job(task, doing, problem)).answer
    section = sections.levers_section(answer) if answer.comparison is not None else sections.binding_section(answer)
    empty = not (section.tables and any(section.tables))
    return page(request, "section.html.j2", title=title, fragment=section_fragment(section), is_empty=empty)


def plan_sections(answer: Plan, problem: Problem) -> tuple[list[Section], bool]:
    """The report's sections, without those that take longer and the long tables of lots and trades, which have pages of
    their own; and whether trades were left out."""
    trades, is_short = shortened(sections.trades_section(answer, problem))
    made = [
        sections.allocation_section(answer),
        trades,
        sections.tax_section(answer),
        replace(sections.lots_section(answer, problem), folded=()),
        sections.location_section(answer, problem),
        sections.calendar_section(answer, problem),
        sections.costs_section(answer),
        sections.assumptions_section(answer, problem),
    ]
    return [each for each in made if each.tables or each.trades or each.lead], is_short


def plain_fields(form: FormData) -> dict[str, object]:
    """The text fields of a form; of a name that stands more than once the last."""
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


def _is_asked(problem: Problem, name: str) -> bool:
    return name != "max_agi" or problem.taxpayer.income is not None
