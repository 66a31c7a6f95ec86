"""How a page is made: templates, what every page shows, and waiting for an answer that is not there yet."""

from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from optimizer.report.figures import cents, change, day, dollars, percent, plain, plural, points
from optimizer.report.html.page import section_fragment, table_fragment
from optimizer.report.page import NO_ADVICE
from optimizer.web.desk import Desk, Job
from optimizer.web.guard import Secrets, same
from optimizer.web.worker import Refusal

PATIENCE_SECONDS = 1.2
"""How long a page waits for an answer before it says that one is on its way."""
MOST_FIELDS = 4000
FORM_KEPT = "/simulate?edit=1&"
"""The simulator's form with what was asked, and nothing started."""
PAGES = (
    ("/", "Overview"),
    ("/statements", "Statements"),
    ("/lots", "Lots"),
    ("/targets", "Targets"),
    ("/plan", "Plan"),
    ("/compare", "Compare"),
    ("/frontier", "Frontier"),
    ("/year-end", "Year end"),
    ("/simulate", "Simulate"),
    ("/book", "Book"),
    ("/files", "Files"),
)


class WaitingError(Exception):
    """The answer of a page is still being worked out."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.name)
        self.job = job


def settled(job: Job) -> Job:
    """The job once it is over.

    Raises
    ------
    WaitingError
        If it takes longer than a page should.
    Refusal
        If there is no answer.
    """
    if not job.wait(PATIENCE_SECONDS):
        raise WaitingError(job)
    job.result()
    return job


def answer_or_refusal(job: Job) -> tuple[Any, Refusal | None]:
    """The answer, or why there is none, for pages whose form has to stay; raises :class:`WaitingError` as :func:`settled`."""
    try:
        return settled(job).answer, None
    except Refusal as refusal:
        return None, refusal


def desk_of(request: Request) -> Desk:
    """The desk of this server."""
    desk: Desk = request.app.state.desk
    return desk


def desk_with_household(request: Request) -> Desk:
    """The desk once its household is read, so that a page never waits for the files longer than for a plan.

    Raises
    ------
    WaitingError, Refusal
        As :func:`settled`.
    """
    desk = desk_of(request)
    reading = desk.reading()
    if reading is not None:
        settled(reading)
    return desk


def secrets_of(request: Request) -> Secrets:
    """The secrets of this start."""
    secrets: Secrets = request.app.state.secrets
    return secrets


async def form_of(request: Request) -> FormData:
    """The fields of a form of ours.

    Raises
    ------
    Refusal
        If the form does not hold the secret that only our pages can read.
    """
    form = await request.form(max_files=20, max_fields=MOST_FIELDS, max_part_size=200_000)
    if not same(str(form.get("form", "")), secrets_of(request).form):
        raise Refusal("This form is of another start of the planner. Load the page again and repeat what you did.")
    return form


DeskNow = Annotated[Desk, Depends(desk_of)]
DeskRead = Annotated[Desk, Depends(desk_with_household)]
"""For pages that only show; a form that is sent is never put off."""
FormNow = Annotated[FormData, Depends(form_of)]


@cache
def environment() -> Environment:
    """The templates of this room; every value is escaped unless the code says it is HTML."""
    made = Environment(
        loader=PackageLoader("optimizer.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(
        cents=cents, change=change, day=day, dollars=dollars, percent=percent, plain=plain, plural=plural, points=points
    )
    made.filters.update(named=lambda word, names: names.get(word, word), number=number)
    made.globals.update(no_advice=NO_ADVICE, pages=PAGES, table_html=table_fragment, section_html=section_fragment)
    return made


def number(value: float) -> str:
    """A number as a person types it, without an exponent or a point that says nothing."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def page(request: Request, template: str, status: int = 200, **context: object) -> HTMLResponse:
    """A template as a page."""
    shared = {
        "path": request.url.path,
        "form_secret": secrets_of(request).form,
        "household_seen": desk_of(request).seen,
        "told": "",
        **context,
    }
    return HTMLResponse(environment().get_template(template).render(shared), status)


def page_asked(request: Request, pages: int) -> int:
    """The page of a long table that the address asks for, from 1 to `pages`; the first where it names none."""
    text = request.query_params.get("page", "1")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return min(max(1, asked), pages)


def seen(place: str) -> Response:
    """On to a page after a form."""
    return RedirectResponse(place, 303)


def refused(request: Request, refusal: Refusal) -> HTMLResponse:
    """The page that says why there is no answer."""
    return page(request, "refusal.html.j2", 500 if refusal.is_bug else 422, title="No answer", refusal=refusal)


def waiting(request: Request, job: Job) -> HTMLResponse:
    """The page that says what is being done, and lets it be cancelled."""
    back = f"{FORM_KEPT}{request.url.query}" if request.url.path == "/simulate" else ""
    return page(request, "waiting.html.j2", title=job.name.capitalize(), job=job, back=back)
