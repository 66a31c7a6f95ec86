"""Cancelling what is being worked on."""

from fastapi import APIRouter
from starlette.responses import Response

from optimizer.web.view import DeskNow, FormNow, seen

router = APIRouter()


@router.post("/jobs/{job_id}/cancel")
def cancel(job_id: str, desk: DeskNow, form: FormNow) -> Response:
    """Give a task up and go to the overview."""
    job = desk.find(job_id)
    if job is not None:
        job.cancel()
    return seen("/?told=cancelled")
