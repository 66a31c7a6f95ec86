"""`bandwise plan`: a household's folder in, a plan to read out, and on request the documents behind it."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optimizer.cli.asked import TimeLimit, Trades

if TYPE_CHECKING:
    from optimizer.plan import Plan
    from optimizer.problem import Lever, Problem


def plan(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="household.toml, prices.csv, and lots.csv or a ledger.")],
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the whole plan as JSON; - prints it instead of the page.")
    ] = None,
    trades: Trades = None,
    problem: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the question as JSON, as `bandwise solve` reads it.")
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Write a page (.html) or a workbook (.xlsx), as `bandwise report` does; repeatable."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LEVER",
            help="Switch a lever off; may be given several times. "
            "One of contributions, income, withdrawals, location, harvesting, donations.",
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="Narrow the plan to one kind of trade: cash (money that comes and goes, nothing sold beyond what has to "
            "leave), harvest (losses, with something else bought in their place) or donate (the gifts alone).",
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Also the next best lots, the prices of wishes and simpler rules, as `explain` gives."),
    ] = False,
    compare: Annotated[
        bool,
        typer.Option("--compare/--no-compare", help="Also work out what each lever saved; this takes several solves."),
    ] = True,
    time_limit: TimeLimit = None,
) -> None:
    """Plan a household's trades at the least tax, with a proof.

    Brings every segment back inside its band, lot by lot and over all accounts together, and says what each trade is
    for, what it costs and what each way around the tax saved. Nothing is traded: the orders are yours to place.
    In a folder with a ledger (`bandwise import`) lots, cash, the year's gains and wash sales come from there.
    """
    from optimizer.cli.files import STANDARD, refuse_targets, write_together
    from optimizer.cli.history import inputs_of
    from optimizer.cli.report_files import refuse_kinds, report_texts

    started = time.perf_counter()
    pages = report or []
    refuse_kinds(pages, "--report")
    targets = {f"--report {path}": path for path in pages} | {"--json": json, "--trades": trades, "--problem": problem}
    refuse_targets(targets, inputs_of(folder))
    kind, seconds, levers = _kind(only), _seconds(time_limit, explain), _levers(without or [], only)
    from optimizer.household import read_household
    from optimizer.plan import refuse_disowned

    question = _narrowed(read_household(folder).without(*levers), kind)
    for remark in question.remarks:
        typer.echo(f"bandwise: {remark}", err=True)
    answer = _answer(question, compare and not kind, explain, seconds)
    write_together(texts := _results(question, answer, json, trades, problem) | report_texts(pages, answer, question))
    if STANDARD not in texts:
        _show(question, answer, texts, time.perf_counter() - started)
    refuse_disowned(answer)


def _narrowed(question: "Problem", kind: str | None) -> "Problem":
    if kind is None:
        return question
    from optimizer.questions.only import Only, narrowed

    return narrowed(question, Only(kind))


def _seconds(time_limit: float | None, explained: bool) -> float | None:
    """The limit, which no explanation may stand beside: what it says of prices is true of a proven plan alone."""
    from optimizer.cli.asked import time_limit_of
    from optimizer.errors import Fault, InputFaults

    if time_limit is None or not explained:
        return time_limit_of(time_limit)
    step = "Leave the limit out, or the explanation: it speaks of a plan that is proven."
    raise InputFaults([Fault((), "a time limit beside --explain", "one of the two", step, where="--time-limit")])


def _answer(question: "Problem", compare: bool, explained: bool, seconds: float | None) -> "Plan":
    if explained:
        from optimizer.questions.explain import explain

        return explain(question, compare)
    from optimizer.rebalance import rebalance

    return rebalance(question, compare=compare, time_limit_seconds=seconds)


def _levers(words: list[str], kind: str | None) -> "list[Lever]":
    """Turn the words after `--without` into levers, or name every word that is none or contradicts `--only`."""
    from optimizer.errors import Fault, InputFaults
    from optimizer.problem import Lever

    known = {lever.value: lever for lever in Lever}
    strange = [word for word in words if word not in known]
    if strange:
        raise InputFaults([Fault((), repr(word), f"one of {', '.join(known)}", where="--without") for word in strange])
    levers = [known[word] for word in words]
    _refuse_contradiction(levers, kind)
    return levers


def _kind(word: str | None) -> str | None:
    """The word after `--only`, or a fault when it is none of the three."""
    from optimizer.errors import Fault, InputFaults

    if word in (None, "cash", "harvest", "donate"):
        return word
    raise InputFaults([Fault((), repr(word), "one of cash, harvest, donate", where="--only")])


def _refuse_contradiction(levers: "list[Lever]", kind: str | None) -> None:
    """A plan of one kind of trade needs the lever of that kind."""
    from optimizer.errors import Fault, InputFaults

    needed = {"harvest": "harvesting", "donate": "donations"}.get(kind or "")
    if needed in levers:
        found, step = f"--without {needed} beside --only {kind}", "Leave one of the two out."
        raise InputFaults([Fault((), found, "one of the two", step, where="--without")])


def _results(
    question: "Problem", answer: "Plan", json: Path | None, trades: Path | None, problem: Path | None
) -> dict[Path, str | bytes]:
    """The text of every file the user asked for."""
    texts: dict[Path, str | bytes] = {}
    if json:
        texts[json] = answer.to_json()
    if trades and answer.tax.agrees:
        from optimizer.report.tickets import ticket_csv

        texts[trades] = ticket_csv(answer)
    if problem:
        texts[problem] = question.to_json()
    return texts


def _show(question: "Problem", answer: "Plan", texts: Mapping[Path, str | bytes], elapsed_seconds: float) -> None:
    from optimizer.report.terminal import page_console, show_plan

    show_plan(answer, page_console(sys.stdout), problem=question, elapsed_seconds=elapsed_seconds)
    for path in texts:
        typer.echo(f"Wrote {path}.")
