"""Money that is needed: from which accounts and lots it costs least, after tax.

The withdrawal stands alone: nothing is bought, and no more is sold than leaves beyond the cash of taxable accounts. An amount
before tax is one plan. An amount after tax is the plan whose withdrawal, less what it adds to the year's tax, is that amount;
it is looked for by plans of several amounts before tax, each proven, and the tax is the ledger's.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from lots.errors import InputError
from lots.tax.retirement import withdrawal_rule
from lots.units import CENT, ZERO, Money, cents, from_float
from optimizer.documents import Claim, Document, Dollars, Identifier, PositiveDollars
from optimizer.errors import ContradictoryOrders, Fault, InputFaults
from optimizer.explain.compare import Step
from optimizer.explain.runner_up import runner_up
from optimizer.explain.statement import plan_of
from optimizer.model.assemble import Model
from optimizer.plan import Plan, YearTax
from optimizer.problem import Problem, WithdrawalOrder
from optimizer.questions.only import buying_nothing, resting, selling_least, with_cash_free
from optimizer.rebalance import checked, prepare, solved
from optimizer.release import software_version
from optimizer.scope import Scope
from optimizer.solve.after_tax import least_before_tax
from optimizer.solve.priced import money_of
from optimizer.solve.replay import tax_without_plan

FEW = 4
"""Sources of which every part is tried."""


class SourceRow(Document):
    """One account the money may come from."""

    account: Identifier
    amount: PositiveDollars
    """What the plan takes from it, before tax."""
    sold: PositiveDollars
    without_it_costs: Dollars | None
    """What the same money costs more when nothing may come from this account; null where the others do not reach."""
    alone_costs: Dollars | None
    """What the same money costs more when all of it comes from this account; null where it does not reach."""


class Withdrawal(Document):
    """The answer: where the money comes from, what it costs, and the next best source and lot."""

    asked: PositiveDollars
    is_net: Claim
    """Whether the household asked for this much after tax."""
    before_tax: PositiveDollars
    added_tax: Dollars
    """What the withdrawal adds to the year's tax, penalties included, by the ledger."""
    after_tax: Dollars
    cost: Dollars
    """What it costs before rounding: tax now and later, trading, and place."""
    plan: Plan
    sources: tuple[SourceRow, ...]
    runner_up: str
    """The cheapest other source for the money of the account that gives most; empty where there is none."""
    runner_up_costs: Dollars | None
    next_lot: str
    """The lot that steps in for the one that gives most; empty where nothing is sold or nothing else can be."""
    next_lot_instead_of: str
    next_lot_costs: Dollars | None


@dataclass(frozen=True)
class _Answer:
    """One plan with the amount before tax that it is for."""

    gross: Money
    model: Model
    step: Step

    @property
    def added_tax(self) -> Money:
        return self.step.replayed.tax.total - _untouched(self.model).total

    @property
    def net(self) -> Money:
        return self.gross - self.added_tax

    @property
    def cost(self) -> Money:
        """Dollars before rounding, measured from the household that does nothing."""
        assert self.step.optimum is not None
        return from_float(self.step.optimum.objective, CENT)

    @property
    def money(self) -> Money:
        """The same without the prices that put bands before dollars."""
        assert self.step.optimum is not None
        return cents(money_of(self.step.optimum))


def withdraw(problem: Problem, amount: Money, net: bool = False, sources: tuple[str, ...] = ()) -> Withdrawal:
    """Plan a withdrawal of `amount` dollars, before tax or after it; from wherever it costs least unless sources are named.

    Raises
    ------
    InputFaults
        If the problem contradicts itself, or money cannot leave a source.
    ContradictoryOrders
        If there is not so much to withdraw.
    """
    checked(problem)
    names = sources or _open_sources(problem)
    ask = _Asking(problem, amount, net)
    best = ask.least(names)
    plan = plan_of(best.model, best.step, None, software_version())
    rows = tuple(_source(ask, names, best, plan, name) for name in names)
    used = max((row for row in rows if row.amount > 0), key=lambda row: row.amount)
    other = _other_source(rows, used)
    lot, instead, costs = _next_lot(best, plan)
    return Withdrawal(
        asked=amount,
        is_net=net,
        before_tax=best.gross,
        added_tax=best.added_tax,
        after_tax=best.net,
        cost=best.money - _resting_cost(problem),
        plan=plan,
        sources=rows,
        runner_up=other,
        runner_up_costs=used.without_it_costs if other else None,
        next_lot=lot,
        next_lot_instead_of=instead,
        next_lot_costs=costs,
    )


def withdrawal_question(problem: Problem, gross: Money, sources: tuple[str, ...]) -> Problem:
    """The household with this withdrawal, before tax, and nothing else to do."""
    still = buying_nothing(resting(problem)).model_copy(update={"scope": Scope(only="withdraw", bands="hold")})
    order = WithdrawalOrder(amount=gross, sources=sources)
    asked = with_cash_free(still.model_copy(update={"withdrawals": (order,)}), problem, set(sources))
    return selling_least(checked(asked))


