"""Replay: the plan's orders posted as events to the ledger, and the tax the law makes of what the ledger says.

Nothing here knows how the orders were found, so an error of the model cannot hide: shares, basis, term, wash sales and
netting are worked out again in exact decimals.
"""

from dataclasses import dataclass
from datetime import date

from lots.accounts import Account
from lots.events import Buy, Contribution, Donate, Event, LotPick, OpenCash, OpenLot, Sell, Withdrawal
from lots.ledger import Book, fold
from lots.lot import Term
from lots.securities import Security
from lots.tax.flat import FlatRates, gains_tax
from lots.tax.netting import Netting, net_gains
from lots.units import ZERO, Money, cents
from optimizer.model.facts import Facts
from optimizer.model.reinvesting import coming_shares
from optimizer.plan import YearTax
from optimizer.problem import Problem
from optimizer.solve.flow_income import flow_income
from optimizer.solve.rounding import Orders, deducted_cash
from optimizer.solve.whole_return import stated_year_tax, year_tax
from optimizer.taxpayer import MarginalRates

LONG_AGO = date(1900, 1, 1)
"""Stands for an unknown date of purchase in an account whose sales are not taxed; only "not within the window" matters."""

NOTHING = Orders((), (), (), (), (), ())


@dataclass(frozen=True)
class Replay:
    """The ledger after the plan."""

    book: Book
    tax: YearTax


def replay(problem: Problem, facts: Facts, orders: Orders) -> Replay:
    """Post the orders and tax the year.

    Raises
    ------
    lots.errors.LedgerError
        If the orders cannot be carried out, which would be an error of this software.
    """
    accounts = [Account(a.id, a.kind, a.owner, a.name) for a in problem.accounts]
    securities = [Security(s.symbol, s.name, s.identical_group) for s in problem.securities]
    events = [*opening_events(problem), *posted_events(problem, orders), *coming_events(problem)]
    book = fold(events, accounts, securities)
    return Replay(book, tax_of_year(problem, facts, orders, book))


def tax_without_plan(problem: Problem, facts: Facts) -> YearTax:
    """The year's tax when nothing is traded, given, contributed or withdrawn."""
    return tax_of_year(problem, facts, NOTHING, None)


def opening_events(problem: Problem) -> list[Event]:
    """Lots and cash as the problem states them."""
    events: list[Event] = [
        OpenLot(
            date=lot.acquired or LONG_AGO,
            account_id=lot.account,
            event_id=f"open {lot.id}",
            symbol=lot.symbol,
            shares=lot.shares,
            cost_basis=lot.cost_basis or ZERO,
            lot_id=lot.id,
            holding_start=lot.holding_start,
        )
        for lot in problem.lots
    ]
    for account in problem.accounts:
        pooled = sum((payment.amount for payment in problem.income if payment.account == account.id), ZERO)
        events.append(
            OpenCash(date=problem.as_of, account_id=account.id, event_id=f"cash {account.id}", amount=account.cash + pooled)
        )
    return events


def posted_events(problem: Problem, orders: Orders, prefix: str = "") -> list[Event]:
    """The orders as events of the plan's day; `prefix` keeps the ids apart where two days' orders stand in one ledger."""
    price = {s.symbol: s.price for s in problem.securities}
    day, events = problem.as_of, list[Event]()
    for n, sale in enumerate(orders.sales):
        lot = problem.lots[sale.lot]
        events.append(
            Sell(
                date=day,
                account_id=lot.account,
                event_id=f"{prefix}sell {n}",
                symbol=lot.symbol,
                shares=sale.shares,
                proceeds=cents(sale.shares * price[lot.symbol]),
                picks=(LotPick(lot.id, sale.shares),),
            )
        )
    for n, gift in enumerate(orders.gifts):
        lot = problem.lots[gift.lot]
        events.append(
            Donate(
                date=day,
                account_id=lot.account,
                event_id=f"{prefix}give {n}",
                symbol=lot.symbol,
                shares=gift.shares,
                fair_market_value=cents(gift.shares * price[lot.symbol]),
                picks=(LotPick(lot.id, gift.shares),),
            )
        )
    for n, buy in enumerate(orders.buys):
        account, security = problem.accounts[buy.account], problem.securities[buy.security]
        events.append(
            Buy(
                date=day,
                account_id=account.id,
                event_id=f"{prefix}buy {n}",
                symbol=security.symbol,
                shares=buy.shares,
                cost=cents(buy.shares * security.price),
                lot_id=f"{prefix}bought {n}",
            )
        )
    for n, flow in enumerate(orders.contributions):
        account_id = problem.accounts[flow.account].id
        events.append(Contribution(date=day, account_id=account_id, event_id=f"{prefix}contribute {n}", amount=flow.amount))
    for n, flow in enumerate((*orders.withdrawals, *orders.cash_gifts)):
        account_id = problem.accounts[flow.account].id
        events.append(Withdrawal(date=day, account_id=account_id, event_id=f"{prefix}withdraw {n}", amount=flow.amount))
    return events


