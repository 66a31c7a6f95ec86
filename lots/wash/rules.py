"""The points of IRC 1091 on which sources differ, each with the choice this program makes unless told otherwise."""

from dataclasses import dataclass

from lots.wash.adjust import Tacking
from lots.wash.match import EarlierPurchases


@dataclass(frozen=True, slots=True)
class WashRules:
    """Which reading of the wash-sale rule a history is folded with."""

    earlier: EarlierPurchases = EarlierPurchases.STILL_HELD
    tacking: Tacking = Tacking.NO_DAY_TWICE
