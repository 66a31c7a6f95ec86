"""The two years as two plans with one certificate."""

from datetime import date
from decimal import Decimal

from lots.dates import long_term_from
from lots.lot import Term
from lots.units import CENT, ZERO, Money, cents, from_float
from optimizer.explain.compare import Step
from optimizer.explain.statement import plan_of
from optimizer.model.two_years.parts import WAITING
from optimizer.model.two_years.program import TwoYears
from optimizer.plan import Certificate, CostSummary, Plan, SaleRow, TaxSummary
from optimizer.problem import LotFacts
from optimizer.solve.chain import Optimum
from optimizer.solve.cost import breaches, cost_of
from optimizer.solve.priced import undone_by
from optimizer.solve.replay import Replay
from optimizer.solve.rounding import traded
from optimizer.solve.two_years.replay import TwoYearReplay, YearReplay
from optimizer.solve.two_years.search import TwoYearOptimum

FINE = Decimal("1e-12")


def both_plans(
    model: TwoYears,
    optimum: TwoYearOptimum,
    replayed: TwoYearReplay,
    version: str,
    bands_wait: bool,
    time_limit_seconds: float | None = None,
) -> tuple[Plan, Plan]:
    """Write both years down; `bands_wait` says that bands do not count before January."""
    costs = both_costs(model, replayed, bands_wait)
    first = _plan(optimum, replayed.december, costs[0], version, time_limit_seconds)
    second = _plan(optimum, replayed.january, costs[1], version, time_limit_seconds)
    taxes = _taxes(model, optimum, replayed)
    certificate = _joint(model, first.certificate, costs, all(tax.agrees for tax in taxes))
    this_year = first.model_copy(update={"problem": model.december.problem.digest(), "certificate": certificate, "tax": taxes[0]})
    lots = {lot.id: lot for lot in model.december.problem.lots}
    sales = tuple(_dated(sale, lots.get(sale.lot), this_year.as_of, second.tax_year) for sale in second.sales)
    buys = tuple(buy.model_copy(update={"reason": _named(buy.reason, second.tax_year)}) for buy in second.buys)
    next_year = second.model_copy(update={"certificate": certificate, "tax": taxes[1], "sales": sales, "buys": buys})
    return this_year, next_year


def both_costs(model: TwoYears, replayed: TwoYearReplay, bands_wait: bool) -> tuple[CostSummary, CostSummary]:
    """What each year adds to the total that is made least, from the ledger's tax."""
    before, after = replayed.december, replayed.january
    first = _cost(before)
    parts = {**_parts(first), "gains_tax": before.tax.gains_tax, "drift": ZERO}
    if bands_wait:
        parts |= {"breach": ZERO}
    discount = from_float(model.discount, FINE)
    second = _parts(_cost(after))
    second |= {name: cents(discount * second[name]) for name in ("gains_tax", "flow_tax")}
    second["trading"] += cents(traded(after.problem, after.orders) * from_float(WAITING, FINE))
    return _summed(parts), _summed(second)


def _cost(year: YearReplay) -> CostSummary:
    return cost_of(year.model, year.orders, Replay(year.book, year.tax))


def _parts(cost: CostSummary) -> dict[str, Money]:
    return {name: getattr(cost, name) for name in CostSummary.model_fields if name != "total"}


def _summed(parts: dict[str, Money]) -> CostSummary:
    return CostSummary(**parts, total=sum(parts.values(), ZERO))


def _plan(optimum: TwoYearOptimum, year: YearReplay, cost: CostSummary, version: str, time_limit_seconds: float | None) -> Plan:
    breach = sum(breaches(year.model, year.orders), ZERO)
    proven = Optimum(year.amounts, optimum.objective, optimum.bound, optimum.cases)
    step = Step(year.orders, Replay(year.book, year.tax), cost, breach, proven)
    return plan_of(year.model, step, None, version, time_limit_seconds)


def _joint(model: TwoYears, certificate: Certificate, costs: tuple[CostSummary, CostSummary], agree: bool) -> Certificate:
    """The certificate of both years; it proves nothing where ledger and solver differ in either."""
    total, undone = costs[0].total + costs[1].total, undone_by(model.december.axes, *costs)
    told = {"rounding": total - certificate.objective, "undone_rounded": undone}
    if not agree:
        told |= {"status": "gap", "ended_by": "ledger"}
    elif certificate.ended_by == "ledger":  # only the joint taxes count
        proven = certificate.gap <= CENT
        told |= {"status": "optimal" if proven else "gap", "ended_by": "proof" if proven else "tolerance"}
    return certificate.model_copy(update=told)


def _taxes(model: TwoYears, optimum: TwoYearOptimum, replayed: TwoYearReplay) -> tuple[TaxSummary, TaxSummary]:
    """The ledger's tax of each year beside the solver's own."""
    z, limit = optimum.january.z, float(model.january.facts.loss_limit)
    value = optimum.costs["january tax"] / model.discount
    carried = carried_loss(model) * max(0.0, -float(z[0] + z[1]) - limit)
    solver = (
        optimum.costs["tax"] + optimum.costs.get("penalties", 0.0) + model.december.taxed.base_tax,
        value + carried + model.january.taxed.base_tax,
    )
    first, second = (
        TaxSummary(
            without_plan=year.without,
            with_plan=year.tax,
            solver_total=from_float(told, CENT),
            difference=year.tax.total - from_float(told, CENT),
        )
        for year, told in zip((replayed.december, replayed.january), solver, strict=True)
    )
    return first, second


def carried_loss(model: TwoYears) -> float:
    """The value of a dollar of loss carried out of next year, in dollars of that year."""
    rates = model.january.problem.taxpayer.rates
    return model.prices.carried_loss if rates is None else min(model.prices.carried_loss, float(rates.ordinary))


def _dated(sale: SaleRow, lot: LotFacts | None, today: date, year: int) -> SaleRow:
    """The sale with the reason why it waits, where there is one to see."""
    reason = _named(sale.reason, year)
    if lot is not None and sale.term is Term.LONG and lot.acquired is not None:
        turns = long_term_from(lot.holding_start or lot.acquired)
        if turns > today:
            reason = f"long-term from {turns}; {reason}"
    return sale.model_copy(update={"reason": reason})


def _named(reason: str, year: int) -> str:
    """A reason that is read this year and speaks of next year's tax."""
    return reason.replace(" this year", f" in {year}")
