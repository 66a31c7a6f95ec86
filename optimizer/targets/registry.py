"""Policies by name: the ones that come with the program, and those that installed packages offer.

A package offers a policy under the entry-point group ``bandwise.policies``::

    [project.entry-points."bandwise.policies"]
    loudest = "my_package.policies:Loudest"
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from difflib import get_close_matches
from importlib.metadata import entry_points
from typing import Any, TypeVar, get_type_hints

from pydantic import TypeAdapter, ValidationError

from optimizer.errors import Fault, InputFaults
from optimizer.targets.policy import ClassFraction, Policy

GROUP = "bandwise.policies"
_OWN: dict[str, type[Policy]] = {}

IN_PER_CENT = ("floor", "cap")
"""Options that are written in per cent, with _pct at the end."""
UNITS = {
    "months": " (months, 2 to 1200)",
    "estimate": " (or once, month)",
    "market_part": " (0 equal, 1 the market's)",
    "threshold": " (correlation, 0 to 1)",
}

P = TypeVar("P", bound=type[Policy])


def register(name: str) -> Callable[[P], P]:
    """Give a policy class the name by which it is asked for."""

    def keep(policy: P) -> P:
        _OWN[name] = policy
        return policy

    return keep


def policy_names() -> list[str]:
    """Every policy that can be asked for, ours first."""
    return [*_OWN, *sorted(point.name for point in entry_points(group=GROUP) if point.name not in _OWN)]


def policy_class(name: str) -> type[Policy]:
    """The class of a policy.

    Raises
    ------
    InputFaults
        When there is none of that name, or an installed package offers something else under it.
    """
    if name in _OWN:
        return _OWN[name]
    for point in entry_points(group=GROUP, name=name):
        found = point.load()
        if isinstance(found, type) and issubclass(found, Policy):
            return found
        raise InputFaults(
            [Fault((), f"{name!r}, which is {found!r}", "a subclass of optimizer.targets.policy.Policy", where=GROUP)]
        )
    if ".py:" in name:
        step = "A household's files never run a program: offer the class by an entry point under bandwise.policies."
        expected = "a policy that is installed; only --policy of `bandwise targets` names a class in a file"
        raise InputFaults([Fault((), f"policy = {name!r}, a class in a file", expected, step, "policy")])
    names = [*policy_names(), "dated"]
    near = get_close_matches(name, names, 1)
    step = f"Did you mean {near[0]!r}?" if near else ""
    raise InputFaults([Fault((), f"the unknown policy {name!r}", f"one of {', '.join(names)}", step, "policy")])


def policy_of(asked: str | type[Policy], options: Mapping[str, object] | None = None) -> Policy:
    """A policy, by its name or as a class, with its options.

    Raises
    ------
    InputFaults
        For an unknown policy, an option it does not have, or a value the option cannot take; `path` of each fault ends with
        the option's name.
    """
    kind = policy_class(asked) if isinstance(asked, str) else asked
    name = asked if isinstance(asked, str) else asked.__name__
    stated = dict(options or {})
    known: list[str] = [each.name for each in fields(kind)] if is_dataclass(kind) else []
    faults = [
        Fault((option,), f"the unknown option {option!r} of {name}", _spelled(kind, known))
        for option in stated
        if option not in known
    ]
    if faults:
        raise InputFaults(faults)
    if not is_dataclass(kind):
        return _plain(kind)
    try:
        return TypeAdapter(kind).validate_python(stated)
    except ValidationError as error:
        raise InputFaults([_fault(name, dict(item)) for item in error.errors(include_url=False)]) from None


def spelling(kind: type[Policy], option: str) -> str:
    """An option as people write it: what the class keeps as a fraction of the class is said in per cent."""
    hint = get_type_hints(kind, include_extras=True).get(option)
    return f"{option}_pct" if hint == ClassFraction and option in IN_PER_CENT else option


def _spelled(kind: type[Policy], known: list[str]) -> str:
    return f"one of {', '.join(spelling(kind, option) for option in known)}" if known else "no option"


def options_words() -> str:
    """Every policy, ours and installed ones, with its options, their units and what they are when left out, a line each."""
    lines = []
    for name in policy_names():
        try:
            kind = policy_class(name)
        except (InputFaults, ImportError, AttributeError) as error:
            lines.append(f"{name}: cannot be used: {error}")
            continue
        words = []
        listed: tuple[Field[Any], ...] = fields(kind) if is_dataclass(kind) else ()
        for each in listed:
            spelled = spelling(kind, each.name)
            if each.default is MISSING:
                words.append("parts = { SEGMENT = NUMBER, … }, in any unit")
            elif spelled != each.name:
                words.append(f"{spelled} = {100 * each.default:g} (% of the class)")
            else:
                words.append(f"{spelled} = {each.default}{UNITS.get(each.name, '')}")
        lines.append(f"{name}: {'; '.join(words) or 'no options'}")
    return "\n\n".join([*lines, 'dated: no options; weights = "FILE.csv" under [targets], dated rows that add up to 100'])


def _plain(kind: type[Policy]) -> Policy:
    """A policy that is no dataclass, and so has no options."""
    try:
        return kind()
    except Exception as error:  # a class of one's own may stop with anything
        expected = "a class that can be made without arguments, or a dataclass whose fields are its options"
        raise InputFaults([Fault((), f"{kind.__name__}, which stops with {error}", expected, where="policy")]) from error


def _fault(name: str, item: Mapping[str, object]) -> Fault:
    place = item["loc"]
    path = tuple(place) if isinstance(place, tuple) else ()
    message = str(item["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    if item["type"] == "missing":
        return Fault(path, f"no {path[-1]} of {name}", "a value for it")
    return Fault(path, f"{path[-1] if path else name} = {item['input']!r}"[:80], message[:1].lower() + message[1:])
