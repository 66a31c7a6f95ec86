"""Cancelling what is being worked on."""

from fastapi import APIRouter
from starlette.responses import Response

from optimizer.web.view import FORM_KEPT, DeskNow, FormNow, seen

router = APIRouter()


@router.post("/jobs/{job_id}/cancel")
def cancel(job_id: str, desk: DeskNow, form: FormNow) -> Response:
    """Give a task up and go to the form that asked for it, or to the overview."""
    job = desk.find(job_id)
    if job is not None:
        job.cancel()
    back = str(form.get("back", ""))
    return seen(back if back.startswith(FORM_KEPT) and len(back) < 2000 else "/?told=cancelled")
