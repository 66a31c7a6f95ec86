"""Which reinvestments of dividends have to be switched off, and what those wash that cannot be."""

from collections.abc import Iterable

from lots.accounts import AccountKind
from lots.units import ZERO
from optimizer.model.assemble import Model
from optimizer.model.reinvesting import coming_shares, reinvested
from optimizer.plan import BuyBan, ReinvestmentRow
from optimizer.problem import Lever, Problem
from optimizer.targets.drift import drifts_of

MAIN = 0.5
"""Weight of a segment from which a security counts as a purchase of it."""


def reinvestment_rows(model: Model, bans: Iterable[BuyBan]) -> tuple[ReinvestmentRow, ...]:
    """A row for each reinvestment that falls into the ban of a loss, or feeds a segment that stood above its band."""
    problem = model.problem
    if not problem.reinvestments:
        return ()
    banned = {symbol: ban for ban in bans for symbol in ban.symbols}
    coming = {(each.account, each.symbol): each for each in coming_shares(problem)}
    own = {account.id for account in problem.accounts if account.kind is not AccountKind.DONOR_ADVISED}
    above = _above(problem) if Lever.INCOME in problem.levers else {}
    found = []
    for each, symbol in reinvested(problem):
        ban = banned.get(symbol)
        meets = ban is not None and each.account in own and (each.next_pay is None or each.next_pay <= ban.until)
        bought = coming.get((each.account, symbol))
        if meets and ban is not None and bought is not None:
            reason = f"cannot be switched off, and washes the loss on as many shares of {'/'.join(ban.symbols)}"
            found.append(
                ReinvestmentRow(account=each.account, symbol=symbol, until=bought.day, shares=bought.shares, reason=reason)
            )
        elif meets and ban is not None:
            reason = "what a dividend buys would wash the loss"
            found.append(ReinvestmentRow(account=each.account, symbol=symbol, until=ban.until, reason=reason))
        elif symbol in above and each.can_be_switched_off:
            reason = f"{above[symbol]} stood above its band; as cash the dividend buys what is under target"
            found.append(ReinvestmentRow(account=each.account, symbol=symbol, until=None, reason=reason))
    return tuple(found)


def _above(problem: Problem) -> dict[str, str]:
    """Securities whose main segment stood above its band, with the name of the segment."""
    over = {drift.segment.id: drift.segment.name or drift.segment.id for drift in drifts_of(problem) if drift.standing == "above"}
    found = {}
    for security in problem.securities:
        main = max(security.exposures, key=lambda segment: security.exposures[segment], default="")
        if main in over and security.exposures.get(main, ZERO) >= MAIN:
            found[security.symbol] = over[main]
    return found
