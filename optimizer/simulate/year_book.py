"""What a tax year holds so far on every path, and what is carried out of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.simulate.year_tax import Rates, carried, tax_on_gains

Floats = NDArray[np.float64]


@dataclass
class YearBook:
    """Arrays of shape (n_paths,), dollars; everything is zero in an account that is not taxed.

    `short` and `long` are gains of the year to date without carryovers; `due` is last year's tax until April pays it, negative
    where a loss saves tax on other income.
    """

    rates: Rates | None
    short: Floats
    long: Floats
    ordinary: Floats
    qualified: Floats
    deduction: Floats
    short_carried: Floats
    long_carried: Floats
    due: Floats

    @classmethod
    def empty(cls, n_paths: int, rates: Rates | None) -> "YearBook":
        """A first year in which nothing has happened."""
        return cls(rates, *(np.zeros(n_paths) for _ in range(8)))

    @property
    def net_short(self) -> Floats:
        """Short-term gain to date with the carryover."""
        return np.asarray(self.short - self.short_carried)

    @property
    def net_long(self) -> Floats:
        """Long-term gain to date with the carryover."""
        return np.asarray(self.long - self.long_carried)

    def tax(self, more_short: Floats | float = 0.0, more_long: Floats | float = 0.0) -> Floats:
        """The year's tax as it stands, with further gains if asked, dollars."""
        rates = self.rates
        if rates is None:
            return np.zeros_like(self.due)
        on_gains = tax_on_gains(self.net_short + more_short, self.net_long + more_long, rates)
        dividends = rates.ordinary * self.ordinary + rates.long_term * self.qualified
        return np.asarray(on_gains + dividends - rates.deduction * self.deduction)

    def close(self) -> Floats:
        """End the tax year: its tax becomes due and losses are carried on; returns that tax."""
        tax = self.tax()
        if self.rates is not None:
            self.short_carried, self.long_carried = carried(self.net_short, self.net_long, self.rates.loss_limit)
        self.due = self.due + tax
        for name in ("short", "long", "ordinary", "qualified", "deduction"):
            setattr(self, name, np.zeros_like(tax))
        return tax
