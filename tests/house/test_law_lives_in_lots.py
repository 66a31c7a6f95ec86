"""The optimizer states no tax figure and no date rule; it asks the ledger's law for both.

What is checked are the values nobody writes for another reason: the uneven dollar figures and the fine-grained rates of
the law files, the loss limits, the ages of the retirement rules, and the day counts of the wash-sale and holding-period
rules where they are used as days. A rate such as 0.15 may also be the width of a band, so it is left to the reader.
"""

import ast
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

# Loss limits, retirement ages, and the rates that come of adding the net investment income tax to another.
KNOWN_FIGURES = {Decimal(text) for text in ("3000", "1500", "59.5", "70.5", "0.188", "0.238", "0.408")}
LEGAL_DAYS = {30, 31, 60, 61, 365, 366}
WORDS_OF_DAYS = ("day", "window", "holding", "wash")


def figures_of_the_law(root: Path) -> set[Decimal]:
    """Every figure of the law files that is uneven enough to mean the law wherever it stands."""
    found = set(KNOWN_FIGURES)
    for path in sorted((root / "lots" / "law").rglob("*.toml")):
        with path.open("rb") as file:
            found.update(_numbers(tomllib.load(file, parse_float=Decimal)))
    return {figure for figure in found if figure in KNOWN_FIGURES or _is_uneven(figure)}


def _numbers(node: object) -> Iterator[Decimal]:
    match node:
        case bool():
            return
        case int() | Decimal():
            yield Decimal(node)
        case list():
            for item in node:
                yield from _numbers(item)
        case dict():
            for key, item in node.items():
                if "year" not in key:
                    yield from _numbers(item)


def _is_uneven(figure: Decimal) -> bool:
    """Dollars of 1,000 or more with three digits that are not trailing zeros; fractions such as 0.038 with two."""
    _, digits, exponent = figure.normalize().as_tuple()
    if figure >= 1000:
        return len(digits) >= 3
    return 0 < figure < 1 and len(digits) >= 2 and -int(exponent) >= 3


def law_stated(path: str, tree: ast.Module, figures: set[Decimal]) -> list[str]:
    """Places where a file states a figure of the law or counts days for it."""
    found = [
        f"{path}:{node.lineno} states {node.value}, a figure of the law; read it from lots.law"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and _decimal(node.value) in figures
    ]
    for line, days in _day_counts(tree):
        found.append(f"{path}:{line} counts {days} days; the rule belongs to lots.dates or lots.wash")
    return found


def _decimal(value: object) -> Decimal | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Decimal(repr(value)) if is_number else None


def _day_counts(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """Legal day counts that are used as days: in a timedelta, compared with days, or given to a name that says so."""
    for node in ast.walk(tree):
        for name, value in _named_values(node):
            if isinstance(value, ast.Constant) and value.value in LEGAL_DAYS and _speaks_of_days(name):
                yield value.lineno, value.value


def _named_values(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    match node:
        case ast.Call(func=function, args=arguments, keywords=keywords):
            name = ast.unparse(function).split(".")[-1]
            yield from ((f"day {name}" if name == "timedelta" else "", argument) for argument in arguments[:1])
            yield from ((keyword.arg or "", keyword.value) for keyword in keywords)
        case ast.Assign(targets=targets, value=value):
            yield from ((ast.unparse(target), value) for target in targets)
        case ast.AnnAssign(target=target, value=value):
            yield ast.unparse(target), value
        case ast.arguments():
            named = [*node.posonlyargs, *node.args]
            yield from ((a.arg, d) for a, d in zip(reversed(named), reversed(node.defaults), strict=False))
            yield from ((a.arg, d) for a, d in zip(node.kwonlyargs, node.kw_defaults, strict=True))
        case ast.Compare(left=left, comparators=comparators):
            sides = [left, *comparators]
            whole = " ".join(ast.unparse(side) for side in sides)
            yield from ((whole, side) for side in sides)


def _speaks_of_days(name: str) -> bool:
    return any(word in name.lower() for word in WORDS_OF_DAYS)


def test_the_optimizer_states_no_figure_and_no_date_rule_of_the_law(product: dict[str, ast.Module], root: Path) -> None:
    """A figure that stands twice is right in one place only, from the first of January on."""
    figures = figures_of_the_law(root)
    optimizer = {path: tree for path, tree in product.items() if path.startswith("optimizer/")}
    assert [fault for path, tree in optimizer.items() for fault in law_stated(path, tree, figures)] == []


@pytest.mark.parametrize(
    "line",
    [
        "cap = 3_000",
        "limit = 1500.0",
        "surtax = 0.038 * income",
        "top = 49_450",
        "if age >= 59.5: pass",
        "until = sold + timedelta(days=30)",
        "until = sold + timedelta(31)",
        "is_long = (disposed - acquired).days > 365",
        "WASH_DAYS = 30",
        "def blocked(day, window_days=30): pass",
        "held = holding(lot, minimum_days=366)",
    ],
)
def test_law_in_the_optimizer_is_noticed(line: str, root: Path) -> None:
    """The rule above can fail, for figures read from the law files and for days in each of their shapes."""
    assert len(law_stated("optimizer/problem.py", ast.parse(line), figures_of_the_law(root))) == 1


@pytest.mark.parametrize("line", ["width = 30", "band = 0.15", "cells = 1000", "trading_days = 252", "share = 0.005", "f(30)"])
def test_ordinary_numbers_pass(line: str, root: Path) -> None:
    """A rule that nags is switched off."""
    assert law_stated("optimizer/report/table.py", ast.parse(line), figures_of_the_law(root)) == []
