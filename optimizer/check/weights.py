"""Weights: targets, exposures and bands that add up and fit together."""

from collections.abc import Iterator
from decimal import Decimal

from optimizer.check.words import TOLERANCE, per_cent
from optimizer.errors import Fault
from optimizer.problem import Problem, SegmentFacts


def segment_faults(problem: Problem) -> Iterator[Fault]:
    """No segment is its own ancestor; targets of leaves sum to the whole and those of parts to their parent."""
    circular = _circular(problem)
    for i, segment in enumerate(problem.segments):
        if segment.id in circular:
            found = f"{segment.id!r} among its own ancestors"
            yield Fault(("segments", i, "parent"), found, "parents that end at a segment without one")
    if circular:
        return  # sums over a tree that is none mean nothing
    leaves = _leaves(problem)
    total = sum((segment.target for segment in leaves), Decimal(0))
    if abs(total - 1) > TOLERANCE:
        found = f"targets that sum to {per_cent(total)} over the {len(leaves)} segments without parts"
        yield Fault(("segments",), found, "100 %", _remedy(total))
    for i, segment in enumerate(problem.segments):
        parts = [part.target for part in problem.segments if part.parent == segment.id]
        if parts and abs(sum(parts) - segment.target) > TOLERANCE:
            found = f"a target of {per_cent(segment.target)} for {segment.id!r}"
            yield Fault(("segments", i, "target"), found, f"{per_cent(Decimal(sum(parts)))}, the sum of its parts")


def _remedy(total: Decimal) -> str:
    return f"{'Add' if total < 1 else 'Take away'} {per_cent(abs(1 - total))}."


def _circular(problem: Problem) -> set[str]:
    parents = {segment.id: segment.parent for segment in problem.segments}
    return {name for name in parents if _is_own_ancestor(name, parents)}


def _is_own_ancestor(name: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    at = parents.get(name)
    while at is not None and at not in seen:
        if at == name:
            return True
        seen.add(at)
        at = parents.get(at)
    return False


def _leaves(problem: Problem) -> list[SegmentFacts]:
    parents = {segment.parent for segment in problem.segments}
    return [segment for segment in problem.segments if segment.id not in parents]


def exposure_faults(problem: Problem) -> Iterator[Fault]:
    """Exposures are to segments without parts, and sum to the whole."""
    parents = set() if _circular(problem) else {segment.parent for segment in problem.segments}
    for i, security in enumerate(problem.securities):
        for name in security.exposures:
            if name in parents:
                found = f"an exposure of {security.symbol} to {name!r}, which has parts of its own"
                yield Fault(("securities", i, "exposures", name), found, "exposures to segments without parts")
        total = sum(security.exposures.values(), Decimal(0))
        if abs(total - 1) > TOLERANCE:
            found = f"exposures of {security.symbol} that sum to {per_cent(total)}"
            yield Fault(("securities", i, "exposures"), found, "100 %", _remedy(total))


def band_faults(problem: Problem) -> Iterator[Fault]:
    """A destination lies within its trigger, and both contain the target."""
    for i, segment in enumerate(problem.segments):
        trigger, destination, target = segment.trigger, segment.destination, segment.target
        inner = f"{per_cent(destination.lower)} to {per_cent(destination.upper)}"
        if not destination.lower - TOLERANCE <= target <= destination.upper + TOLERANCE:
            found = f"a destination of {inner}"
            yield Fault(("segments", i, "destination"), found, f"a band that contains the target, {per_cent(target)}")
        if destination.lower < trigger.lower - TOLERANCE or destination.upper > trigger.upper + TOLERANCE:
            outer = f"{per_cent(trigger.lower)} to {per_cent(trigger.upper)}"
            yield Fault(("segments", i, "destination"), f"a destination of {inner}", f"one within the trigger, {outer}")
        if not trigger.lower - TOLERANCE <= target <= trigger.upper + TOLERANCE:
            found = f"a trigger of {per_cent(trigger.lower)} to {per_cent(trigger.upper)}"
            yield Fault(("segments", i, "trigger"), found, f"a band that contains the target, {per_cent(target)}")
