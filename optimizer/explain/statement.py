"""The plan as a document: rows of trades with reasons, bands, tax, cost and certificate, all from the replayed orders."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Literal

from lots.lot import Term
from lots.units import CENT, ZERO, Money, cents, from_float, to_float
from lots.wash.window import blocked_until
from optimizer.explain.against_benchmark import tracking_summary
from optimizer.explain.ages import age_notes
from optimizer.explain.compare import Step
from optimizer.explain.giving import gift_notes
from optimizer.explain.reasons import Reasons
from optimizer.explain.reinvesting import reinvestment_rows
from optimizer.explain.room import room_notes
from optimizer.explain.washed import replacements, wash_notes
from optimizer.model.assemble import Model
from optimizer.plan import (
    BandRow,
    BuyBan,
    BuyRow,
    CaseRow,
    CashRow,
    Certificate,
    Comparison,
    FlowRow,
    GiftRow,
    Plan,
    SaleRow,
    TaxSummary,
    YearTax,
)
from optimizer.problem import LotFacts, Problem, WithdrawalOrder
from optimizer.solve.chain import Optimum, tax_due
from optimizer.solve.conic import NAME as CONIC
from optimizer.solve.cost import breaches
from optimizer.solve.flow_income import flow_income
from optimizer.solve.priced import tradeable_bound_of, undone_before_rounding, undone_by
from optimizer.solve.replay import NOTHING, stated_tax_of_year
from optimizer.solve.return_cases import CaseResult
from optimizer.solve.rounding import Flow, LotTrade, Orders, banded_value, closing_cash, held_after, sizes_of
from optimizer.solve.solvers import SOLVER
from optimizer.solve.within_limits import words_beyond
from optimizer.targets.drift import drifts_of, household_value, segment_values

WEIGHT = Decimal("1e-8")


def plan_of(
    model: Model, step: Step, comparison: Comparison | None, version: str, time_limit_seconds: float | None = None
) -> Plan:
    """Write the plan down."""
    step = _stated(model, step)
    problem, orders = model.problem, step.orders
    assert step.optimum is not None
    tax = _tax(model, step)
    reasons = Reasons(model, step)
    return Plan(
        household=problem.household,
        problem=problem.digest(),
        version=version,
        as_of=problem.as_of,
        tax_year=problem.taxpayer.year,
        levers=problem.levers,
        scope=problem.scope,
        value_before=cents(household_value(problem)),
        value_after=cents(_value_after(problem, orders)),
        bands=_bands(model, orders, reasons),
        tracking=tracking_summary(model, orders),
        sales=(sales := _sales(model, step, reasons)),
        gifts=_gifts(model, orders, reasons),
        buys=_buys(problem, orders, reasons),
        flows=_flows(model, orders, reasons),
        cash=_cash(problem, orders),
        tax=tax,
        cost=step.cost,
        certificate=_certificate(model, step.optimum, step, tax, time_limit_seconds),
        comparison=comparison,
        buy_bans=(bans := _bans(model, reasons)),
        reinvestments=reinvestment_rows(model, bans),
        notes=_notes(model, step, sales),
    )


def _stated(model: Model, step: Step) -> Step:
    """The step with everything that a plan states of its return."""
    tax = stated_tax_of_year(model.problem, model.facts, step.orders, step.replayed.book)
    return replace(step, replayed=replace(step.replayed, tax=tax))


def _value_after(problem: Problem, orders: Orders) -> Money:
    return sum(held_after(problem, orders).values(), ZERO) + sum(closing_cash(problem, orders), ZERO)


def _bands(model: Model, orders: Orders, reasons: Reasons) -> tuple[BandRow, ...]:
    problem = model.problem
    after = segment_values(problem, held_after(problem, orders))
    total = banded_value(problem, orders)
    rows = []
    for drift, breach in zip(drifts_of(problem), breaches(model, orders), strict=True):
        segment = drift.segment
        value = after[segment.id]
        rows.append(
            BandRow(
                segment=segment.id,
                name=segment.name or segment.id,
                parent=segment.parent,
                target=segment.target,
                trigger=segment.trigger,
                allowed=drift.allowed,
                value_before=cents(drift.value),
                value_after=cents(value),
                weight_before=drift.weight.quantize(WEIGHT),
                weight_after=(value / total if total else ZERO).quantize(WEIGHT),
                was=drift.standing,
                breach=cents(breach),
                note=reasons.of_breach(drift, breach, value > drift.allowed.upper * total),
            )
        )
    return tuple(rows)


def _sales(model: Model, step: Step, reasons: Reasons) -> tuple[SaleRow, ...]:
    """One row a lot sold, with basis, gain and term as the ledger records them."""
    problem = model.problem
    price = {s.symbol: s.price for s in problem.securities}
    taxable = {a.id for a in problem.accounts if a.kind.is_taxable}
    book = step.replayed.book
    recorded = {disposal.lot_id: disposal for disposal in book.disposals}
    rows = []
    for sale in step.orders.sales:
        lot = problem.lots[sale.lot]
        disposal = recorded[lot.id] if lot.account in taxable else None
        gain = disposal.gain if disposal else None
        term = disposal.term if disposal else None
        disallowed = cents(disposal.disallowed_loss) if disposal else ZERO
        rows.append(
            SaleRow(
                account=lot.account,
                symbol=lot.symbol,
                lot=lot.id,
                acquired=lot.acquired,
                shares=sale.shares,
                price=price[lot.symbol],
                proceeds=cents(sale.shares * price[lot.symbol]),
                cost_basis=cents(disposal.cost_basis) if disposal else None,
                gain=cents(gain) if gain is not None else None,
                term=term,
                disallowed_loss=disallowed,
                replaced_by=replacements(problem, book, disposal) if disposal else (),
                reason=reasons.of_sale(sale, gain, term, disallowed),
            )
        )
    order = {a.id: n for n, a in enumerate(problem.accounts)}
    return tuple(sorted(rows, key=lambda row: (order[row.account], row.symbol, row.acquired or date.min)))


def _gifts(model: Model, orders: Orders, reasons: Reasons) -> tuple[GiftRow, ...]:
    problem = model.problem
    price = {s.symbol: s.price for s in problem.securities}
    rows = []
    for gift in orders.gifts:
        lot = problem.lots[gift.lot]
        value = cents(gift.shares * price[lot.symbol])
        basis = cents(_basis(lot, gift))
        term = model.facts.term[lot.id]
        rows.append(
            GiftRow(
                account=lot.account,
                symbol=lot.symbol,
                lot=lot.id,
                acquired=lot.acquired,
                shares=gift.shares,
                price=price[lot.symbol],
                value=value,
                cost_basis=basis,
                term=term,
                deduction=value if term is Term.LONG else min(value, basis),
                reason=reasons.of_gift(value - basis, basis),
            )
        )
    return tuple(rows)


def _basis(lot: LotFacts, trade: LotTrade) -> Money:
    return (lot.cost_basis or ZERO) * trade.shares / lot.shares


def _buys(problem: Problem, orders: Orders, reasons: Reasons) -> tuple[BuyRow, ...]:
    rows = [
        BuyRow(
            account=problem.accounts[buy.account].id,
            symbol=problem.securities[buy.security].symbol,
            shares=buy.shares,
            price=problem.securities[buy.security].price,
            cost=cents(buy.shares * problem.securities[buy.security].price),
            reason=reasons.of_buy(buy),
        )
        for buy in sorted(orders.buys, key=lambda buy: (buy.account, buy.security))
    ]
    return tuple(rows)


def _flows(model: Model, orders: Orders, reasons: Reasons) -> tuple[FlowRow, ...]:
    problem = model.problem
    price = {s.symbol: s.price for s in problem.securities}
    why = _pooled(problem)
    rows = [
        FlowRow(kind="income", account=p.account, amount=p.amount, taxable=ZERO, penalty=ZERO, reason=why, paid_by=p.paid_by)
        for p in problem.income
    ]
    rows += [_flow(model, "contribution", flow, reasons.of_contribution(flow)) for flow in orders.contributions]
    rows += [_flow(model, "withdrawal", flow, reasons.of_withdrawal(flow)) for flow in orders.withdrawals]
    in_kind = sum((gift.shares * price[problem.lots[gift.lot].symbol] for gift in orders.gifts), ZERO)
    rows += [_flow(model, "cash gift", flow, reasons.of_cash_gift(flow, in_kind)) for flow in orders.cash_gifts]
    return tuple(rows)


def _pooled(problem: Problem) -> str:
    from_lever = "pooled and spent where a band needs it"
    return from_lever if "income" in problem.levers else "reinvested without a thought for the bands"


def _flow(model: Model, kind: Literal["contribution", "withdrawal", "cash gift"], flow: Flow, reason: str) -> FlowRow:
    alone = {
        "contribution": Orders((), (), (), (flow,), (), ()),
        "withdrawal": Orders((), (), (), (), (flow,), ()),
        "cash gift": Orders((), (), (), (), (), (flow,)),
    }[kind]
    taxable, penalty = flow_income(model.problem, model.facts, alone)
    account = model.problem.accounts[flow.account].id
    return FlowRow(kind=kind, account=account, amount=flow.amount, taxable=cents(taxable), penalty=cents(penalty), reason=reason)


def _cash(problem: Problem, orders: Orders) -> tuple[CashRow, ...]:
    pooled = {a.id: sum((i.amount for i in problem.income if i.account == a.id), ZERO) for a in problem.accounts}
    return tuple(
        CashRow(account=a.id, kind=a.kind, before=cents(a.cash + pooled[a.id]), after=cents(after))
        for a, after in zip(problem.accounts, closing_cash(problem, orders), strict=True)
    )


def _tax(model: Model, step: Step) -> TaxSummary:
    with_plan: YearTax = step.replayed.tax
    solver = solver_tax(model, step)
    return TaxSummary(
        without_plan=stated_tax_of_year(model.problem, model.facts, NOTHING, None),
        with_plan=with_plan,
        solver_total=solver,
        difference=with_plan.total - solver,
    )


def solver_tax(model: Model, step: Step) -> Money:
    """The year's tax of a step as the solver tells it, before rounding to shares."""
    assert step.optimum is not None
    return from_float(tax_due(model, step.optimum.amounts), CENT)


