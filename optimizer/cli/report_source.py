"""The plan to report and the question it answers, wherever they come from."""

import json
from pathlib import Path

from optimizer.cli.files import naming, read_text
from optimizer.errors import Fault, InputFaults
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.report.tables.runners_up import is_explained

PROBLEM_FORMAT = str(Problem.model_fields["format"].default)


def plan_and_problem(
    source: Path, asked: Path | None, seconds: float | None = None, explained: bool = False
) -> tuple[Plan, Problem | None]:
    """Read or make the plan, and find its question.

    Parameters
    ----------
    source : a plan, a problem, or a household's folder; the last two are planned.
    asked : where the question is, beside a plan; None when it is not at hand.
    seconds : how long a plan may be searched for; None for as long as it takes.
    explained : whether the plan that is made also says why each lot leaves and what each wish costs.

    Raises
    ------
    InputFaults
        If a document is faulty, or the question is not the one that the plan answers.
    """
    text = "" if source.is_dir() else read_text(source)
    if source.is_dir() or _is_problem(text):
        if asked is not None:
            found = "a question beside a source that already is one"
            raise InputFaults([Fault((), found, "--problem only beside a plan", where="--problem")])
        return _planned(source, text, seconds, explained)
    if seconds is not None:
        found = "a time limit beside a plan that is made already"
        raise InputFaults([Fault((), found, "--time-limit only where a plan is searched for", where="--time-limit")])
    with naming(source):
        plan = Plan.from_json(text)
    if explained and not is_explained(plan):
        step = "Write one by `bandwise explain PLAN.json DIR --json FILE`, or name the folder in place of the plan."
        raise InputFaults([Fault((), "a plan that was not explained", "one that was", step, "--explain")])
    if asked is None:
        return plan, None

    from optimizer.questions.explain import question_of

    return plan, question_of(plan, _read(asked, "" if asked.is_dir() else read_text(asked)))


def _planned(source: Path, text: str, seconds: float | None, explained: bool) -> tuple[Plan, Problem]:
    if explained and seconds is not None:
        step = "Leave the limit out, or the explanation: it speaks of a plan that is proven."
        raise InputFaults([Fault((), "a time limit beside --explain", "one of the two", step, where="--time-limit")])
    from optimizer.questions.explain import explain
    from optimizer.rebalance import rebalance

    question = _read(source, text)
    if explained:
        return explain(question, compare=True), question
    return rebalance(question, time_limit_seconds=seconds), question


def _read(place: Path, text: str) -> Problem:
    if place.is_dir():
        from optimizer.household import read_household

        return read_household(place)
    with naming(place):
        return Problem.from_json(text)


def _is_problem(text: str) -> bool:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(raw, dict) and raw.get("format") == PROBLEM_FORMAT
