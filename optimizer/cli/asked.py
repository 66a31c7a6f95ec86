"""What the questions about one flow of money share: amount, folder, accounts, and where the answer goes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from optimizer.documents import Document
    from optimizer.errors import Fault
    from optimizer.plan import Plan
    from optimizer.problem import Problem

PLAIN = re.compile(r"[0-9]*\.?[0-9]*")
NEGATIVE = re.compile(r"-[0-9.,]+")

PLAINLY = "Write digits and one point alone: no comma, no dollar sign, no exponent."

Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help="Dollars, such as 15000 or 15000.50.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The household's folder; the current one when left out.")]
Json = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the whole answer as JSON; - prints it instead of the page.")
]
Trades = Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write the trades as a ticket, one line per lot.")]
Question = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the narrowed question as JSON, as `bandwise solve` reads it.")
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS",
        help="Search for this long at most and keep the best plan so far, with how much a better one could save. Reading, "
        "compiling and writing come on top.",
    ),
]


def time_limit_of(seconds: float | None) -> float | None:
    """The seconds after `--time-limit`; a fault when they are no time."""
    from math import isfinite

    from optimizer.errors import Fault, InputFaults

    if seconds is not None and not (isfinite(seconds) and seconds > 0):
        raise InputFaults([Fault((), f"{seconds:g}", "seconds above zero, such as 10 or 0.5", where="--time-limit")])
    return seconds


def amount_of(word: str) -> Decimal:
    """Dollars from the command line; a fault when it is no amount."""
    from optimizer.errors import Fault, InputFaults

    try:
        amount = Decimal(word if PLAIN.fullmatch(word) else "NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 < amount < Decimal("1e12") or amount != round(amount, 2):
        raise InputFaults([Fault((), repr(word), "dollars above zero, such as 15000 or 15000.50", PLAINLY, "AMOUNT")])
    return amount


def accounts_of(problem: "Problem", names: list[str] | None, option: str) -> tuple[str, ...]:
    """The accounts named after an option, all of which must exist."""
    from optimizer.errors import Fault, InputFaults

    known = [account.id for account in problem.accounts]
    strange = [name for name in names or () if name not in known]
    if strange:
        raise InputFaults(
            [Fault((), f"the unknown account {name!r}", f"one of {', '.join(known)}", where=option) for name in strange]
        )
    return tuple(dict.fromkeys(names or ()))


def count_of(number: int, least: int, most: int, option: str) -> int:
    """A count from the command line; a fault when it is too small or too large."""
    from optimizer.errors import Fault, InputFaults

    if not least <= number <= most:
        raise InputFaults([Fault((), str(number), f"a whole number from {least} to {most}", where=option)])
    return number


@contextmanager
def naming(**options: str) -> Iterator[None]:
    """Let faults of the orders that a question made name the option they came from: ``naming(contributions="--into")``.

    The amount is the command's first word whatever the order is called in the document.
    """
    from optimizer.errors import InputFaults

    try:
        yield
    except InputFaults as refusal:
        raise InputFaults([_named(fault, options) for fault in refusal.faults]) from None


def _named(fault: "Fault", options: dict[str, str]) -> "Fault":
    option = options.get(str(fault.path[0])) if fault.path and not fault.where else None
    if option is None:
        return fault
    return replace(fault, where="AMOUNT" if fault.path[-1] == "amount" else option)


class AmountCommand(TyperCommand):
    """A command whose first word is an amount: one below zero is no option, and is told as an amount."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse an amount below zero where an option could not stand for it."""
        for before, word in zip(["", *args], args, strict=False):
            if NEGATIVE.fullmatch(word) and not before.startswith("-"):
                amount_of(word)
        return super().parse_args(ctx, args)


def household(folder: Path, targets: dict[str, Path | None]) -> "Problem":
    """Read the folder, once it is sure that every result can be written."""
    from optimizer.cli.files import refuse_targets
    from optimizer.cli.history import inputs_of
    from optimizer.household import read_household

    refuse_targets(targets, inputs_of(folder))
    return read_household(folder)


def written(
    answer: "Document", plan: "Plan", question: "Problem", json: Path | None, trades: Path | None, problem: Path | None
) -> bool:
    """Write what was asked for, no ticket of a plan nobody should trade; whether standard output is still free for the page."""
    from optimizer.cli.files import STANDARD, write_together
    from optimizer.report.tickets import ticket_csv

    texts = {}
    if json:
        texts[json] = answer.to_json()
    if trades and plan.tax.agrees:
        texts[trades] = ticket_csv(plan)
    if problem:
        texts[problem] = question.to_json()
    write_together(texts)
    return STANDARD not in texts
