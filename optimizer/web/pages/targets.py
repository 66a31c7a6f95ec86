"""Segments, targets and bands, with sliders where there is script and numbers everywhere."""

from dataclasses import dataclass
from decimal import Decimal

from fastapi import APIRouter, Request
from starlette.responses import Response

from optimizer.problem import Problem, SegmentFacts
from optimizer.report.html import sections
from optimizer.report.html.page import section_fragment
from optimizer.targets.drift import drifts_of
from optimizer.web.draft import differences, with_bands
from optimizer.web.pages.plan import plain_fields
from optimizer.web.view import DeskNow, DeskRead, FormNow, answer_or_refusal, page, seen

router = APIRouter()
FINE = Decimal("0.0001")


@dataclass(frozen=True)
class BandFields:
    """One row of the form, in per cent of the household."""

    segment: SegmentFacts
    name: str
    depth: int
    is_whole: bool
    now: Decimal
    standing: str
    target: str
    lower: str
    upper: str


@router.get("/targets")
def targets(request: Request, desk: DeskRead) -> Response:
    """The form beside the plan it leads to."""
    problem = desk.draft()
    answer, refusal = answer_or_refusal(desk.plan(problem))
    lead = sections.summary_of(answer)[0] if refusal is None else ()
    return page(
        request,
        "targets.html.j2",
        422 if refusal else 200,
        title="Targets and bands",
        rows=band_fields(problem),
        refusal=refusal,
        lead=lead,
        fragment=section_fragment(sections.allocation_section(answer)) if refusal is None else "",
        differences=differences(desk.household(), problem),
    )


@router.post("/targets")
def change(desk: DeskNow, form: FormNow) -> Response:
    """Take the form's bands into the draft."""
    desk.put(with_bands(desk.draft(), plain_fields(form)))
    return seen("/targets")


def band_fields(problem: Problem) -> list[BandFields]:
    """The rows of the form, every whole before its parts."""
    drifts = {each.segment.id: each for each in drifts_of(problem)}
    parts: dict[str | None, list[SegmentFacts]] = {}
    for segment in problem.segments:
        parts.setdefault(segment.parent, []).append(segment)
    rows: list[BandFields] = []

    def add(whole: str | None, depth: int) -> None:
        for each in parts.get(whole, ()):
            drift = drifts[each.id]
            edges = (_shown(each.target), _shown(each.trigger.lower), _shown(each.trigger.upper))
            rows.append(BandFields(each, each.name or each.id, depth, each.id in parts, drift.weight, drift.standing, *edges))
            add(each.id, depth + 1)

    add(None, 0)
    return rows


def _shown(fraction: Decimal) -> str:
    return f"{(fraction * 100).quantize(FINE).normalize():f}"
