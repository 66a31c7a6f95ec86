"""Securities, and which of them the law calls substantially identical."""

from dataclasses import dataclass
from enum import StrEnum


class SecurityKind(StrEnum):
    """What a security is, as far as the lot rules tell kinds apart."""

    STOCK = "stock"
    ETF = "etf"
    MUTUAL_FUND = "mutual_fund"
    BOND = "bond"
    COIN = "coin"

    @property
    def may_average(self) -> bool:
        """Whether average basis may be elected; kept to mutual funds (Reg. 1.1012-1(e)(1))."""
        return self is SecurityKind.MUTUAL_FUND

    @property
    def can_wash(self) -> bool:
        """Whether IRC 1091 reaches it: stock or securities, and so not a coin held directly."""
        return self is not SecurityKind.COIN


@dataclass(frozen=True, slots=True)
class Security:
    """One thing that can be held in lots.

    Parameters
    ----------
    symbol : the ticker, unique in a household.
    name : what a person calls it.
    identical_group : securities with the same group count as substantially identical for IRC 1091; the law has no list,
        so the owner declares it. Without one a security is identical to itself alone.
    kind : what it is.
    """

    symbol: str
    name: str = ""
    identical_group: str | None = None
    kind: SecurityKind = SecurityKind.STOCK

    @property
    def group(self) -> str:
        """The substantially-identical group this security belongs to."""
        return self.identical_group or self.symbol