def _open_sources(problem: Problem) -> tuple[str, ...]:
    """Every account that lets money leave and whose owner's age is known where it matters."""
    born = {owner.id: owner.birth_date for owner in problem.owners}

    def is_open(kind: object, owner: date | None) -> bool:
        try:
            withdrawal_rule(kind, owner, problem.as_of)  # type: ignore[arg-type]
        except InputError:
            return False
        return True

    found = tuple(
        a.id for a in problem.accounts if a.withdrawals_allowed and a.traded and is_open(a.kind, born.get(a.owner or ""))
    )
    if not found:
        raise InputFaults([Fault(("accounts",), "no account that lets money leave", "one at least")])
    return found


def _planned(problem: Problem, gross: Money, sources: tuple[str, ...]) -> _Answer:
    model = prepare(withdrawal_question(problem, gross, sources))
    return _Answer(gross, model, solved(model))


def _least(problem: Problem, amount: Money, net: bool, sources: tuple[str, ...]) -> _Answer:
    """The plan for the amount; of an amount after tax the least one before tax that leaves it."""
    if not net:
        return _planned(problem, amount, sources)
    return least_before_tax(amount, lambda gross: _planned(problem, gross, sources))


@dataclass
class _Asking:
    """One amount asked of one set of sources after another; what was asked before is remembered."""

    problem: Problem
    amount: Money
    net: bool
    known: dict[tuple[str, ...], _Answer | None] = field(default_factory=dict)

    def least(self, sources: tuple[str, ...]) -> _Answer:
        """The cheapest plan from these sources or some of them.

        What may be sold is limited by the least that has to be, which spare cash in one source lowers; so fewer sources can cost
        less, and every part of a few sources is tried, of many each one alone and all but one.

        Raises
        ------
        ContradictoryOrders
            If they do not hold so much.
        """
        found = [answer for answer in map(self._asked, _parts(sources)) if answer is not None]
        if not found:
            return _least(self.problem, self.amount, self.net, sources)
        return min(found, key=lambda answer: answer.cost)

    def more(self, sources: tuple[str, ...], best: _Answer) -> Money | None:
        """What the same money costs more from these sources; None where they do not reach."""
        found = [answer for answer in map(self._asked, _parts(sources)) if answer is not None]
        return min(found, key=lambda answer: answer.cost).money - best.money if found else None

    def _asked(self, sources: tuple[str, ...]) -> _Answer | None:
        if sources not in self.known:
            try:
                self.known[sources] = _least(self.problem, self.amount, self.net, sources)
            except ContradictoryOrders:
                self.known[sources] = None
        return self.known[sources]


def _parts(sources: tuple[str, ...]) -> list[tuple[str, ...]]:
    """All of the sources first, then fewer."""
    sizes = range(len(sources), 0, -1) if len(sources) <= FEW else sorted({len(sources), len(sources) - 1, 1}, reverse=True)
    return [part for size in sizes for part in combinations(sources, size)]


def _source(ask: _Asking, names: tuple[str, ...], best: _Answer, plan: Plan, name: str) -> SourceRow:
    others = tuple(other for other in names if other != name)
    return SourceRow(
        account=name,
        amount=sum((f.amount for f in plan.flows if f.kind == "withdrawal" and f.account == name), ZERO),
        sold=sum((sale.proceeds for sale in plan.sales if sale.account == name), ZERO),
        without_it_costs=ask.more(others, best),
        alone_costs=ask.more((name,), best),
    )


def _other_source(rows: tuple[SourceRow, ...], used: SourceRow) -> str:
    """Where the money of the account that gives most would come from: the cheapest other one, or all the others together."""
    others = [row for row in rows if row is not used]
    if used.without_it_costs is None:
        return ""
    alone = [row for row in others if row.alone_costs is not None]
    cheapest = min(alone, key=lambda row: row.alone_costs or ZERO, default=None)
    if cheapest is not None and cheapest.alone_costs is not None and cheapest.alone_costs <= used.without_it_costs + CENT:
        return cheapest.account
    *most, last = [row.account for row in others]
    return f"{', '.join(most)} and {last}" if most else last


def _next_lot(best: _Answer, plan: Plan) -> tuple[str, str, Money | None]:
    taxed = [sale for sale in plan.sales if sale.gain is not None]
    if not taxed or best.step.optimum is None:
        return "", "", None
    most = max(taxed, key=lambda sale: sale.proceeds)
    lots = best.model.problem.lots
    found = runner_up(best.model, best.step.optimum, next(n for n, lot in enumerate(lots) if lot.id == most.lot))
    if found is None or found.lot is None:
        return "", "", None
    lot = lots[found.lot]
    when = f" bought {lot.acquired}" if lot.acquired else ""
    return f"{lot.symbol}{when} in {lot.account}", f"{most.symbol} bought {most.acquired}", found.costs_more


def _untouched(model: Model) -> YearTax:
    return tax_without_plan(model.problem, model.facts)


def _resting_cost(problem: Problem) -> Money:
    """What the household that does nothing costs, in the same terms."""
    still = buying_nothing(resting(problem)).model_copy(update={"scope": Scope(bands="hold", max_sales=ZERO)})
    cost = solved(prepare(still)).cost
    return cost.total - cost.breach - cost.idle_cash
