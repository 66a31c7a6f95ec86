"""A policy's weights through time, class by class."""

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from optimizer.cli.segments import day_of, read_history
from optimizer.errors import Fault, InputFaults
from optimizer.household.policy_targets import Strategy, all_classes, months_of, option_of, policy_from
from optimizer.household.strategy_tables import TargetsTable
from optimizer.household.tables import HouseholdTables
from optimizer.household.watching import read_strategy_tables
from optimizer.market.price_files import read_weights
from optimizer.market.prices import Days, Matrix
from optimizer.targets.following import Following, following
from optimizer.targets.policy import Policy, targets_through
from optimizer.targets.registry import policy_of
from optimizer.targets.watch import RHYTHMS, Watch


@dataclass(frozen=True, eq=False)
class TargetPath:
    """One class's targets through time.

    Parameters
    ----------
    name : the class.
    segments, names : ids and what people call them.
    days : ndarray of shape (n_dates,).
    weights : ndarray of shape (n_dates, n_segments), fractions of the household.
    followed : how much of the drift the policy follows.
    policy : the policy's name.
    """

    name: str
    segments: tuple[str, ...]
    names: tuple[str, ...]
    days: Days
    weights: Matrix
    followed: Following
    policy: str


def paths_of(
    folder: Path,
    prices: Path | None,
    policy: str | None,
    options: Sequence[str],
    market: Path | None,
    every: str,
    since: str | None,
) -> list[TargetPath]:
    """Work out the targets of every class of a household through time.

    Raises
    ------
    InputFaults
        For faults of the household or the prices, and where no policy or no prices are named.
    """
    tables = read_strategy_tables(folder)
    if every not in RHYTHMS or every == "day":
        raise InputFaults([Fault((), repr(every), f"one of {', '.join(RHYTHMS[1:])}", where="--every")])
    if policy is None and tables.targets is None:
        step = "Name one with --policy, or write a table [targets] into household.toml."
        raise InputFaults([Fault((), "no policy", "a policy", step, "--policy")])
    path = prices or (folder / tables.targets.prices if tables.targets and tables.targets.prices else None)
    if path is None:
        raise InputFaults([Fault((), "no prices through time", "a file of them", where="--prices")])
    chosen = _policy(policy, options, tables, folder)
    chosen.refuse_impossible([len(each.parts) for each in all_classes(tables)])
    beside = folder / tables.targets.market if tables.targets and tables.targets.market else None
    caps = market or beside
    strategy = Strategy(
        chosen,
        read_history(path, symbols={*tables.securities, *tables.segments}).history,
        None if caps is None else read_weights(caps),
    )
    start = None if since is None else day_of(since, "--since")
    found = []
    for each in all_classes(tables):
        months = months_of(strategy, each.parts, tables)
        looks = Watch(every).looks(months.history.dates)  # type: ignore[arg-type]
        days, weights = targets_through(chosen, months, months.history.dates[looks])
        if start is not None:
            kept = days >= np.datetime64(start)
            days, weights = days[kept], weights[kept]
        if not len(days):
            expected = f"{chosen.months_needed} months before the first date"
            raise InputFaults([Fault((), f"too few prices for {each.name}", expected, where=str(path))])
        rows = np.searchsorted(months.history.dates, days, side="right") - 1
        guard = following(weights, months.history.adjusted[rows])
        names = tuple(tables.segments[part].name or part for part in each.parts)
        label = policy or (tables.targets.policy if tables.targets else "")
        found.append(TargetPath(each.name, each.parts, names, days, weights * float(each.share_pct) / 100, guard, label))
    return found


def _policy(name: str | None, options: Sequence[str], tables: HouseholdTables, folder: Path) -> Policy:
    """The household's policy, one by its name, or a class of a file."""
    stated = dict(_option(text) for text in options)
    if name is None:
        assert tables.targets is not None
        if not stated:
            return policy_from(tables.targets, folder, all_classes(tables))
        return policy_from(tables.targets.model_copy(update={"options": tables.targets.options | stated}), folder)
    if ".py:" in name:
        return _own(name, {key.removesuffix("_pct"): option_of(key, value) for key, value in stated.items()})
    return policy_from(TargetsTable(policy=name, options=stated), folder)


def _option(text: str) -> tuple[str, object]:
    """`months=12` as a name and a number."""
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise InputFaults([Fault((), repr(text), "NAME=VALUE", where="--option")])
    try:
        return name, int(value)
    except ValueError:
        pass
    try:
        number = float(value)
    except ValueError:
        return name, value
    return name, number


def _own(name: str, options: dict[str, object]) -> Policy:
    """A policy of the user's own file, which the command line and nothing else may name."""
    file, _, wanted = name.rpartition(":")
    spec = importlib.util.spec_from_file_location("own_policy", file)
    if not Path(file).is_file() or spec is None or spec.loader is None:
        raise InputFaults([Fault((), f"no file {file}", "a file of Python with a policy class", where="--policy")])
    module = importlib.util.module_from_spec(spec)
    sys.modules["own_policy"] = module
    spec.loader.exec_module(module)
    kind = getattr(module, wanted, None)
    if not isinstance(kind, type) or not issubclass(kind, Policy):
        raise InputFaults([Fault((), f"no policy class {wanted!r} in {file}", "a subclass of Policy", where="--policy")])
    return policy_of(kind, options)
