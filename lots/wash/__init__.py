"""Wash sales (IRC 1091): the window, which shares replace which, and what that does to them."""

from lots.wash.adjust import Tacking, disallowed, tacked_start, withheld_shares
from lots.wash.calendar import BuyBan, RecentPurchase, buy_bans, do_not_buy_until, group_of, recent_purchases
from lots.wash.match import EarlierPurchases
from lots.wash.rules import WashRules
from lots.wash.state import WashFinding, WashState, check
from lots.wash.window import WINDOW, Window, blocked_until, window

__all__ = [
    "WINDOW",
    "BuyBan",
    "EarlierPurchases",
    "RecentPurchase",
    "Tacking",
    "WashFinding",
    "WashRules",
    "WashState",
    "Window",
    "blocked_until",
    "buy_bans",
    "check",
    "disallowed",
    "do_not_buy_until",
    "group_of",
    "recent_purchases",
    "tacked_start",
    "window",
    "withheld_shares",
]