def _certificate(model: Model, optimum: Optimum, step: Step, tax: TaxSummary, time_limit_seconds: float | None) -> Certificate:
    given_up = _given_up(model, optimum, step)
    objective, rounded_total = from_float(optimum.objective, CENT) + given_up, step.cost.total
    gap = from_float(optimum.gap, Decimal("0.0001")) + given_up
    tradeable, ended_by = tradeable_bound_of(optimum, rounded_total)
    return Certificate(
        objective=objective,
        bound=from_float(optimum.bound, CENT),
        gap=gap,
        undone=undone_before_rounding(model, optimum),
        undone_rounded=undone_by(model.axes, step.cost),
        rounding=rounded_total - objective,
        tradeable_bound=tradeable,
        tradeable_ended_by=ended_by,
        status="optimal" if gap <= CENT and tax.agrees else "gap",
        ended_by=_ended_by(optimum, gap) if tax.agrees else "ledger",
        time_limit=None if time_limit_seconds is None else Decimal(repr(time_limit_seconds)),
        solver=SOLVER if model.tracking is None else CONIC,
        cases=tuple(
            CaseRow(
                name=case.name,
                status=case.solved.status,
                objective=from_float(case.solved.objective, CENT) if case.solved.amounts is not None else None,
                bound=from_float(case.solved.bound, CENT) if _has_bound(case) else None,
            )
            for case in optimum.cases
        ),
    )


