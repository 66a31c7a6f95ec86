"""What each lever saved: the same household solved with none, then with one more at a time, each plan replayed."""

from dataclasses import dataclass, replace
from decimal import Decimal
from math import inf
from time import monotonic

from lots.units import ZERO, Money, cents
from optimizer.errors import OutOfTime
from optimizer.explain.usual import usual_orders
from optimizer.model.assemble import Model
from optimizer.plan import Comparison, CostSummary, LeverRow
from optimizer.problem import Lever
from optimizer.solve.chain import Optimum, optimum_of
from optimizer.solve.cost import breaches, cost_of
from optimizer.solve.nearer import nearer
from optimizer.solve.placing import tradeable_plan
from optimizer.solve.replay import Replay, replay
from optimizer.solve.rounding import Orders, orders_of
from optimizer.solve.within_limits import beyond_limits, within_limits
from optimizer.targets.drift import household_value

BASIS_POINT = Decimal("0.0001")


@dataclass(frozen=True)
class Step:
    """One rung: a set of levers with its plan, priced by the ledger; no optimum for a rule that optimises nothing."""

    orders: Orders
    replayed: Replay
    cost: CostSummary
    breach: Money
    optimum: Optimum | None = None


def step_of(
    model: Model,
    levers: frozenset[Lever],
    time_limit_seconds: float | None = None,
    wider: Optimum | None = None,
) -> Step | None:
    """Solve, round and replay under a set of levers; None when the orders contradict each other.

    A `wider` optimum, of more levers, saves solves (:func:`~optimizer.solve.chain.optimum_of`).

    Raises
    ------
    OutOfTime
        If the time is up before there is any plan.
    """
    until = inf if time_limit_seconds is None else monotonic() + time_limit_seconds
    optimum = optimum_of(model, levers, time_limit_seconds, wider)
    if optimum is None:
        return None
    rounded = _kept(model, nearer(model, orders_of(model, optimum.amounts)), optimum)
    if model.whole is None:
        return rounded
    found = tradeable_plan(model, optimum, levers, until - monotonic())
    if found is None:
        return rounded
    optimum = replace(optimum, amounts=found.amounts, tradeable_bound=found.bound, tradeable_ended_by=found.ended_by)
    whole = _kept(model, orders_of(model, optimum.amounts), optimum)
    is_narrowed = model.problem.scope.max_sales is not None
    if model.choice is not None or is_narrowed or _beyond(model, rounded) > _beyond(model, whole):
        return whole
    return rounded if rounded.cost.total < whole.cost.total - 1 else whole


def _kept(model: Model, orders: Orders, optimum: Optimum) -> Step:
    """The orders priced, with what rounding carried over a limit of the household taken back where steps can."""
    step = priced(model, orders, optimum)
    back = within_limits(model, orders, step.replayed)
    if back is orders:
        return step
    other = priced(model, back, optimum)
    return other if _beyond(model, other) < _beyond(model, step) else step


def _beyond(model: Model, step: Step) -> Money:
    return sum(beyond_limits(model, step.orders, step.replayed).values(), ZERO)


def priced(model: Model, orders: Orders, optimum: Optimum | None = None) -> Step:
    """Replay orders and price them."""
    replayed = replay(model.problem, model.facts, orders)
    return Step(orders, replayed, cost_of(model, orders, replayed), sum(breaches(model, orders), ZERO), optimum)


def compare(model: Model, final: Step, time_limit_seconds: float | None = None) -> Comparison | None:
    """Climb the ladder of the problem's levers; its last rung is the plan itself.

    It is worked out from the top, because what a plan costs at least with a lever it costs at least without it, too.
    The rungs below it are counted in parts of shares: nobody trades them, and what whole shares leave over would hide what a
    lever saves. Where the time is up before every rung is proven there is no ladder, because a rung that is merely the best
    found so far would say too much of the lever after it.
    """
    until = None if time_limit_seconds is None else monotonic() + time_limit_seconds
    fine = model.in_fractions()
    levers = [lever for lever in Lever if lever in model.problem.levers]
    rungs: list[tuple[Lever | None, Step]] = [(levers[-1] if levers else None, final)]
    wider = final.optimum
    for count in reversed(range(len(levers))):
        left = None if until is None else max(0.0, until - monotonic())
        try:
            step = step_of(fine, frozenset(levers[:count]), left, wider)
        except OutOfTime:
            return None
        if step is not None and step.optimum is not None and step.optimum.is_cut_short:
            return None
        if step is not None:
            rungs.append((levers[count - 1] if count else None, step))
            wider = step.optimum
    rows: list[LeverRow] = []
    for lever, step in reversed(rungs):
        rows.append(_row(model, lever, step, rows[-1] if rows else None))
    return Comparison(ladder=tuple(rows), usual_rule=_row(model, None, priced(fine, usual_orders(fine)), None))


def _row(model: Model, lever: Lever | None, step: Step, before: LeverRow | None) -> LeverRow:
    """One rung; what it saved is known only where neither it nor the one before leaves a segment outside its band."""
    tax = step.replayed.tax
    total = step.cost.total - step.cost.breach - step.cost.idle_cash
    trading = step.cost.trading + step.cost.preference + step.cost.giving + step.cost.drift
    saved: Money | None = ZERO
    if before is not None:
        saved = before.total - total if step.breach == 0 == before.breach else None
    now = tax.total - tax.other_tax
    return LeverRow(
        lever=lever,
        tax=now,
        later_tax=total - now - trading,
        trading=trading,
        total=total,
        saved=saved,
        drag=(total / household_value(model.problem) / BASIS_POINT).quantize(Decimal("0.01")),
        carryforward=tax.short_carryforward + tax.long_carryforward,
        breach=cents(step.breach),
    )
