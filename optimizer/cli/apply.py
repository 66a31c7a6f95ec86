"""`bandwise apply`: what was really executed goes into the ledger, and what differs from the plan is told."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def apply(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.json", help="The plan, as `bandwise plan --json` wrote it.")],
    fills: Annotated[
        Path, typer.Option("--fills", metavar="FILLS.csv", help="The ticket with what was really executed: date, shares, amount.")
    ],
    into: Annotated[
        str, typer.Option("--into", metavar="DIR", help="The household's folder, or the postgresql:// URL of its ledger.")
    ],
    on: Annotated[
        datetime | None, typer.Option("--on", metavar="DATE", formats=["%Y-%m-%d"], help="The day of fills that say none.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the differences as JSON.")] = False,
) -> None:
    """Post what was really executed, and say what differs from the plan.

    FILLS.csv is the ticket of `bandwise plan --trades` with a column amount for what was really paid or received and a
    column date. Applying the same file again changes nothing; a fill the ledger contradicts keeps all of them out.
    """
    from lots.ledger.store import open_store
    from optimizer.cli.apply_page import as_json, as_text, compare
    from optimizer.cli.files import naming, read_text
    from optimizer.cli.fills import events_of, opening_cash, read_fills
    from optimizer.plan import Plan

    text = read_text(plan)
    with naming(plan):
        meant = Plan.from_json(text)
    done = read_fills(fills, meant, on.date() if on else None)
    store = open_store(into, command="bandwise apply")
    accounts = store.accounts()
    receipt = store.append(lambda kept: (*opening_cash(meant, kept, accounts), *events_of(done)))
    outcome = compare(meant, done, receipt)
    typer.echo(as_json(outcome) if json else as_text(outcome, str(store.place)))
