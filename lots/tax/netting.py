"""Netting of capital gains and losses as Schedule D does it (IRC 1211, 1212, 1222).

Lines follow Schedule D (Form 1040): 7 is the net short-term result, 15 the net long-term result, 16 their sum and 21
the loss deducted this year. What is left of a loss is carried to next year with its character.
"""

from dataclasses import dataclass

from lots.units import ZERO, Money


@dataclass(frozen=True, slots=True)
class Netting:
    """The result of netting, all in dollars.

    `ordinary_gain` is taxed as ordinary income, `preferential_gain` at the long-term rates; `deductible_loss`,
    `short_carryover` and `long_carryover` are losses stated as numbers of zero or more.
    """

    short: Money
    long: Money
    ordinary_gain: Money
    preferential_gain: Money
    deductible_loss: Money
    short_carryover: Money
    long_carryover: Money

    @property
    def net(self) -> Money:
        """Schedule D line 16."""
        return self.short + self.long

    @property
    def carryover(self) -> Money:
        """The whole loss carried to next year."""
        return self.short_carryover + self.long_carryover


def net_gains(short: Money, long: Money, loss_limit: Money) -> Netting:
    """Net the year's short- and long-term results, carryovers included.

    Parameters
    ----------
    short, long : Schedule D lines 7 and 15, dollars, negative for a loss.
    loss_limit : the most net loss the year may deduct (IRC 1211(b)), dollars.

    Notes
    -----
    A deducted loss uses up short-term loss first (IRC 1212(b)(2)). The carryovers stated here take the whole
    deduction as used; :func:`used_loss` and :func:`carry_losses` refine them once taxable income is known.
    """
    net = short + long
    preferential = max(ZERO, min(long, net))
    ordinary = max(ZERO, net) - preferential
    deducted = min(max(ZERO, -net), loss_limit)
    short_left, long_left = carry_losses(short, long, deducted)
    return Netting(short, long, ordinary, preferential, deducted, short_left, long_left)


def carry_losses(short: Money, long: Money, used: Money) -> tuple[Money, Money]:
    """Return the (short, long) losses left for next year when `used` dollars of the net loss are used up.

    Lines follow the Capital Loss Carryover Worksheet; every figure is zero or more.
    """
    line_5 = max(ZERO, -short)
    line_8 = max(ZERO, line_5 - (used + max(ZERO, long)))
    line_9 = max(ZERO, -long)
    line_13 = max(ZERO, line_9 - (max(ZERO, short) + max(ZERO, used - line_5)))
    return line_8, line_13


def used_loss(deducted: Money, taxable_income: Money) -> Money:
    """Return how much of the deducted loss counts as used up: less than all when income was below zero before it.

    Lines 1 to 4 of the Capital Loss Carryover Worksheet (IRC 1212(b)(2)(A)); `taxable_income` is the negative amount
    where deductions exceed income.
    """
    line_3 = max(ZERO, taxable_income + deducted)
    return min(deducted, line_3)
