"""Required minimum distributions from traditional accounts while the owner lives (IRC 401(a)(9)).

Beneficiaries' rules after a death are not modelled. Each IRA owner adds the IRAs up and may take the sum from any of
them; a plan at work is computed, and taken, on its own.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lots.errors import InputError, LawError
from lots.law import Law
from lots.units import ZERO, Money, cents


@dataclass(frozen=True, slots=True)
class RequiredDistribution:
    """What must leave the account in the year, dollars and cents, and the divisor and age behind it.

    `is_first` marks the year whose distribution may wait until 1 April of the next.
    """

    amount: Money
    divisor: Decimal | None
    age: int
    is_first: bool
    how: str


def start_age(law: Law, birth_year: int) -> int:
    """The age of the first required distribution; owners born before 1951, who began younger, have long passed it."""
    later = [age for first, age in law.table("rmd.start_ages.later") if birth_year >= first]
    return int(later[-1] if later else law.figure("rmd.start_ages.earliest"))


def required_distribution(
    law: Law,
    birth_date: date | None,
    balance: Money,
    spouse_birth_date: date | None = None,
    joint_divisor: Decimal | None = None,
) -> RequiredDistribution:
    """Return the law's year's required distribution from traditional accounts.

    Parameters
    ----------
    balance : value of the accounts on 31 December of the year before, dollars.
    spouse_birth_date : of a spouse who is the only beneficiary all year; None otherwise.
    joint_divisor : from the Joint Life and Last Survivor table, needed when that spouse is more than ten years younger.

    Raises
    ------
    InputError
        If the birth date or, for a much younger spouse, the divisor is missing, or the balance is negative.

    Examples
    --------
    >>> from lots.law import load_law
    >>> required_distribution(load_law(2025), date(1950, 3, 1), Decimal(100_000)).amount
    Decimal('4065.04')
    """
    if birth_date is None:
        raise InputError("A required distribution depends on age: state the owner's birth_date.")
    if balance < 0:
        raise InputError(f"The balance of 31 December {law.year - 1} is {balance}; it is zero or more.")
    age, first = law.year - birth_date.year, start_age(law, birth_date.year)
    if age < first:
        return RequiredDistribution(ZERO, None, age, False, f"none before age {first}; the owner turns {age}")
    divisor, table = _divisor(law, age, birth_date, spouse_birth_date, joint_divisor)
    how = f"{balance} divided by {divisor}, the {table} at age {age}"
    return RequiredDistribution(cents(balance / divisor), divisor, age, age == first, how)


def _divisor(law: Law, age: int, birth_date: date, spouse: date | None, joint_divisor: Decimal | None) -> tuple[Decimal, str]:
    rows = law.table("rmd.uniform_lifetime.table")
    uniform = next((divisor for at, divisor in rows if at == min(Decimal(age), rows[-1][0])), None)
    if uniform is None:
        raise LawError(f"The uniform lifetime table has no row for age {age}.")
    gap = law.figure("rmd.spouse_exception.years")
    if spouse is None or spouse.year - birth_date.year <= gap:
        return uniform, "Uniform Lifetime Table"
    if joint_divisor is None:
        raise InputError(
            f"The spouse is more than {gap} years younger and the only beneficiary, so the Joint Life and Last Survivor table "
            f"applies (Pub. 590-B Table II). State joint_divisor from it for ages {age} and {law.year - spouse.year}."
        )
    if joint_divisor < uniform:
        raise InputError(f"joint_divisor is {joint_divisor}; a younger spouse's divisor is not below the uniform {uniform}.")
    return joint_divisor, "Joint Life and Last Survivor table"
