"""The frontier: a point is chosen with a slider, on the figure, or by its button, and can become the draft."""

from decimal import Decimal

from fastapi import APIRouter, Request
from starlette.responses import Response

from lots.units import ZERO
from optimizer.problem import Band, Problem
from optimizer.questions.frontier import Against, Frontier
from optimizer.report.html.page import section_fragment
from optimizer.report.html.sections import frontier_section
from optimizer.web import work
from optimizer.web.view import DeskNow, DeskRead, FormNow, page, seen, settled
from optimizer.web.worker import Refusal

router = APIRouter()
POINTS = 11
EVERYTHING = Band(lower=ZERO, upper=Decimal(1))


@router.get("/frontier")
def frontier(request: Request, desk: DeskRead, against: str = "drift") -> Response:
    """The curve of the draft."""
    side: Against = "gains" if against == "gains" else "drift"
    problem = desk.draft()
    answer: Frontier = settled(desk.job(work.frontier, "drawing the frontier", problem, side, POINTS)).answer
    points = sorted(answer.points, key=lambda point: point.drift)
    return page(
        request,
        "frontier.html.j2",
        title="Frontier",
        against=side,
        points=points,
        own=answer.own_plan,
        fragment=section_fragment(frontier_section(answer)),
    )


@router.post("/frontier/take")
def take(desk: DeskNow, form: FormNow) -> Response:
    """Ask for a point: its limit becomes part of the draft."""
    try:
        limit = Decimal(str(form.get("limit", "")))
    except ArithmeticError:
        raise Refusal("The point has no limit.") from None
    if not limit.is_finite():
        raise Refusal("The point has no limit.")
    draft = desk.draft()
    desk.put(at_gain(draft, limit) if form.get("against") == "gains" else at_drift(draft, limit))
    return seen("/plan")


@router.post("/frontier/leave")
def leave(desk: DeskNow, form: FormNow) -> Response:
    """Bring the bands back in place of the limit on drift."""
    desk.put(with_bands_of(desk.household(), desk.draft()))
    return seen("/plan")


def with_bands_of(base: Problem, draft: Problem) -> Problem:
    """The draft with the bands of the files, each moved along with a target that was drafted, and their limit on drift."""
    segments = tuple(
        new.model_copy(
            update={
                "trigger": _moved(old.trigger, new.target - old.target),
                "destination": _moved(old.destination, new.target - old.target),
            }
        )
        for old, new in zip(base.segments, draft.segments, strict=True)
    )
    scope = draft.scope.model_copy(update={"max_drift": base.scope.max_drift})
    return draft.model_copy(update={"segments": segments, "scope": scope})


def _moved(band: Band, move: Decimal) -> Band:
    return Band(lower=max(ZERO, band.lower + move), upper=min(Decimal(1), band.upper + move)) if move else band


def at_gain(problem: Problem, limit: Decimal) -> Problem:
    """The question with a limit on the year's net gain."""
    return problem.model_copy(update={"wishes": problem.wishes.model_copy(update={"max_net_gain": limit})})


def at_drift(problem: Problem, limit: Decimal) -> Problem:
    """The question with its bands set aside and a limit on drift in their place."""
    if not 0 <= limit <= 1:
        raise Refusal("A limit on drift lies between 0 and 1.")
    free = tuple(each.model_copy(update={"trigger": EVERYTHING, "destination": EVERYTHING}) for each in problem.segments)
    return problem.model_copy(update={"segments": free, "scope": problem.scope.model_copy(update={"max_drift": limit})})
