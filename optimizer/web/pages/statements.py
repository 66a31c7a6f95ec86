"""Loading statements: choose files, see what was understood and what was not, then keep all of them or none."""

import re

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from lots.accounts import AccountKind
from lots.importers.registry import formats
from optimizer.web import intake
from optimizer.web.desk import Desk, Job
from optimizer.web.intake import Asked
from optimizer.web.staging import MOST_FILES, Stage
from optimizer.web.view import DeskNow, FormNow, answer_or_refusal, page, seen, settled

router = APIRouter()


@router.get("/statements")
def statements(request: Request) -> Response:
    """Where files are chosen."""
    return page(
        request,
        "statements.html.j2",
        title="Load statements",
        kinds=[each.value for each in AccountKind],
        formats=sorted({each.title for each in formats()}, key=str.lower),
        most=MOST_FILES,
        largest=intake.LARGEST_FILE // 1_000_000,
    )


@router.post("/statements")
def load(desk: DeskNow, form: FormNow) -> Response:
    """Take files and show what is in them."""
    return seen(f"/statements/{desk.staging.put(uploads_of(form), asked_of(form))}")


@router.get("/statements/{name}")
def understood(request: Request, desk: DeskNow, name: str) -> Response:
    """What was understood and what was not."""
    stage = stage_of(desk, name)
    stamp = (name, desk.stamp())  # looked at again once the household's own files are changed
    found, refusal = answer_or_refusal(
        desk.job(
            intake.look, "reading the statements", desk.folder, stage.files, stage.asked, stamp=stamp, seconds=intake.SECONDS
        )
    )
    status = 422 if refusal else 200
    return page(request, "understood.html.j2", status, title="What was understood", name=name, seen=found, refusal=refusal)


@router.post("/statements/{name}/keep")
def keep(request: Request, desk: DeskNow, form: FormNow, name: str) -> Response:
    """Write all of it to the ledger, or none."""
    stage = stage_of(desk, name)
    job = desk.job(intake.keep, "writing the ledger", desk.folder, stage.files, stage.asked, stamp=name, seconds=intake.SECONDS)
    job.result()
    desk.staging.drop(name)
    return page(request, "understood.html.j2", title="Kept", name=name, seen=settled(job).answer, refusal=None)


@router.post("/statements/{name}/drop")
def drop(desk: DeskNow, form: FormNow, name: str) -> Response:
    """Throw the files away that were sent."""
    stage_of(desk, name)
    desk.staging.drop(name)
    return seen("/statements")


def looking(desk: Desk, stage: Stage, name: str) -> Job:
    """The reading of files that were sent; they are read again once the household's own files are changed."""
    stamp, asked = (name, desk.stamp()), (desk.folder, stage.files, stage.asked)
    return desk.job(intake.look, "reading the statements", *asked, stamp=stamp, seconds=intake.SECONDS)


def uploads_of(form: FormData) -> list[UploadFile]:
    """The files of a form."""
    return [each for each in form.getlist("files") if isinstance(each, UploadFile) and each.filename]


def asked_of(form: FormData) -> Asked:
    """What the form says beside the files."""

    def words(name: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in re.split(r"[\n,]+", str(form.get(name, ""))) if word.strip())

    symbol, as_of = (str(form.get(name, "")).strip() or None for name in ("symbol", "as_of"))
    return Asked(words("accounts"), words("kinds"), symbol, as_of)


def stage_of(desk: Desk, name: str) -> Stage:
    """A stage by its name, or 404."""
    stage = desk.staging.find(name)
    if stage is None:
        raise HTTPException(404)
    return stage
