"""What must not be bought or sold until when, so that no loss is washed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lots.lot import Disposal, TaxLot
from lots.securities import Security
from lots.units import ZERO
from lots.wash.window import WINDOW, blocked_until


@dataclass(frozen=True, slots=True)
class RecentPurchase:
    """A lot bought so recently that it would replace shares of its group sold at a loss today.

    Selling it too, or waiting until after `replaces_until`, avoids that.
    """

    lot: TaxLot
    replaces_until: date


def group_of(symbol: str, securities: Mapping[str, Security]) -> str:
    """The substantially-identical group of a symbol; an undeclared one is identical to itself alone."""
    security = securities.get(symbol)
    return security.group if security else symbol


@dataclass(frozen=True, slots=True)
class BuyBan:
    """A group that may not be bought up to and on `until` anywhere in the household, and the losses that would be washed."""

    group: str
    until: date
    losses: tuple[Disposal, ...]


def buy_bans(disposals: Iterable[Disposal], day: date, securities: Mapping[str, Security]) -> tuple[BuyBan, ...]:
    """Return the groups that may not be bought on `day`, each with the losses that forbid it.

    Parameters
    ----------
    disposals : past sales of the whole household. Those at a gain, in sheltered accounts, and those whose loss is washed
        already in full block nothing.
    day : the day somebody wants to buy.
    securities : by symbol, for the groups.
    """
    open_losses: dict[str, list[Disposal]] = {}
    for disposal in disposals:
        is_open = disposal.disposed <= day <= blocked_until(disposal.disposed)
        if is_open and disposal.is_taxable and disposal.gain < ZERO and _can_wash(disposal.symbol, securities):
            open_losses.setdefault(group_of(disposal.symbol, securities), []).append(disposal)
    return tuple(
        BuyBan(group, max(blocked_until(each.disposed) for each in losses), tuple(losses))
        for group, losses in sorted(open_losses.items())
    )


def do_not_buy_until(disposals: Iterable[Disposal], day: date, securities: Mapping[str, Security]) -> dict[str, date]:
    """Return the groups that may not be bought on `day`, each with the last day a purchase would wash a loss.

    The parameters are those of :func:`buy_bans`. The ban holds in every account of the household, retirement accounts
    above all. The day after the date is free.
    """
    return {ban.group: ban.until for ban in buy_bans(disposals, day, securities)}


def recent_purchases(
    lots: Iterable[TaxLot], day: date, securities: Mapping[str, Security]
) -> dict[str, tuple[RecentPurchase, ...]]:
    """Return the open lots that would replace shares of their group sold at a loss on `day`, group by group.

    A lot counts when it was bought on `day` or in the 30 days before and is not a gift, an inheritance or already the
    replacement in another wash sale, all of which show as a holding period older than the lot. A lot never replaces
    shares of itself (Rev. Rul. 56-602): a group whose only recent lot is the one sold is not washed by it.
    """
    found: dict[str, list[RecentPurchase]] = {}
    for lot in lots:
        was_bought = lot.holding_start is None and lot.loss_basis is None and not lot.is_inherited
        if was_bought and timedelta(0) <= day - lot.acquired <= WINDOW and _can_wash(lot.symbol, securities):
            entry = RecentPurchase(lot, lot.acquired + WINDOW)
            found.setdefault(group_of(lot.symbol, securities), []).append(entry)
    return {group: tuple(sorted(each, key=_by_age)) for group, each in sorted(found.items())}


def _by_age(purchase: RecentPurchase) -> tuple[date, str]:
    return (purchase.lot.acquired, purchase.lot.lot_id)


def _can_wash(symbol: str, securities: Mapping[str, Security]) -> bool:
    return symbol not in securities or securities[symbol].kind.can_wash
