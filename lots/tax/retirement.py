"""Money that leaves sheltered accounts: what of it is income, and what penalty the owner's age brings.

Exceptions to the penalties (disability, a first home, leaving a job at 55 …) are not modelled: a withdrawal is taken to
have none. A Roth account is taken to be five tax years old (IRC 408A(d)(2)(B)), so earnings are free from 59½ on.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lots.accounts import AccountKind
from lots.dates import age_in_half_years
from lots.errors import InputError
from lots.law import Law, lasting_law
from lots.tax.sheet import percent
from lots.units import ZERO, Money, Rate

ONE = Decimal(1)
ROTH = (AccountKind.ROTH_IRA, AccountKind.ROTH_401K)


class BasisOrder(StrEnum):
    """When a withdrawal returns what the owner had paid in after tax."""

    NONE = "none"
    """Nothing of it was taxed before: the whole withdrawal counts."""
    FIRST = "first"
    """Contributions come out first, earnings last (IRC 408A(d)(4)); used for designated Roth accounts too."""
    PRO_RATA = "pro rata"
    """Every dollar holds the account's share of earnings (IRC 529(c)(3))."""


@dataclass(frozen=True, slots=True)
class WithdrawalRule:
    """How a withdrawal is taxed.

    `taxable_fraction` and `penalty_rate` apply to the part that is not the owner's basis, and `basis` says how that
    part is found; with `BasisOrder.NONE` it is the whole withdrawal.
    """

    taxable_fraction: Rate
    penalty_rate: Rate
    reason: str
    basis: BasisOrder = BasisOrder.NONE

    def split(self, amount: Money, contributions: Money = ZERO, balance: Money = ZERO) -> tuple[Money, Money]:
        """Return (ordinary income, penalty) in dollars of withdrawing `amount`.

        Parameters
        ----------
        amount : dollars withdrawn, zero or more.
        contributions : the owner's unreturned contributions; used where the basis comes out first or pro rata.
        balance : the account's value before the withdrawal; needed where it comes out pro rata.
        """
        gain = amount - self._basis_in(amount, contributions, balance)
        taxable = self.taxable_fraction * gain
        return taxable, self.penalty_rate * taxable

    def _basis_in(self, amount: Money, contributions: Money, balance: Money) -> Money:
        if self.basis is BasisOrder.FIRST:
            return min(amount, contributions)
        if self.basis is BasisOrder.PRO_RATA:
            if balance < amount or balance <= 0:
                raise InputError(f"Withdrawing {amount} needs a balance of at least that; found {balance}.")
            return min(amount, amount * contributions / balance)
        return ZERO


def withdrawal_rule(kind: AccountKind, owner_birth_date: date | None, on: date) -> WithdrawalRule:
    """Return how a withdrawal from an account of `kind` on the day `on` is taxed, for a purpose that has no exception.

    Raises
    ------
    InputError
        If the rule depends on age and the birth date is not known, or if the money is no longer the owner's.

    References
    ----------
    IRC 72(t), 223(f), 408(d), 408A(d), 529(c).
    """
    return rule_under(lasting_law(on.year), kind, owner_birth_date, on)


def rule_under(law: Law, kind: AccountKind, owner_birth_date: date | None, on: date) -> WithdrawalRule:
    """The same under a given law; see :func:`withdrawal_rule`."""
    if kind is AccountKind.TAXABLE:
        return WithdrawalRule(ZERO, ZERO, "money from a taxable account has been taxed; only its sales are")
    if kind is AccountKind.DONOR_ADVISED:
        raise InputError("A donor-advised account belongs to the charity; nothing can be withdrawn from it, only granted.")
    if kind is AccountKind.COLLEGE_529:
        rate = law.figure("college_withdrawal.rate")
        reason = f"not for education: its earnings are ordinary income with {percent(rate)} additional tax (IRC 529(c)(6))"
        return WithdrawalRule(ONE, rate, reason, BasisOrder.PRO_RATA)
    if kind is AccountKind.HSA:
        return _hsa_rule(law, owner_birth_date, on)
    return _plan_rule(law, kind, owner_birth_date, on)


def has_reached(birth_date: date | None, age: Decimal, on: date, what: str) -> bool:
    """Whether somebody has completed `age` years, a multiple of a half, on the day `on`.

    Raises
    ------
    InputError
        If the birth date is not known: no age is assumed.
    """
    if birth_date is None:
        raise InputError(f"{what} depends on age {age}: state the owner's birth_date.")
    return age_in_half_years(birth_date, on) >= 2 * age


def _hsa_rule(law: Law, birth_date: date | None, on: date) -> WithdrawalRule:
    age = law.figure("hsa_withdrawal.age.age")
    if has_reached(birth_date, age, on, "A withdrawal from a health savings account"):
        return WithdrawalRule(ONE, ZERO, f"not medical, owner is {age} or older: ordinary income, no additional tax")
    rate = law.figure("hsa_withdrawal.penalty.rate")
    reason = f"not medical, owner is under {age}: ordinary income with {percent(rate)} additional tax (IRC 223(f)(4))"
    return WithdrawalRule(ONE, rate, reason)


def _plan_rule(law: Law, kind: AccountKind, birth_date: date | None, on: date) -> WithdrawalRule:
    age, rate = law.figure("early_withdrawal.age.age"), law.figure("early_withdrawal.penalty.rate")
    is_old_enough = has_reached(birth_date, age, on, f"A withdrawal from a {kind.value} account")
    if kind in ROTH:
        if is_old_enough:
            return WithdrawalRule(ZERO, ZERO, f"owner is {age} or older: a qualified distribution, no tax (IRC 408A(d)(2))")
        reason = f"owner is under {age}: contributions come out free, then earnings with {percent(rate)} additional tax"
        return WithdrawalRule(ONE, rate, reason, BasisOrder.FIRST)
    if is_old_enough:
        return WithdrawalRule(ONE, ZERO, f"owner is {age} or older: ordinary income, no additional tax")
    reason = f"owner is under {age}: ordinary income with {percent(rate)} additional tax (IRC 72(t))"
    return WithdrawalRule(ONE, rate, reason)


def charitable_room(law: Law, kind: AccountKind, owner_birth_date: date | None, made: Money, on: date) -> Money:
    """Dollars that may still go from an account straight to charities this year, neither income nor a deduction.

    Nothing from an account that is no traditional IRA, or before the owner has reached 70½.

    Parameters
    ----------
    made : qualified charitable distributions of the owner earlier in the year, from all IRAs together.

    Raises
    ------
    InputError
        If the owner's birth date is not known.

    References
    ----------
    IRC 408(d)(8).
    """
    if kind is not AccountKind.TRADITIONAL_IRA:
        return ZERO
    if not has_reached(owner_birth_date, law.figure("qcd_age.age"), on, "A qualified charitable distribution"):
        return ZERO
    return max(ZERO, law.figure("qcd.limit") - made)
