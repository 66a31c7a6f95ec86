"""A household of several accounts through time, with the product deciding: every trade is a plan of its own engine.

The household's own document is the state. On every day something calls for trades (a segment outside its band, cash to place, an
order of money, tax due) the document of that day is put to the engine that answers `bandwise plan`, and the lots its ledger
replay ends with are the lots of the next day. Terms, wash sales, location and levers are therefore the product's.

What it leaves out: rates are flat and the law of the document's year holds all along, contribution rooms do not grow, and
required distributions are not drawn unless the household orders them. Its orders of money repeat every December.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lots.accounts import AccountKind
from lots.law import load_law
from lots.ledger import Book
from lots.lot import TaxLot, Term
from lots.tax.flat import FlatRates, gains_tax
from lots.tax.netting import Netting, net_gains
from lots.units import CENT, ZERO, Money, cents, from_float, to_float
from lots.wash.window import window
from optimizer.explain.compare import Step
from optimizer.model.assemble import assemble
from optimizer.problem import IncomePayment, Lever, LossSale, LotFacts, Problem, WithdrawalOrder
from optimizer.rebalance import settled, solved
from optimizer.simulate.paths import Paths
from optimizer.solve.flow_income import flow_income
from optimizer.solve.replay import LONG_AGO
from optimizer.solve.rounding import closing_cash
from optimizer.targets.drift import drifts_of, household_value
from optimizer.taxpayer import GainsToDate, MarginalRates

Floats = NDArray[np.float64]
TICK = Decimal("0.0001")
DECEMBER = 12
SPARED = Decimal("0.98")
"""Part of the taxable accounts that April's tax may take; the rest would come from elsewhere."""


@dataclass(frozen=True)
class HouseholdPolicy:
    """When the household plans.

    Parameters
    ----------
    name : short and unique in a comparison.
    look_months : calendar months in which the bands are looked at; none for buy-and-hold.
    levers : what the plans may pull.
    idle_cash : cash, as a fraction of the household, that is placed without waiting for a band.
    """

    name: str
    look_months: tuple[int, ...] = tuple(range(1, 13))
    levers: frozenset[Lever] = frozenset(Lever)
    idle_cash: Decimal = Decimal("0.01")

    @property
    def is_hold(self) -> bool:
        """Whether bands never call for anything."""
        return not self.look_months


HOLD = HouseholdPolicy("hold", (), frozenset())


@dataclass
class Year:
    """The tax year so far, dollars; `due` is last year's tax until April."""

    short: Money = ZERO
    long: Money = ZERO
    short_carried: Money = ZERO
    long_carried: Money = ZERO
    ordinary: Money = ZERO
    qualified: Money = ZERO
    deduction: Money = ZERO
    penalty: Money = ZERO
    due: Money = ZERO


@dataclass
class HouseholdRun:
    """One policy on one path: arrays over steps, and how often the engine was asked.

    Parameters
    ----------
    value : shape (n_steps + 1,), dollars of all accounts.
    gross, net : shape (n_steps,), growth factors before tax and after tax as it is paid.
    sold, spread : shape (n_steps,), dollars sold and what trading cost.
    plans : engine's answers that traded.
    year_tax : tax of each tax year.
    kept, liquidated, given : parts of the final value left after the tax owed already; after tax on every gain and on pre-tax
        accounts; and given to charity, with what the deduction saves.
    problem : the household as it stands at the end.
    """

    value: Floats
    gross: Floats
    net: Floats
    sold: Floats
    spread: Floats
    plans: int = 0
    year_tax: list[Money] = field(default_factory=list)
    kept: float = 1.0
    liquidated: float = 1.0
    given: float = 1.0
    tax_paid: float = 0.0
    problem: Problem | None = None


def run_household(problem: Problem, paths: Paths, policy: HouseholdPolicy) -> HouseholdRun:
    """Take a household along the first path.

    Parameters
    ----------
    problem : the household on the first day, with flat rates.
    paths : returns by security, named as the household names its securities, or else by leaf segment; then a security moves as
        its exposures do.
    """
    run = _Household(problem, paths, policy)
    for step in range(1, paths.n_steps + 1):
        run.step(step)
    return run.close()


