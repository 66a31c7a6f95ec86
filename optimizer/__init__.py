"""Wishes, forecasts and decisions: from a household's lots to a plan that is proven to cost least.

The whole question is a :class:`~optimizer.problem.Problem`, the whole answer a :class:`~optimizer.plan.Plan`, and
:func:`~optimizer.rebalance.rebalance` leads from one to the other. Facts and law come from :mod:`lots`.

What is needed most stands here: ``from optimizer import Plan, Problem, read_household, rebalance``. Each name is loaded
when it is asked for, so that a command that needs no solver does not wait for one.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimizer.household import read_household
    from optimizer.plan import Plan
    from optimizer.problem import Problem
    from optimizer.rebalance import rebalance
    from optimizer.report import charts

__all__ = ["Plan", "Problem", "charts", "read_household", "rebalance"]

_PLACES = {
    "Plan": "optimizer.plan",
    "Problem": "optimizer.problem",
    "read_household": "optimizer.household",
    "rebalance": "optimizer.rebalance",
}


def __getattr__(name: str) -> Any:
    if name == "charts":
        return import_module("optimizer.report.charts")
    if name in _PLACES:
        value = getattr(import_module(_PLACES[name]), name)
        globals()[name] = value  # the function `rebalance`, too, once its module has taken the name
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
