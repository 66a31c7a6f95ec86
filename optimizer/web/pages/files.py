"""The plan to take along: report, workbook, tickets, letter, and the documents."""

import re

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from optimizer.plan import Plan
from optimizer.web import work
from optimizer.web.desk import Desk
from optimizer.web.draft import differences
from optimizer.web.view import DeskRead, page, settled

router = APIRouter()
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    "report.html": ("text/html; charset=utf-8", "The report: one page that opens offline and prints"),
    "plan.xlsx": (SHEET, "The workbook, with formulas where a reader would check a sum"),
    "trades.csv": ("text/csv; charset=utf-8", "The ticket of trades, lot by lot"),
    "letter.html": ("text/html; charset=utf-8", "The letter for gifts of shares"),
    "plan.json": ("application/json", "The plan as a document"),
    "problem.json": ("application/json", "The question as a document, as bandwise solve reads it"),
}

SHAPE_WORDS = {
    "json": "JSON, lot by lot, for programs",
    "wealthscape": "Fidelity Wealthscape, order import",
    "ibkr": "Interactive Brokers, basket",
    "schwab": "Schwab, in columns that its import can be told of",
}


@router.get("/files")
def index(request: Request, desk: DeskRead) -> Response:
    """What there is to download."""
    from optimizer.report.shapes.brokers import SHAPES

    problem = desk.draft()
    answer: Plan = settled(desk.plan(problem)).answer
    return page(
        request,
        "files.html.j2",
        title="Files to take along",
        kinds={name: words for name, (_, words) in KINDS.items() if name != "letter.html" or answer.gifts},
        shapes={name: SHAPE_WORDS.get(name, name) for name in SHAPES if name != "own"},
        differences=differences(desk.household(), problem),
    )


@router.get("/files/{name}")
def download(name: str, desk: DeskRead, shape: str = "") -> Response:
    """One file, made of the draft's plan."""
    if name not in KINDS:
        raise HTTPException(404)
    kind, _ = KINDS[name]
    shown = name
    if name == "trades.csv" and shape == "json":
        kind, shown = KINDS["plan.json"][0], "trades.json"
    elif name == "trades.csv" and shape and shape in SHAPE_WORDS:
        shown = f"trades-{shape}.csv"
    stem = re.sub(r"[^A-Za-z0-9]+", "-", desk.draft().household).strip("-").lower()[:40] or "household"
    headers = {"Content-Disposition": f'attachment; filename="{stem}-{shown}"'}
    return Response(_content(name, desk, shape), media_type=kind, headers=headers)


def _content(name: str, desk: Desk, shape: str) -> str | bytes:
    problem = desk.draft()
    if name == "problem.json":
        return problem.to_json()
    if name in ("report.html", "plan.xlsx", "plan.json"):
        answer: Plan = settled(desk.job(work.compared, "comparing with fewer levers", problem)).answer
    else:
        answer = settled(desk.plan(problem)).answer
    match name:
        case "report.html":
            from optimizer.report.html.page import page as report

            return report(answer, problem)
        case "plan.xlsx":
            from optimizer.report.workbook import workbook

            return workbook(answer, problem)
        case "plan.json":
            return answer.to_json()
        case "letter.html":
            from optimizer.report.letter import letter_page

            return letter_page(answer, problem)
        case _:
            from optimizer.report.shapes.brokers import SHAPES

            if shape and shape not in SHAPES:
                raise HTTPException(404)
            from optimizer.report.tickets import ticket_csv

            return SHAPES[shape](answer) if shape else ticket_csv(answer)
