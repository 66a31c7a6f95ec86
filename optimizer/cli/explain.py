"""`bandwise explain`: why a plan is what it is, what its wishes cost, and how far simpler rules would have been."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from optimizer.problem import Problem


def explain(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.json", help="A plan document; or a household's folder, planned first.")],
    question: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder, or the problem document, the plan was made from.")
    ] = Path(),
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the plan with its explanation as JSON; - prints it.")
    ] = None,
) -> None:
    """Give a reason for each trade and the next best lot, the price of each binding wish, and simpler rules beside the plan.

    A plan names its question by a digest, so the question has to be at hand: the folder it was made in (the current one when left
    out), or the document that --problem wrote. It is solved again, and another question is refused.
    """
    from optimizer.cli.files import STANDARD, refuse_targets, write_together

    refuse_targets({"--json": json}, (plan, question))
    asked = _asked(plan, question)

    from optimizer.plan import refuse_disowned
    from optimizer.questions.explain import explain as ask
    from optimizer.report.explanation import explanation_page
    from optimizer.report.page import print_page
    from optimizer.report.terminal import page_console

    answer = ask(asked)
    if json:
        write_together({json: answer.to_json()})
    if json != STANDARD:
        print_page(page_console(sys.stdout), explanation_page(answer))
    refuse_disowned(answer)


def _asked(plan: Path, question: Path) -> "Problem":
    """The question behind the plan, from wherever it was named."""
    from optimizer.cli.files import naming, read_text
    from optimizer.household import read_household

    if plan.is_dir():
        return read_household(plan)
    text = read_text(plan)

    from optimizer.plan import Plan
    from optimizer.problem import Problem
    from optimizer.questions.explain import question_of

    with naming(plan):
        answer = Plan.from_json(text)
    if question.is_dir():
        problem = read_household(question)
    else:
        with naming(question):
            problem = Problem.from_json(read_text(question))
    with naming(plan):
        return question_of(answer, problem)
