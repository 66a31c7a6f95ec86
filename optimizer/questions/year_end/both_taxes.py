"""Both years' exact tax as a function of gains moved between them, for what a change of date costs."""

from dataclasses import dataclass, replace
from decimal import Decimal

from lots.lot import Term
from lots.tax.flat import FlatRates, gains_tax
from lots.tax.netting import net_gains
from lots.units import ZERO, Money
from optimizer.model.own_year import least_return
from optimizer.solve.two_years.replay import TwoYearReplay, YearReplay
from optimizer.solve.whole_return import filer_with_plan


@dataclass(frozen=True)
class Shift:
    """Gain added to one year, dollars; negative takes it out."""

    year: int
    term: Term
    gain: Money


@dataclass(frozen=True)
class BothTaxes:
    """The tax of a replayed plan, and of the same plan with gains moved.

    Parameters
    ----------
    replayed : the plan. discount : what a dollar of tax due a year later is worth today.
    carried_loss : value of a dollar of loss carried out of the second year, in that year.
    """

    replayed: TwoYearReplay
    discount: Decimal
    carried_loss: Decimal

    def costs(self, *shifts: Shift) -> Money:
        """What the shifts add to both years' tax, next year's and what it carries on at their value today."""
        return self._value(shifts) - self._value(())

    def _value(self, shifts: tuple[Shift, ...]) -> Money:
        added = {
            (year.problem.taxpayer.year, term): sum(
                (s.gain for s in shifts if (s.year, s.term) == (year.problem.taxpayer.year, term)), ZERO
            )
            for year in (self.replayed.december, self.replayed.january)
            for term in Term
        }
        pair = [
            (added[year.problem.taxpayer.year, Term.SHORT], added[year.problem.taxpayer.year, Term.LONG])
            for year in (self.replayed.december, self.replayed.january)
        ]
        whole = self.replayed.december.problem.taxpayer.rates is None
        first, second, carried = self._whole(*pair) if whole else self._flat(*pair)
        return first + self.discount * (second - self.carried_loss * carried)

    def _flat(self, this: tuple[Money, Money], following: tuple[Money, Money]) -> tuple[Money, Money, Money]:
        before, after = self.replayed.december, self.replayed.january
        first = net_gains(before.tax.short + this[0], before.tax.long + this[1], before.model.facts.loss_limit)
        own_short = after.tax.short + before.tax.short_carryforward + following[0]
        own_long = after.tax.long + before.tax.long_carryforward + following[1]
        limit = after.model.facts.loss_limit
        second = net_gains(own_short - first.short_carryover, own_long - first.long_carryover, limit)
        return gains_tax(first, _rates(before)), gains_tax(second, _rates(after)), second.carryover

    def _whole(self, this: tuple[Money, Money], following: tuple[Money, Money]) -> tuple[Money, Money, Money]:
        filers = [
            filer_with_plan(year.problem, year.model.facts, year.orders, year.book)
            for year in (self.replayed.december, self.replayed.january)
        ]
        laws = [year.problem.taxpayer.law() for year in (self.replayed.december, self.replayed.january)]
        own = replace(filers[0], short_gain=filers[0].short_gain + this[0], long_gain=filers[0].long_gain + this[1])
        first = least_return(own, laws[0])
        after = replace(
            filers[1],
            short_gain=filers[1].short_gain + following[0],
            long_gain=filers[1].long_gain + following[1],
            short_carryover=first.short_carryover,
            long_carryover=first.long_carryover,
        )
        second = least_return(after, laws[1])
        return first.exact_total, second.exact_total, second.short_carryover + second.long_carryover


def _rates(year: YearReplay) -> FlatRates:
    rates = year.problem.taxpayer.rates
    assert rates is not None
    return FlatRates(rates.ordinary, rates.long_term, rates.deduction_rate)
