"""The wash-sale rule settled within one program: flags that are 0 or 1 in place of a search over branches.

What the search for a plan settles group by group, a mixed-integer program settles at once. That is slower where costs matter and
enough where the question is only whether orders can be carried out.
"""

import cvxpy as cp
import numpy as np

from optimizer.model.assemble import Model
from optimizer.model.blocks.wash import WashState

SECONDS = 20.0
"""Most seconds for one such program; a household of hundreds of names can take longer, and its answer is then not known."""
SETTLED = 0.5


class SettledWash:
    """Rows that let every wash group be sold or bought and never both, with losses washed in the law's order.

    Sets: wash groups, and of each with shares bought lately the rows of its order of washing. Variables: flags of 0 or 1, for a
    group harvested, for a group wholly washed, and for a row of which everything sold is washed. Costs: none. Constraints: the
    program's own flags are these; a row is wholly washed only after the row before it, and washed in part only after that. The
    program is convex but for the flags.
    """

    def __init__(self, model: Model) -> None:
        groups, rows = len(model.wash_axis), len(model.washed.lots)
        self.harvested, self.soaked = cp.Variable(groups, boolean=True), cp.Variable(groups, boolean=True)
        self.whole = cp.Variable(rows, boolean=True)
        self.rules: list[cp.Constraint] = []
        if groups:
            self.rules += [model.trades.harvested == self.harvested, model.trades.soaked == self.soaked]
        if not rows:
            return
        washed = model.washed
        unwashed = model.trades.sold[washed.lots] - washed.amount
        self.rules.append(unwashed <= cp.multiply(washed.value, 1 - self.whole))
        later = np.flatnonzero(washed.place > 0)
        if len(later):
            self.rules.append(washed.amount[later] <= cp.multiply(washed.value[later], self.whole[later - 1]))
            self.rules.append(self.whole[later] <= self.whole[later - 1])

    def decide(self, model: Model) -> None:
        """Settle the model's groups as these flags were answered, so that the next solve holds the rule to the cent."""
        harvested, soaked = np.atleast_1d(self.harvested.value), np.atleast_1d(self.soaked.value)
        states, cuts = dict[int, WashState](), dict[int, tuple[int, int]]()
        for group in range(len(model.wash_axis)):
            is_sold, is_washed = harvested[group] > SETTLED, soaked[group] > SETTLED
            states[group] = WashState.HARVESTED if is_sold else WashState.WASHED if is_washed else WashState.BOUGHT
            rows = np.flatnonzero(model.washed.of == group)
            if len(rows):
                end = min(int((np.atleast_1d(self.whole.value)[rows] > SETTLED).sum()), len(rows) - 1)
                cuts[group] = (end, end)
        model.decide(states, cuts)
