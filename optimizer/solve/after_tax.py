"""An amount after tax: the least amount before tax whose plan leaves it, looked for by plans of several amounts.

What a plan leaves rises with the amount, by a dollar less its tax, and jumps by cents where shares are rounded; so the search
follows the secant through the last two plans and ends within a few cents. Every plan it asks for is proven by itself.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from lots.units import CENT, Money, cents
from optimizer.errors import ContradictoryOrders

CLOSE = CENT * 5
"""Dollars by which what is left may exceed what was asked for."""
MOST_PLANS = 24
FIRST_SLOPE, LEAST_SLOPE, LARGEST_SLOPE = CENT * 80, CENT * 5, CENT * 200
"""Dollars left of one more dollar before tax: the first guess, and how far a secant is believed."""


class Taxed(Protocol):
    """A plan with what leaves before tax and what the household keeps of it."""

    @property
    def gross(self) -> Money: ...

    @property
    def net(self) -> Money: ...


T = TypeVar("T", bound=Taxed)


def least_before_tax(amount: Money, planned: Callable[[Money], T]) -> T:
    """The plan of the least dollars before tax that leave `amount`, to within a few cents.

    Raises
    ------
    ContradictoryOrders
        If all that may leave does not leave so much.
    """
    here = planned(amount)
    enough = None if here.net < amount else here
    slope, refused = FIRST_SLOPE, None
    for _ in range(MOST_PLANS):
        if enough is not None and enough.net - amount < CLOSE:
            return enough
        gross = max(CENT, cents(here.gross + (amount - here.net + CENT) / slope))
        if refused is not None and gross >= refused:
            gross = cents((here.gross + refused) / 2)
        try:
            there = here if gross == here.gross else planned(gross)
        except ContradictoryOrders:
            if gross - here.gross < CLOSE:
                raise
            refused = gross
            continue
        if there.gross == here.gross:
            return there if there.net >= amount else planned(there.gross + CENT)
        slope = min(max((there.net - here.net) / (there.gross - here.gross), LEAST_SLOPE), LARGEST_SLOPE)
        here = there
        if here.net >= amount and (enough is None or here.gross < enough.gross):
            enough = here
    return enough or here
