"""The contract of a block: one wish or one rule, with its data, costs and constraints, each labelled.

A block is made from the axes and what it needs besides, and gives back a :class:`Part`. Its docstring says why it is convex.
Labels name the *order* a constraint carries out where a household gave one ("withdraw 20,000 for living"), so that a
contradiction can be told in the household's own words; rules that no order stands behind have the order None.
"""

from dataclasses import dataclass, field

import cvxpy as cp


@dataclass(frozen=True)
class Labelled:
    """One constraint, what it says, and whose order it carries out."""

    label: str
    constraint: cp.Constraint
    order: str | None = None


@dataclass(frozen=True)
class Part:
    """What a block adds to the model: dollars to the objective by name, and constraints."""

    costs: dict[str, cp.Expression] = field(default_factory=dict)
    constraints: list[Labelled] = field(default_factory=list)
