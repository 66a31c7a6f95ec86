"""What one more unit of every constraint's right side is worth at the best plan, read off the solver."""

import numpy as np

from optimizer.model.assemble import Model
from optimizer.model.axes import Vector
from optimizer.model.block import Labelled
from optimizer.problem import Lever
from optimizer.solve.chain import Optimum
from optimizer.solve.solvers import solve
from optimizer.solve.wash_questions import settled_by


def duals_at(model: Model, optimum: Optimum, levers: frozenset[Lever]) -> list[tuple[Labelled, Vector]]:
    """Every constraint with its multiplier in dollars of cost per unit, in the best plan's own case and harvests.

    A multiplier is the price of a first small step; a change of basis, of case or of a harvest ends it, so what a whole step is
    worth is measured by solving again. Zero means that the constraint does not bind.
    """
    best = min(range(len(optimum.cases)), key=lambda place: optimum.cases[place].solved.objective)
    model.choose(model.cases[best], levers)
    settled = settled_by(model, optimum.amounts)
    model.decide(settled.states, settled.cuts)
    solve(model)
    found = []
    for each in model.constraints:
        value = each.constraint.dual_value
        found.append((each, np.abs(np.atleast_1d(np.asarray(0.0 if value is None else value, dtype=float))).ravel()))
    return found
