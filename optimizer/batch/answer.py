"""One household asked: planned, left alone because nothing is to do, or a fault; never an end of the run."""

import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType

from lots.errors import LotsError
from lots.units import CENT, ZERO, Money
from optimizer.errors import ContradictoryOrders, InputFaults, OutOfTime, SolverFailure
from optimizer.plan import Plan, refuse_disowned
from optimizer.problem import Problem

PLANNED, INSIDE, FAULT = "planned", "inside", "fault"
AGAIN = 0.05
"""Seconds after which the clock rings again, since an exception raised in a destructor goes nowhere."""
WORTH_PLACING = Money(1) / 1000
"""Cash above the floors as a part of the household from which it is worth a plan by itself."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of a book: what became of a household. Cents, and milliseconds of work.

    Parameters
    ----------
    key : hash of what decided the answer.
    status : planned, inside, or fault.
    outside_cents : dollars outside the trigger bands before any trade, over the leaf segments.
    cash_to_place_cents : cash above the floors, pooled income and contributions, less what is to leave.
    harvestable_cents : unrealised losses of taxable lots.
    gap_cents : how much a better plan could at most be better.
    fault : what went wrong, in words.
    plan : the plan as a document.
    name : what the household is called in its own document; None where that could not be read.
    """

    household: str
    key: str
    status: str
    name: str | None = None
    milliseconds: int = 0
    made_at: str = ""
    value_cents: int | None = None
    outside_cents: int | None = None
    n_outside: int | None = None
    cash_to_place_cents: int | None = None
    harvestable_cents: int | None = None
    tax_without_cents: int | None = None
    tax_with_cents: int | None = None
    gap_cents: int | None = None
    n_trades: int | None = None
    fault: str | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a household stands before any plan, in dollars."""

    value: Money
    outside: Money
    n_outside: int
    cash_to_place: Money
    harvestable: Money

    @property
    def needs_plan(self) -> bool:
        """Whether a segment is outside its band or there is cash to place or to find."""
        return self.n_outside > 0 or abs(self.cash_to_place) > self.value * WORTH_PLACING


def standing_of(problem: Problem) -> Standing:
    """Drift, cash and losses of a household as it is."""
    from optimizer.targets.drift import drifts_of, household_value

    total, price = household_value(problem), {s.symbol: s.price for s in problem.securities}
    parents = {segment.parent for segment in problem.segments}
    outside, count = ZERO, 0
    for drift in drifts_of(problem):
        if drift.standing != "inside":
            count += 1
            edge = drift.segment.trigger.upper if drift.standing == "above" else drift.segment.trigger.lower
            if drift.segment.id not in parents:
                outside += abs(drift.value - edge * total)
    taxable = {account.id for account in problem.accounts if account.kind.is_taxable}
    losses = ((lot.cost_basis or ZERO) - lot.shares * price[lot.symbol] for lot in problem.lots if lot.account in taxable)
    cash = sum((max(ZERO, account.cash - account.cash_floor) for account in problem.accounts if account.traded), ZERO)
    coming = sum((each.amount for each in problem.income), ZERO) + sum((each.amount for each in problem.contributions), ZERO)
    leaving = sum((each.leaving for each in problem.withdrawals), ZERO) + sum((each.promised for each in problem.donations), ZERO)
    has_orders = bool(problem.contributions or problem.withdrawals or problem.donations)
    to_place = cash + coming - leaving
    if has_orders and to_place == 0:
        to_place = max(coming, leaving)
    return Standing(total, outside, count, to_place, sum((loss for loss in losses if loss > 0), ZERO))


def answer_of(problem: Problem, household: str, key: str, *, plan_all: bool, compare: bool, seconds: float | None) -> Answer:
    """Plan a household that needs it, or say that it does not.

    Raises
    ------
    InputFaults, ContradictoryOrders, OutOfTime, SolverFailure, LotsError, TimeoutError, MemoryError
        As the plan raises them; :func:`fault_of` has the words.
    """
    from optimizer.rebalance import rebalance

    standing = standing_of(problem)
    before = Answer(
        household,
        key,
        INSIDE,
        problem.household,
        value_cents=_cents(standing.value),
        outside_cents=_cents(standing.outside),
        n_outside=standing.n_outside,
        cash_to_place_cents=_cents(standing.cash_to_place),
        harvestable_cents=_cents(standing.harvestable),
    )
    if not (plan_all or standing.needs_plan or problem.withdrawals or problem.donations):
        return before
    plan = rebalance(problem, compare=compare, time_limit_seconds=seconds)
    refuse_disowned(plan)
    return _with_plan(before, plan)


def _with_plan(before: Answer, plan: Plan) -> Answer:
    return replace(
        before,
        status=PLANNED,
        tax_without_cents=_cents(plan.tax.without_plan.total),
        tax_with_cents=_cents(plan.tax.with_plan.total),
        gap_cents=_cents(plan.certificate.gap),
        n_trades=len(plan.sales) + len(plan.gifts) + len(plan.buys),
        plan=plan.to_json(),
    )


def fault_of(error: BaseException) -> str:
    """What went wrong with one household, in a few lines that name file and line where the fault has them."""
    if isinstance(error, InputFaults):
        return "\n".join(str(fault) for fault in error.faults)
    if isinstance(error, ContradictoryOrders):
        return "orders that cannot be met together: " + "; ".join(error.orders)
    if isinstance(error, TimeoutError | OutOfTime):
        return "not done within the time allowed for one household"
    if isinstance(error, MemoryError):
        return "more memory needed than is allowed for one household"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror or error}"
    if isinstance(error, LotsError | SolverFailure | OSError):
        return str(error)
    return f"a fault of the program ({type(error).__name__}: {error}); please report it with the household's problem"


@contextmanager
def limits(seconds: float | None, megabytes: int | None) -> Iterator[None]:
    """Stop one household after its time, or when it asks for more memory beyond what the process holds already.

    The clock interrupts Python code; the solver has its own. Away from a process's main thread only the solver's clock counts.
    """
    is_main, running, rang = threading.current_thread() is threading.main_thread(), True, False

    def ring(_signal: int, _frame: FrameType | None) -> None:
        nonlocal rang
        if running:
            rang = True
            raise TimeoutError

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    previous = signal.getsignal(signal.SIGALRM) if is_main else None
    try:
        if megabytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (_virtual_bytes() + megabytes * 2**20, hard))
        if seconds is not None and is_main:
            signal.signal(signal.SIGALRM, ring)
            signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
        yield
    except Exception as error:
        if rang and not isinstance(error, TimeoutError):  # a library may make an error of its own of it
            raise TimeoutError from error
        raise
    finally:
        running = False
        if is_main and seconds is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
        if megabytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _virtual_bytes() -> int:
    """Address space of this process, as the limit counts it."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _cents(dollars: Money) -> int:
    return int((dollars / CENT).to_integral_value())


def clock_milliseconds(started: float) -> int:
    """Milliseconds since a reading of :func:`time.perf_counter`."""
    return round((time.perf_counter() - started) * 1000)
