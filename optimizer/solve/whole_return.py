"""The year's whole return with the plan and without: the law's lines, and who owes what of its total.

The parts are differences of whole returns in a stated order: first the year without any gain, loss, withdrawal, contribution or
gift of the plan; then with the year's gains and losses; then with the plan's withdrawals and contributions, penalties apart; then
with its gifts. A part depends on the order, the total does not.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from lots.accounts import AccountKind
from lots.law import Law
from lots.ledger import Book
from lots.lot import Term
from lots.tax.filer import Filer, age_on_return
from lots.tax.liability import Return
from lots.tax.margins import marginal_rates
from lots.tax.sheet import Line
from lots.units import ZERO, Money, cents
from optimizer.model.facts import Facts
from optimizer.model.own_year import least_return, own_returns
from optimizer.plan import MarginalRow, TaxLine, YearTax
from optimizer.problem import Problem
from optimizer.solve.flow_income import AccountFlow, account_flows
from optimizer.solve.rounding import Orders, deducted_cash

More = Mapping[str, Money]
PLANS = (AccountKind.TRADITIONAL_401K, AccountKind.ROTH_401K)


def year_tax(problem: Problem, facts: Facts, orders: Orders, book: Book | None) -> YearTax:
    """The year's tax by the whole return, with its parts by the order above; :func:`stated_year_tax` adds the return itself."""
    return _summed_up(problem, facts, orders, book)[0]


def stated_year_tax(problem: Problem, facts: Facts, orders: Orders, book: Book | None) -> YearTax:
    """The same with the return line by line, and what one more dollar of each kind costs beside it, seven returns more."""
    tax, whole = _summed_up(problem, facts, orders, book)
    lines = tuple(_line(line) for line in whole.lines)
    return tax.model_copy(update={"lines": lines, "marginal": marginal_rows(whole, problem.taxpayer.law())})


def _summed_up(problem: Problem, facts: Facts, orders: Orders, book: Book | None) -> tuple[YearTax, Return]:
    law, own, returns = problem.taxpayer.law(), problem.taxpayer.filer(), own_returns(problem.taxpayer)
    gains, gifts, straight = _gains(book), _gifts(problem, orders, book), _charitable(problem, orders)
    flows = [_flow(flow) for flow in account_flows(problem, facts, orders)]
    known, steps = {own: returns.own}, [returns.bare]
    for filer in (_with(own, gains), _with(own, gains, *flows), _with(own, gains, *flows, gifts, *straight)):
        if filer not in known:
            known[filer] = least_return(filer, law)
        steps.append(known[filer])
    other, with_gains, with_flows, total = (cents(step.exact_total) for step in steps)
    whole = steps[-1]
    penalty = cents(sum((flow.penalty for flow in account_flows(problem, facts, orders)), ZERO))
    filer = whole.filer
    short, long = filer.short_gain - filer.short_carryover, filer.long_gain - filer.long_carryover
    summed_up = YearTax(
        short=cents(short),
        long=cents(long),
        gains_tax=with_gains - other,
        loss_deducted=cents(max(ZERO, min(-(short + long), law.capital_loss_limit(filer.status)))),
        short_carryforward=cents(whole.short_carryover),
        long_carryforward=cents(whole.long_carryover),
        withdrawal_tax=with_flows - with_gains - penalty,
        penalty=penalty,
        deduction=cents(sum(gifts.values(), ZERO)),
        deduction_saves=with_flows - total,
        gift_carryforward=cents(sum((gift.amount for gift in whole.gift_carryovers), ZERO)),
        other_tax=other,
        total=total,
    )
    return summed_up, whole


def filer_with_plan(problem: Problem, facts: Facts, orders: Orders, book: Book | None) -> Filer:
    """The filer whose return the year with the plan is."""
    flows = [_flow(flow) for flow in account_flows(problem, facts, orders)]
    return _with(problem.taxpayer.filer(), _gains(book), *flows, _gifts(problem, orders, book), *_charitable(problem, orders))


