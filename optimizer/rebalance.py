"""From a problem to a plan: check, assemble, solve every case, round, replay, compare, write down."""

import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from time import monotonic
from types import ModuleType

from optimizer.check import faults_of
from optimizer.errors import InputFaults
from optimizer.explain.compare import Step, step_of
from optimizer.explain.compare import compare as climb
from optimizer.explain.conflicts import contradiction
from optimizer.explain.statement import plan_of
from optimizer.model.assemble import Model, assemble
from optimizer.plan import Plan
from optimizer.problem import Problem

NOT_COMPARED = "What each lever saved is left out: the time allowed was up before every step of it was proven."


def rebalance(problem: Problem, compare: bool = True, time_limit_seconds: float | None = None) -> Plan:
    """Find the plan that brings every segment inside its band at the least cost, and prove it.

    Parameters
    ----------
    problem : the household's question.
    compare : also solve the household with fewer levers and price the usual rule.
    time_limit_seconds : search for this long at most, and keep the best plan so far with its gap. Compiling the question and
        writing the plan down come on top, and a few seconds where the first plan or its whole shares are begun when time is up.

    Raises
    ------
    InputFaults
        If the problem contradicts itself or the law's data; every fault at its place.
    ContradictoryOrders
        If the household's orders cannot all be carried out, with the smallest set that collides.
    OutOfTime
        If the time is up before there is any plan.

    Examples
    --------
    >>> rebalance(Problem.from_json(text)).certificate.status  # doctest: +SKIP
    'optimal'
    """
    return plan_model(prepare(problem), compare, time_limit_seconds)


def prepare(problem: Problem) -> Model:
    """Check a problem and compile its program, which then answers for any set of levers."""
    return assemble(checked(problem))


def checked(problem: Problem) -> Problem:
    """The problem itself when nothing is wrong with it; raises `InputFaults` with every fault otherwise."""
    faults = faults_of(problem)
    if faults:
        raise InputFaults(faults)
    return problem


def plan_model(model: Model, compare: bool = True, time_limit_seconds: float | None = None) -> Plan:
    """Plan with a compiled program; raises as :func:`rebalance` does."""
    started = monotonic()
    final = solved(model, time_limit_seconds)
    left = None if time_limit_seconds is None else max(0.0, time_limit_seconds - (monotonic() - started))
    comparison = climb(model, final, left) if compare else None
    plan = plan_of(model, final, comparison, software_version(), time_limit_seconds)
    if comparison is None and compare:
        return plan.model_copy(update={"notes": (*plan.notes, NOT_COMPARED)})
    return plan


def solved(model: Model, time_limit_seconds: float | None = None) -> Step:
    """The optimum of a compiled program, rounded and replayed; raises as :func:`rebalance` does."""
    final = step_of(model, frozenset(model.problem.levers), time_limit_seconds)
    if final is None:
        raise contradiction(model)
    return final


@cache
def software_version() -> str:
    """The version of the installed distribution; 0 for a source tree that is not installed."""
    try:
        return version("bandwise")
    except PackageNotFoundError:
        return "0"


class _CallableModule(ModuleType):
    """Lets `from optimizer import rebalance` be called, too, where this module was loaded before and has taken the name."""

    def __call__(self, problem: Problem, compare: bool = True, time_limit_seconds: float | None = None) -> Plan:
        return rebalance(problem, compare, time_limit_seconds)


sys.modules[__name__].__class__ = _CallableModule
