"""Withdrawals at and around the ages that the law names."""

from datetime import date
from decimal import Decimal

import pytest

from lots.accounts import AccountKind
from lots.errors import InputError
from lots.tax.retirement import withdrawal_rule

BIRTH = date(1966, 5, 20)
DAY_BEFORE_59_AND_A_HALF = date(2025, 11, 19)
DAY_OF_59_AND_A_HALF = date(2025, 11, 20)


@pytest.mark.parametrize(
    ("kind", "on", "amount", "income", "penalty"),
    [
        (AccountKind.TRADITIONAL_IRA, DAY_BEFORE_59_AND_A_HALF, "1000", "1000", "100"),
        (AccountKind.TRADITIONAL_IRA, DAY_OF_59_AND_A_HALF, "1000", "1000", "0"),
        (AccountKind.TRADITIONAL_401K, DAY_BEFORE_59_AND_A_HALF, "1000", "1000", "100"),
        (AccountKind.ROTH_IRA, DAY_BEFORE_59_AND_A_HALF, "600", "0", "0"),
        (AccountKind.ROTH_IRA, DAY_BEFORE_59_AND_A_HALF, "1000", "400", "40"),
        (AccountKind.ROTH_IRA, DAY_OF_59_AND_A_HALF, "1000", "0", "0"),
        (AccountKind.HSA, date(2031, 5, 19), "1000", "1000", "200"),
        (AccountKind.HSA, date(2031, 5, 20), "1000", "1000", "0"),
        (AccountKind.COLLEGE_529, DAY_OF_59_AND_A_HALF, "1000", "700", "70"),
        (AccountKind.TAXABLE, DAY_BEFORE_59_AND_A_HALF, "1000", "0", "0"),
    ],
)
def test_income_and_penalty_follow_kind_and_age(kind: AccountKind, on: date, amount: str, income: str, penalty: str) -> None:
    """600 dollars of contributions stand in an account worth 2,000: free first in a Roth, pro rata in a 529 plan."""
    rule = withdrawal_rule(kind, BIRTH, on)
    assert rule.split(Decimal(amount), Decimal(600), Decimal(2000)) == (Decimal(income), Decimal(penalty))


@pytest.mark.parametrize("kind", [AccountKind.TRADITIONAL_IRA, AccountKind.ROTH_401K, AccountKind.HSA])
def test_an_unknown_age_is_asked_for_and_never_assumed(kind: AccountKind) -> None:
    """Taking the owner for older would hide a penalty of a tenth or a fifth."""
    with pytest.raises(InputError, match="state the owner's birth_date"):
        withdrawal_rule(kind, None, DAY_OF_59_AND_A_HALF)


def test_money_given_to_a_fund_does_not_come_back() -> None:
    """A donor-advised account belongs to the charity."""
    with pytest.raises(InputError, match="belongs to the charity"):
        withdrawal_rule(AccountKind.DONOR_ADVISED, BIRTH, DAY_OF_59_AND_A_HALF)
