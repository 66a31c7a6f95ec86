"""`bandwise lots`: what is held, lot by lot, with gain and age."""

import csv as csvlib
import io
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optimizer.cli.history import Day, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from lots.ledger.value import ValuedLot
    from lots.units import Price


class By(StrEnum):
    """What the lots are sorted by."""

    ACCOUNT = "account"
    SYMBOL = "symbol"
    GAIN = "gain"
    AGE = "age"


def lots(
    place: Place,
    by: Annotated[
        By, typer.Option(help="Sort by account, symbol, gain (largest loss first) or age (next to turn long-term first).")
    ] = By.ACCOUNT,
    prices: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Prices with columns symbol and price; DIR/prices.csv if it is there.")
    ] = None,
    day: Day = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")] = False,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write the lots in our own CSV, as `bandwise import` reads it; - prints it."),
    ] = None,
) -> None:
    """List the open lots: adjusted basis, holding period, unrealised gain, and the days to long-term."""
    import json as jsonlib

    from lots.exporters.own_csv import to_csv
    from lots.ledger import fold
    from lots.ledger.answer import plain
    from lots.ledger.past import until
    from lots.ledger.value import value
    from optimizer.cli.files import STANDARD, refuse_targets, write_together
    from optimizer.cli.history import inputs_of, on, read_history
    from optimizer.errors import Fault, InputFaults

    refuse_targets({"--csv": csv}, inputs_of(place, prices))
    asked = on(day)
    history = read_history(place, asked)
    past = until(history.events, asked)
    open_lots = fold(past, history.accounts, history.securities, history.rules).open_lots.values()
    if csv is not None:
        write_together({csv: to_csv(open_lots)})
    known = _prices(place, prices)
    if by is By.GAIN and known is None:
        raise InputFaults([Fault((), "no prices", "prices, to sort by gain", "Name a file with --prices.", "--by gain")])
    listed = sorted(value(open_lots, known, asked), key=_KEYS[by])
    if json:
        typer.echo(jsonlib.dumps({"as_of": asked.isoformat(), "lots": plain(listed)}, indent=2, ensure_ascii=False))
    elif csv != STANDARD:
        _show(listed, asked)


_KEYS: "dict[By, Callable[[ValuedLot], tuple[object, ...]]]" = {
    By.ACCOUNT: lambda each: (each.lot.account_id, each.lot.symbol, each.lot.acquired),
    By.SYMBOL: lambda each: (each.lot.symbol, each.lot.account_id, each.lot.acquired),
    By.GAIN: lambda each: (each.unrealised_gain,),
    By.AGE: lambda each: (each.days_to_long_term == 0, each.days_to_long_term, each.lot.acquired),
}


def _prices(place: Path, prices: Path | None) -> "dict[str, Price] | None":
    """Read prices; None if there is no file to read."""
    from lots.units import decimal
    from optimizer.cli.files import read_text
    from optimizer.errors import Fault, InputFaults

    beside = place / "prices.csv"
    path = prices or (beside if place.is_dir() and beside.is_file() else None)
    if path is None:
        return None
    table = csvlib.DictReader(io.StringIO(read_text(path)))
    if not {"symbol", "price"} <= set(table.fieldnames or ()):
        found = ", ".join(table.fieldnames or ()) or "nothing"
        raise InputFaults([Fault((), found, "the columns symbol and price", where=f"{path}, line 1")])
    known: dict[str, Price] = {}
    faults: list[Fault] = []
    for number, row in enumerate(table, start=2):
        try:
            known[(row["symbol"] or "").strip()] = decimal((row["price"] or "").strip())
        except ValueError:
            faults.append(Fault((), repr(row["price"]), "a price in dollars", where=f"{path}, line {number}"))
    if faults:
        raise InputFaults(faults)
    return known


def _show(listed: "list[ValuedLot]", day: date) -> None:
    from optimizer.cli.ledger_page import dollars, shares, show_table

    headings = (
        "account",
        "symbol",
        "lot",
        "acquired",
        "held from",
        ">shares",
        ">basis",
        ">value",
        ">gain",
        "term",
        ">days to long",
    )
    show_table(
        sys.stdout,
        f"Open lots on {day}",
        headings,
        (
            (
                each.lot.account_id,
                each.lot.symbol,
                each.lot.lot_id,
                each.lot.acquired,
                "" if each.lot.held_from == each.lot.acquired else each.lot.held_from,
                shares(each.lot.shares),
                dollars(each.lot.cost_basis),
                "" if each.market_value is None else dollars(each.market_value),
                "" if each.unrealised_gain is None else dollars(each.unrealised_gain),
                each.term,
                each.days_to_long_term or "",
            )
            for each in listed
        ),
    )
