"""The files a report is written to, each by the ending of its name."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.cli.files import STANDARD, read_text
from optimizer.errors import Fault, InputFaults

if TYPE_CHECKING:
    from optimizer.plan import Plan
    from optimizer.problem import Problem
    from optimizer.questions.frontier import Frontier

PAGES, WORKBOOKS = (".html", ".htm"), (".xlsx",)


def refuse_kinds(paths: Sequence[Path], option: str) -> None:
    """Find out before the work that a file's ending says neither page nor workbook."""
    faults = [
        Fault((), str(path), "a name that ends in .html or .xlsx", where=option)
        for path in paths
        if path != STANDARD and path.suffix.lower() not in PAGES + WORKBOOKS
    ]
    if faults:
        raise InputFaults(faults)


def refuse_nothing(paths: Sequence[Path | None]) -> None:
    """Refuse a command that names no file, for there would be nothing to do."""
    if not any(paths):
        expected = "a file to write, such as -o plan.html, -o plan.xlsx, --trades trades.csv or --letter gift.html"
        raise InputFaults([Fault((), "no file", expected, where="--output")])


def shape_of(word: str) -> "Callable[[Plan], str]":
    """The writer of a ticket's shape: one of ours, or one that a template describes.

    Raises
    ------
    InputFaults
        If the word is neither a shape nor a file that can be read.
    """
    from optimizer.report.shapes.brokers import SHAPES, template_csv

    if word in SHAPES:
        return SHAPES[word]
    if Path(word).suffix.lower() != ".csv":
        raise InputFaults([Fault((), repr(word), f"one of {', '.join(SHAPES)}, or a template FILE.csv", where="--shape")])
    template = read_text(Path(word))
    return lambda plan: template_csv(plan, template, word)


def trade_texts(
    plan: "Plan", problem: "Problem | None", trades: Path | None, write_trades: "Callable[[Plan], str]", letter: Path | None
) -> dict[Path, str | bytes]:
    """The ticket and the letter, as far as they were asked for."""
    texts: dict[Path, str | bytes] = {}
    if trades is not None:
        texts[trades] = write_trades(plan)
    if letter is not None:
        from optimizer.report.letter import letter_page, letter_text

        is_page = letter.suffix.lower() in PAGES
        texts[letter] = letter_page(plan, problem) if is_page else letter_text(plan, problem)
    return texts


def report_texts(
    paths: Sequence[Path], plan: "Plan", problem: "Problem | None", charts: bool = True, frontier: bool = False
) -> dict[Path, str | bytes]:
    """The content of every file that was asked for.

    Parameters
    ----------
    paths : files whose names end in .html or .xlsx, or standard output for the page.
    plan, problem : the answer and, where it is at hand, its question.
    charts : whether the page has figures.
    frontier : whether page and workbook draw tax against drift; not without the question.
    """
    texts: dict[Path, str | bytes] = {}
    curve = _curve(problem) if frontier and paths and problem is not None else None
    for path in paths:
        if path.suffix.lower() in WORKBOOKS:
            from optimizer.report.workbook import workbook

            texts[path] = workbook(plan, problem, curve)
        else:
            from optimizer.report.html.page import page

            texts[path] = page(plan, problem, charts, curve)
    return texts


def _curve(problem: "Problem") -> "Frontier":
    from optimizer.questions.frontier import frontier

    return frontier(problem)
