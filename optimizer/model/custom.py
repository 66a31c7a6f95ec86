"""Blocks of installed packages: rules of a household's own, beside ours.

A package offers a block under the entry-point group ``bandwise.blocks``::

    [project.entry-points."bandwise.blocks"]
    no_more_than = "my_package.rules:no_more_than"

It is a function of the problem, its axes, the trades and the household's options, and gives back a
:class:`~optimizer.model.block.Part` with constraints. Its constraints have to be linear in the trades; it has no costs, because
the cost of a plan is stated by the ledger, which knows nothing of it. A household asks for it by name under `blocks`.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib.metadata import entry_points
from typing import Any

from optimizer.errors import Fault, InputFaults
from optimizer.model.axes import Axes
from optimizer.model.block import Part
from optimizer.model.trades import Trades
from optimizer.problem import Problem

GROUP = "bandwise.blocks"

Block = Callable[[Problem, Axes, Trades, Mapping[str, Any]], Part]


def custom_parts(problem: Problem, axes: Axes, trades: Trades) -> list[Part]:
    """The parts of every block the household asks for.

    Raises
    ------
    InputFaults
        If no installed package offers a block, or it gives back costs or what is not linear.
    """
    return [_part(name, options, problem, axes, trades) for name, options in problem.blocks.items()]


def _part(name: str, options: Mapping[str, Any], problem: Problem, axes: Axes, trades: Trades) -> Part:
    part = _block(name)(problem, axes, trades, options)
    if not isinstance(part, Part) or part.costs:
        raise _refusal(name, "a block with costs" if isinstance(part, Part) else repr(part), "a Part of constraints alone")
    for each in part.constraints:
        if not each.constraint.is_dcp() or not all(argument.is_affine() for argument in each.constraint.args):
            raise _refusal(name, f"the constraint {each.label!r}, which is not linear", "constraints linear in the trades")
    return part


def _block(name: str) -> Block:
    for point in entry_points(group=GROUP, name=name):
        found: Block = point.load()
        return found
    names = sorted(entry_points(group=GROUP).names)
    near = get_close_matches(name, names, 1)
    step = f"Did you mean {near[0]!r}?" if near else "Install the package that offers it."
    raise _refusal(
        name, f"the block {name!r}, which no installed package offers", f"one of {', '.join(names) or 'none yet'}", step
    )


def _refusal(name: str, found: str, expected: str, step: str = "") -> InputFaults:
    return InputFaults([Fault(("blocks", name), found, expected, step)])
