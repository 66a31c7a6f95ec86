"""Every lot of the household on the day of the plan: what it is worth, how long it is held, and what the plan does with it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lots.dates import long_term_from
from lots.lot import TaxLot, Term
from lots.units import ZERO
from optimizer.plan import Plan
from optimizer.problem import LotFacts, Problem


class Fate(StrEnum):
    """What the plan does with a lot."""

    KEEP = "keep"
    SELL = "sell"
    SELL_PART = "sell part"
    GIVE = "give"
    GIVE_PART = "give part"
    SELL_AND_GIVE = "sell and give"


@dataclass(frozen=True, slots=True)
class LotStanding:
    """One lot before the plan, with what the plan takes from it.

    Parameters
    ----------
    lot : the lot as the problem states it.
    price, value : dollars per share and dollars for all its shares.
    gain : unrealised gain in dollars; None where the basis is unknown.
    held_days : days since its holding period began; None where the date is unknown.
    term : of a sale today; None in an account whose sales are not taxed.
    long_from : the first day on which a sale is long-term; None as `term`.
    sold, given : shares that the plan takes.
    """

    lot: LotFacts
    price: Decimal
    value: Decimal
    gain: Decimal | None
    held_days: int | None
    term: Term | None
    long_from: date | None
    sold: Decimal
    given: Decimal

    @property
    def gain_fraction(self) -> Decimal | None:
        """Unrealised gain as a fraction of the basis; None where there is no basis to divide by."""
        return self.gain / self.lot.cost_basis if self.gain is not None and self.lot.cost_basis else None

    @property
    def left(self) -> Decimal:
        """Shares that stay."""
        return self.lot.shares - self.sold - self.given

    @property
    def fate(self) -> Fate:
        """What the plan does with the lot, in a word."""
        if self.sold and self.given:
            return Fate.SELL_AND_GIVE
        if self.sold:
            return Fate.SELL_PART if self.left > 0 else Fate.SELL
        if self.given:
            return Fate.GIVE_PART if self.left > 0 else Fate.GIVE
        return Fate.KEEP


def standings(plan: Plan, problem: Problem) -> list[LotStanding]:
    """Every lot in the problem's order.

    Parameters
    ----------
    plan, problem : an answer and the question it answers.
    """
    price = {security.symbol: security.price for security in problem.securities}
    taxable = {account.id for account in problem.accounts if account.kind.is_taxable}
    sold: dict[str, Decimal] = {}
    given: dict[str, Decimal] = {}
    for sale in plan.sales:
        sold[sale.lot] = sold.get(sale.lot, ZERO) + sale.shares
    for gift in plan.gifts:
        given[gift.lot] = given.get(gift.lot, ZERO) + gift.shares
    return [
        _standing(
            lot, price[lot.symbol], lot.account in taxable, problem.as_of, (sold.get(lot.id, ZERO), given.get(lot.id, ZERO))
        )
        for lot in problem.lots
    ]


def tax_lot(lot: LotFacts) -> TaxLot | None:
    """The lot as the ledger knows it; None where the problem does not say when it was acquired."""
    if lot.acquired is None:
        return None
    return TaxLot(lot.id, lot.account, lot.symbol, lot.acquired, lot.shares, lot.cost_basis or ZERO, lot.holding_start)


def _standing(lot: LotFacts, price: Decimal, is_taxable: bool, day: date, taken: tuple[Decimal, Decimal]) -> LotStanding:
    value, kept = lot.shares * price, tax_lot(lot)
    is_dated = kept is not None and is_taxable
    return LotStanding(
        lot=lot,
        price=price,
        value=value,
        gain=None if lot.cost_basis is None else value - lot.cost_basis,
        held_days=None if kept is None else (day - kept.held_from).days,
        term=kept.term_on(day) if kept is not None and is_dated else None,
        long_from=long_term_from(kept.held_from) if kept is not None and is_dated else None,
        sold=taken[0],
        given=taken[1],
    )
