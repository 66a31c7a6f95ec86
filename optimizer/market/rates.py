"""Marginal rates for prices of time and place: as stated, or those of the law's return before the plan."""

from lots.tax.liability import compute_return
from lots.tax.margins import marginal_rates
from lots.units import to_float
from optimizer.taxpayer import Taxpayer

ORDINARY, LONG_TERM = "interest", "qualified dividend"
"""What yearly drag is made of, by the names that marginal rates have."""


def rates_of(taxpayer: Taxpayer) -> tuple[float, float]:
    """Return what one more dollar of ordinary and of long-term investment income costs, as fractions.

    They price only what lies beyond this year's return, and are between 0 and 1 and in order, as flat rates are: where a
    phase-out makes one more dollar of gain dearer than one of interest, both are taken as the dearer one.
    """
    if taxpayer.rates is not None:
        return to_float(taxpayer.rates.ordinary), to_float(taxpayer.rates.long_term)
    law = taxpayer.law()
    rate = {each.kind: to_float(each.total) for each in marginal_rates(compute_return(taxpayer.filer(), law), law)}
    long_term = min(1.0, max(0.0, rate[LONG_TERM]))
    return min(1.0, max(long_term, rate[ORDINARY])), long_term
