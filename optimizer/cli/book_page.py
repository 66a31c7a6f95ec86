"""A book on the terminal and as CSV: how far a run is, its households, its block trades."""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

from optimizer.errors import Fault, InputFaults
from optimizer.report.figures import dollars, plain, plural
from optimizer.report.layout import figure_table, whole_width
from optimizer.report.table import harmless
from optimizer.report.terminal import page_console

if TYPE_CHECKING:
    from rich.table import Table

    from optimizer.batch.answer import Answer
    from optimizer.batch.blocks import Block
    from optimizer.batch.store import Status

FIGURES = {
    "drift": "outside_cents",
    "cash": "cash_to_place_cents",
    "harvestable": "harvestable_cents",
    "tax": "tax_with_cents",
    "gap": "gap_cents",
    "value": "value_cents",
}
"""What a book can be sorted by, largest first, and the column it stands in."""
SHOWN = 40
"""Households the page lists before it points at the CSV."""


def sorted_answers(answers: "Iterable[Answer]", by: str) -> "list[Answer]":
    """Answers in an order a person asked for.

    Raises
    ------
    InputFaults
        If there is no such order.
    """
    if by == "household":
        return list(answers)
    if by not in FIGURES:
        expected = f"one of household, {', '.join(FIGURES)}"
        raise InputFaults([Fault((), repr(by), expected, where="--sort")])
    return sorted(answers, key=lambda answer: (-(getattr(answer, FIGURES[by]) or 0), answer.household))


def answer_rows(answers: "Iterable[Answer]") -> Iterator[dict[str, Any]]:
    """One row a household; dollars as exact decimals in text, empty where a figure does not exist."""
    for answer in answers:
        row: dict[str, Any] = {
            "household": answer.household,
            "name": answer.name,
            "status": answer.status,
            "segments_outside": answer.n_outside,
        }
        row |= {name: _dollars(getattr(answer, column)) for name, column in FIGURES.items()}
        row["tax_without_plan"] = _dollars(answer.tax_without_cents)
        yield row | {"trades": answer.n_trades, "seconds": answer.milliseconds / 1000, "fault": answer.fault}


def allocation_rows(blocks: "Iterable[Block]") -> Iterator[dict[str, Any]]:
    """One row for each household's part of a block, the block's own sum beside it."""
    for block in blocks:
        for part in block.allocations:
            yield {
                "side": block.side,
                "symbol": block.symbol,
                "block_shares": str(block.shares),
                "household": part.household,
                "account": part.account,
                "lot": part.lot,
                "shares": str(part.shares),
                "est_amount": str(part.dollars),
            }


def csv_text(rows: Iterable[dict[str, Any]]) -> str:
    """Rows as CSV under their keys; a text that a spreadsheet would take for a formula is kept from being one."""
    out, writer = io.StringIO(), None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(
            {name: harmless(value) if name in WORDS and isinstance(value, str) else value for name, value in row.items()}
        )
    return out.getvalue()


WORDS = frozenset({"household", "name", "symbol", "account", "lot", "fault"})
"""Columns whose text comes from somebody's file."""


def show_status(status: "Status", seconds: float | None, faults: "Sequence[Answer]", place: str, out: TextIO) -> None:
    """What became of a run's households."""
    console = page_console(out)
    run, counts = status.run, status.counts
    console.print(f"{plain(run.book)}: {plural(run.n_households, 'household')}, run {run.run_id[:8]} of {run.started_at[:16]}")
    words = {"planned": "planned", "inside": "inside their bands, nothing to do", "fault": "with a fault"}
    for name, meaning in words.items():
        if counts.get(name):
            console.print(f"  {counts[name]:>9,}  {meaning}")
    if status.done < run.n_households:
        console.print(f"  {run.n_households - status.done:>9,}  not answered yet; give the command again and the run goes on")
    if status.taken_over:
        console.print(f"  {status.taken_over:>9,}  of them answered by an earlier run and taken over")
    fresh = status.done - status.taken_over
    if seconds and fresh:
        console.print(f"{fresh / seconds:,.1f} households a second ({seconds:,.1f} s; {status.work_seconds:,.1f} s of work).")
    for answer in faults[:SHOWN]:
        console.print(f"\n{plain(_both_names(answer))}")
        for line in (answer.fault or "").splitlines():
            console.print(f"  {plain(line)}")
    if len(faults) > SHOWN:
        console.print(f"\n… and {len(faults) - SHOWN:,} more; `bandwise batch results {plain(place)} --csv FILE.csv` has all.")
    console.print(f"\nAnswers are in {plain(place)}.")


