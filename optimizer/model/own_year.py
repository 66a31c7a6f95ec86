"""The year without the plan, from the exact filer to the floats of the model."""

from dataclasses import dataclass, replace
from functools import lru_cache

from lots.law import Law
from lots.tax.filer import Filer, Way
from lots.tax.liability import Return, compute_return
from lots.units import ZERO, to_float
from optimizer.model.reach import OwnYear
from optimizer.model.schedule import YearTax
from optimizer.model.year_amounts import YearAmounts
from optimizer.taxpayer import Taxpayer


def own_year(filer: Filer, law: Law, tax: YearTax) -> OwnYear:
    """Add up what the return holds besides the plan's gains, withdrawals and gifts; the filer's own gains are left out."""
    amounts = YearAmounts.of([replace(filer, residence=None)], law)
    a = {name: float(getattr(amounts, name)[0]) for name in amounts.__dataclass_fields__}
    invested = a["interest"] + a["dividends"] + a["investment"]
    medicare = tax.figures["additional_medicare.rate.rate"] * max(0.0, a["wages"] - tax.figures["additional_medicare.threshold"])
    residence = filer.residence
    rate = to_float(residence.rate) if residence is not None and residence.rate is not None else 0.0
    long_rate = to_float(residence.long_rate) if residence is not None and residence.long_rate is not None else rate
    return OwnYear(
        other=a["wages"] + invested + a["ordinary"] - a["adjustments"],
        invested=invested,
        qualified=a["qualified"],
        benefits=a["benefits"],
        exempt_interest=a["exempt_interest"],
        benefit_start=a["benefit_start"],
        benefit_middle=a["benefit_middle"],
        medical=a["medical"],
        taxes_paid=a["taxes_paid"],
        other_itemized=a["other_itemized"],
        cash_gifts=a["cash_gifts"],
        fund_gifts=a["fund_gifts"],
        short_gifts=a["short_gifts"],
        long_gifts=a["long_gifts"],
        standard=a["standard"],
        seniors=a["seniors"],
        fixed_tax=medicare + a["penalties"],
        state_rate=rate,
        state_long_rate=long_rate,
    )


@dataclass(frozen=True)
class OwnReturns:
    """The year's returns that no plan has a part in.

    Parameters
    ----------
    bare : without gains and losses: what the plan cannot change.
    own : with the gains and losses the year holds already.
    """

    bare: Return
    own: Return


@lru_cache(maxsize=64)
def own_returns(taxpayer: Taxpayer) -> OwnReturns:
    """Both returns of a taxpayer whose income is stated; kept, because every plan's tax is held against them."""
    own, law = taxpayer.filer(), taxpayer.law()
    bare = replace(own, short_gain=ZERO, long_gain=ZERO, short_carryover=ZERO, long_carryover=ZERO)
    return OwnReturns(least_return(bare, law), least_return(own, law))


def least_return(filer: Filer, law: Law) -> Return:
    """The return by the way of line 12e that owes least in federal and state tax together.

    Left to itself the law's return looks at the federal tax alone; where the state's differs, the filer may choose.
    """
    found = compute_return(filer, law)
    if found.state is None or found.state.tax == 0 or filer.has_itemizing_spouse:
        return found
    other = Way.STANDARD if found.way is Way.ITEMIZED else Way.ITEMIZED
    chosen = compute_return(replace(filer, way=other), law)
    return chosen if chosen.exact_total < found.exact_total else found
