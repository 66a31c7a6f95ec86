"""Targets that a policy works out: the target a segment states is shared out among those of its parts that state none.

How much a segment has as a whole stays what its owner wrote; a policy sees only what is inside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from optimizer.errors import Fault, InputFaults
from optimizer.household.files import TOML_NAME
from optimizer.household.findings import Findings
from optimizer.household.policy_prices import columns_of, ended_faults, read_dated, remarks_of, split_faults
from optimizer.household.strategy_tables import TargetsTable
from optimizer.household.tables import HouseholdTables
from optimizer.market.price_files import PriceFile, read_prices, read_weights
from optimizer.market.prices import Matrix, PriceHistory, Vector
from optimizer.targets.dynamic import Dated
from optimizer.targets.policy import Months, Policy, can_judge, checked
from optimizer.targets.registry import policy_of

HUNDRED, ZERO = Decimal(100), Decimal(0)
PLACES = Decimal("0.0001")
"""To what a target in per cent is rounded; what rounding leaves goes to the largest."""
OLDEST_DAYS = 45
"""How long before the day of the plan the prices of a policy may end: a month's end and the days until somebody looks."""
DATED = "dated"


def with_policy_targets(tables: HouseholdTables, folder: Path, findings: Findings) -> HouseholdTables:
    """The same tables with the targets of `[targets]` filled in; what stands in the way is a finding at its line."""
    if tables.targets is None:
        return tables
    try:
        strategy = strategy_of(tables, folder)
        strategy.policy.refuse_impossible([len(each.parts) for each in open_classes(tables)])
        findings.remarks += _judged(strategy, tables)
        targets = {
            name: target for parts in (_shares(strategy, tables, each) for each in open_classes(tables)) for name, target in parts
        }
    except InputFaults as refusal:
        for fault in refusal.faults:
            if ", line " in fault.where:
                findings.take(InputFaults([fault]))
            else:
                findings.note((TOML_NAME, "targets", *_key_of(fault)), fault.found, fault.expected, fault.step)
        targets = {name: each.share_pct / len(each.parts) for each in open_classes(tables) for name in each.parts}
    if not targets:
        findings.note(
            (TOML_NAME, "targets", "policy"), "a policy without work", "a segment with a target_pct whose parts state none"
        )
    segments = {
        name: each.model_copy(update={"target_pct": targets[name]}) if name in targets else each
        for name, each in tables.segments.items()
    }
    return tables.model_copy(update={"segments": segments})


def _key_of(fault: Fault) -> tuple[str, ...]:
    """The key under `[targets]` that a fault is about: one of its own, or an option of the policy."""
    key = str(fault.path[0]) if fault.path else "policy"
    key = f"{key}_pct" if key in ("floor", "cap") else key
    return (key,) if key in TargetsTable.model_fields else ("options", key)


@dataclass(frozen=True)
class OpenClass:
    """A segment that states a target, and those of its leaves that state none; `share_pct` is what is left for them."""

    name: str
    parts: tuple[str, ...]
    share_pct: Decimal


@dataclass(frozen=True, eq=False)
class Strategy:
    """A policy with what it works on.

    Parameters
    ----------
    policy : what shares out.
    history : prices, a column a segment or security; None where the policy needs none.
    market : dated market weights, a row a day and a column a segment.
    file : what `history` was read from, with what is doubtful about it.
    """

    policy: Policy
    history: PriceHistory | None
    market: PriceHistory | None
    file: PriceFile | None = None


def open_classes(tables: HouseholdTables) -> list[OpenClass]:
    """Every segment whose target a policy shares out, each leaf under the nearest segment above it that states one."""
    parts: dict[str, list[str]] = {}
    parents = {segment.parent for segment in tables.segments.values()}
    for name, segment in tables.segments.items():
        if name in parents or segment.target_pct is not None:
            continue
        above, seen = segment.parent, {name}
        while above in tables.segments and tables.segments[above].target_pct is None and above not in seen:
            seen.add(above)
            above = tables.segments[above].parent
        if above in tables.segments and above not in seen:
            parts.setdefault(str(above), []).append(name)
    return [OpenClass(name, tuple(leaves), _left(name, tables)) for name, leaves in parts.items()]


