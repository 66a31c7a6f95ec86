"""Tax at flat marginal rates: what one more dollar of each kind costs, applied to the whole dollar amount.

A filer who knows the marginal rates (federal, state and net investment income tax together) gets a figure that is right
as long as no bracket edge is crossed. It leaves out every threshold; the year's full schedules belong to the modules
beside it.
"""

from dataclasses import dataclass

from lots.errors import InputError
from lots.tax.netting import Netting
from lots.units import Money, Rate


@dataclass(frozen=True, slots=True)
class FlatRates:
    """Marginal rates as fractions: ordinary income, long-term gain, and what a dollar of charitable deduction saves."""

    ordinary: Rate
    long_term: Rate
    deduction: Rate

    def __post_init__(self) -> None:
        if not 0 <= self.long_term <= self.ordinary < 1:
            raise InputError(
                f"Rates must satisfy 0 <= long_term <= ordinary < 1; found long_term {self.long_term}, ordinary {self.ordinary}."
            )
        if not 0 <= self.deduction < 1:
            raise InputError(f"The rate a deduction saves must lie in [0, 1); found {self.deduction}.")


def gains_tax(netting: Netting, rates: FlatRates) -> Money:
    """Tax on the year's netted gains in dollars; negative when a net loss saves tax on other income."""
    return (
        rates.ordinary * netting.ordinary_gain
        + rates.long_term * netting.preferential_gain
        - rates.ordinary * netting.deductible_loss
    )
