"""A limit on tracking error that no plan keeps is loosened to the least that leaves one, before any dollar is counted."""

from optimizer.model.assemble import Model
from optimizer.problem import Lever
from optimizer.solve.conic import least_error, margin_of
from optimizer.solve.session import session_of
from optimizer.solve.solvers import by_the_larger_side

HAIR = 1e-6
"""Part of the least tracking error by which the limit lies above it, so that trades have room to be chosen."""


def hold_limit(model: Model) -> None:
    """Let the limit stand as the household states it."""
    if model.tracking is not None and model.tracking.excess is not None:
        model.tracking.excess.save_value(0.0)


def loosen(model: Model, levers: frozenset[Lever]) -> bool:
    """Set the limit to the least tracking error found, every name either sold or bought; whether that is any looser.

    It is sought with every flag open and again with every name on its larger side, which is the least of all plans but where a
    name could be on either.
    """
    tracking = model.tracking
    session = session_of(model.program, model.costs)
    if tracking is None or tracking.excess is None or tracking.budget is None or session is None:
        return False
    model.choose(model.cases[0], levers)
    x, _ = least_error(model, session)
    model.decide(by_the_larger_side(model, session, x))
    _, least = least_error(model, session)
    before = tracking.budget * tracking.value
    tracking.excess.save_value(max(0.0, least - before))
    room = (1 + HAIR) / (1 - margin_of(model))
    excess = max(0.0, least * room - before)
    tracking.excess.save_value(excess)
    return excess > 0