def all_classes(tables: HouseholdTables) -> list[OpenClass]:
    """The classes a policy shares out; where none is open, every segment at the top with all its leaves, or all leaves."""
    if found := open_classes(tables):
        return found
    segments = tables.segments
    parents = {segment.parent for segment in segments.values()}
    leaves: dict[str, list[str]] = {}
    for name in (each for each in segments if each not in parents):
        top, seen = name, {name}
        while (above := segments[top].parent) in segments and above not in seen:
            top = str(above)
            seen.add(top)
        leaves.setdefault(top, []).append(name)

    def share(parts: list[str]) -> Decimal:
        return sum((segments[part].target_pct or ZERO for part in parts), ZERO)

    many = [OpenClass(top, tuple(parts), share(parts)) for top, parts in leaves.items() if len(parts) > 1]
    flat = [part for parts in leaves.values() for part in parts]
    return many or [OpenClass("household", tuple(flat), share(flat))]


def _left(name: str, tables: HouseholdTables) -> Decimal:
    """What a segment's target leaves when the parts below it that state one have theirs."""
    stated = tables.segments[name].target_pct or ZERO

    def taken(parent: str, seen: frozenset[str]) -> Decimal:
        total = ZERO
        for part, segment in tables.segments.items():
            if segment.parent == parent and part not in seen:
                own = segment.target_pct
                total += own if own is not None else taken(part, seen | {part})
        return total

    return max(ZERO, stated - taken(name, frozenset({name})))


def strategy_of(tables: HouseholdTables, folder: Path) -> Strategy:
    """The policy of `[targets]` with the files it names.

    Raises
    ------
    InputFaults
        For an unknown policy or option, a file that is missing or faulty, or one the policy needs and nobody named.
    """
    table = tables.targets
    assert table is not None
    policy = policy_from(table, folder, open_classes(tables))
    file = None if table.prices is None else read_prices(_inside(folder, table.prices, "prices"))
    history = None if file is None else file.history
    market = None if table.market is None else read_weights(_inside(folder, table.market, "market"))
    if history is None and policy.months_needed:
        step = "Name a file of prices through time, in this folder."
        raise InputFaults([Fault(("policy",), f"no prices for the policy {table.policy}", 'a line prices = "history.csv"', step)])
    if market is None and policy.needs_market:
        step = "One dated row is enough; prices carry it on."
        raise InputFaults(
            [Fault(("policy",), f"no market weights for the policy {table.policy}", 'a line market = "market.csv"', step)]
        )
    return Strategy(policy, history, market, file)


def policy_from(table: TargetsTable, folder: Path, classes: Sequence[OpenClass] = ()) -> Policy:
    """The policy a table names, with its options as fractions; dated weights of each class have to be whole."""
    if table.policy == DATED:
        if table.weights is None:
            raise InputFaults([Fault(("policy",), 'no weights for the policy "dated"', 'a line weights = "weights.csv"')])
        written = read_dated(_inside(folder, table.weights, "weights"), [each.parts for each in classes])
        return Dated(tuple(written.dates.astype(object)), written.symbols, written.adjusted)
    return policy_of(table.policy, {name.removesuffix("_pct"): option_of(name, value) for name, value in table.options.items()})


def option_of(name: str, value: object) -> object:
    """Decimals of the file as floats, per cent as fractions, tables likewise."""
    if isinstance(value, Mapping):
        return {key: option_of(name, each) for key, each in value.items()}
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        scaled = float(value) / 100 if name.endswith("_pct") else value
        return float(scaled) if isinstance(scaled, Decimal) else scaled
    return value


def _inside(folder: Path, name: str, key: str) -> Path:
    if not (folder / name).is_file():
        raise InputFaults([Fault((key,), f"no file {name} in {folder}", "a file in the household's folder")])
    return folder / name


