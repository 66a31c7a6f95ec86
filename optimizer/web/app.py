"""The application: the guard around the pages and the JSON, and what a reader is told when something goes wrong."""

import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from optimizer.errors import Fault, InputFaults
from optimizer.release import software_version
from optimizer.web import api, records
from optimizer.web.desk import Desk
from optimizer.web.guard import Guard, Secrets
from optimizer.web.pages import ROUTERS
from optimizer.web.view import WaitingError, refused, waiting
from optimizer.web.worker import Refusal, refusal_of

DESCRIPTION = (
    "One household's question and its answers as JSON documents, the same that the command line reads and writes. "
    "A program speaks with the header `Authorization: Bearer TOKEN`, the token of the address that `bandwise serve` prints."
)


def create_app(desk: Desk, secrets: Secrets) -> FastAPI:
    """Put the planner together.

    Parameters
    ----------
    desk : the household that is asked about.
    secrets : who may ask, and under which names of this machine.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        desk.warm()
        yield
        desk.close()

    app = FastAPI(
        title="Bandwise",
        version=software_version(),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lifespan,
    )
    app.state.desk, app.state.secrets = desk, secrets
    for router in ROUTERS:
        app.include_router(router, include_in_schema=False)
    for part in (api.router, records.router):
        app.include_router(part, prefix="/api")
    app.add_exception_handler(WaitingError, _on_waiting)
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(InputFaults, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_bug)
    app.add_middleware(Guard, secrets=secrets)
    return app


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api")


def _answer(request: Request, refusal: Refusal, status: int | None = None) -> Response:
    if not _is_api(request):
        answer = refused(request, refusal)
        answer.status_code = status or answer.status_code
        return answer
    return JSONResponse(api.refusal_document(refusal), status or (500 if refusal.is_bug else 422))


def _on_waiting(request: Request, error: Exception) -> Response:
    assert isinstance(error, WaitingError)
    return waiting(request, error.job)


def _on_refusal(request: Request, error: Exception) -> Response:
    return _answer(request, refusal_of(error))


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = []
    for item in error.errors():
        where = "/".join(str(part) for part in item["loc"])
        message = str(item["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
        faults.append(Fault((), repr(item.get("input"))[:80], message[:200], where=where[:200]))
    return _answer(request, Refusal("There is something to mend in the request first.", tuple(faults)))


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = "There is no such page." if error.status_code == 404 else str(error.detail)
    answer = _answer(request, Refusal(title), error.status_code)
    answer.headers.update(error.headers or {})
    return answer


def _on_bug(request: Request, error: Exception) -> Response:
    traceback.print_exception(error)
    return _answer(request, Refusal("This is a fault of the program. Its trace is in the terminal that runs it.", is_bug=True))
