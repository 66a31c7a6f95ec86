"""As JSON beside the documents: statements that are sent, lots a page at a time, and the book of households."""

from datetime import date
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Query, UploadFile
from starlette.responses import Response

from lots.units import CENT
from optimizer.batch.answer import Answer
from optimizer.documents import Claim, Document, Dollars, ShareCount
from optimizer.plan import Plan
from optimizer.report.lot_standing import LotStanding, standings
from optimizer.web import intake
from optimizer.web.api import REFUSALS, Changes
from optimizer.web.desk import Desk
from optimizer.web.intake import Asked, Seen
from optimizer.web.pages.book import SORTS as BOOK_SORTS
from optimizer.web.pages.book import answer_of, book_of, sorted_answers
from optimizer.web.pages.lots import SORTS, Choice, chosen_lots
from optimizer.web.pages.statements import looking
from optimizer.web.staging import Stage
from optimizer.web.view import DeskNow

router = APIRouter(responses=REFUSALS, tags=["records"])
Number = Annotated[int, Query(ge=1, le=1_000_000, description="Which page.")]
PerPage = Annotated[int, Query(ge=1, le=1_000, description="Rows of a page.")]
StageName = Annotated[str, Path(max_length=64)]
Text = Annotated[str, Query(max_length=80)]
Words = Annotated[list[str], Form(max_length=200)]


class StagedDocument(Document):
    """Files that were sent and are not kept."""

    name: str
    files: tuple[str, ...]


class RemarkDocument(Document):
    """A row or part that was not taken as it stands."""

    severity: str
    words: str


class FileDocument(Document):
    """One file: what it is and what was understood of it."""

    name: str
    kind: str
    understood: str
    accounts: tuple[str, ...]
    remarks: tuple[RemarkDocument, ...]


class SeenDocument(Document):
    """All files together, and what the ledger would gain or has gained."""

    files: tuple[FileDocument, ...]
    new_events: int
    known_events: int
    notes: tuple[str, ...]
    findings: tuple[str, ...]
    """What does not add up in the ledger, once it is kept."""
    is_kept: Claim
    clashes: tuple[str, ...] = ()
    """Why the household could not be planned once these are kept."""


class LotDocument(Document):
    """One lot on the day of the plan, and what the plan does with it."""

    lot: str
    account: str
    symbol: str
    acquired: date | None
    shares: ShareCount
    value: Dollars
    unrealised_gain: Dollars | None
    term: str | None
    """Of a sale today; none in an account whose sales are not taxed."""
    fate: str
    is_kept: Claim
    """Whether a wish keeps it."""
    is_restricted: Claim
    """Whether a wish leaves its security alone."""


class LotsDocument(Document):
    """One page of the lots that were asked for."""

    count: int
    page: int
    pages: int
    lots: tuple[LotDocument, ...]


class BookRow(Document):
    """One household of a book."""

    household: str
    status: str
    fault: str | None
    value: Dollars | None
    outside_bands: Dollars | None
    cash_to_place: Dollars | None
    harvestable: Dollars | None
    tax_without: Dollars | None
    tax_with: Dollars | None
    gap: Dollars | None
    trades: int | None


class BookDocument(Document):
    """One page of a book's newest run."""

    count: int
    page: int
    pages: int
    households: tuple[BookRow, ...]


def _sent(document: Document, status: int = 200) -> Response:
    return Response(document.model_dump_json(), status, media_type="application/json")