def months_of(strategy: Strategy, parts: tuple[str, ...], tables: HouseholdTables, upto: date | None = None) -> Months:
    """The history of a class's segments, sampled at month ends, with market weights carried on by prices."""
    if strategy.history is None:
        known = np.ones((1, len(parts)))
        history = PriceHistory.of_adjusted([tables.as_of], parts, known)
    else:
        known_history = strategy.history if upto is None else strategy.history.upto(upto)
        picked = known_history.only(list(columns_of(parts, tables, known_history).values()))
        history = PriceHistory(picked.dates, parts, picked.adjusted, picked.close, picked.dividends, picked.has_dividends)
    return Months.of(history, None if strategy.market is None else carried_on(strategy.market, history))


def carried_on(stated: PriceHistory, history: PriceHistory) -> Matrix:
    """Market weights on every day of a history: the last row stated, moved on by prices; NaN before the first row.

    Parameters
    ----------
    stated : dated market weights in any unit, a column a segment.
    history : prices, a column a segment.
    """
    missing = [name for name in history.symbols if name not in stated.symbols]
    if missing:
        raise InputFaults([Fault(("market",), f"no market weights of {missing[0]!r}", "a column for every segment")])
    weights = stated.only(history.symbols).adjusted
    rows = np.searchsorted(stated.dates, history.dates, side="right") - 1
    base_rows = np.maximum(np.searchsorted(history.dates, stated.dates, side="right") - 1, 0)
    grown = history.close / history.close[base_rows[np.maximum(rows, 0)]]
    caps = np.where(rows[:, None] >= 0, weights[np.maximum(rows, 0)] * grown, np.nan)
    total = np.nansum(caps, axis=1, keepdims=True)
    found: Matrix = np.divide(caps, total, out=np.full_like(caps, np.nan), where=total > 0)
    return found


def _judged(strategy: Strategy, tables: HouseholdTables) -> list[str]:
    """What is doubtful about the prices behind today's targets, in sentences.

    Raises
    ------
    InputFaults
        For what no target may rest on: a split that was not adjusted for, and a series that ends before the others.
    """
    if strategy.file is None or tables.targets is None:
        return []
    known = strategy.file.history.upto(tables.as_of)
    columns: dict[str, str] = {}
    for each in open_classes(tables):
        columns |= columns_of(each.parts, tables, known)
    used, trusted = set(columns.values()), tables.targets.true_jumps
    faults = split_faults(strategy.file, used, trusted, tables.as_of) + ended_faults(columns, known)
    if faults:
        raise InputFaults(faults)
    return remarks_of(strategy.file, used, tables.as_of)


def _shares(strategy: Strategy, tables: HouseholdTables, each: OpenClass) -> list[tuple[str, Decimal]]:
    """The targets of one class on the day of the plan, in per cent of the household."""
    months = months_of(strategy, each.parts, tables, tables.as_of)
    if not len(months.history):
        raise InputFaults([Fault(("prices",), f"no prices up to {tables.as_of}", "prices before the day of the plan")])
    if tables.as_of - months.history.last > timedelta(days=OLDEST_DAYS):
        found = f"prices that end on {months.history.last}"
        raise InputFaults(
            [Fault(("prices",), found, f"prices up to {tables.as_of} (as_of), {OLDEST_DAYS} days before it at most")]
        )
    known = months.known_at(tables.as_of)
    if not can_judge(strategy.policy, known):
        found = f"{len(known.dates) - 1} months of prices for {each.name}"
        expected = f"{strategy.policy.months_needed} at least of one segment, for {type(strategy.policy).__name__}"
        raise InputFaults([Fault(("prices",), found, expected)])
    return list(zip(each.parts, in_per_cent(checked(strategy.policy, known, None), each.share_pct), strict=True))


def in_per_cent(weights: Vector, share_pct: Decimal) -> list[Decimal]:
    """Weights as per cent that add up to `share_pct` exactly."""
    rounded = [(Decimal(repr(float(weight))) * share_pct).quantize(PLACES) for weight in weights]
    largest = int(np.argmax(weights))
    rounded[largest] += share_pct - sum(rounded, ZERO)
    return rounded
