"""`bandwise replay`: a plain list of events in, open lots and disposals out, so that anyone can check the ledger."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lots.ledger import Book


def replay(
    events: Annotated[
        Path,
        typer.Argument(metavar="EVENTS.json", help="A document as `bandwise schema events` describes; - reads standard input."),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")] = False,
) -> None:
    """Fold a list of events into open lots and disposals.

    States adjusted basis, where each holding period counts from, what the wash-sale rule disallows and which shares
    replaced which. The order of the events in the document means nothing.
    """
    import json as jsonlib

    from lots.ledger.answer import answer
    from optimizer.cli.history import read_history

    history = read_history(events)
    book, document = answer(history)
    if json:
        typer.echo(jsonlib.dumps(document, indent=2, ensure_ascii=False))
    else:
        _show(book)


def _show(book: "Book") -> None:
    from optimizer.cli.ledger_page import dollars, shares, show_table

    show_table(
        sys.stdout,
        "Open lots",
        ("lot", "account", "symbol", "acquired", "held from", ">shares", ">adjusted basis"),
        (
            (x.lot_id, x.account_id, x.symbol, x.acquired, x.held_from, shares(x.shares), dollars(x.cost_basis))
            for x in book.open_lots.values()
        ),
    )
    show_table(
        sys.stdout,
        "Disposals",
        ("lot", "account", "symbol", "sold", "term", ">shares", ">proceeds", ">basis", ">disallowed", ">gain"),
        (
            (
                each.lot_id,
                each.account_id,
                each.symbol,
                each.disposed,
                each.term if each.is_taxable else "not taxed",
                shares(each.shares),
                dollars(each.proceeds),
                dollars(each.cost_basis),
                dollars(each.disallowed_loss),
                dollars(each.gain),
            )
            for each in book.disposals
        ),
    )
    show_table(sys.stdout, "Cash", ("account", ">dollars"), ((name, dollars(held)) for name, held in book.cash.items()))
