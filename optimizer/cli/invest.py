"""`bandwise invest`: which account and fund new money goes into, once or on a schedule of pay days."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optimizer.cli.asked import Folder, Json, Question, Trades

if TYPE_CHECKING:
    from optimizer.questions.schedule import Every

SCHEDULED = "scheduled"
PAYMENTS = 12
MOST = 120


def invest(
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="Dollars, such as 15000 or 15000.50, or the word `scheduled`.")],
    folder: Folder = Path(),
    into: Annotated[
        list[str] | None,
        typer.Option(metavar="ACCOUNT", help="An account the money may enter; several may be named, all with room if none."),
    ] = None,
    every: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="The amount comes again: every week, two-weeks, month or quarter.")
    ] = None,
    payments: Annotated[
        int | None, typer.Option("--for", metavar="N", help="Payments to walk, 1 to 120, with --every; 12 when left out.")
    ] = None,
    json: Json = None,
    trades: Trades = None,
    problem: Question = None,
) -> None:
    """Say where new money goes, account and fund, and what stays outside its band because nothing is sold.

    With --every: after how many payments every segment is back inside its band without a sale, and what waiting costs, at today's
    prices. With the word `scheduled` in place of the amount: the same along the days that [[contributions]] of the folder state
    with `on`. The money alone is invested: cash that is there and the folder's other orders are left out. The amount comes first,
    then the folder: `bandwise invest 5000 --into joint DIR`.
    """
    from optimizer.cli.asked import accounts_of, amount_of, count_of, household, naming, written

    if payments is not None:
        count_of(payments, 1, MOST, "--for")
    if amount == SCHEDULED:
        _scheduled(folder, json, {"--into": into, "--every": every, "--for": payments, "--trades": trades, "--problem": problem})
        return
    dollars = amount_of(amount)
    period = _period(every, payments)
    question = household(folder, {"--json": json, "--trades": trades, "--problem": problem})
    names = accounts_of(question, into, "--into")

    from optimizer.plan import refuse_disowned
    from optimizer.questions.invest import invest as ask
    from optimizer.questions.invest import open_accounts, placed
    from optimizer.report.investment import investment_page, schedule_page
    from optimizer.report.page import print_page
    from optimizer.report.terminal import page_console

    with naming(contributions="--into"):
        answer = ask(question, dollars, names)
    asked = placed(question, dollars, names or open_accounts(question))[0] if problem else question
    if period is None:
        if written(answer, answer.plan, asked, json, trades, problem):
            print_page(page_console(sys.stdout), investment_page(answer, question))
        refuse_disowned(answer.plan)
        return

    from optimizer.questions.schedule import schedule

    walk = schedule(question, dollars, names, period, payments or PAYMENTS)
    if written(walk, answer.plan, asked, json, trades, problem):
        print_page(page_console(sys.stdout), schedule_page(walk, answer))
    refuse_disowned(answer.plan)


def _scheduled(folder: Path, json: Path | None, others: dict[str, object]) -> None:
    """Walk along the household's own pay days."""
    from optimizer.cli.asked import household, written
    from optimizer.errors import Fault, InputFaults

    beside = [option for option, value in others.items() if value]
    if beside:
        raise InputFaults([Fault((), f"beside {SCHEDULED!r}", "--json alone", where=option) for option in beside])
    question = household(folder, {"--json": json})

    from optimizer.plan import refuse_disowned
    from optimizer.questions.schedule import along_pay_days
    from optimizer.report.investment import coming_page
    from optimizer.report.page import print_page
    from optimizer.report.terminal import page_console

    answer, first = along_pay_days(question)
    if written(answer, first, question, json, None, None):
        print_page(page_console(sys.stdout), coming_page(answer, first))
    refuse_disowned(first)


def _period(word: str | None, payments: int | None) -> "Every | None":
    """The period after `--every`; a fault when it is none, or when payments are counted without one."""
    from optimizer.errors import Fault, InputFaults
    from optimizer.questions.schedule import Every

    if word is None and payments is not None:
        step = f"Say how often the amount comes: --every month --for {payments}."
        raise InputFaults([Fault((), f"{payments} payments without --every", "a period beside it", step, "--for")])
    if word is None:
        return None
    if word not in set(Every):
        raise InputFaults([Fault((), repr(word), f"one of {', '.join(Every)}", where="--every")])
    return Every(word)
