"""The prices a policy's targets are worked out from: which column stands for a segment, and which doubts stop a plan.

A target that rests on a wrong price moves real money. A jump like that of a split nobody adjusted for, and a series that ends
while the segment goes on, are therefore refused; a gap or a price that stands still is told and worked with.
"""

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from optimizer.errors import Fault, InputFaults
from optimizer.household.tables import HouseholdTables
from optimizer.market.price_doubts import Doubt, changes_like
from optimizer.market.price_files import PriceFile, read_weight_lines
from optimizer.market.prices import PriceHistory

LEAST_SPLIT = 2.0
"""A month in which an industry lost a third has happened, so 1.5 for 1 alone proves nothing; one that halved it is refused."""

NEAR_SUM = 0.01
"""How far from the whole a row of dated weights may be for rounding's sake, as a part of it."""


def columns_of(parts: tuple[str, ...], tables: HouseholdTables, history: PriceHistory) -> dict[str, str]:
    """The column of every segment: its own name, or of the securities that are all of it and have a price on the last day
    the one with the longest history; where none of them has one, the longest.

    Raises
    ------
    InputFaults
        For segments that have neither.
    """
    found, faults = {}, []

    def merit(symbol: str) -> tuple[bool, int]:
        known = np.isfinite(history.adjusted[:, history.symbols.index(symbol)])
        return bool(known[-1:].any()), int(known.sum())

    for name in parts:
        wanted = [name, *(symbol for symbol, each in tables.securities.items() if each.segment == name)]
        merits = {each: merit(each) for each in wanted if each in history.symbols}
        column = name if name in merits else max(merits, key=lambda each: merits[each], default=None)
        if column is None:
            words = f"a column {' or '.join(wanted)} in the file of prices"
            faults.append(Fault(("prices",), f"no prices through time of {name!r}", words))
        else:
            found[name] = column
    if faults:
        raise InputFaults(faults)
    return found


def read_dated(path: Path, classes: Sequence[tuple[str, ...]]) -> PriceHistory:
    """Read dated weights, of which every row is whole: over all columns or inside each class it adds up to 100, or to 1.

    Raises
    ------
    InputFaults
        With the line of every row that is not, but for what rounding to a tenth of a per cent leaves.
    """
    written, lines = read_weight_lines(path)
    table = np.nan_to_num(written.adjusted)
    seats = [[written.symbols.index(name) for name in parts if name in written.symbols] for parts in classes]
    sums = np.column_stack([table.sum(axis=1), *(table[:, seat].sum(axis=1) for seat in seats)])
    is_whole = (np.abs(sums - 1) <= NEAR_SUM) | (np.abs(sums / 100 - 1) <= NEAR_SUM)
    faults = []
    for row, day in enumerate(written.dates.astype(object)):
        if not is_whole[row, 0] and not (seats and is_whole[row, 1:].all()):
            expected = "weights that add up to 100 (per cent) or to 1, all of them or those of each class"
            faults.append(Fault((), f"weights that add up to {sums[row, 0]:g}", expected, "", f"{path.name}, line {lines[day]}"))
    if faults:
        raise InputFaults(faults)
    return written


def ended_faults(columns: dict[str, str], history: PriceHistory) -> list[Fault]:
    """A fault for every column that had prices and has none on the last day, so that its segment would count as gone."""
    faults = []
    for segment, column in columns.items():
        known = np.flatnonzero(np.isfinite(history.adjusted[:, history.symbols.index(column)]))
        if known.size and known[-1] < len(history) - 1:
            until = history.dates[known[-1]].astype(object)
            found = f"prices of {column}, which stands for {segment}, that end on {until}"
            step = f"Bring them up to date, or give {segment} another fund with prices; a segment that is gone is taken out."
            faults.append(Fault(("prices",), found, f"prices up to {history.last}, as the file's others have", step))
    return faults


def split_faults(file: PriceFile, columns: Collection[str], trusted: Collection[str], as_of: date) -> list[Fault]:
    """A fault at its line for every jump, up to a day, of a column in use that looks like a split not adjusted for."""
    step = "Adjust the prices before it for the split. If it really happened, name the symbol in true_jumps under [targets]."
    return [
        Fault((), doubt.words, "prices adjusted for splits, for targets are worked out from them", step, doubt.where)
        for doubt in file.doubts
        if doubt.kind == "split" and doubt.symbol in columns and doubt.symbol not in trusted and doubt.first <= as_of
        if changes_like(doubt, file.history, LEAST_SPLIT)
    ]


def remarks_of(file: PriceFile, columns: Collection[str], as_of: date) -> list[str]:
    """What else is doubtful about the columns in use, up to a day, as sentences that name file and line."""

    def is_told(doubt: Doubt) -> bool:
        is_jump = doubt.kind == "split" and changes_like(doubt, file.history, LEAST_SPLIT)
        return doubt.first <= as_of and not is_jump and (not doubt.symbol or doubt.symbol in columns)

    return [f"Targets rest on prices in doubt: {doubt}." for doubt in file.doubts if is_told(doubt)]
