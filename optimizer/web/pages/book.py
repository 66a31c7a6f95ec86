"""The book of households that `bandwise batch` planned, if the folder keeps one."""

from dataclasses import replace
from math import ceil

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from lots.errors import StoreError
from optimizer.batch.answer import Answer
from optimizer.batch.store import BookStore, open_book_store
from optimizer.plan import Plan
from optimizer.report.html import sections
from optimizer.report.html.page import section_fragment
from optimizer.web.desk import Desk
from optimizer.web.view import DeskNow, page

router = APIRouter()
PER_PAGE = 50
SORTS = {
    "drift": ("outside_cents", "dollars outside bands"),
    "tax": ("tax_with_cents", "tax with the plan"),
    "cash": ("cash_to_place_cents", "cash to place"),
    "harvestable": ("harvestable_cents", "harvestable losses"),
    "gap": ("gap_cents", "gap of the proof"),
    "value": ("value_cents", "value"),
}


@router.get("/book")
def book(request: Request, desk: DeskNow, sort: str = "drift", number: int = 1) -> Response:
    """One page of households."""
    sort = sort if sort in SORTS else "drift"
    store = book_of(desk)
    answers = sorted_answers(store, sort) if store is not None and store.runs() else []
    pages = max(1, ceil(len(answers) / PER_PAGE))
    at = min(max(1, number), pages)
    return page(
        request,
        "book.html.j2",
        title="Book",
        has_book=store is not None,
        answers=answers[(at - 1) * PER_PAGE : at * PER_PAGE],
        count=len(answers),
        sort=sort,
        sorts={name: words for name, (_, words) in SORTS.items()},
        number=at,
        pages_of_book=pages,
    )


@router.get("/book/plan")
def plan(request: Request, desk: DeskNow, household: str) -> Response:
    """One household's plan."""
    store = book_of(desk)
    found = answer_of(store, household) if store is not None and store.runs() else None
    if found is None or found.plan is None:
        raise HTTPException(404)
    answer = Plan.from_json(found.plan)
    lead, beside = sections.summary_of(answer)
    parts = [replace(each, folded=()) for each in sections.sections_of(answer)]
    return page(
        request,
        "book_plan.html.j2",
        title=household,
        lead=lead,
        beside=beside,
        fragments=[section_fragment(each) for each in parts],
    )


def book_of(desk: Desk) -> BookStore | None:
    """The folder's book; None where there is none."""
    place = desk.folder / "book.db"
    return open_book_store(place) if place.is_file() else None


def sorted_answers(store: BookStore, sort: str) -> list[Answer]:
    """The answers of the newest run, largest first."""
    column = SORTS[sort][0]
    answers = store.answers(store.run().run_id)
    return sorted(answers, key=lambda each: (-(getattr(each, column) or 0), each.household))


def answer_of(store: BookStore, household: str) -> Answer | None:
    """One household's answer in the newest run."""
    try:
        return store.answer(store.run().run_id, household)
    except StoreError:
        return None
