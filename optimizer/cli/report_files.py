"""The files a report is written to, each by the ending of its name."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.cli.files import STANDARD
from optimizer.errors import Fault, InputFaults

if TYPE_CHECKING:
    from optimizer.plan import Plan
    from optimizer.problem import Problem

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


def report_texts(paths: Sequence[Path], plan: "Plan", problem: "Problem | None", charts: bool = True) -> dict[Path, str | bytes]:
    """The content of every file that was asked for.

    Parameters
    ----------
    paths : files whose names end in .html or .xlsx, or standard output for the page.
    plan, problem : the answer and, where it is at hand, its question.
    charts : whether the page has figures.
    """
    texts: dict[Path, str | bytes] = {}
    for path in paths:
        if path.suffix.lower() in WORKBOOKS:
            from optimizer.report.workbook import workbook

            texts[path] = workbook(plan, problem)
        else:
            from optimizer.report.html.page import page

            texts[path] = page(plan, problem, charts)
    return texts