def coming_events(problem: Problem) -> list[Event]:
    """Reinvestments that cannot be switched off, on the day they are due: a purchase with the dividend that pays for it.

    Only the shares matter, for they wash a loss of today; a year's income is stated elsewhere.
    """
    events: list[Event] = []
    for n, each in enumerate(coming_shares(problem)):
        account, name = each.account, f"reinvest {n}"
        events.append(Contribution(date=each.day, account_id=account, event_id=f"dividend {n}", amount=each.amount))
        events.append(
            Buy(
                date=each.day,
                account_id=account,
                event_id=name,
                symbol=each.symbol,
                shares=each.shares,
                cost=each.amount,
                lot_id=name,
                is_reinvestment=True,
            )
        )
    return events


def tax_of_year(problem: Problem, facts: Facts, orders: Orders, book: Book | None) -> YearTax:
    """The year's tax on what a book records, with the flows of the orders; without a book, of the year as it stands."""
    if problem.taxpayer.rates is None:
        return year_tax(problem, facts, orders, book)
    return _flat_tax(problem, problem.taxpayer.rates, facts, orders, book)


def stated_tax_of_year(problem: Problem, facts: Facts, orders: Orders, book: Book | None) -> YearTax:
    """The same with everything that a plan states of a return: its lines, and what one more dollar of each kind costs."""
    if problem.taxpayer.rates is None:
        return stated_year_tax(problem, facts, orders, book)
    return tax_of_year(problem, facts, orders, book)


def _flat_tax(problem: Problem, rates: MarginalRates, facts: Facts, orders: Orders, book: Book | None) -> YearTax:
    gains = problem.taxpayer.gains
    short, long = gains.net_short, gains.net_long
    for disposal in book.taxable_disposals() if book else ():
        if disposal.term is Term.LONG:
            long += disposal.gain
        else:
            short += disposal.gain
    flat = FlatRates(rates.ordinary, rates.long_term, rates.deduction_rate)
    netting = net_gains(short, long, facts.loss_limit)
    income, penalty = flow_income(problem, facts, orders)
    deduction = _deduction(book) + deducted_cash(problem, orders)
    return _lines(netting, cents(gains_tax(netting, flat)), cents(rates.ordinary * income), cents(penalty), deduction, flat)


def _lines(netting: Netting, gains: Money, withdrawal_tax: Money, penalty: Money, deduction: Money, rates: FlatRates) -> YearTax:
    saves = cents(rates.deduction * deduction)
    return YearTax(
        short=cents(netting.short),
        long=cents(netting.long),
        gains_tax=gains,
        loss_deducted=cents(netting.deductible_loss),
        short_carryforward=cents(netting.short_carryover),
        long_carryforward=cents(netting.long_carryover),
        withdrawal_tax=withdrawal_tax,
        penalty=penalty,
        deduction=cents(deduction),
        deduction_saves=saves,
        total=gains + withdrawal_tax + penalty - saves,
    )


def _deduction(book: Book | None) -> Money:
    """What the gifts in kind count for: value when held long-term, else the smaller of value and basis (IRC 170(e)(1)(A))."""
    total = ZERO
    for gift in book.donations if book else ():
        value = gift.fair_market_value
        total += value if gift.term is Term.LONG else min(value, gift.cost_basis)
    return total