@router.post("/statements", status_code=201, response_model=StagedDocument, dependencies=[Changes])
def send(
    desk: DeskNow,
    files: Annotated[list[UploadFile], Form(description="What brokers let you download.")],
    accounts: Words = [],  # noqa: B006 - a form's default, which is never changed
    kinds: Words = [],  # noqa: B006
    symbol: Annotated[str, Form(max_length=80)] = "",
    as_of: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Send statements; nothing is kept. `accounts` names accounts of files that name none, as NAME or NUMBER=NAME; `kinds`
    says NAME=KIND of accounts that household.toml does not list."""
    asked = Asked(tuple(accounts), tuple(kinds), symbol.strip() or None, as_of.strip() or None)
    name = desk.staging.put(list(files), asked)
    return _sent(StagedDocument(name=name, files=tuple(each.filename or "" for each in files)), 201)


@router.get("/statements/{name}", response_model=SeenDocument)
def look(desk: DeskNow, name: StageName) -> Response:
    """What was understood of sent statements, and what their ledger would gain."""
    return _sent(_seen(looking(desk, _stage(desk, name), name).result()))


@router.post("/statements/{name}/keep", response_model=SeenDocument, dependencies=[Changes])
def keep(desk: DeskNow, name: StageName) -> Response:
    """Write all of the sent statements to the ledger, or none."""
    stage = _stage(desk, name)
    job = desk.job(intake.keep, "writing the ledger", desk.folder, stage.files, stage.asked, stamp=name, seconds=intake.SECONDS)
    answer = job.result()
    desk.staging.drop(name)
    return _sent(_seen(answer))


@router.delete("/statements/{name}", status_code=204, dependencies=[Changes])
def drop(desk: DeskNow, name: StageName) -> Response:
    """Throw sent statements away."""
    _stage(desk, name)
    desk.staging.drop(name)
    return Response(status_code=204)


@router.get("/lots", response_model=LotsDocument)
def lots(
    desk: DeskNow,
    account: Text = "",
    symbol: Text = "",
    fate: Annotated[str, Query(pattern="^(traded|kept)?$")] = "",
    sort: Annotated[str, Query(pattern=f"^({'|'.join(SORTS)})$")] = "value",
    page: Number = 1,
    per_page: PerPage = 50,
) -> Response:
    """The draft's lots and what its plan does with each."""
    problem = desk.draft()
    chosen = chosen_lots(standings(desk.plan_now(problem), problem), Choice(account, symbol.strip(), fate, sort))
    kept, restricted = set(problem.wishes.keep_lots), set(problem.wishes.restricted)
    rows = [_lot(each, kept, restricted) for each in chosen[(page - 1) * per_page : page * per_page]]
    pages = max(1, ceil(len(chosen) / per_page))
    return _sent(LotsDocument(count=len(chosen), page=page, pages=pages, lots=tuple(rows)))


@router.get("/book", response_model=BookDocument)
def book(
    desk: DeskNow,
    sort: Annotated[str, Query(pattern=f"^({'|'.join(BOOK_SORTS)})$")] = "drift",
    page: Number = 1,
    per_page: PerPage = 50,
) -> Response:
    """The newest run of `bandwise batch` in this folder; 404 where there is none."""
    store = book_of(desk)
    if store is None or not store.runs():
        raise HTTPException(404)
    answers = sorted_answers(store, sort)
    rows = [_book_row(each) for each in answers[(page - 1) * per_page : page * per_page]]
    pages = max(1, ceil(len(answers) / per_page))
    return _sent(BookDocument(count=len(answers), page=page, pages=pages, households=tuple(rows)))


@router.get("/book/plan", response_model=Plan)
def book_plan(desk: DeskNow, household: Annotated[str, Query(max_length=4096)]) -> Response:
    """The plan of one household of the book; 404 where there is none."""
    store = book_of(desk)
    found = answer_of(store, household) if store is not None and store.runs() else None
    if found is None or found.plan is None:
        raise HTTPException(404)
    return Response(found.plan, media_type="application/json")


def _stage(desk: Desk, name: str) -> Stage:
    stage = desk.staging.find(name)
    if stage is None:
        raise HTTPException(404)
    return stage


def _seen(seen: Seen) -> SeenDocument:
    files = tuple(
        FileDocument(
            name=each.name,
            kind=each.kind,
            understood=each.understood,
            accounts=each.accounts,
            remarks=tuple(RemarkDocument(severity=severity, words=words) for severity, words in each.remarks),
        )
        for each in seen.files
    )
    return SeenDocument(
        files=files,
        new_events=seen.new,
        known_events=seen.known,
        notes=seen.notes,
        findings=seen.findings,
        is_kept=seen.is_kept,
        clashes=seen.clashes,
    )


def _lot(each: LotStanding, kept: set[str], restricted: set[str]) -> LotDocument:
    lot = each.lot
    return LotDocument(
        lot=lot.id,
        account=lot.account,
        symbol=lot.symbol,
        acquired=lot.acquired,
        shares=lot.shares,
        value=each.value,
        unrealised_gain=each.gain,
        term=None if each.term is None else str(each.term),
        fate=str(each.fate),
        is_kept=lot.id in kept,
        is_restricted=lot.symbol in restricted,
    )


def _book_row(answer: Answer) -> BookRow:
    cents = {
        "value": answer.value_cents,
        "outside_bands": answer.outside_cents,
        "cash_to_place": answer.cash_to_place_cents,
        "harvestable": answer.harvestable_cents,
        "tax_without": answer.tax_without_cents,
        "tax_with": answer.tax_with_cents,
        "gap": answer.gap_cents,
    }
    money = {name: None if amount is None else CENT * amount for name, amount in cents.items()}
    return BookRow(household=answer.household, status=answer.status, fault=answer.fault, trades=answer.n_trades, **money)
