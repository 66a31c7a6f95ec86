"""Accounts and lots, a page of them at a time; keeping one, leaving a security alone, and why the plan does what it does."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from lots.units import ZERO
from optimizer.plan import GiftRow, Plan, SaleRow
from optimizer.problem import Problem
from optimizer.report.lot_standing import LotStanding, standings
from optimizer.report.tables.allocation import account_names
from optimizer.web import work
from optimizer.web.desk import Desk
from optimizer.web.draft import keeping, restricting
from optimizer.web.view import DeskNow, DeskRead, FormNow, page, page_asked, seen, settled

router = APIRouter()
PER_PAGE = 50
SORTS = {
    "value": "value, largest first",
    "gain": "gain, largest first",
    "loss": "loss, largest first",
    "held": "held longest",
    "symbol": "symbol",
}


@dataclass(frozen=True)
class Choice:
    """What of the lots is shown."""

    account: str = ""
    symbol: str = ""
    fate: str = ""
    sort: str = "value"

    def link(self, number: int) -> str:
        """Another page of the same choice."""
        fields = {"account": self.account, "symbol": self.symbol, "fate": self.fate, "sort": self.sort, "page": str(number)}
        return "/lots?" + urlencode({name: value for name, value in fields.items() if value})


@dataclass(frozen=True)
class WishCost:
    """A wish about a lot or a security, and what the plan would cost less without it; None where that is not known."""

    kind: str
    name: str
    words: str
    costs: Decimal | None
    further_out: Decimal = ZERO


@router.get("/lots")
def lots(request: Request, desk: DeskRead, account: str = "", symbol: str = "", fate: str = "", sort: str = "value") -> Response:
    """One page of lots."""
    choice = Choice(account, symbol.strip(), fate, sort if sort in SORTS else "value")
    problem = desk.draft()
    answer: Plan = settled(desk.plan(problem)).answer
    chosen = chosen_lots(standings(answer, problem), choice)
    pages = max(1, ceil(len(chosen) / PER_PAGE))
    at = page_asked(request, pages)
    return page(
        request,
        "lots.html.j2",
        title="Accounts and lots",
        lots=chosen[(at - 1) * PER_PAGE : at * PER_PAGE],
        count=len(chosen),
        choice=choice,
        number=at,
        pages_of_lots=pages,
        names=account_names(answer, problem),
        accounts=problem.accounts,
        sorts=SORTS,
        kept=set(problem.wishes.keep_lots),
        restricted=set(problem.wishes.restricted),
        wishes=wish_costs(desk, problem, answer),
    )


@router.post("/lots/wish")
def wish(desk: DeskNow, form: FormNow) -> Response:
    """Keep a lot, leave a security alone, or take either back."""
    name, problem = str(form.get("name", "")), desk.draft()
    match form.get("wish"):
        case "keep" | "free" as word if any(lot.id == name for lot in problem.lots):
            desk.put(keeping(problem, name, word == "keep"))
        case "restrict" | "release" as word if any(each.symbol == name for each in problem.securities):
            desk.put(restricting(problem, name, word == "restrict"))
        case _:
            raise HTTPException(404)
    back = str(form.get("back", "/lots"))
    return seen(back if back.startswith("/lots") and "\\" not in back else "/lots")


@router.get("/lots/why")
def why(request: Request, desk: DeskRead, lot: str) -> Response:
    """What the plan does with one lot, and why."""
    problem = desk.draft()
    if not any(each.id == lot for each in problem.lots):
        raise HTTPException(404)
    answer: Plan = settled(desk.job(work.explained, "explaining every trade", problem)).answer
    standing = next(each for each in standings(answer, problem) if each.lot.id == lot)
    trades: tuple[SaleRow | GiftRow, ...] = (*answer.sales, *answer.gifts)
    rows = [row for row in trades if row.lot == lot]
    bans = [ban for ban in answer.buy_bans if standing.lot.symbol in ban.symbols]
    return page(
        request,
        "why.html.j2",
        title=f"Lot {lot}",
        each=standing,
        rows=rows,
        bans=bans,
        names=account_names(answer, problem),
        is_kept=lot in problem.wishes.keep_lots,
    )


def chosen_lots(lots: list[LotStanding], choice: Choice) -> list[LotStanding]:
    """The lots of a choice in its order."""
    symbol = choice.symbol.upper()
    shown = [
        each
        for each in lots
        if (not choice.account or each.lot.account == choice.account)
        and (not symbol or symbol in each.lot.symbol.upper())
        and (not choice.fate or (each.fate != "keep") == (choice.fate == "traded"))
    ]
    match choice.sort:
        case "gain":
            return sorted(shown, key=lambda each: -(each.gain or ZERO))
        case "loss":
            return sorted(shown, key=lambda each: each.gain or ZERO)
        case "held":
            return sorted(shown, key=lambda each: -(each.held_days or 0))
        case "symbol":
            return sorted(shown, key=lambda each: (each.lot.symbol, each.lot.account, str(each.lot.acquired)))
        case _:
            return sorted(shown, key=lambda each: -each.value)


def wish_costs(desk: Desk, problem: Problem, answer: Plan) -> list[WishCost]:
    """Every kept lot and every restricted security with what that wish costs, as far as it is worked out in time."""
    made = [("free", name, f"Lot {name} is kept", keeping(problem, name, False)) for name in problem.wishes.keep_lots]
    made += [("release", s, f"{s} is left alone", restricting(problem, s, False)) for s in problem.wishes.restricted]
    jobs = [(kind, name, words, desk.plan(other)) for kind, name, words, other in made[:12]]
    found = []
    for kind, name, words, job in jobs:
        if not job.wait(1.0) or job.refusal is not None:
            found.append(WishCost(kind, name, words, None))
            continue
        other: Plan = job.answer
        further = answer.cost.breach - other.cost.breach
        found.append(WishCost(kind, name, words, money_of(answer) - money_of(other), further))
    return found


def money_of(plan: Plan) -> Decimal:
    """What a plan costs in money: all that is minimised but the prices that put bands and investing first."""
    return plan.cost.total - plan.cost.breach - plan.cost.idle_cash
