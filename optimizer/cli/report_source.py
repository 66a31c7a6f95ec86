"""The plan to report and the question it answers, wherever they come from."""

import json
from pathlib import Path

from optimizer.cli.files import naming, read_text
from optimizer.errors import Fault, InputFaults
from optimizer.plan import Plan
from optimizer.problem import Problem

PROBLEM_FORMAT = str(Problem.model_fields["format"].default)


def plan_and_problem(source: Path, asked: Path | None) -> tuple[Plan, Problem | None]:
    """Read or make the plan, and find its question.

    Parameters
    ----------
    source : a plan, a problem, or a household's folder; the last two are planned.
    asked : where the question is, beside a plan; None when it is not at hand.

    Raises
    ------
    InputFaults
        If a document is faulty, or the question is not the one that the plan answers.
    """
    if source.is_dir() or _is_problem(text := read_text(source)):
        if asked is not None:
            found = "a question beside a source that already is one"
            raise InputFaults([Fault((), found, "--problem only beside a plan", where="--problem")])
        return _planned(source)
    with naming(source):
        plan = Plan.from_json(text)
    return plan, None if asked is None else _question(plan, asked)


def _planned(source: Path) -> tuple[Plan, Problem]:
    from optimizer.rebalance import rebalance

    question = _read(source)
    return rebalance(question), question


def _read(place: Path) -> Problem:
    if place.is_dir():
        from optimizer.household import read_household

        return read_household(place)
    with naming(place):
        return Problem.from_json(read_text(place))


def _question(plan: Plan, place: Path) -> Problem:
    """The question, when it is the plan's: as it stands, or with the levers and the scope that the plan was made with."""
    asked = _read(place)
    for question in (asked, asked.model_copy(update={"levers": plan.levers, "scope": plan.scope})):
        if question.digest() == plan.problem:
            return question
    found = f"a question with the SHA-256 {asked.digest()[:12]}"
    step = "Use the file that `bandwise plan DIR --problem FILE` wrote beside this plan, or report DIR itself."
    raise InputFaults([Fault((), found, f"the plan's question, {plan.problem[:12]}", step, f"--problem {place}")])


def _is_problem(text: str) -> bool:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(raw, dict) and raw.get("format") == PROBLEM_FORMAT