def show_answers(answers: "Sequence[Answer]", out: TextIO) -> None:
    """The first households of a list, in whole dollars; a narrow terminal shows fewer figures, and none is cut short."""
    figures: dict[str, list[str]] = {
        "Status": [answer.status for answer in answers[:SHOWN]],
        "Value": [_whole(answer.value_cents) for answer in answers[:SHOWN]],
        "Outside bands": [_whole(answer.outside_cents) for answer in answers[:SHOWN]],
        "Cash to place": [_whole(answer.cash_to_place_cents) for answer in answers[:SHOWN]],
        "Harvestable": [_whole(answer.harvestable_cents) for answer in answers[:SHOWN]],
        "Tax with plan": [_whole(answer.tax_with_cents) for answer in answers[:SHOWN]],
        "Gap": ["" if answer.gap_cents is None else f"${Decimal(answer.gap_cents) / 100:,.2f}" for answer in answers[:SHOWN]],
        "Trades": ["" if answer.n_trades is None else str(answer.n_trades) for answer in answers[:SHOWN]],
    }
    names = [plain(_both_names(answer)) for answer in answers[:SHOWN]]
    console, table, left_out = page_console(out), _table(names, figures), []
    if not console.is_terminal and "COLUMNS" not in os.environ:  # into a pipe or a file
        table.columns[0].no_wrap = True
        console.width = max(console.width, whole_width(table, console))
    for heading in EXPENDABLE:
        if whole_width(table, console) > console.width:
            del figures[heading]
            left_out.append(heading)
            table = _table(names, figures)
    console.print(table)
    if len(answers) > SHOWN:
        console.print(f"… and {len(answers) - SHOWN:,} more; --csv FILE.csv has all.")
    if left_out:
        console.print(f"Not shown for want of room: {', '.join(left_out)}; --csv FILE.csv has all.")


EXPENDABLE = ("Gap", "Trades", "Harvestable", "Cash to place", "Value")
"""Columns that a narrow terminal does without, the first one first."""


def _table(names: Sequence[str], figures: dict[str, list[str]]) -> "Table":
    table = figure_table("Household", *figures)
    for row in zip(names, *figures.values(), strict=True):
        table.add_row(*row)
    return table


def _both_names(answer: "Answer") -> str:
    """A household's place in the book, and what it is called in its own document."""
    return answer.household if answer.name in (None, answer.household) else f"{answer.household} ({answer.name})"


def show_blocks(blocks: "Sequence[Block]", out: TextIO) -> None:
    """One line a block."""
    table = figure_table("Security", "Side", "Shares", "Dollars", "Households", "Allocations")
    for block in blocks:
        shares = f"{block.shares:,.3f}"
        table.add_row(
            plain(block.symbol), block.side, shares, dollars(block.dollars), str(block.n_households), str(len(block.allocations))
        )
    console = page_console(out)
    console.print(table)
    console.print("The allocation back to accounts and lots: --csv FILE.csv.")


def status_row(status: "Status", seconds: float | None) -> dict[str, Any]:
    """A run's status as a document."""
    run = status.run
    return {
        "run": run.run_id,
        "started_at": run.started_at,
        "book": run.book,
        "version": run.version,
        "options": dict(run.options),
        "households": run.n_households,
        "done": status.done,
        "counts": dict(status.counts),
        "taken_over": status.taken_over,
        "work_seconds": status.work_seconds,
        "seconds": seconds,
    }


def _dollars(cents: int | None) -> str | None:
    return None if cents is None else str(Decimal(cents) / 100)


def _whole(cents: int | None) -> str:
    return "" if cents is None else dollars(Decimal(cents) / 100)
