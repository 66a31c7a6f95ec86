"""What the choice of a date is worth: sale by sale, and for every lot about to turn long-term."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from lots.dates import days_to_long_term, long_term_from
from lots.lot import Term
from lots.units import ZERO, cents
from optimizer.plan import Plan, SaleRow
from optimizer.problem import LotFacts, Problem
from optimizer.questions.year_end.both_taxes import BothTaxes, Shift
from optimizer.questions.year_end.document import Date, DateRow, TurningRow


def date_rows(problem: Problem, january: date, plans: tuple[Plan, Plan], taxes: BothTaxes) -> tuple[DateRow, ...]:
    """Every taxable sale with what the other date would cost."""
    lots = {lot.id: lot for lot in problem.lots}
    days = (problem.as_of, january)
    found = []
    for own, (plan, name) in enumerate(zip(plans, _DATES, strict=True)):
        for sale in plan.sales:
            if sale.gain is None or sale.term is None or sale.lot not in lots:
                continue
            other = _term_on(lots[sale.lot], days[1 - own])
            moved = taxes.costs(Shift(days[own].year, sale.term, -sale.gain), Shift(days[1 - own].year, other, sale.gain))
            found.append(
                DateRow(
                    lot=sale.lot,
                    account=sale.account,
                    symbol=sale.symbol,
                    date=name,
                    gain=sale.gain,
                    term=sale.term,
                    term_on_other_date=other,
                    other_date_costs=cents(moved),
                )
            )
    return tuple(found)


_DATES: tuple[Date, Date] = ("december", "january")


def turning_rows(problem: Problem, within_days: int, plans: tuple[Plan, Plan], taxes: BothTaxes) -> tuple[TurningRow, ...]:
    """Short-term lots in taxable accounts that turn long-term within so many days, the first to turn first."""
    taxable = {account.id for account in problem.accounts if account.kind.is_taxable}
    price = {s.symbol: s.price for s in problem.securities}
    rows = []
    for lot in problem.lots:
        if lot.account not in taxable or lot.acquired is None:
            continue
        began = lot.holding_start or lot.acquired
        left = days_to_long_term(began, problem.as_of)
        if not 0 < left <= within_days:
            continue
        turns, gain = long_term_from(began), lot.shares * price[lot.symbol] - (lot.cost_basis or ZERO)
        undone = tuple(_undone(lot, plans))
        now = taxes.costs(*undone, Shift(problem.as_of.year, Term.SHORT, gain))
        later = taxes.costs(*undone, Shift(turns.year, Term.LONG, gain))
        rows.append(
            TurningRow(
                lot=lot.id,
                account=lot.account,
                symbol=lot.symbol,
                shares=lot.shares,
                gain=cents(gain),
                long_term_from=turns,
                days_left=left,
                waiting_saves=cents(now - later),
                plan=_what_happens(lot, plans),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.long_term_from, row.symbol, row.lot)))


def _term_on(lot: LotFacts, day: date) -> Term:
    assert lot.acquired is not None
    return Term.LONG if days_to_long_term(lot.holding_start or lot.acquired, day) == 0 else Term.SHORT


def _undone(lot: LotFacts, plans: tuple[Plan, Plan]) -> Iterator[Shift]:
    """What takes the plan's own sales of the lot out of both years."""
    for plan in plans:
        for sale in _sales(lot, plan):
            if sale.gain is not None and sale.term is not None:
                yield Shift(plan.as_of.year, sale.term, -sale.gain)


def _sales(lot: LotFacts, plan: Plan) -> list[SaleRow]:
    return [sale for sale in plan.sales if sale.lot == lot.id]


def _what_happens(lot: LotFacts, plans: tuple[Plan, Plan]) -> Literal["sells now", "sells in January", "gives", "holds"]:
    if _sales(lot, plans[0]):
        return "sells now"
    if _sales(lot, plans[1]):
        return "sells in January"
    given = any(gift.lot == lot.id for plan in plans for gift in plan.gifts)
    return "gives" if given else "holds"
