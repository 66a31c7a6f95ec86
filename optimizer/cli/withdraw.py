"""`bandwise withdraw`: from which accounts and lots money costs least, after tax."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.asked import Amount, Folder, Json, Question, Trades


def withdraw(
    amount: Amount,
    folder: Folder = Path(),
    net: Annotated[
        bool, typer.Option("--net", help="The amount is what should be left after the tax that the withdrawal adds to the year.")
    ] = False,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--from", metavar="ACCOUNT", help="An account it may come from; several may be named, all that can if none."
        ),
    ] = None,
    json: Json = None,
    trades: Trades = None,
    problem: Question = None,
) -> None:
    """Find the accounts and lots from which money costs least, with the next best source and what it costs more.

    The withdrawal alone: the folder's own contributions, withdrawals and gifts are left out, nothing is bought, and no more is
    sold than leaves beyond the cash of taxable accounts. The amount comes first, then the folder: `bandwise withdraw 40000 DIR`.
    """
    from optimizer.cli.asked import accounts_of, amount_of, household, naming, written

    dollars = amount_of(amount)
    question = household(folder, {"--json": json, "--trades": trades, "--problem": problem})
    names = accounts_of(question, source, "--from")

    from optimizer.questions.withdraw import withdraw as ask
    from optimizer.questions.withdraw import withdrawal_question

    with naming(withdrawals="--from"):
        answer = ask(question, dollars, net, names)
    sources = tuple(row.account for row in answer.sources)
    asked = withdrawal_question(question, answer.before_tax, sources) if problem else question
    if written(answer, answer.plan, asked, json, trades, problem):
        from optimizer.report.page import print_page
        from optimizer.report.terminal import page_console
        from optimizer.report.withdrawal import withdrawal_page

        console = page_console(sys.stdout)
        print_page(console, withdrawal_page(answer, question, console.width))
    from optimizer.plan import refuse_disowned

    refuse_disowned(answer.plan)
