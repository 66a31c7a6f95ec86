"""Basis and holding period of a lot at today's price, in the words a document of a problem has for them.

A document knows one basis and one start. A gift worth less than its donor paid has two of each, and today's price says
which; an inherited lot is long-term at any age, which a start long ago says.
"""

from datetime import date
from decimal import Decimal

from lots.lot import TaxLot

LONG_AGO = date(1900, 1, 1)
"""Where the holding period of an inherited lot starts in a document that has no other way to say long-term at any age."""


def basis_today(lot: TaxLot, price: object) -> tuple[Decimal, date | None]:
    """Return the basis of all shares in dollars, and where the holding period starts if not on the day of acquisition.

    Parameters
    ----------
    lot : the lot as the law sees it.
    price : dollars a share; without one the basis for a gain is taken.
    """
    basis, start = lot.if_sold_for(lot.shares * price) if isinstance(price, Decimal) else (lot.cost_basis, lot.held_from)
    if lot.is_inherited:
        return basis, LONG_AGO
    return basis, None if start == lot.acquired else start
