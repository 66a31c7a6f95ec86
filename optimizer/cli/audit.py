"""`bandwise audit`: every lot derived again from the events, and every invariant checked."""

from typing import Annotated

import typer

from optimizer.cli.history import Place


def audit(
    place: Place,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")] = False,
) -> None:
    """Derive every lot again and check the ledger.

    Shares, basis and cash must be conserved, nothing may be negative, and what statements assert must be so. What does not
    hold is told with the event that broke it, and the exit code is 2.
    """
    import json as jsonlib

    from lots.ledger.answer import plain
    from lots.ledger.check import audit as check
    from optimizer.cli.history import read_history
    from optimizer.cli.outcome import Exit

    history = read_history(place)
    found = check(history.events, history.accounts, history.securities, history.rules)
    if json:
        document = {"is_clean": found.is_clean, "events": found.events, "findings": plain(found.findings)}
        typer.echo(jsonlib.dumps(document, indent=2, ensure_ascii=False))
    elif found.is_clean:
        lots = len(found.book.open_lots) if found.book else 0
        typer.echo(f"{found.events} events, {lots} open lots: shares, basis and cash are conserved, and every statement holds.")
    else:
        typer.echo(f"{found.events} events, {len(found.findings)} findings:\n")
        for each in found.findings:
            typer.echo(f"  {each.invariant}: {each.message}\n")
    if not found.is_clean:
        raise typer.Exit(Exit.INPUT)
