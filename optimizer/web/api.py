"""The same as JSON: documents in, documents out, described at `/openapi.json`."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, HTTPException, Path, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.questions.frontier import Frontier
from optimizer.questions.year_end import YearEnd
from optimizer.web import work
from optimizer.web.desk import Job
from optimizer.web.guard import same
from optimizer.web.simulation import SimulationAsked, simulate
from optimizer.web.view import DeskNow, secrets_of
from optimizer.web.worker import Refusal


class RefusedFault(BaseModel):
    """One thing to mend."""

    place: str
    found: str
    expected: str
    step: str = ""


class RefusalDocument(BaseModel):
    """Why there is no answer."""

    title: str
    faults: list[RefusedFault] = []
    lines: list[str] = []


class JobDocument(BaseModel):
    """How far a task is."""

    job_id: str
    name: str
    state: Literal["waiting", "running", "done", "refused"]
    step: str
    done: int
    total: int
    seconds: float


class SavedDocument(BaseModel):
    """What household.toml says now, what it cannot say, and the name of the file that keeps what it was."""

    written: list[str]
    left: list[str]
    before: str


def refusal_document(refusal: Refusal) -> dict[str, Any]:
    """A refusal as it travels."""
    faults = [RefusedFault(place=f.place, found=f.found, expected=f.expected, step=f.step) for f in refusal.faults]
    return RefusalDocument(title=refusal.title, faults=faults, lines=list(refusal.lines)).model_dump()


def job_document(job: Job) -> JobDocument:
    """A task as it travels."""
    return JobDocument(
        job_id=job.job_id,
        name=job.name,
        state=job.state,
        step=job.step,
        done=job.done,
        total=job.total,
        seconds=round(job.seconds, 3),
    )


def spoken_for(request: Request) -> None:
    """Refuse a change that comes with the session's cookie and without the secret of our pages.

    Raises
    ------
    HTTPException
        403 without either secret.
    """
    secrets = secrets_of(request)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and same(token, secrets.token):
        return
    if not same(request.headers.get("x-form", ""), secrets.form):
        raise HTTPException(403, "Send the token as `Authorization: Bearer TOKEN`.")


REFUSALS: dict[int | str, dict[str, Any]] = {
    403: {"model": RefusalDocument, "description": "The request does not come from this session."},
    404: {"model": RefusalDocument, "description": "There is no such thing."},
    413: {"description": "More than is taken."},
    422: {"model": RefusalDocument, "description": "What is wrong with the input, everything at once."},
}
Changes = Depends(spoken_for)
JobId = Annotated[str, Path(max_length=64)]
router = APIRouter(responses=REFUSALS, tags=["household"])


def _sent(document: BaseModel) -> Response:
    return Response(document.model_dump_json(), media_type="application/json")


@router.get("/household", response_model=Problem)
def household(desk: DeskNow) -> Response:
    """The household as its files say it; its `ETag` names it where the draft is kept in the files."""
    answer = _sent(desk.household())
    answer.headers["ETag"] = f'"{desk.seen}"'
    return answer


@router.get("/draft", response_model=Problem)
def draft(desk: DeskNow) -> Response:
    """The question as it stands on the pages."""
    return _sent(desk.draft())


@router.put("/draft", response_model=Problem, dependencies=[Changes])
def put_draft(desk: DeskNow, problem: Problem) -> Response:
    """Take a question as the draft; the household's files stay as they are."""
    return _sent(desk.put(problem))


@router.delete("/draft", status_code=204, dependencies=[Changes])
def drop_draft(desk: DeskNow) -> Response:
    """Go back to what the files say."""
    desk.drop()
    return Response(status_code=204)


@router.post("/draft/save", response_model=SavedDocument, dependencies=[Changes])
def save_draft(desk: DeskNow, if_match: Annotated[str, Header(max_length=80)]) -> Response:
    """Write the draft into household.toml; refused when the files are not those of `If-Match` any more."""
    saved = desk.save(if_match.strip('"'))
    return _sent(SavedDocument(written=list(saved.written), left=list(saved.left), before=saved.before))


@router.get("/plan", response_model=Plan)
def plan(desk: DeskNow, compare: Annotated[bool, Query(description="Also work out what each lever saved.")] = False) -> Response:
    """The plan of the draft."""
    problem = desk.draft()
    return _sent(desk.job(work.compared, "comparing", problem).result() if compare else desk.plan_now(problem))


@router.post("/plan", response_model=Plan, dependencies=[Changes])
def plan_of(desk: DeskNow, problem: Problem) -> Response:
    """The plan of another question; the draft stays as it is."""
    return _sent(desk.plan_now(problem))


@router.get("/explain", response_model=Plan)
def explain(desk: DeskNow) -> Response:
    """The draft's plan with runners-up, prices of wishes and simpler rules."""
    return _sent(desk.job(work.explained, "explaining every trade", desk.draft()).result())


@router.get("/frontier", response_model=Frontier)
def frontier(
    desk: DeskNow, against: Literal["drift", "gains"] = "drift", points: Annotated[int, Query(ge=2, le=41)] = 11
) -> Response:
    """What less drift, or a smaller budget of gains, costs."""
    return _sent(desk.job(work.frontier, "drawing the frontier", desk.draft(), against, points).result())


@router.get("/year-end", response_model=YearEnd)
def year_end(desk: DeskNow) -> Response:
    """December and January in one plan."""
    return _sent(desk.job(work.year_end, "planning both years", desk.draft()).result())


@router.post("/simulate", response_model=JobDocument, status_code=202, dependencies=[Changes])
def simulation(desk: DeskNow, asked: SimulationAsked) -> Response:
    """Start a simulation; ask for its progress at `/api/jobs/{job_id}` and for its answer at `/api/jobs/{job_id}/answer`."""
    return Response(job_document(desk.job(simulate, "simulating", asked)).model_dump_json(), 202, media_type="application/json")


@router.get("/jobs/{job_id}/answer")
def answer(desk: DeskNow, job_id: JobId) -> Response:
    """The document a task came to, once it is done; 404 before."""
    found = _found(desk.find(job_id))
    if found.refusal is not None:
        raise found.refusal
    if not isinstance(found.answer, BaseModel):
        raise HTTPException(404, "There is no answer yet.")
    return _sent(found.answer)


@router.get("/variants")
def variants(desk: DeskNow) -> list[str]:
    """Names of the questions kept beside the draft."""
    return list(desk.variants())


@router.put("/variants/{name}", status_code=204, dependencies=[Changes])
def keep_variant(desk: DeskNow, name: Annotated[str, Path(min_length=1, max_length=60)]) -> Response:
    """Keep the draft under a name."""
    desk.keep_variant(name, desk.draft())
    return Response(status_code=204)


@router.delete("/variants/{name}", status_code=204, dependencies=[Changes])
def remove_variant(desk: DeskNow, name: Annotated[str, Path(max_length=60)]) -> Response:
    """Forget a variant."""
    desk.remove_variant(name)
    return Response(status_code=204)


@router.get("/jobs/{job_id}")
def job(desk: DeskNow, job_id: JobId) -> JobDocument:
    """How far a task is."""
    return job_document(_found(desk.find(job_id)))


@router.delete("/jobs/{job_id}", dependencies=[Changes])
def cancel(desk: DeskNow, job_id: JobId) -> JobDocument:
    """Give a task up."""
    found = _found(desk.find(job_id))
    found.cancel()
    return job_document(found)


def _found(job: Job | None) -> Job:
    if job is None:
        raise HTTPException(404)
    return job
