"""Both years through one ledger: the trades of this year, those of January on its first trading day, and each year's tax.

The amounts of December are rounded to orders first; January starts from the household that they leave, so that not even a cent
is spent twice. All events stand in one book, in which a purchase of January would wash a loss of December if the plan had one.
What this year's return carries over is what next year's return takes in.
"""

from dataclasses import dataclass, replace

import numpy as np

from lots.accounts import Account
from lots.events import Event
from lots.ledger import Book, fold
from lots.lot import TaxLot
from lots.securities import Security
from lots.units import CENT, ZERO, from_float
from optimizer.model.assemble import Model, assemble
from optimizer.model.axes import Axes, PairAxis
from optimizer.model.two_years.program import TwoYears
from optimizer.plan import YearTax
from optimizer.problem import DonationOrder, LossSale, LotFacts, Problem
from optimizer.solve.replay import NOTHING, opening_events, posted_events, stated_tax_of_year
from optimizer.solve.rounding import Orders, closing_cash, orders_of
from optimizer.solve.solvers import Amounts
from optimizer.solve.two_years.search import TwoYearOptimum
from optimizer.targets.drift import drifts_of
from optimizer.taxpayer import GainsToDate, Taxpayer


@dataclass(frozen=True)
class YearReplay:
    """One year's orders, the household they start from, the ledger's records of the year and its tax."""

    model: Model
    amounts: Amounts
    orders: Orders
    book: Book
    tax: YearTax
    without: YearTax
    """The year's tax if nothing were traded in either year."""

    @property
    def problem(self) -> Problem:
        """The household that the orders start from."""
        return self.model.problem


@dataclass(frozen=True)
class TwoYearReplay:
    """The ledger after both years' trades."""

    december: YearReplay
    january: YearReplay


def replay_both(model: TwoYears, optimum: TwoYearOptimum) -> TwoYearReplay:
    """Round the amounts of both years and post them.

    Raises
    ------
    lots.errors.LedgerError
        If the orders cannot be carried out, which would be an error of this software.
    """
    asked = model.december.problem
    this = asked.model_copy(update={"donations": _parts_of_gifts(asked, model.december.axes, optimum.december)})
    first = assemble(this)
    amounts = _in_words_of(first, optimum.december)
    orders = orders_of(first, amounts)
    book = _fold(this, [*opening_events(this), *posted_events(this, orders)])
    tax = stated_tax_of_year(this, first.facts, orders, book)
    after = household_after(model, this, orders, book, tax, optimum)
    second = replace(assemble(after), prices=first.prices)
    amounts_next = _in_words_of(second, _moved(model, second, optimum.january))
    orders_next = orders_of(second, amounts_next)
    events = [*opening_events(this), *posted_events(this, orders), *posted_events(after, orders_next, "January ")]
    both = _fold(this, events)
    untouched = stated_tax_of_year(this, first.facts, NOTHING, None)
    bare = after.model_copy(update={"taxpayer": _carried_into(after, untouched)})
    return TwoYearReplay(
        YearReplay(first, amounts, orders, _of_year(both, this.as_of.year), tax, untouched),
        YearReplay(
            second,
            amounts_next,
            orders_next,
            _of_year(both, after.as_of.year),
            stated_tax_of_year(after, second.facts, orders_next, _of_year(both, after.as_of.year)),
            stated_tax_of_year(bare, second.facts, NOTHING, None),
        ),
    )


def household_after(
    model: TwoYears, problem: Problem, orders: Orders, book: Book, tax: YearTax, optimum: TwoYearOptimum
) -> Problem:
    """The household on January's trading day: what the orders leave, what they bought, and the loss the year carries over.

    A segment has to reach the band it had to reach before the trades of December, whichever side they leave it on.
    """
    following, asked = model.january.problem, model.december.problem
    cash = closing_cash(problem, orders)
    lots = [
        lot.model_copy(
            update={
                "id": part.lot_id,
                "shares": part.shares,
                "cost_basis": part.cost_basis if lot.cost_basis is not None else None,
                "holding_start": part.holding_start if lot.acquired is not None else None,
            }
        )
        for lot in problem.lots
        for part in _parts_of(lot.id, book)
    ]
    bought = [
        LotFacts(
            id=f"bought {n}",
            account=problem.accounts[buy.account].id,
            symbol=problem.securities[buy.security].symbol,
            shares=buy.shares,
            cost_basis=buy.shares * problem.securities[buy.security].price,
            acquired=problem.as_of,
        )
        for n, buy in enumerate(orders.buys)
    ]
    losses = [
        LossSale(account=d.account_id, symbol=d.symbol, sold=d.disposed, shares=d.shares, loss=-d.gain)
        for d in book.taxable_disposals()
        if d.gain < 0
    ]
    return following.model_copy(
        update={
            "taxpayer": _carried_into(following, tax),
            "accounts": tuple(a.model_copy(update={"cash": cash[n]}) for n, a in enumerate(problem.accounts)),
            "lots": (*lots, *bought),
            "segments": tuple(drift.segment.model_copy(update={"destination": drift.allowed}) for drift in drifts_of(asked)),
            "loss_sales": (*problem.loss_sales, *losses),
            "donations": _parts_of_gifts(following, model.january.axes, optimum.january),
        }
    )