def _line(line: Line) -> TaxLine:
    return TaxLine(form=line.form, number=line.number, name=line.name, amount=cents(line.amount), how=line.how)


def marginal_rows(result: Return, law: Law) -> tuple[MarginalRow, ...]:
    """What one more dollar of each kind costs beside this return; for a gift, what it saves."""
    places = Decimal("0.000001")
    return tuple(
        MarginalRow(kind=rate.kind, federal=rate.federal.quantize(places), state=rate.state.quantize(places))
        for rate in marginal_rates(result, law)
    )


def _with(filer: Filer, *more: More) -> Filer:
    """The filer with amounts added by name."""
    total: dict[str, Money] = {}
    for each in more:
        for name, amount in each.items():
            total[name] = total.get(name, getattr(filer, name)) + amount
    return replace(filer, **total)  # type: ignore[arg-type]


def _gains(book: Book | None) -> More:
    short = long = ZERO
    for disposal in book.taxable_disposals() if book else ():
        if disposal.term is Term.LONG:
            long += disposal.gain
        else:
            short += disposal.gain
    return {"short_gain": short, "long_gain": long}


def _flow(flow: AccountFlow) -> More:
    """Where the return states a withdrawal or a deducted contribution of an account."""
    early = flow.taxable if flow.penalty > 0 else ZERO
    if flow.kind is AccountKind.HSA:
        return {"hsa_withdrawals": flow.taxable, "early_hsa_withdrawals": early, "hsa_deduction": flow.deducted}
    if flow.kind is AccountKind.COLLEGE_529:
        return {"college_earnings": flow.taxable, "other_adjustments": flow.deducted}
    withdrawn = "pensions" if flow.kind in PLANS else "ira_withdrawals"
    deducted = "other_adjustments" if flow.kind in PLANS else "ira_deduction"
    return {withdrawn: flow.taxable, "early_withdrawals": early, deducted: flow.deducted}


def _gifts(problem: Problem, orders: Orders, book: Book | None) -> More:
    """Cash, long-term property at value, and short-term property at the smaller of value and basis (IRC 170(e)(1)(A))."""
    short = long = ZERO
    for gift in book.donations if book else ():
        if gift.term is Term.LONG:
            long += gift.fair_market_value
        else:
            short += min(gift.fair_market_value, gift.cost_basis)
    cash = deducted_cash(problem, orders)
    return {"cash_gifts": cash, "short_property_gifts": short, "long_property_gifts": long}


_FILERS = (("age", "qualified_charitable_distributions"), ("spouse_age", "spouse_qualified_charitable_distributions"))


def _charitable(problem: Problem, orders: Orders) -> list[More]:
    """What goes straight from IRAs to charities: a distribution and no income (IRC 408(d)(8)).

    The filer whose age on the return is the owner's has made it. Where no filer is of that age the return is left without the
    distribution, which changes nothing of its tax.
    """
    found: list[More] = []
    for gift in orders.cash_gifts:
        account = problem.accounts[gift.account]
        line = None if account.kind.is_taxable else _line_of(problem, account.owner)
        if line is not None:
            found.append({"ira_withdrawals": gift.amount, line: gift.amount})
    return found


def _line_of(problem: Problem, owner_id: str | None) -> str | None:
    """The filer's amount that an owner's distributions belong to; two owners of one age are the filers in their order."""
    income, year = problem.taxpayer.income, problem.taxpayer.year
    ages = {owner.id: age_on_return(owner.birth_date, year) for owner in problem.owners if owner.birth_date is not None}
    if income is None or owner_id not in ages:
        return None
    alike = [owner for owner, age in ages.items() if age == ages[owner_id]]
    lines = [line for age, line in _FILERS if getattr(income, age) == ages[owner_id]]
    place = alike.index(owner_id)
    return lines[place] if place < len(lines) else None
