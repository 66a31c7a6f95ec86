"""From a problem to both years' plans: solve, prove, replay, and weigh the dates against each other."""

from decimal import Decimal

import numpy as np

from lots.units import CENT, ZERO, Money, cents, from_float
from optimizer.errors import ContradictoryOrders, Fault, InputFaults, OutOfTime
from optimizer.explain.conflicts import smallest_conflict
from optimizer.model.assemble import assemble
from optimizer.model.two_years.parts import Half
from optimizer.model.two_years.program import Dates, TwoYears, two_years
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.questions.year_end.both_taxes import BothTaxes
from optimizer.questions.year_end.choices import date_rows, turning_rows
from optimizer.questions.year_end.document import Alternative, LawStandIn, YearEnd
from optimizer.questions.year_end.plans import FINE, both_costs, both_plans, carried_loss
from optimizer.rebalance import checked, settled
from optimizer.release import software_version
from optimizer.scope import Scope
from optimizer.solve.chain import optimum_of
from optimizer.solve.rounding import banded_value, held_after
from optimizer.solve.solvers import Amounts
from optimizer.solve.two_years.replay import TwoYearReplay, replay_both
from optimizer.solve.two_years.search import TwoYearOptimum, two_year_optimum
from optimizer.targets.drift import drifts_of, segment_values

RISE = Decimal("0.03")
"""By how much thresholds are raised to see how far the answer moves: about a year's inflation."""
WITHIN_DAYS = 75
WEIGHT = Decimal("1e-8")


def year_end(problem: Problem, within_days: int = WITHIN_DAYS, time_limit_seconds: float | None = None) -> YearEnd:
    """Find what to trade now, what in January, and what to hold, at the least cost over both tax years, and prove it.

    Parameters
    ----------
    problem : the household's question; `next_year` says what differs then, and what may wait.
    within_days : lots that turn long-term within so many days are listed.
    time_limit_seconds : search for this long at most, and keep the best plan so far with its gap. Plans that it is compared with
        get as long each, and are left out where that does not prove them.

    Raises
    ------
    InputFaults
        If the problem contradicts itself or the law's data, or is narrowed to less than a whole plan.
    ContradictoryOrders
        If the household's orders cannot all be carried out, with the smallest set that collides.
    OutOfTime
        If the time is up before there is any plan.
    """
    _refuse_what_is_left_out(checked(problem))
    model = two_years(_narrowed(settled(problem)))
    optimum = two_year_optimum(model, Dates.BOTH, time_limit_seconds)
    if optimum is None:
        raise ContradictoryOrders(_conflict(problem))
    replayed = replay_both(model, optimum)
    waits = problem.next_year.bands_by == "january"
    plans = both_plans(model, optimum, replayed, software_version(), waits, time_limit_seconds)
    taxes = BothTaxes(replayed, from_float(model.discount, FINE), from_float(carried_loss(model), FINE))
    return YearEnd(
        household=problem.household,
        problem=problem.digest(),
        version=software_version(),
        as_of=problem.as_of,
        january=model.january.problem.as_of,
        bands_by=problem.next_year.bands_by,
        discount_rate=problem.outlook.discount_rate,
        this_year=plans[0],
        next_year=plans[1],
        alternatives=_alternatives(model, replayed, time_limit_seconds),
        dates=date_rows(problem, model.january.problem.as_of, plans, taxes),
        turning=turning_rows(problem, within_days, plans, taxes),
        sold_in_january=sum((sale.proceeds for sale in plans[1].sales), ZERO),
        law=_law(model, optimum, plans, time_limit_seconds),
        not_kept=_not_kept(problem),
        notes=_notes(problem, plans),
    )


def _refuse_what_is_left_out(problem: Problem) -> None:
    """Say what a plan over two years cannot be asked."""
    faults = []
    if problem.scope != Scope():
        found = f"a question narrowed to {problem.scope.only!r}"
        faults.append(Fault(("scope",), found, "a whole question, for a plan over two years"))
    if problem.benchmark is not None:
        step = "Plan this year alone, which follows it."
        faults.append(Fault(("benchmark",), "a benchmark", "segments alone, for a plan over two years", step))
    if faults:
        raise InputFaults(faults)


def _narrowed(problem: Problem) -> Problem:
    """The question without what a plan over two years leaves out: gifts up to an amount, and shares that a dividend will buy."""
    off = tuple(each.model_copy(update={"can_be_switched_off": True}) for each in problem.reinvestments)
    promised = tuple(order for order in problem.donations if not order.up_to)
    if off == problem.reinvestments and promised == problem.donations:
        return problem
    return problem.model_copy(update={"reinvestments": off, "donations": promised})


def _not_kept(problem: Problem) -> tuple[str, ...]:
    """Wishes about the size, number and fee of orders, which the program of two years does not choose by."""
    wishes = problem.wishes
    found = []
    if wishes.max_orders is not None:
        found.append(f"at most {wishes.max_orders} orders")
    if wishes.min_trade is not None:
        found.append(f"no order under {wishes.min_trade:,.2f}")
    if any(account.ticket_fee > 0 for account in problem.accounts):
        found.append("fewer orders where an account charges for each")
    found += [f"gifts up to {order.amount:,.2f}: none of it is given" for order in problem.donations if order.up_to]
    for each in problem.reinvestments:
        if not each.can_be_switched_off:
            found.append(f"the reinvestment in {each.account} that cannot be switched off")
    return tuple(found)


def _conflict(problem: Problem) -> tuple[str, ...]:
    """The orders of this year that collide; what only January forbids has no smaller set than both dates."""
    alone = assemble(problem)
    optimum_of(alone, frozenset(problem.levers))
    return smallest_conflict(alone) or (f"the wishes for {problem.taxpayer.year + 1} beside the orders of this year",)


