"""Policies as they are asked for in a word: ``hold``, ``yearly``, ``bands-edge:20@3``, ``trend/bands-half``.

A word is a way of acting, with the width of the band in per cent of the target after a colon, the months between looks after an
at sign, and before a slash the target policy that sets the weights (equal ones without it).
"""

import re
from dataclasses import replace
from decimal import Decimal

from optimizer.errors import Fault, InputFaults
from optimizer.simulate.following_targets import PolicyTargets
from optimizer.simulate.policies import HOLD, MARKET, FixedTargets, Policy, Targets
from optimizer.targets.bands import BandRule
from optimizer.targets.registry import policy_names, policy_of

CALENDARS = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}
DESTINATIONS = {"bands-target": Decimal(0), "bands-half": Decimal("0.5"), "bands-edge": Decimal(1), "bands-all": Decimal(0)}
SHAPE = re.compile(r"((?P<targets>[a-z0-9-]+)/)?(?P<way>[a-z-]+)(:(?P<width>[0-9.]+))?(@(?P<look>[0-9]+))?")
USUAL = ("yearly", "bands-all", "bands-half", "bands-edge")
"""What is compared when nobody asks for anything else."""


def named_policy(word: str, weights: tuple[float, ...] = ()) -> Policy:
    """The policy of a word.

    Parameters
    ----------
    weights : target weights of the segments; equal when left out.

    Raises
    ------
    InputFaults
        When the word is none, with what may be said.
    """
    match = SHAPE.fullmatch(word)
    way = match["way"] if match else ""
    if match is None or way not in (HOLD.name, MARKET.name, *CALENDARS, *DESTINATIONS):
        ways = ", ".join((HOLD.name, MARKET.name, *CALENDARS, *DESTINATIONS))
        raise InputFaults([Fault((), repr(word), f"one of {ways}; bands as in bands-edge:20@3", where="--policy")])
    targets: Targets = FixedTargets(weights)
    if match["targets"]:
        if match["targets"] not in policy_names():
            known = ", ".join(policy_names())
            raise InputFaults([Fault((), f"the targets {match['targets']!r}", f"one of {known}", where="--policy")])
        targets = PolicyTargets(policy_of(match["targets"]))
    base = replace(HOLD if way == HOLD.name else MARKET if way == MARKET.name else Policy(word), targets=targets)
    if way in CALENDARS:
        return replace(base, look_every=CALENDARS[way])
    if way in DESTINATIONS:
        width = Decimal(match["width"] or 20) / 100
        if not 0 < width <= 1:
            raise InputFaults([Fault((), repr(word), "a width above 0 and at most 100 per cent", where="--policy")])
        band = BandRule.even("relative", width, destination=DESTINATIONS[way])
        return replace(base, band=band, moves_all=way == "bands-all", look_every=max(1, int(match["look"] or 1)))
    return base
