"""How far simpler rules of choosing lots would have been from the plan: the same shares sold, other lots, by the ledger.

Every security sold in a taxed account is sold there in the same number of shares, from lots taken in the rule's order; gifts,
purchases and flows stay as planned. Wash sales that a rule runs into are the ledger's to find.
"""

from dataclasses import dataclass, replace

from lots.lot import TaxLot
from lots.relief import METHODS, ReliefMethod, Relievable, SaleTerms, choose
from lots.relief.contract import Rank
from lots.units import ZERO, Shares
from optimizer.explain.compare import Step, priced
from optimizer.model.assemble import Model
from optimizer.plan import LotOrder
from optimizer.solve.rounding import LotTrade, Orders


@dataclass(frozen=True, slots=True)
class LargestBasis:
    """The lot of the largest basis first, whatever its basis per share: what a list sorted by basis invites to."""

    name: str = "highest basis first"
    is_fixed: bool = True
    averages_basis: bool = False

    def rank(self, lot: Relievable, sale: SaleTerms) -> Rank:
        """The lot's whole basis, backwards."""
        return (-lot.cost_basis,)


RULES: tuple[tuple[str, ReliefMethod], ...] = (
    ("first in, first out", METHODS["fifo"]),
    ("highest basis per share first (HIFO)", METHODS["hifo"]),
    ("highest basis first", LargestBasis()),
)


def lot_orders(model: Model, step: Step) -> tuple[LotOrder, ...]:
    """Price the plan's own sales with lots chosen by each rule."""
    found = []
    for words, method in RULES:
        other = priced(model, replace(step.orders, sales=_chosen(model, step.orders, method)))
        found.append(
            LotOrder(
                rule=words,
                tax=other.replayed.tax.total,
                more_tax=other.replayed.tax.total - step.replayed.tax.total,
                more_cost=other.cost.total - step.cost.total,
            )
        )
    return tuple(found)


def _chosen(model: Model, orders: Orders, method: ReliefMethod) -> tuple[LotTrade, ...]:
    problem = model.problem
    taxable = {a.id for a in problem.accounts if a.kind.is_taxable}
    price = {s.symbol: s.price for s in problem.securities}
    wanted: dict[tuple[str, str], Shares] = {}
    for sale in orders.sales:
        lot = problem.lots[sale.lot]
        wanted[lot.account, lot.symbol] = wanted.get((lot.account, lot.symbol), ZERO) + sale.shares
    given: dict[int, Shares] = {}
    for gift in orders.gifts:
        given[gift.lot] = given.get(gift.lot, ZERO) + gift.shares
    sales = [sale for sale in orders.sales if problem.lots[sale.lot].account not in taxable]
    for (account, symbol), shares in wanted.items():
        if account not in taxable:
            continue
        place = {lot.id: n for n, lot in enumerate(problem.lots) if (lot.account, lot.symbol) == (account, symbol)}
        open_lots = [
            n for name, n in place.items() if name in model.facts.may_sell and problem.lots[n].shares > given.get(n, ZERO)
        ]
        lots = [_tax_lot(model, n, given.get(n, ZERO)) for n in open_lots]
        terms = SaleTerms(price=price[symbol], day=problem.as_of)
        picks = choose(method, lots, shares, terms)
        sales += [LotTrade(place[pick.lot_id], pick.shares) for pick in picks]
    return tuple(sales)


def _tax_lot(model: Model, position: int, given: Shares) -> TaxLot:
    """What is left of a lot beside the gifts."""
    lot = model.problem.lots[position]
    assert lot.acquired is not None
    left = lot.shares - given
    basis = (lot.cost_basis or ZERO) * left / lot.shares
    return TaxLot(lot.id, lot.account, lot.symbol, lot.acquired, left, basis, lot.holding_start)