def _ended_by(optimum: Optimum, gap: Money) -> Literal["proof", "tolerance", "time", "washing"]:
    """Why a gap is left, the weightiest reason first."""
    if gap <= CENT:
        return "proof"
    if optimum.is_cut_short:
        return "time"
    return "tolerance" if optimum.gap > to_float(CENT) else "washing"


def _given_up(model: Model, optimum: Optimum, step: Step) -> Money:
    """Later tax on losses that a sheltered account takes by the ledger's order of replacement and not by the model's.

    The model leaves open which of several losses a sheltered account takes, so its bound holds, but the plan costs this more.
    Less than a dollar comes from rounding and is stated with it.
    """
    deferred = sum((d.disallowed_loss - d.lost_loss for d in step.replayed.book.disposals if d.is_taxable), ZERO)
    more = -optimum.amounts.costs.get("washed", 0.0) - model.prices.future_gain * to_float(deferred)
    return from_float(more, CENT) if more > 1 else ZERO


def _has_bound(case: CaseResult) -> bool:
    """Whether something is known of what a case costs at least; nothing is of one that holds no plan at all."""
    return isfinite(case.solved.bound)


def _bans(model: Model, reasons: Reasons) -> tuple[BuyBan, ...]:
    """What must not be bought, by earlier losses and by the plan's own."""
    problem = model.problem
    group = {s.symbol: s.identical_group or s.symbol for s in problem.securities}
    own = {group[harvested.symbols[0]] for harvested in reasons.harvested}
    bans = [
        BuyBan(
            symbols=tuple(symbol for symbol, its in group.items() if its == name),
            until=until,
            reason="sold at a loss before this plan; a purchase would wash that loss",
        )
        for name, until in model.facts.banned_until.items()
        if name not in own
    ]
    bans += [
        BuyBan(
            symbols=harvested.symbols,
            until=blocked_until(problem.as_of),
            reason="sold at a loss by this plan; a purchase in any account, or a reinvested dividend, would wash the loss",
        )
        for harvested in reasons.harvested
    ]
    return tuple(bans)


