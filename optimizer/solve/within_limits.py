"""Limits after rounding: what shares and cents carry over a limit on gains, tax, income or turnover is taken back in steps.

Rounding follows the program, whose limits hold in parts of a cent. A step less of a lot at a gain, paid for by a step less of a
purchase or by a step more of a lot that gained less, keeps the limit without leaving an account short of cash; a step less of a
purchase keeps turnover. What no such step can take back is stated by the plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lots.units import ZERO, Money, Shares, to_float
from optimizer.limits import words_of
from optimizer.model.assemble import Model
from optimizer.model.axes import Mask
from optimizer.model.whole import COARSE
from optimizer.solve.cost import breaches
from optimizer.solve.replay import Replay
from optimizer.solve.rounding import BuyTrade, LotTrade, Orders, closing_cash, traded
from optimizer.targets.drift import household_value

ROUNDING = Money(20)
"""Dollars over a limit beyond which something else than rounding is at work, such as losses the ledger washes otherwise."""
MOST_STEPS = 400
GAINS = {"max_short_gain": (True, False), "max_long_gain": (False, True)}
"""Which terms a limit looks at, short and long; every other limit on gains looks at both."""
TURNOVER = ("max_turnover", "max_turnover_share")
CAUTION = 20
"""Dollars of gain taken back for a dollar of tax too much; a step too many is a few cents."""


def beyond_limits(model: Model, orders: Orders, replayed: Replay) -> dict[str, Money]:
    """Dollars by which orders exceed each limit of the household, by the wish's name; empty where all are kept."""
    wishes, tax = model.problem.wishes, replayed.tax
    on_gains = tax.gains_tax if model.problem.taxpayer.rates is not None else tax.total - tax.other_tax - tax.penalty
    agi = next((line.amount for line in tax.lines if (line.form, line.number) == ("Form 1040", "11a")), ZERO)
    share = wishes.max_turnover_share
    amounts = (
        ("max_short_gain", tax.short, wishes.max_short_gain),
        ("max_long_gain", tax.long, wishes.max_long_gain),
        ("max_net_gain", tax.short + tax.long, wishes.max_net_gain),
        ("max_gains_tax", on_gains, wishes.max_gains_tax),
        ("max_agi", agi, wishes.max_agi),
        ("max_turnover", traded(model.problem, orders), wishes.max_turnover),
        (TURNOVER[1], traded(model.problem, orders), None if share is None else share * household_value(model.problem)),
    )
    return {name: amount - limit for name, amount, limit in amounts if limit is not None and amount > limit}


def within_limits(model: Model, orders: Orders, replayed: Replay) -> Orders:
    """The orders with what rounding carried over a limit taken back, as far as steps can; themselves where nothing is over."""
    beyond = {name: over for name, over in beyond_limits(model, orders, replayed).items() if over <= ROUNDING or name in TURNOVER}
    if not beyond:
        return orders
    table = _Steps(model, orders)
    for name, over in beyond.items():
        if name in TURNOVER:
            table.trade_less(over)
        else:
            short, long = GAINS.get(name, (True, True))
            may = (model.axes.lots.is_short & short) | (~model.axes.lots.is_short & long)
            table.gain_less(over * (CAUTION if name == "max_gains_tax" else 1), may)
    return table.orders


def words_beyond(model: Model, orders: Orders, replayed: Replay) -> Iterator[str]:
    """A sentence for each limit that the orders exceed by a cent or more."""
    words = words_of(model.problem)
    for name, over in beyond_limits(model, orders, replayed).items():
        if over >= Money("0.01"):
            why = ", by what steps of shares and cents add" if over <= ROUNDING else ""
            yield f"'{words['wishes', name].capitalize()}' is exceeded by {over:,.2f}{why}."


