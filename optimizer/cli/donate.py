"""`bandwise donate`: which shares to give, and what every lot is worth sold, given, harvested or held."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.asked import Amount, Folder, Json, Question, Trades


def donate(
    amount: Amount,
    folder: Folder = Path(),
    source: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="ACCOUNT", help="A taxable account it may come from; several may be named, all if none."),
    ] = None,
    json: Json = None,
    trades: Trades = None,
    problem: Question = None,
) -> None:
    """Plan a gift to a public charity at the least tax, with a proof, and weigh every lot.

    The gift alone: the folder's own contributions, withdrawals and gifts are left out, nothing is bought, and nothing is sold
    that the gift does not need. A lot at a loss is never given. The amount comes first, then the folder:
    `bandwise donate 15000 DIR`.
    """
    from optimizer.cli.asked import accounts_of, amount_of, household, naming, written

    dollars = amount_of(amount)
    question = household(folder, {"--json": json, "--trades": trades, "--problem": problem})
    names = accounts_of(question, source, "--from")

    from optimizer.questions.donate import donate as ask
    from optimizer.questions.donate import gift_question

    with naming(donations="--from"):
        answer = ask(question, dollars, names)
    asked = gift_question(question, dollars, names) if problem else question
    if written(answer, answer.plan, asked, json, trades, problem):
        from optimizer.report.donation import donation_page
        from optimizer.report.page import print_page
        from optimizer.report.terminal import page_console

        console = page_console(sys.stdout)
        print_page(console, donation_page(answer, question, console.width))
    from optimizer.plan import refuse_disowned

    refuse_disowned(answer.plan)