class _Household:
    """A household between two days."""

    def __init__(self, problem: Problem, paths: Paths, policy: HouseholdPolicy) -> None:
        rates = problem.taxpayer.rates
        assert rates is not None, "a household with flat rates"
        self.rates: MarginalRates = rates
        self.paths, self.policy, self.clock = paths, policy, paths.clock
        self.orders = (problem.contributions, problem.withdrawals, problem.donations)
        gains = problem.taxpayer.gains
        self.year = Year(gains.short + gains.expected_short, gains.long + gains.expected_long)
        self.year.short_carried, self.year.long_carried = gains.short_carryover, gains.long_carryover
        segments = problem.segments
        if policy.is_hold:
            free = segments[0].trigger.model_copy(update={"lower": ZERO, "upper": Decimal(1)})
            segments = tuple(s.model_copy(update={"trigger": free, "destination": free}) for s in segments)
        levers = tuple(lever for lever in Lever if lever in policy.levers)
        nothing: dict[str, object] = {"contributions": (), "withdrawals": (), "donations": ()}
        self.problem = problem.model_copy(update={"segments": segments, "levers": levers, **nothing})
        self.moves = _moves(problem, paths)
        n = paths.n_steps
        self.run = HouseholdRun(np.zeros(n + 1), np.ones(n), np.ones(n), np.zeros(n), np.zeros(n))
        self.run.value[0] = to_float(household_value(self.problem))
        self.taxable = tuple(a.id for a in problem.accounts if a.kind.is_taxable)

    def step(self, t: int) -> None:
        """Pay dividends, move prices, and plan if anything calls for it."""
        day = self.clock.days[t]
        dividends = self._dividends(t)
        self._move(t, day, dividends)
        before = household_value(self.problem)
        tax = self._tax_due(t)
        self._order_money(day, tax)
        cost = sold = ZERO
        if self._calls(day):
            cost, sold = self._plan(t)
        self._end_year(t)
        after = household_value(self.problem)
        start = self.run.value[t - 1] or 1.0
        self.run.value[t] = to_float(after)
        self.run.gross[t - 1] = to_float(before - cost) / start
        self.run.net[t - 1] = max(0.0, to_float(before - cost - tax)) / start
        self.run.sold[t - 1], self.run.spread[t - 1] = to_float(sold), to_float(cost)

    def close(self) -> HouseholdRun:
        """Value the household as if everything were sold and drawn now."""
        value = household_value(self.problem)
        owed = self.year.due + self._tax(*self._unrealised())
        price = {s.symbol: s.price for s in self.problem.securities}
        pretax = {a.id for a in self.problem.accounts if a.kind is AccountKind.TRADITIONAL_IRA}
        held = sum((lot.shares * price[lot.symbol] for lot in self.problem.lots if lot.account in pretax), ZERO)
        held += sum((a.cash for a in self.problem.accounts if a.id in pretax), ZERO)
        rate = self.problem.outlook.retirement_rate
        owed += held * (self.rates.ordinary if rate is None else rate)
        already = self.year.due + self._tax()
        if value:
            self.run.kept = 1 - to_float(already / value)
            self.run.liquidated = 1 - to_float(owed / value)
            self.run.given = 1 - to_float((already - self.rates.deduction_rate * self._deductible()) / value)
        self.run.problem = self.problem
        return self.run

    def _dividends(self, t: int) -> tuple[IncomePayment, ...]:
        """What every security pays on the value before the day, and its share in the tax year."""
        held: dict[tuple[str, str], Money] = {}
        for lot in self.problem.lots:
            held[lot.account, lot.symbol] = held.get((lot.account, lot.symbol), ZERO) + lot.shares
        price = {s.symbol: s.price for s in self.problem.securities}
        paid = []
        for (account, symbol), shares in held.items():
            ordinary, qualified = (Decimal(repr(float(each[t - 1]))) for each in self.moves[symbol][1:])
            parts = cents(shares * price[symbol] * ordinary), cents(shares * price[symbol] * qualified)
            if sum(parts) > 0:
                paid.append(IncomePayment(account=account, amount=sum(parts, ZERO), paid_by=symbol))
                if account in self.taxable:
                    self.year.ordinary += parts[0]
                    self.year.qualified += parts[1]
        return tuple(paid)

    def _move(self, t: int, day: date, dividends: tuple[IncomePayment, ...]) -> None:
        securities = tuple(
            s.model_copy(update={"price": max(TICK, from_float(to_float(s.price) * (1 + self.moves[s.symbol][0][t - 1]), TICK))})
            for s in self.problem.securities
        )
        near = window(day)
        losses = tuple(sale for sale in self.problem.loss_sales if sale.sold in near)
        self.problem = self.problem.model_copy(
            update={
                "as_of": day,
                "securities": securities,
                "income": (*self.problem.income, *dividends),
                "loss_sales": losses,
                "contributions": (),
                "withdrawals": (),
                "donations": (),
            }
        )

    def _tax_due(self, t: int) -> Money:
        if not self.clock.pays_tax[t]:
            return ZERO
        tax, self.year.due = self.year.due, ZERO
        self.run.tax_paid += to_float(tax)
        return tax

    def _order_money(self, day: date, tax: Money) -> None:
        """Money for April's tax, and in December the household's own orders."""
        contributions, withdrawals, donations = self.orders if day.month == DECEMBER else ((), (), ())
        if tax > 0 and self.taxable:
            value = self._values(self.taxable)
            amount = cents(min(tax, value * SPARED))
            if amount > 0:
                withdrawals = (*withdrawals, WithdrawalOrder(amount=amount, sources=self.taxable))
        if tax < 0 and self.taxable:
            accounts = tuple(
                a.model_copy(update={"cash": a.cash - tax}) if a.id == self.taxable[0] else a for a in self.problem.accounts
            )
            self.problem = self.problem.model_copy(update={"accounts": accounts})
        update = {"contributions": contributions, "withdrawals": withdrawals, "donations": donations}
        self.problem = self.problem.model_copy(update=update)

    def _values(self, accounts: tuple[str, ...]) -> Money:
        price = {s.symbol: s.price for s in self.problem.securities}
        held = sum((lot.shares * price[lot.symbol] for lot in self.problem.lots if lot.account in accounts), ZERO)
        held += sum((a.cash for a in self.problem.accounts if a.id in accounts), ZERO)
        return held + sum((i.amount for i in self.problem.income if i.account in accounts), ZERO)

    def _calls(self, day: date) -> bool:
        """Whether anything has to be done today."""
        problem = self.problem
        if problem.contributions or problem.withdrawals or problem.donations:
            return True
        idle = sum((i.amount for i in problem.income), ZERO) + sum((a.cash for a in problem.accounts), ZERO)
        if idle > self.policy.idle_cash * household_value(problem):
            return True
        looks = day.month in self.policy.look_months
        return looks and any(drift.standing != "inside" for drift in drifts_of(problem))

    def _plan(self, t: int) -> tuple[Money, Money]:
        """Ask the engine and carry its answer out; returns trading cost and dollars sold."""
        year = self.year
        gains = GainsToDate(
            short=year.short, long=year.long, short_carryover=year.short_carried, long_carryover=year.long_carried
        )
        taxpayer = self.problem.taxpayer.model_copy(update={"gains": gains})
        asked = self.problem.model_copy(update={"taxpayer": taxpayer})
        model = assemble(settled(asked))
        step = solved(model)
        income, penalty = flow_income(asked, model.facts, step.orders)
        year.ordinary += income
        year.penalty += penalty
        before = household_value(asked)
        flows = sum((f.amount for f in step.orders.contributions), ZERO) - sum((f.amount for f in step.orders.withdrawals), ZERO)
        flows -= sum((f.amount for f in step.orders.cash_gifts), ZERO)
        year.deduction += step.replayed.tax.deduction
        self._take_over(t, asked, step)
        for disposal in step.replayed.book.taxable_disposals():
            if disposal.term is Term.LONG:
                year.long += disposal.gain
            else:
                year.short += disposal.gain
        given = sum((gift.fair_market_value for gift in step.replayed.book.donations), ZERO)
        sold = sum((d.proceeds for d in step.replayed.book.disposals), ZERO)
        self.run.plans += bool(step.orders.sales or step.orders.buys or step.orders.gifts)
        return before + flows - given - household_value(self.problem), sold

    def _take_over(self, t: int, asked: Problem, step: Step) -> None:
        """Tomorrow's household is what the ledger's replay of today's orders ends with."""
        book = step.replayed.book
        cash = closing_cash(asked, step.orders)
        losses = tuple(
            LossSale(account=d.account_id, symbol=d.symbol, sold=d.disposed, shares=d.shares, loss=-d.gain)
            for d in book.taxable_disposals()
            if d.gain < 0
        )
        self.problem = self.problem.model_copy(
            update={
                "lots": self._lots(book, t),
                "accounts": tuple(
                    a.model_copy(update={"cash": max(ZERO, left.quantize(CENT))})
                    for a, left in zip(asked.accounts, cash, strict=True)
                ),
                "income": (),
                "loss_sales": (*asked.loss_sales, *losses),
                "contributions": (),
                "withdrawals": (),
                "donations": (),
            }
        )

    def _lots(self, book: Book, t: int) -> tuple[LotFacts, ...]:
        """The ledger's lots; in sheltered accounts only wash sales ask for dates, so those past the window are one a symbol."""
        near, lots, merged = window(self.problem.as_of), list[LotFacts](), dict[tuple[str, str], LotFacts]()
        for each in book.open_lots.values():
            lot = _facts(each, t)
            if each.account_id in self.taxable or each.acquired in near:
                lots.append(lot)
                continue
            place = each.account_id, each.symbol
            shares = lot.shares + (merged[place].shares if place in merged else ZERO)
            name = f"{place[0]} {place[1]}"
            merged[place] = LotFacts(
                id=name, account=place[0], symbol=place[1], shares=shares, cost_basis=ZERO, acquired=LONG_AGO
            )
        return (*lots, *merged.values())

    def _tax(self, more_short: Money = ZERO, more_long: Money = ZERO) -> Money:
        """The year's tax as it stands, by the tax code's own netting."""
        year, rates = self.year, self.rates
        netting = self._netting(more_short, more_long)
        flat = FlatRates(rates.ordinary, rates.long_term, rates.deduction_rate)
        dividends = rates.ordinary * year.ordinary + rates.long_term * year.qualified
        return cents(gains_tax(netting, flat) + dividends + year.penalty - rates.deduction_rate * year.deduction)

    def _netting(self, more_short: Money = ZERO, more_long: Money = ZERO) -> Netting:
        year = self.year
        taxpayer = self.problem.taxpayer
        limit = load_law(taxpayer.year).capital_loss_limit(taxpayer.filing_status)
        return net_gains(year.short - year.short_carried + more_short, year.long - year.long_carried + more_long, limit)

    def _unrealised(self) -> tuple[Money, Money]:
        """Short- and long-term gain of the open lots of taxable accounts."""
        price = {s.symbol: s.price for s in self.problem.securities}
        short = long = ZERO
        for lot in self.problem.lots:
            if lot.account not in self.taxable or lot.acquired is None:
                continue
            basis = lot.cost_basis or ZERO
            gain = lot.shares * price[lot.symbol] - basis
            held = TaxLot(lot.id, lot.account, lot.symbol, lot.acquired, lot.shares, basis, lot.holding_start)
            if held.term_on(self.problem.as_of) is Term.LONG:
                long += gain
            else:
                short += gain
        return short, long

    def _deductible(self) -> Money:
        """What giving every taxable lot would deduct: value when held long-term, else the smaller of value and basis."""
        price, total = {s.symbol: s.price for s in self.problem.securities}, ZERO
        for lot in self.problem.lots:
            if lot.account in self.taxable and lot.acquired is not None:
                basis, value = lot.cost_basis or ZERO, lot.shares * price[lot.symbol]
                held = TaxLot(lot.id, lot.account, lot.symbol, lot.acquired, lot.shares, basis, lot.holding_start)
                total += value if held.term_on(self.problem.as_of) is Term.LONG else min(value, basis)
        return total

    def _end_year(self, t: int) -> None:
        if not self.clock.ends_year[t]:
            return
        tax, netting = self._tax(), self._netting()
        self.run.year_tax.append(tax)
        self.year = Year(due=self.year.due + tax, short_carried=netting.short_carryover, long_carried=netting.long_carryover)


