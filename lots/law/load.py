"""Reading the law files: a year that is not there is refused, never guessed.

The federal law of a year is its own file together with `lasting.toml`, whose groups may be limited to some years. Every
figure must have a unit and a source, stated by its own group or one above it.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib import resources

from lots.errors import LawError
from lots.law.table import Figure, Law
from lots.units import ZERO

Node = dict[str, object]
FEDERAL = "federal"
WORDS = frozenset({"unit", "source", "first_year", "last_year", "note"})
HEAD = frozenset({"year", "jurisdiction", "rules"})


def law_years() -> tuple[int, ...]:
    """The tax years with a federal file, oldest first."""
    names = (entry.name for entry in (resources.files("lots.law") / FEDERAL).iterdir())
    return tuple(sorted(int(name[:4]) for name in names if name[:4].isdigit()))


@cache
def load_law(year: int) -> Law:
    """Return the federal law of a tax year.

    Raises
    ------
    LawError
        If there is no file for the year; the message says how to add one.

    Examples
    --------
    >>> from lots.law.table import FilingStatus
    >>> load_law(2026).capital_loss_limit(FilingStatus.SINGLE)
    Decimal('3000')
    """
    if year not in law_years():
        years = ", ".join(map(str, law_years()))
        raise LawError(
            f"There is no law for tax year {year}; the years on file are {years}. To add it, copy "
            f"lots/law/federal/{law_years()[-1]}.toml to {year}.toml, replace every figure and its source by that "
            "year's Rev. Proc. and notices, and add the year's cases. To compute on an older year's figures all the same, "
            f"state extrapolate_from = {law_years()[-1]} beside the year; the result is stamped as one."
        )
    return _join(year, year, "")


INDEXED = ("ordinary_brackets", "preferential", "standard_deduction", "standard_deduction_aged_or_blind", "amt")
"""Groups whose dollars rise with prices every year (IRC 1(f), 55(d)(3), 63(c)(4))."""


@cache
def extrapolate_law(year: int, known_year: int | None = None, rise: Decimal = ZERO) -> Law:
    """Return the law of `year` on the yearly figures of `known_year` (the latest on file), with a stamp that says so.

    Provisions that begin or end by statute do so. The figures of the known year are used as they stand unless `rise`, a
    fraction, says by how much the dollars indexed for inflation are to be larger: brackets, the edges of the rates on gains,
    the standard deduction and the amounts of the minimum tax. They are not rounded as a published figure would be.

    Raises
    ------
    LawError
        If the year has a file of its own, or the known year has none.
    """
    known = law_years()[-1] if known_year is None else known_year
    if year in law_years():
        raise LawError(f"Tax year {year} has its own law file; load it instead of extrapolating.")
    if known not in law_years():
        raise LawError(f"Cannot extrapolate from {known}: the years on file are {', '.join(map(str, law_years()))}.")
    raised = f", brackets and thresholds raised by {rise:.1%}" if rise else ""
    law = _join(year, known, f"Tax year {year} is computed on the figures of {known}{raised}; its own are not on file.")
    figures = {path: _raised(path, figure, law.units[path], rise) for path, figure in law.figures.items()}
    return replace(law, figures=figures) if rise else law


def _raised(path: str, figure: Figure, unit: str, rise: Decimal) -> Figure:
    """The figure with its dollars larger where it is one that is indexed; `unit` says which cells of a row are dollars."""
    if path.split(".")[0] not in INDEXED or "USD" not in unit:
        return figure
    if isinstance(figure, Decimal):
        return figure * (1 + rise)
    dollars = [part.strip().startswith("USD") for part in unit.strip("[]").split(",")]
    return tuple(tuple(cell * (1 + rise) if of else cell for cell, of in zip(row, dollars, strict=True)) for row in figure)


@cache
def lasting_law(year: int) -> Law:
    """Return only the figures that no yearly notice changes, as they hold in `year`; it serves every year."""
    return _law(year, FEDERAL, _read_groups("lasting.toml", year), "")


def _join(year: int, file_year: int, stamp: str) -> Law:
    groups = {**_read_groups("lasting.toml", year), **_read_groups(f"{file_year}.toml", year)}
    return _law(year, FEDERAL, groups, stamp)


Entry = tuple[Figure, str, str]


def _law(year: int, jurisdiction: str, entries: dict[str, Entry], stamp: str) -> Law:
    return Law(
        year,
        jurisdiction,
        {path: entry[0] for path, entry in entries.items()},
        {path: entry[2] for path, entry in entries.items()},
        {path: entry[1] for path, entry in entries.items()},
        stamp,
    )


def law_from_text(text: str, name: str, year: int, jurisdiction: str) -> Law:
    """Make the law of one file's text; `name` is what error messages call it."""
    return _law(year, jurisdiction, read_figures(text, name, year), "")


def _read_groups(name: str, year: int) -> dict[str, Entry]:
    return read_figures((resources.files("lots.law") / FEDERAL / name).read_text("utf-8"), name, year)


def read_figures(text: str, name: str, year: int) -> dict[str, Entry]:
    """Parse a law file into path -> (figure, unit, source), leaving out groups that `year` lies outside of.

    Raises
    ------
    LawError
        If a figure has no unit or no source, or is not a number; the message names the file and the path.
    """
    tree = tomllib.loads(text, parse_float=Decimal)
    return dict(_walk({key: value for key, value in tree.items() if key not in HEAD}, "", "", "", name, year))


def _walk(node: Node, path: str, unit: str, source: str, name: str, year: int) -> Iterator[tuple[str, Entry]]:
    first, last = node.get("first_year", year), node.get("last_year", year)
    if isinstance(first, int) and isinstance(last, int) and not first <= year <= last:
        return
    unit, source = str(node.get("unit", unit)), str(node.get("source", source))
    for key, value in node.items():
        if key in WORDS:
            continue
        here = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            yield from _walk(value, here, unit, source, name, year)
        elif not unit or not source:
            raise LawError(f"{name}: figure {here} has no {'source' if unit else 'unit'}; state it in its group.")
        else:
            yield here, (_figure(value, f"{name}: {here}"), unit, source)


def _figure(value: object, where: str) -> Figure:
    if isinstance(value, list):
        rows = value if value and isinstance(value[0], list) else [value]
        return tuple(tuple(_number(cell, where) for cell in row) for row in rows)
    return _number(value, where)


def _number(value: object, where: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise LawError(f"{where} must be a number; found {value!r}.")
    return Decimal(value)
