"""Style and scripts, all from this machine."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from optimizer.report.html.page import chart_library, text_of

router = APIRouter()
CSS, SCRIPT = "text/css; charset=utf-8", "text/javascript; charset=utf-8"
SOURCES: dict[str, tuple[str, Callable[[], str]]] = {
    "page.css": (CSS, lambda: text_of("page.css")),
    "figures.js": (SCRIPT, lambda: text_of("page.js")),
    "plotly.js": (SCRIPT, chart_library),
    "planner.css": (CSS, lambda: _own("planner.css")),
    "planner.js": (SCRIPT, lambda: _own("planner.js")),
}


@router.get("/static/{name}")
def static(name: str) -> Response:
    """One of the files the pages load; there are no others."""
    if name not in SOURCES:
        raise HTTPException(404)
    kind, _ = SOURCES[name]
    return Response(_bytes(name), media_type=kind, headers={"Cache-Control": "private, max-age=3600"})


@cache
def _bytes(name: str) -> bytes:
    return SOURCES[name][1]().encode()


def _own(name: str) -> str:
    found: Any = files("optimizer.web").joinpath("static", name)
    return str(found.read_text(encoding="utf-8"))