@dataclass
class _Steps:
    """Orders being changed a step at a time, with the cash above what is kept in every account."""

    model: Model
    orders: Orders
    spare: list[Money] = field(init=False)

    def __post_init__(self) -> None:
        self._count()

    def trade_less(self, over: Money) -> None:
        """Buy steps less until so many dollars less are traded, each time the smallest step that is enough or the largest."""
        for _ in range(MOST_STEPS):
            if over <= 0:
                return
            if not self.orders.buys:
                sold = self._sell_less()
                if not sold:
                    return
                over -= sold
                continue
            worth = [self._step_of(buy) * self._price_of(buy) for buy in self.orders.buys]
            enough = sorted((n for n, dollars in enumerate(worth) if dollars >= over), key=lambda n: worth[n])
            short = sorted((n for n, dollars in enumerate(worth) if dollars < over), key=lambda n: -worth[n])
            over -= worth[self._buy_less([*enough, *short])]

    def _sell_less(self) -> Money:
        """Sell a step less of a lot that is sold in part, where the cash is there; its dollars, nothing where there is none."""
        for place, sale in enumerate(self.orders.sales):
            step = self._step(sale.lot)
            dollars = step * self._price(sale.lot)
            if self._is_part(sale) and sale.shares > step and self.spare[int(self.model.axes.lots.account[sale.lot])] >= dollars:
                self._set_sale(place, sale.shares - step)
                return dollars
        return ZERO

    def gain_less(self, over: Money, may: Mask) -> None:
        """Sell steps less of lots that gained until so many dollars less are realised."""
        for _ in range(MOST_STEPS):
            if over <= 0:
                return
            saved = next((saved for sale in self._lowered_first(may) if (saved := self._lower(sale)) > 0), ZERO)
            saved = saved or self._more_loss(may)
            if saved <= 0:
                return
            over -= saved

    def _lowered_first(self, may: Mask) -> list[int]:
        """Sales of small steps in part at a gain, the most gain a dollar first."""
        lots = self.model.axes.lots
        found = [
            place
            for place, sale in enumerate(self.orders.sales)
            if may[sale.lot]
            and lots.is_taxable[sale.lot]
            and lots.gain_ratio[sale.lot] > 0
            and self._is_part(sale)
            and to_float(self._step(sale.lot) * self._price(sale.lot)) < COARSE
            and sale.shares > self._step(sale.lot)
        ]
        return sorted(found, key=lambda place: -float(lots.gain_ratio[self.orders.sales[place].lot]))

    def _lower(self, place: int) -> Money:
        """Sell a step less of one lot where cash, a purchase or another lot makes up for it; the gain that is not realised."""
        sale = self.orders.sales[place]
        before, account = self.orders, int(self.model.axes.lots.account[sale.lot])
        step = self._step(sale.lot)
        self._set_sale(place, sale.shares - step)
        gain = step * self._price(sale.lot) * self._ratio(sale.lot)
        while self.spare[account] < 0:
            buys = [n for n, buy in enumerate(self.orders.buys) if buy.account == account]
            if buys:
                self._buy_less(buys)
                continue
            other = self._raised(account, sale.lot)
            if other is None:
                self.orders = before
                self._count()
                return ZERO
            gain -= other
        return gain

    def _more_loss(self, may: Mask) -> Money:
        """Sell a step more of a lot that is sold in part at a loss; the loss it adds, nothing where there is none."""
        lots = self.model.axes.lots
        for place, sale in enumerate(self.orders.sales):
            step = self._step(sale.lot)
            is_small = to_float(step * self._price(sale.lot)) < COARSE
            if may[sale.lot] and lots.is_taxable[sale.lot] and lots.gain_ratio[sale.lot] < 0 and is_small and self._is_part(sale):
                self._set_sale(place, min(sale.shares + step, self.model.problem.lots[sale.lot].shares - self._given(sale.lot)))
                return -step * self._price(sale.lot) * self._ratio(sale.lot)
        return ZERO

    def _raised(self, account: int, instead_of: int) -> Money | None:
        """Sell a step more of the account's lot that gained least a dollar; the gain it adds, None where none gained less."""
        lots = self.model.axes.lots
        found = [
            (float(lots.gain_ratio[sale.lot]), place)
            for place, sale in enumerate(self.orders.sales)
            if int(lots.account[sale.lot]) == account
            and self._is_part(sale)
            and 0 <= lots.gain_ratio[sale.lot] < lots.gain_ratio[instead_of]
            and sale.shares + self._step(sale.lot) <= self.model.problem.lots[sale.lot].shares - self._given(sale.lot)
        ]
        if not found:
            return None
        place = min(found)[1]
        sale = self.orders.sales[place]
        step = self._step(sale.lot)
        self._set_sale(place, sale.shares + step)
        return step * self._price(sale.lot) * self._ratio(sale.lot)

    def _set_sale(self, place: int, shares: Shares) -> None:
        sales = list(self.orders.sales)
        sales[place] = replace(sales[place], shares=shares)
        self.orders = replace(self.orders, sales=tuple(sales))
        self._count()

    def _buy_less(self, places: list[int]) -> int:
        """Buy a step less of the first purchase that takes no segment out of its band, or of the first; its place."""
        outside = sum(breaches(self.model, self.orders), ZERO)
        less = ((place, self._with_less(place)) for place in places)
        found = next(
            ((place, orders) for place, orders in less if sum(breaches(self.model, orders), ZERO) <= outside),
            (places[0], self._with_less(places[0])),
        )
        self.orders = found[1]
        self._count()
        return found[0]

    def _with_less(self, place: int) -> Orders:
        buys = list(self.orders.buys)
        left = buys[place].shares - self._step_of(buys[place])
        buys[place : place + 1] = [replace(buys[place], shares=left)] if left > 0 else []
        return replace(self.orders, buys=tuple(buys))

    def _count(self) -> None:
        kept = self.model.problem.cash_kept()
        self.spare = [cash - kept[n] for n, cash in enumerate(closing_cash(self.model.problem, self.orders))]

    def _is_part(self, sale: LotTrade) -> bool:
        return sale.shares < self.model.problem.lots[sale.lot].shares - self._given(sale.lot)

    def _given(self, lot: int) -> Shares:
        return sum((gift.shares for gift in self.orders.gifts if gift.lot == lot), ZERO)

    def _step(self, lot: int) -> Shares:
        return self.model.problem.accounts[int(self.model.axes.lots.account[lot])].share_step

    def _price(self, lot: int) -> Money:
        return self.model.problem.securities[int(self.model.axes.lots.security[lot])].price

    def _ratio(self, lot: int) -> Money:
        facts = self.model.problem.lots[lot]
        return 1 - (facts.cost_basis or ZERO) / (facts.shares * self._price(lot))

    def _step_of(self, buy: BuyTrade) -> Shares:
        return self.model.problem.accounts[buy.account].share_step

    def _price_of(self, buy: BuyTrade) -> Money:
        return self.model.problem.securities[buy.security].price
