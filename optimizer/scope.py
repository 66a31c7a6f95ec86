"""How far a question reaches: a plan may be asked for less than everything, and says so.

A scope narrows the question, not the household: what it keeps out stays as it is.
"""

from typing import Literal

from optimizer.documents import Document, Dollars, Fraction, Identifier, PositiveDollars


class Scope(Document):
    """Limits of one question; a question without any may trade whatever helps."""

    only: Literal["everything", "cash", "harvest", "donate", "invest", "withdraw"] = "everything"
    """What the question was narrowed to; the limits below and the orders carry it out."""
    max_sales: PositiveDollars | None = None
    """The most dollars sold, gifts left out."""
    bands: Literal["reach", "hold", "keep"] = "reach"
    """`hold` asks for no band: a segment outside may stay where it is, and none may end further outside than it would untraded.
    `keep` asks for more: none may end further from its target than it would untraded. Both leave a basis point of the
    household for the cost of trading."""
    held: tuple[Identifier, ...] = ()
    """With `keep`, segments that end where they would be untraded, but for a basis point: a harvest buys back as much of them as
    it sells. Left out are those of which nothing else may be bought where a loss is sold."""
    max_drift: Fraction | None = None
    """The most the household may end away from its targets: half the sum of all distances between the weight of a segment
    without parts and its target."""
    max_net_gain: Dollars | None = None
    """The most net gain in the year, carryovers and gains to date included; beside the household's own limit."""
