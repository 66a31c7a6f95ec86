"""`bandwise solve`: one document in, one document out."""

from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.asked import TimeLimit


def solve(
    problem: Annotated[Path, typer.Argument(metavar="PROBLEM.json", help="The problem document; - reads standard input.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="PLAN.json", help="Where the plan goes; - is standard output.")
    ] = Path("-"),
    compare: Annotated[
        bool,
        typer.Option("--compare/--no-compare", help="Also work out what each lever saved; this takes several solves."),
    ] = True,
    time_limit: TimeLimit = None,
) -> None:
    """Answer a problem document with a plan document.

    `bandwise schema problem` and `bandwise schema plan` describe the two.
    """
    from optimizer.cli.asked import time_limit_of
    from optimizer.cli.files import naming, read_text, refuse_targets, write_together

    seconds = time_limit_of(time_limit)
    refuse_targets({"--output": output}, inputs=(problem,))
    text = read_text(problem)

    from optimizer.problem import Problem

    with naming(problem):
        question = Problem.from_json(text)

        from optimizer.rebalance import rebalance

        answer = rebalance(question, compare=compare, time_limit_seconds=seconds)
    write_together({output: answer.to_json()})
    from optimizer.plan import refuse_disowned

    refuse_disowned(answer)