def _alternatives(model: TwoYears, replayed: TwoYearReplay, time_limit_seconds: float | None) -> tuple[Alternative, ...]:
    """The plan and the two choices it is held against."""
    found: list[Alternative] = []
    for dates in Dates:
        chosen: TwoYearReplay | None = replayed
        if dates is not Dates.BOTH:
            other = _proven(model, dates, time_limit_seconds)
            chosen = replay_both(model, other) if other is not None else None
        if chosen is not None:
            found.append(_alternative(model, dates, chosen, found[0].total if found else None))
    return tuple(found)


def _proven(model: TwoYears, dates: Dates, time_limit_seconds: float | None) -> TwoYearOptimum | None:
    """The best plan; None where there is none, or the time did not suffice to prove it, so that a comparison would mislead."""
    try:
        found = two_year_optimum(model, dates, time_limit_seconds)
    except OutOfTime:
        return None
    return None if found is None or found.is_cut_short else found


def _alternative(model: TwoYears, dates: Dates, replayed: TwoYearReplay, least: Money | None) -> Alternative:
    waits = dates is Dates.JANUARY or model.december.problem.next_year.bands_by == "january"
    total = sum((cost.total - cost.breach - cost.idle_cash for cost in both_costs(model, replayed, waits)), ZERO)
    outside, drift = _meanwhile(replayed)
    return Alternative(
        dates=dates.value,
        this_year_tax=replayed.december.tax.total,
        next_year_tax=replayed.january.tax.total,
        total=total,
        costs_more=ZERO if least is None else total - least,
        outside_meanwhile=outside,
        drift_meanwhile=drift,
    )


def _meanwhile(replayed: TwoYearReplay) -> tuple[Money, Decimal]:
    """Dollars outside the trigger bands between the two dates, and half the distance of all leaves from target."""
    problem, orders = replayed.december.problem, replayed.december.orders
    whole = banded_value(problem, orders)
    values = segment_values(problem, held_after(problem, orders))
    parents = {segment.parent for segment in problem.segments}
    outside = away = ZERO
    for drift in drifts_of(problem):
        segment, value = drift.segment, values[drift.segment.id]
        missing = max(segment.trigger.lower * whole - value, value - segment.trigger.upper * whole, ZERO)
        outside += missing if missing > 1 else ZERO  # less is rounding to shares
        away += abs(value - segment.target * whole) if segment.id not in parents else ZERO
    return cents(outside), min(Decimal(1), (away / 2 / whole).quantize(WEIGHT)) if whole > 0 else ZERO


def _law(
    model: TwoYears, optimum: TwoYearOptimum, plans: tuple[Plan, Plan], time_limit_seconds: float | None
) -> LawStandIn | None:
    """Whose figures stand in for next year's, and what changes if their thresholds are higher."""
    problem, taxpayer = model.december.problem, model.january.problem.taxpayer
    if taxpayer.extrapolate_from is None:
        return None
    raised = optimum_raised = None
    if taxpayer.income is not None:
        raised = two_years(problem, RISE)
        optimum_raised = _proven(raised, Dates.BOTH, time_limit_seconds)
    if raised is None or optimum_raised is None or optimum.is_cut_short:
        tax = tax_raised = moves = first = second = None
    else:
        tax, tax_raised = plans[1].tax.with_plan.total, replay_both(raised, optimum_raised).january.tax.total
        moves = from_float(optimum_raised.objective - optimum.objective, CENT)
        first = _moved(model.december, optimum.december, optimum_raised.december)
        second = _moved(model.january, optimum.january, optimum_raised.january)
    return LawStandIn(
        year=taxpayer.year,
        figures_of=taxpayer.extrapolate_from,
        stamp=taxpayer.law().stamp,
        rise=RISE,
        next_year_tax=tax,
        next_year_tax_raised=tax_raised,
        cost_moves=moves,
        december_moves=first,
        january_moves=second,
    )


def _moved(half: Half, one: Amounts, other: Amounts) -> Money:
    """Dollars sold, given or bought by one and not by the other, of what the larger of the two trades."""
    dollars = 0.0
    for name in ("sold", "given", "bought"):
        dollars += float(np.maximum(getattr(one, name) - getattr(other, name), 0.0).sum())
    back = 0.0
    for name in ("sold", "given", "bought"):
        back += float(np.maximum(getattr(other, name) - getattr(one, name), 0.0).sum())
    return from_float(max(dollars, back), CENT)


def _notes(problem: Problem, plans: tuple[Plan, Plan]) -> tuple[str, ...]:
    notes = [
        *problem.remarks,
        "Prices are today's on both dates: nothing here forecasts them, and what waits for January may be worth more or less by "
        "then. Plan again in January before you trade.",
        "Next year's tax is due a year later and counts at its value today, discounted by "
        f"{problem.outlook.discount_rate:.1%} a year.",
    ]
    if problem.next_year.income is None and problem.next_year.rates is None:
        notes.append("Next year is taken to be like this one; [next_year] in household.toml says what will differ.")
    if problem.wishes != type(problem.wishes)():
        notes.append("Limits on gains, tax, income and turnover hold in each year by itself.")
    if problem.donations and not problem.next_year.gifts_may_wait:
        notes.append("Gifts are made this year; gifts_may_wait = true under [next_year] lets them fall into either.")
    short = plans[0].tax.with_plan
    if short.short_carryforward + short.long_carryforward >= 1:
        notes.append(
            f"{plans[0].tax_year} carries a loss into {plans[1].tax_year}: {short.short_carryforward:,.2f} short-term and "
            f"{short.long_carryforward:,.2f} long-term."
        )
    return tuple(notes)
