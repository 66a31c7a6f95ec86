"""Who owns what kind of account."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AccountKind(StrEnum):
    """How the law treats what happens inside an account."""

    TAXABLE = "taxable"
    TRADITIONAL_IRA = "traditional_ira"
    ROTH_IRA = "roth_ira"
    TRADITIONAL_401K = "401k"
    ROTH_401K = "roth_401k"
    HSA = "hsa"
    COLLEGE_529 = "529"
    DONOR_ADVISED = "donor_advised"

    @property
    def is_taxable(self) -> bool:
        """Whether a sale inside the account is taxed in the year it happens."""
        return self is AccountKind.TAXABLE

    @property
    def is_pre_tax(self) -> bool:
        """Whether a withdrawal is ordinary income."""
        return self in (AccountKind.TRADITIONAL_IRA, AccountKind.TRADITIONAL_401K)

    @property
    def loses_washed_loss(self) -> bool:
        """Whether a replacement bought inside takes the loss with it for good.

        Rev. Rul. 2008-5 says so of traditional and Roth IRAs. No authority speaks of 401(k), HSA and 529 accounts; they
        are treated alike, which never reports a loss the law might refuse.
        """
        return not self.is_taxable and self is not AccountKind.DONOR_ADVISED


@dataclass(frozen=True, slots=True)
class Owner:
    """A member of the household."""

    owner_id: str
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One account; `owner_id` is None for an account held jointly.

    `relief` names the standing order for sales that name no lots (:mod:`lots.relief`).
    """

    account_id: str
    kind: AccountKind
    owner_id: str | None = None
    name: str = ""
    relief: str = "fifo"
