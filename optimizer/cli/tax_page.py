"""A computed return as a page for the terminal and as a JSON document."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import TextIO

from rich.console import Console
from rich.table import Table

from lots.tax.filer import NOT_MODELLED
from lots.tax.liability import Return
from lots.tax.margins import Edge, EdgeKind, MarginalRate
from lots.units import cents
from optimizer.report.terminal import NO_ADVICE, page_console


def show_return(stream: TextIO, result: Return, rates: Sequence[MarginalRate], edges: Sequence[Edge], with_zeros: bool) -> None:
    """Print the return: what is owed, its lines, the margins, the edges ahead and the carryovers."""
    console = page_console(stream)
    with console.capture() as page:
        _headline(console, result)
        _lines(console, result, with_zeros)
        _rates(console, rates)
        _edges(console, edges)
        _carryovers(console, result)
        if result.state and result.state.leaves_out:
            console.print(f"State tax leaves out: {result.state.leaves_out}.")
        console.print("Not modelled: " + "; ".join(NOT_MODELLED) + ".")
        console.print(NO_ADVICE)
    stream.write("".join(f"{line.rstrip()}\n" for line in page.get().splitlines()))


def tax_document(result: Return, rates: Sequence[MarginalRate], edges: Sequence[Edge]) -> dict[str, object]:
    """The same as plain values: dollars rounded to the cent, rates as fractions."""
    state = result.state
    return {
        "year": result.year,
        "stamp": result.stamp,
        "total_tax": _number(result.total),
        "federal_tax": _number(result.federal_tax),
        "state_tax": _number(result.state_tax),
        "adjusted_gross_income": _number(result.agi),
        "deduction": result.way.value,
        "deductions": _number(result.deductions),
        "taxable_income": _number(result.taxable_income),
        "lines": [
            {"form": line.form, "line": line.number, "name": line.name, "amount": _number(line.amount), "how": line.how}
            for line in result.lines
        ],
        "marginal_rates": [{"kind": r.kind, "federal": float(r.federal), "state": float(r.state)} for r in rates],
        "edges": [
            {
                "name": edge.name,
                "measure": edge.measure,
                "amount": _number(edge.amount),
                "edge": _number(edge.edge),
                "room": _number(edge.room),
                "kind": edge.kind.value,
                "cost": _number(edge.cost),
                "source": edge.source,
            }
            for edge in edges
        ],
        "carryovers": {
            "short_loss": _number(result.short_carryover),
            "long_loss": _number(result.long_carryover),
            "gifts": [
                {"year": gift.year, "kind": gift.kind.value, "amount": _number(gift.amount)} for gift in result.gift_carryovers
            ],
        },
        "state_leaves_out": state.leaves_out if state else "",
        "not_modelled": list(NOT_MODELLED),
    }


def _headline(console: Console, result: Return) -> None:
    console.print(f"Tax year {result.year}, {result.filer.status.value}: {_dollars(result.total)} owed in all")
    parts = [f"federal {_dollars(result.federal_tax)}"]
    if result.state:
        parts.append(f"{result.state.code} {_dollars(result.state_tax)}")
    way = "itemised deductions" if result.way.value == "itemized" else "the standard deduction"
    console.print(f"  {', '.join(parts)}; on {_dollars(result.taxable_income)} of taxable income with {way}.")
    if result.stamp:
        console.print(f"  EXTRAPOLATED. {result.stamp}")


def _lines(console: Console, result: Return, with_zeros: bool) -> None:
    for form, lines in groupby(result.lines, key=lambda line: line.form):
        shown = [line for line in lines if with_zeros or line.amount]
        if not shown:
            continue
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
        table.add_column(width=14, overflow="fold")
        table.add_column(ratio=3)
        table.add_column(justify="right", width=15)
        table.add_column(ratio=4, style="dim")
        for line in shown:
            table.add_row(line.number, line.name, _dollars(line.amount), line.how)
        console.print(f"\n{form}")
        console.print(table)


def _rates(console: Console, rates: Sequence[MarginalRate]) -> None:
    console.print("\nOne more dollar")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("of", "federal", "state", "together"):
        table.add_column(name, justify="left" if name == "of" else "right")
    for rate in rates:
        verb = "saves" if rate.kind == "gift" else "costs"
        table.add_row(f"{rate.kind} {verb}", _percent(rate.federal), _percent(rate.state), _percent(rate.total))
    console.print(table)


def _edges(console: Console, edges: Sequence[Edge]) -> None:
    console.print("\nRoom to the next edge")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("of", "measured in", "now", "edge", "room", "a cliff costs"):
        table.add_column(name, justify="left" if name in ("of", "measured in") else "right")
    for edge in edges:
        cost = "" if edge.kind is EdgeKind.KINK else _dollars(edge.cost) + " a year"
        table.add_row(edge.name, edge.measure, *(_dollars(part) for part in (edge.amount, edge.edge, edge.room)), cost)
    console.print(table)


def _carryovers(console: Console, result: Return) -> None:
    carried = [f"{_dollars(amount)} of {term}-term loss" for term, amount in _losses(result) if amount]
    carried += [
        f"{_dollars(gift.amount)} of {gift.kind.value.replace('_', ' ')} gifts of {gift.year}" for gift in result.gift_carryovers
    ]
    console.print("\nCarried to next year: " + ("; ".join(carried) if carried else "nothing") + ".\n")


def _losses(result: Return) -> tuple[tuple[str, Decimal], ...]:
    return (("short", result.short_carryover), ("long", result.long_carryover))


def _number(amount: Decimal) -> float:
    return float(cents(amount))


def _dollars(amount: Decimal) -> str:
    return f"{cents(amount):,.2f}"


def _percent(rate: Decimal) -> str:
    return f"{100 * rate:.2f} %"