def _parts_of(lot: str, book: Book) -> list[TaxLot]:
    """What is left of a lot, in the parts into which a wash sale may have divided it."""
    return [part for name, part in book.open_lots.items() if name == lot or name.startswith(f"{lot}~")]


def _carried_into(following: Problem, tax: YearTax) -> Taxpayer:
    """Next year's taxpayer with what this year's return carries over."""
    gains = GainsToDate(short_carryover=tax.short_carryforward, long_carryover=tax.long_carryforward)
    return following.taxpayer.model_copy(update={"gains": gains})


def _parts_of_gifts(problem: Problem, axes: Axes, amounts: Amounts) -> tuple[DonationOrder, ...]:
    """What each gift order gives on this date, where gifts may wait; the orders as they are where they may not.

    December's part is rounded to the cent and January's is the rest, so that the promise is kept in full.
    """
    if not problem.next_year.gifts_may_wait:
        return problem.donations
    parts = []
    for n, order in enumerate(problem.donations):
        dollars = amounts.given[axes.gifts.order == n].sum() + amounts.cash_given[axes.cash_gifts.order == n].sum()
        part = min(order.amount, from_float(float(dollars), CENT))
        parts.append(order.model_copy(update={"amount": part if part > CENT else ZERO}))
    return tuple(parts)


def _fold(problem: Problem, events: list[Event]) -> Book:
    accounts = [Account(a.id, a.kind, a.owner, a.name) for a in problem.accounts]
    return fold(events, accounts, [Security(s.symbol, s.name, s.identical_group) for s in problem.securities])


def _of_year(book: Book, year: int) -> Book:
    """The book with one year's disposals and gifts alone."""
    return replace(
        book,
        disposals=tuple(each for each in book.disposals if each.disposed.year == year),
        donations=tuple(each for each in book.donations if each.donated.year == year),
    )


def _in_words_of(model: Model, amounts: Amounts) -> Amounts:
    """The same amounts with those of the year as a one-year model counts them: at flat rates one deduction in place of gifts."""
    if model.problem.taxpayer.rates is None:
        return amounts
    return replace(amounts, z=np.append(amounts.z[:3], amounts.z[3:].sum()))


def _moved(model: TwoYears, after: Model, amounts: Amounts) -> Amounts:
    """January's amounts in the order of the household that December leaves; what December already sold is left out."""
    axes, own = model.january.axes, after.axes
    ids = [lot.id for lot in model.january.problem.lots]
    parts: dict[str, list[int]] = {}
    for n, lot in enumerate(after.problem.lots):
        parts.setdefault(lot.id.split("~")[0], []).append(n)
    sold = np.zeros(own.n_lots)
    for n in np.flatnonzero(amounts.sold).tolist():
        wanted = amounts.sold[n]
        for part in parts.get(ids[n], ()):
            sold[part] = min(wanted, own.lots.value[part])
            wanted -= sold[part]
    buys = {(int(a), int(s)): n for n, (a, s) in enumerate(zip(own.buy_account, own.buy_security, strict=True))}
    bought = np.zeros(own.n_buys)
    for n in np.flatnonzero(amounts.bought).tolist():
        pair = buys.get((int(axes.buy_account[n]), int(axes.buy_security[n])))
        if pair is not None:
            bought[pair] = amounts.bought[n]
    gifts = {key: n for n, key in enumerate(_gift_keys(own.gifts, after.problem))}
    given = np.zeros(len(own.gifts))
    for n, key in enumerate(_gift_keys(axes.gifts, model.january.problem)):
        if key in gifts:
            given[gifts[key]] = amounts.given[n]
    return replace(amounts, sold=sold, bought=bought, given=given)


def _gift_keys(gifts: PairAxis, problem: Problem) -> list[tuple[int, str]]:
    """The order and the lot of each pair."""
    return [(int(order), problem.lots[lot].id) for order, lot in zip(gifts.order, gifts.lot, strict=True)]
