"""Where each loss stands with the wash-sale rule, and how much of the household the answer has seen.

"Not washed" is only known when the 30 days after the sale are over and every account that could hold a replacement has
been loaded through them. Until then the answer is a state with what is missing, not a yes or no.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lots.accounts import Account, AccountKind
from lots.lot import Disposal
from lots.units import ZERO, Money
from lots.wash.window import blocked_until, window


class WashState(StrEnum):
    """The states of a loss."""

    CLEAR = "clear"
    WASHED = "washed"
    PARTLY_WASHED = "partly washed"
    AT_RISK = "at risk"
    LOST_TO_IRA = "lost to IRA"
    UNKNOWN = "unknown: account not loaded"


@dataclass(frozen=True, slots=True)
class WashFinding:
    """One disposal at a loss and where it stands.

    `allowed_loss` is what may be deducted as things are, dollars; `at_risk_until` the last day on which a purchase
    would still wash it; `unloaded_accounts` those whose history does not reach over the window so far.
    """

    disposal: Disposal
    state: WashState
    allowed_loss: Money
    at_risk_until: date | None
    unloaded_accounts: tuple[str, ...]

    def __str__(self) -> str:
        """The state in words."""
        if self.state is WashState.AT_RISK:
            return f"at risk until {self.at_risk_until}"
        if self.state is WashState.UNKNOWN:
            return f"unknown: account not loaded ({', '.join(self.unloaded_accounts)})"
        return self.state.value


def check(
    disposals: Iterable[Disposal], accounts: Iterable[Account], loaded_until: Mapping[str, date], day: date
) -> tuple[WashFinding, ...]:
    """Return where every taxable loss stands on `day`, in the order of the disposals.

    Parameters
    ----------
    disposals : of the whole household, with what the rule has disallowed so far.
    accounts : every account whose purchases count, loaded or not.
    loaded_until : the last day each account's history covers; an account that is missing has not been loaded at all.
    day : the day the question is asked.
    """
    counting = [account for account in accounts if account.kind is not AccountKind.DONOR_ADVISED]
    return tuple(_judge(each, counting, loaded_until, day) for each in disposals if each.is_taxable and each.loss > 0)


def _judge(disposal: Disposal, accounts: list[Account], loaded_until: Mapping[str, date], day: date) -> WashFinding:
    until = blocked_until(disposal.disposed)
    allowed = max(ZERO, -disposal.gain)
    if allowed == ZERO:
        lost_whole = disposal.lost_loss > 0 and disposal.lost_loss == disposal.disallowed_loss
        return WashFinding(disposal, WashState.LOST_TO_IRA if lost_whole else WashState.WASHED, allowed, None, ())
    seen_through = min(day, until)
    unloaded = tuple(
        account.account_id
        for account in accounts
        if loaded_until.get(account.account_id, window(disposal.disposed).first) < seen_through
    )
    open_until = until if day <= until else None
    if unloaded:
        state = WashState.UNKNOWN
    elif open_until:
        state = WashState.AT_RISK
    elif disposal.disallowed_loss > 0:
        state = WashState.PARTLY_WASHED
    else:
        state = WashState.CLEAR
    return WashFinding(disposal, state, allowed, open_until, unloaded)
