"""Random filers over the whole range of incomes, small and large amounts alike."""

from dataclasses import replace
from decimal import Decimal
from random import Random

from lots.law import FilingStatus
from lots.tax.filer import Filer

ZERO = Decimal(0)


def dollars(rng: Random, top: int, chance: float) -> Decimal:
    """Zero, or an amount up to `top` whose size is spread evenly over its digits, to the cent."""
    if rng.random() > chance:
        return ZERO
    return Decimal(int(10 ** rng.uniform(2, 2 + _digits(top)))).min(Decimal(top)) + Decimal(rng.randrange(100)) / 100


def _digits(top: int) -> float:
    return len(str(top)) - 2.5


def random_filer(rng: Random, status: FilingStatus) -> Filer:
    """A filer with wages, investments, gains or losses, carryovers, retirement income, deductions and gifts."""
    is_joint = status is FilingStatus.MFJ
    qualified = dollars(rng, 300_000, 0.5)
    return Filer(
        status,
        age=rng.choice([35, 50, 64, 65, 70, 80]),
        spouse_age=rng.choice([35, 64, 65, 75]) if is_joint else None,
        is_blind=rng.random() < 0.05,
        is_living_apart=status is FilingStatus.MFS,
        is_spouse_blind=is_joint and rng.random() < 0.05,
        wages=dollars(rng, 1_500_000, 0.85),
        interest=dollars(rng, 100_000, 0.6),
        exempt_interest=dollars(rng, 50_000, 0.2),
        ordinary_dividends=qualified + dollars(rng, 100_000, 0.4),
        qualified_dividends=qualified,
        short_gain=rng.choice([-1, 1, 1]) * dollars(rng, 300_000, 0.5),
        long_gain=rng.choice([-1, 1, 1, 1]) * dollars(rng, 3_000_000, 0.7),
        short_carryover=dollars(rng, 60_000, 0.1),
        long_carryover=dollars(rng, 60_000, 0.1),
        ira_withdrawals=dollars(rng, 300_000, 0.3),
        pensions=dollars(rng, 100_000, 0.2),
        social_security=dollars(rng, 60_000, 0.3),
        medical_expenses=dollars(rng, 60_000, 0.1),
        state_taxes=dollars(rng, 100_000, 0.6),
        property_taxes=dollars(rng, 30_000, 0.5),
        mortgage_interest=dollars(rng, 40_000, 0.4),
        cash_gifts=dollars(rng, 100_000, 0.4),
        long_property_gifts=dollars(rng, 100_000, 0.2),
    )


def with_special_gains(rng: Random, filer: Filer) -> Filer:
    """The same filer with part of a long-term gain from collectibles or depreciated buildings."""
    if filer.long_gain <= 0:
        return filer
    share = Decimal(rng.randrange(1, 50)) / 100
    return replace(
        filer,
        collectibles_gain=(filer.long_gain * share).quantize(Decimal(1)),
        unrecaptured_1250_gain=(filer.long_gain * share / 2).quantize(Decimal(1)),
    )
