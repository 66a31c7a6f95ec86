"""From a problem to a plan: check, assemble, solve every case, round, replay, compare, write down."""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic
from types import ModuleType

from lots.units import Money
from optimizer.check import faults_of
from optimizer.errors import InputFaults
from optimizer.explain.compare import Step, step_of
from optimizer.explain.compare import compare as climb
from optimizer.explain.conflicts import contradiction
from optimizer.explain.statement import plan_of
from optimizer.model.assemble import Model, assemble
from optimizer.plan import Plan
from optimizer.problem import Problem, WithdrawalOrder
from optimizer.release import software_version
from optimizer.solve.after_tax import least_before_tax

OBJECTS = 200_000
"""Objects made, less those that went, after which Python looks for unreachable ones while a plan is made."""
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
    with few_collections():
        return plan_model(prepare(problem), compare, time_limit_seconds)


@contextmanager
def few_collections() -> Iterator[None]:
    """Let Python look for unreachable objects now and then only.

    A plan makes hundreds of thousands of objects and nearly no cycles among them; not looking saves a tenth of its time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(max(OBJECTS, usual[0]) if usual[0] else 0, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def prepare(problem: Problem) -> Model:
    """Check a problem and compile its program, which then answers for any set of levers."""
    return assemble(settled(checked(problem)))


def checked(problem: Problem) -> Problem:
    """The problem itself when nothing is wrong with it; raises `InputFaults` with every fault otherwise."""
    faults = faults_of(problem)
    if faults:
        raise InputFaults(faults)
    return problem


@dataclass(frozen=True)
class _Taxed:
    """A plan of one amount before tax."""

    problem: Problem
    gross: Money
    net: Money


def settled(problem: Problem, narrow: Callable[[Problem], Problem] | None = None) -> Problem:
    """The question with what has to leave before tax so that a withdrawal asked for after tax is left; itself without one.

    What a withdrawal adds to the year's tax is the tax of the plan with it less that of the plan without it, both by the ledger
    and everything else alike; `narrow` makes of each question the one that is planned. Raises as :func:`rebalance` does.
    """
    open_orders = [n for n, order in enumerate(problem.withdrawals) if not order.is_settled]
    if not open_orders:
        return problem
    (n,) = open_orders
    order, others = problem.withdrawals[n], problem.withdrawals[:n] + problem.withdrawals[n + 1 :]

    def asked(withdrawals: tuple[WithdrawalOrder, ...]) -> tuple[Problem, Money]:
        question = problem.model_copy(update={"withdrawals": withdrawals})
        question = question if narrow is None else narrow(question)
        return question, solved(assemble(question)).replayed.tax.total

    _, without = asked(others)

    def planned(gross: Money) -> _Taxed:
        question, tax = asked((*problem.withdrawals[:n], order.settled_at(gross), *problem.withdrawals[n + 1 :]))
        return _Taxed(question, gross, gross - (tax - without))

    return least_before_tax(order.amount, planned).problem


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


def replan(model: Model, problem: Problem, compare: bool = False, time_limit_seconds: float | None = None) -> tuple[Model, Plan]:
    """Plan the question again after something in it was changed; returns the program that answered, for the next change.

    Where nothing but levers differs, the program compiled for the question before answers this one, too. Any other change is
    compiled anew, because a band, a gift or a budget may alter which orders, rules and lots there are; of the time that a plan of
    the example takes that is less than half. The plan is that of :func:`rebalance`, which also says what may be raised.

    Parameters
    ----------
    model : the program that :func:`prepare` or an earlier call of this returned.
    problem : the question as it is now.
    compare : also price what each lever saved, which takes about twice as long again.
    time_limit_seconds : as in :func:`rebalance`.
    """
    differs_in_levers_alone = model.problem.model_copy(update={"levers": problem.levers}) == problem
    with few_collections():
        now = replace(model, problem=checked(problem)) if differs_in_levers_alone else prepare(problem)
        return now, plan_model(now, compare, time_limit_seconds)


def solved(model: Model, time_limit_seconds: float | None = None) -> Step:
    """The optimum of a compiled program, rounded and replayed; raises as :func:`rebalance` does."""
    final = step_of(model, frozenset(model.problem.levers), time_limit_seconds)
    if final is None:
        raise contradiction(model)
    return final


class _CallableModule(ModuleType):
    """Lets `from optimizer import rebalance` be called, too, where this module was loaded before and has taken the name."""

    def __call__(self, problem: Problem, compare: bool = True, time_limit_seconds: float | None = None) -> Plan:
        return rebalance(problem, compare, time_limit_seconds)


sys.modules[__name__].__class__ = _CallableModule