def _facts(lot: TaxLot, t: int) -> LotFacts:
    """A lot of the ledger as the next question states it, under a name no other day uses."""
    name = f"{t}:{lot.lot_id.removeprefix('bought ')}" if lot.lot_id.startswith("bought ") else lot.lot_id
    name = name.replace("~", ".")  # the ledger's sign for a part of a lot, which no stated lot may bear
    return LotFacts(
        id=name,
        account=lot.account_id,
        symbol=lot.symbol,
        shares=lot.shares,
        cost_basis=lot.cost_basis,
        acquired=lot.acquired,
        holding_start=lot.holding_start,
    )


def _moves(problem: Problem, paths: Paths) -> dict[str, tuple[Floats, Floats, Floats]]:
    """Price change and dividends of every security on the first path, with its own yields."""
    place = {name: n for n, name in enumerate(paths.segments().names)}
    total = np.broadcast_to(paths.total(), (paths.n_paths, paths.n_steps, len(paths.names)))[0]
    pays = np.array([day.month in (3, 6, 9, 12) for day in paths.clock.days[1:]], dtype=float) / 4
    found = {}
    has_own = all(security.symbol in place for security in problem.securities)
    for security in problem.securities:
        parts = {security.symbol: 1.0} if has_own else {g: to_float(w) for g, w in security.exposures.items()}
        growth = sum((w * total[:, place[g]] for g, w in parts.items()), np.zeros(paths.n_steps))
        ordinary, qualified = pays * to_float(security.ordinary_yield), pays * to_float(security.qualified_yield)
        found[security.symbol] = (np.maximum(growth - ordinary - qualified, -0.99), ordinary, qualified)
    return found
