"""Loading statements: choose files, see what was understood and what was not, then keep all of them or none."""

import re
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from lots.accounts import AccountKind
from lots.importers.registry import formats
from optimizer.web import intake
from optimizer.web.desk import Desk
from optimizer.web.intake import Asked
from optimizer.web.view import DeskNow, FormNow, answer_or_refusal, page, seen, settled
from optimizer.web.worker import Refusal

router = APIRouter()
MOST_FILES, MOST_STAGES = 20, 4


@dataclass(frozen=True)
class Stage:
    """Files that were sent and are not kept; they lie in a folder of their own until then."""

    place: Path
    files: tuple[Path, ...]
    asked: Asked


@router.get("/statements")
def statements(request: Request) -> Response:
    """Where files are chosen."""
    return page(
        request,
        "statements.html.j2",
        title="Load statements",
        kinds=[each.value for each in AccountKind],
        formats=sorted({each.name for each in formats()}),
        most=MOST_FILES,
        largest=intake.LARGEST_FILE,
    )


@router.post("/statements")
def load(desk: DeskNow, form: FormNow) -> Response:
    """Take files and show what is in them."""
    uploads = [each for each in form.getlist("files") if isinstance(each, UploadFile) and each.filename]
    if not uploads:
        raise Refusal("No file was chosen.")
    name = staged(desk, uploads, asked_of(form))
    return seen(f"/statements/{name}")


@router.get("/statements/{name}")
def understood(request: Request, desk: DeskNow, name: str) -> Response:
    """What was understood and what was not."""
    stage = stage_of(desk, name)
    found, refusal = answer_or_refusal(
        desk.job(intake.look, "reading the statements", desk.folder, stage.files, stage.asked, stamp=name, seconds=intake.SECONDS)
    )
    status = 422 if refusal else 200
    return page(request, "understood.html.j2", status, title="What was understood", name=name, seen=found, refusal=refusal)


@router.post("/statements/{name}/keep")
def keep(request: Request, desk: DeskNow, form: FormNow, name: str) -> Response:
    """Write all of it to the ledger, or none."""
    stage = stage_of(desk, name)
    job = desk.job(intake.keep, "writing the ledger", desk.folder, stage.files, stage.asked, stamp=name, seconds=intake.SECONDS)
    job.result()
    thrown_away(desk, name)
    return page(request, "understood.html.j2", title="Kept", name=name, seen=settled(job).answer, refusal=None)


@router.post("/statements/{name}/drop")
def drop(desk: DeskNow, form: FormNow, name: str) -> Response:
    """Throw the files away that were sent."""
    stage_of(desk, name)
    thrown_away(desk, name)
    return seen("/statements")


def asked_of(form: FormData) -> Asked:
    """What the form says beside the files."""

    def words(name: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in re.split(r"[\n,]+", str(form.get(name, ""))) if word.strip())

    symbol, as_of = (str(form.get(name, "")).strip() or None for name in ("symbol", "as_of"))
    return Asked(words("accounts"), words("kinds"), symbol, as_of)


def staged(desk: Desk, uploads: list[UploadFile], asked: Asked) -> str:
    """Lay files aside for a look; returns the stage's name.

    Raises
    ------
    Refusal
        If there are too many or one is too large.
    """
    if len(uploads) > MOST_FILES:
        raise Refusal(f"{len(uploads)} files at once are too many; {MOST_FILES} are taken.")
    large = [each.filename for each in uploads if (each.size or 0) > intake.LARGEST_FILE]
    if large:
        raise Refusal(f"{large[0]} is larger than {intake.LARGEST_FILE:,} bytes.")
    place = Path(tempfile.mkdtemp(prefix="bandwise-statements-"))
    files: list[Path] = []
    for number, each in enumerate(uploads):
        target = place / str(number) / plain_name(each.filename or "")
        target.parent.mkdir()
        with target.open("wb") as file:
            shutil.copyfileobj(each.file, file)
        files.append(target)
    name = uuid.uuid4().hex
    for old in list(desk.stages)[: max(0, len(desk.stages) - MOST_STAGES + 1)]:
        thrown_away(desk, old)
    desk.stages[name] = Stage(place, tuple(files), asked)
    return name


def plain_name(name: str) -> str:
    """The last part of a file's name with nothing in it that means something to a file system."""
    last = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[^\w .()+-]", "_", last).lstrip(". ")[-100:] or "statement"


def stage_of(desk: Desk, name: str) -> Stage:
    """A stage by its name, or 404."""
    stage = desk.stages.get(name)
    if not isinstance(stage, Stage):
        raise HTTPException(404)
    return stage


def thrown_away(desk: Desk, name: str) -> None:
    """Remove the files of a stage."""
    stage = desk.stages.pop(name, None)
    if isinstance(stage, Stage):
        shutil.rmtree(stage.place, ignore_errors=True)