def _order_notes(problem: Problem, orders: Orders) -> list[str]:
    """Wishes about orders that no plan keeps with what it has to do."""
    wishes, placed = problem.wishes, sizes_of(problem, orders)
    found = []
    if wishes.max_orders is not None and len(placed) > wishes.max_orders:
        found.append(f"{len(placed)} orders are needed, more than the {wishes.max_orders} wished for; none was found with fewer.")
    if wishes.min_trade is not None and any(size < wishes.min_trade and not sells_out for size, sells_out in placed.values()):
        found.append(f"No plan was found in which every order is for {wishes.min_trade:,.2f} or more.")
    return found


def _after_tax(order: WithdrawalOrder) -> str:
    added = order.leaving - order.amount
    owed = f"{abs(added):,.2f} {'less' if added >= 0 else 'more'}"
    return (
        f"{order.leaving:,.2f} leave before tax: the plan without this withdrawal would owe {owed} this year, and "
        f"{order.amount:,.2f} are left, to within five cents."
    )


def _notes(model: Model, step: Step, sales: tuple[SaleRow, ...]) -> tuple[str, ...]:
    problem = model.problem
    notes = [*problem.remarks]
    if step.orders.sales:
        notes.append(
            "Name each lot to the broker when you place the sale; without that the oldest shares are taken as sold "
            "(Reg. 1.1012-1(c))."
        )
    unknown = [a.id for a in problem.accounts if any(lot.acquired is None for lot in problem.lots if lot.account == a.id)]
    if unknown:
        notes.append(
            f"Purchase dates are missing in {', '.join(unknown)}: recent purchases there are not checked for wash sales."
        )
    notes += wash_notes(problem, sales)
    if step.replayed.tax.penalty > 0:
        notes.append("A withdrawal carries a penalty for its owner's age; name other sources to avoid it.")
    if problem.pay_days:
        coming = [f"{each.amount:,.2f} on {each.on}" for each in sorted(problem.pay_days, key=lambda each: each.on)]
        told = f"To come, and no part of this plan: {', '.join(coming)}."
        notes.append(f"{told} `bandwise invest scheduled` walks along these days.")
    notes += [_after_tax(order) for order in problem.withdrawals if order.net]
    notes += gift_notes(problem, step)
    notes += _order_notes(problem, step.orders)
    notes += words_beyond(model, step.orders, step.replayed)
    return (*notes, *room_notes(problem, step.orders, step.replayed.tax), *age_notes(problem))
