"""What a program's answer does with wash groups, where it breaks their rule, and the questions that settle it."""

from dataclasses import dataclass, field, replace

import numpy as np

from optimizer.model.assemble import Model
from optimizer.model.axes import Vector
from optimizer.model.blocks.wash import WashAxis, WashState, with_group
from optimizer.solve.solvers import Amounts, Solved
from optimizer.solve.washing_order import CENT, CLEAN, disorder, end_of_washing


@dataclass(frozen=True)
class Settled:
    """Groups that are settled by position, and between which places of its order washing ends in some of them."""

    states: dict[int, WashState] = field(default_factory=dict)
    cuts: dict[int, tuple[int, int]] = field(default_factory=dict)
    families: dict[int, bool] = field(default_factory=dict)
    """Families of which one group at least is not sold at a loss (True), or none is bought (False)."""

    def with_family(self, position: int, buys: bool) -> "Settled":
        """The same with one more family settled."""
        return replace(self, families={**self.families, position: buys})


def settled_by(model: Model, amounts: Amounts) -> Settled:
    """What these amounts do with every wash group, and where washing ends in it."""
    found = Settled()
    for n, group in enumerate(model.wash_axis):
        state = state_of(model, n, group, amounts)
        if state is None:
            state = WashState.HARVESTED
        cuts = {}
        if state is WashState.HARVESTED and group.kept > 0:
            end = end_of_washing(model, n, amounts)
            cuts = {n: (end, end)}
        found = Settled({**found.states, n: state}, {**found.cuts, **cuts})
    return found


def children_of(model: Model, settled: Settled, amounts: Amounts) -> list[Settled]:
    """The ways to settle the worst group that breaks the rule; none when every group obeys it."""
    at_odds = dollars_at_odds(model, amounts, settled)
    worst: int | None = int(at_odds.argmax()) if len(at_odds) else None
    if worst is not None and at_odds[worst] > 0:
        states = [WashState.HARVESTED, WashState.BOUGHT]
        if model.wash_axis[worst].kept > 0:
            states.append(WashState.WASHED)
        return [replace(settled, states={**settled.states, worst: state}) for state in states]
    disorders = {n: disorder(model, n, amounts) for n, group in enumerate(model.wash_axis) if group.kept > 0}
    worst = max(disorders, key=lambda n: disorders[n], default=None)
    if worst is None or disorders[worst] <= CENT:
        return []
    end, last = end_of_washing(model, worst, amounts), len(model.wash_axis[worst].loss) - 1
    low, high = settled.cuts.get(worst, (0, last))
    split = min(max(end, low), high - 1)
    harvested = {**settled.states, worst: WashState.HARVESTED}
    parts = ((low, split), (split + 1, high)) if low < high else ()
    return [replace(settled, states=harvested, cuts={**settled.cuts, worst: part}) for part in parts]


def state_of(model: Model, n: int, group: WashAxis, amounts: Amounts) -> WashState | None:
    """What the amounts do with a group; None where they break the rule."""
    sold = amounts.sold[group.losing]
    if sold.sum() <= CLEAN:
        return WashState.BOUGHT
    if amounts.bought[group.buys].sum() > CLEAN:
        return None
    rows = model.washed.of == n
    washed = amounts.washed[rows]
    price = model.axes.lots.price
    left = (amounts.sold + model.given_by_lot(amounts.given))[group.recent]
    lots = model.washed.lots[rows]
    answered = float((washed / price[lots]).sum() + (left / price[group.recent]).sum())
    if answered >= group.kept - CLEAN / price[group.losing].min():
        return WashState.HARVESTED
    older = amounts.sold[group.loss]
    is_all_washed = sold.sum() - older.sum() <= CLEAN and older.sum() - washed.sum() <= CLEAN
    return WashState.WASHED if is_all_washed else None


def dollars_at_odds(model: Model, amounts: Amounts, settled: Settled) -> Vector:
    """Dollars sold of each group that breaks the rule and is not settled; nothing for one that obeys it."""
    groups = model.wash_axis
    losing, losing_of = with_group([group.losing for group in groups])
    buys, buys_of = with_group([group.buys for group in groups])
    sold = np.bincount(losing_of, weights=amounts.sold[losing], minlength=len(groups))
    bought = np.bincount(buys_of, weights=amounts.bought[buys], minlength=len(groups))
    found: Vector = np.where((sold > CLEAN) & (bought > CLEAN), sold, 0.0)
    for n, group in enumerate(groups):
        if group.kept and sold[n] > CLEAN and not found[n] and state_of(model, n, group, amounts) is None:
            found[n] = sold[n]
    found[list(settled.states)] = 0.0
    return found


def families_in_doubt(model: Model, settled: Settled, found: Solved) -> dict[int, float]:
    """Families that were not asked yet and have a group both sold at a loss and bought, with the dollars sold of such groups.

    Where a benchmark is followed, groups are hundreds and no family is small, so that only groups are asked.
    """
    if found.amounts is None or model.problem.benchmark is not None:
        return {}
    at_odds = dollars_at_odds(model, found.amounts, settled)
    doubts = {}
    for position, family in enumerate(model.families):
        dollars = at_odds[family.groups]
        buys = [model.wash_axis[g].buys for g in family.groups[dollars > 0]]
        is_bought = any(found.amounts.bought[pairs].sum() > CLEAN for pairs in buys)
        if position not in settled.families and len(family.groups) > 1 and is_bought:
            doubts[position] = float(dollars.sum())
    return doubts


def by_flags(model: Model, settled: Settled, amounts: Amounts) -> dict[int, WashState]:
    """Every group settled by the flags of the program as it was solved last.

    Of a family of which something is bought at least the one that is sold least at a loss, for its size, is not.
    """
    harvested, soaked = (np.asarray(flag.value, dtype=float) for flag in (model.trades.harvested, model.trades.soaked))
    states = dict(settled.states)
    for n, group in enumerate(model.wash_axis):
        if n not in states:
            is_sold = float(amounts.sold[group.losing].sum()) > CLEAN and harvested[n] + soaked[n] > 1 / 2
            states[n] = (
                WashState.BOUGHT if not is_sold else WashState.HARVESTED if harvested[n] >= soaked[n] else WashState.WASHED
            )
    for family in model.families:
        if float(amounts.bought[family.buys].sum()) > CLEAN:
            least = int(family.groups[np.argmin((harvested + soaked)[family.groups])])
            if all(states[int(g)] is not WashState.BOUGHT for g in family.groups):
                states[least] = WashState.BOUGHT
    return states
