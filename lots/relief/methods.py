"""The relief methods, one ranking each."""

from dataclasses import dataclass

from lots.lot import Term
from lots.relief.contract import Rank, Relievable, SaleTerms, TaxRates


@dataclass(frozen=True, slots=True)
class Fifo:
    """First in, first out: the earliest acquired leaves first, the law's default (Reg. 1.1012-1(c)(1))."""

    name: str = "fifo"
    is_fixed: bool = True
    averages_basis: bool = False

    def rank(self, lot: Relievable, sale: SaleTerms) -> Rank:
        """Nothing but the day of acquisition, which every method's ties are broken by."""
        return ()


@dataclass(frozen=True, slots=True)
class Lifo:
    """Last in, first out: the latest acquired leaves first, by standing order."""

    name: str = "lifo"
    is_fixed: bool = True
    averages_basis: bool = False

    def rank(self, lot: Relievable, sale: SaleTerms) -> Rank:
        """The day of acquisition, backwards."""
        return (-lot.acquired.toordinal(),)


@dataclass(frozen=True, slots=True)
class HighestCost:
    """Highest basis per share first (HIFO), which realises the least gain on one sale."""

    name: str = "hifo"
    is_fixed: bool = True
    averages_basis: bool = False

    def rank(self, lot: Relievable, sale: SaleTerms) -> Rank:
        """The basis per share, backwards."""
        return (-lot.cost_basis / lot.shares,)


@dataclass(frozen=True, slots=True)
class LowestCost:
    """Lowest basis per share first, for a year whose gains are taxed at nothing."""

    name: str = "lowest_cost"
    is_fixed: bool = True
    averages_basis: bool = False

    def rank(self, lot: Relievable, sale: SaleTerms) -> Rank:
        """The basis per share."""
        return (lot.cost_basis / lot.shares,)


@dataclass(frozen=True, slots=True)
class AverageCost:
    """Average basis, for mutual funds: every share carries the average, oldest first (Reg. 1.1012-1(e)(7))."""

    name: str = "average"
    is_fixed: bool = True
    averages_basis: bool = True

    def rank(self, lot: Relievable, sale: SaleTerms) -> Rank:
        """Nothing but the day of acquisition, which every method's ties are broken by."""
        return ()


@dataclass(frozen=True, slots=True)
class TaxOptimal:
    """The least tax on this sale: losses that save most first, gains that cost most last.

    With marginal `rates` the order is by tax per share, gain times the rate of its term, and is exact for one sale
    taxed at those rates. Without them it is the order any rates with short above long agree on inside a class:
    short-term losses, long-term losses, long-term gains, short-term gains, each by gain per share. Neither looks at
    what other sales of the year make of the netting. The rank depends on price and day, so the lots are sorted at
    every sale.
    """

    rates: TaxRates | None = None
    name: str = "tax_optimal"
    is_fixed: bool = False
    averages_basis: bool = False

    def rank(self, lot: Relievable, sale: SaleTerms) -> Rank:
        """Dollars of tax per share, or the class and the gain per share."""
        gain = sale.price - lot.cost_basis / lot.shares
        is_long = lot.term_on(sale.day) is Term.LONG
        if self.rates is not None:
            return ((self.rates.long if is_long else self.rates.short) * gain,)
        if gain < 0:
            return (1 if is_long else 0, gain)
        return (2 if is_long else 3, gain)
