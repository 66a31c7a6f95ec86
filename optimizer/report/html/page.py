"""The page around the sections: one file with its style, its script and its figures inside, and no address outside."""

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.report.figures import CENT, day, dollars, plain, plural
from optimizer.report.html.sections import Section, sections_of, summary_of
from optimizer.report.page import NO_ADVICE
from optimizer.report.table import Cell, DataTable, Kind, written
from optimizer.report.verdict import owed

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from jinja2 import Environment
    from markupsafe import Markup

    from optimizer.questions.frontier import Frontier

SHOWN_ROWS = 40
"""Rows of a table that stand open; the rest is folded, so that the first view of thousands of lots is quick."""
PAGE_ROWS = 500
"""Rows that are unfolded at a time."""

_ROOM = "optimizer.report.html"
_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def page(plan: Plan, problem: Problem | None = None, charts: bool = True, frontier: "Frontier | None" = None) -> str:
    """Write the plan as one HTML document.

    Parameters
    ----------
    plan : the answer.
    problem : the question it answers; what only the question knows is left out without it.
    charts : whether figures and the 5 MB script that draws them are in the file; the tables say the same without.
    frontier : the least cost at each drift; left out when None.
    """
    sections = sections_of(plan, problem, frontier)
    lead, beside = summary_of(plan)
    scripts = (chart_library(), text_of("page.js")) if charts else ()
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            title=plain(plan.household),
            facts=_facts(plan),
            lead=lead,
            beside=beside,
            sections=sections,
            fragments=[section_fragment(section, charts) for section in sections],
            style=text_of("page.css"),
            scripts=scripts,
            policy=content_policy(scripts),
            no_advice=NO_ADVICE,
            made=f"Made by bandwise {plain(plan.version)} for problem {plan.problem[:12]}, with the tax law of {plan.tax_year}.",
        )
    )


def section_fragment(section: Section, charts: bool = True) -> "Markup":
    """One section as HTML, safe to set into any page that loads the chart library and `page.js`."""
    from markupsafe import Markup

    return Markup(environment().get_template("section.html.j2").render(section=section, charts=charts))


def table_fragment(table: DataTable) -> "Markup":
    """One table as HTML."""
    from markupsafe import Markup

    return Markup(environment().get_template("table.html.j2").module.data_table(table))  # type: ignore[attr-defined]


def figure_json(figure: "go.Figure") -> "Markup":
    """A figure as JSON that can stand inside a script element: no character of it can end the element."""
    from markupsafe import Markup

    text = str(figure.to_json())
    return Markup(re.sub("[<>&\u2028\u2029]", lambda found: _IN_SCRIPT[found.group()], text))


@cache
def environment() -> "Environment":
    """The templates of this room; every value is escaped unless the code says it is HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader(_ROOM), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.update(shown_rows=SHOWN_ROWS)
    made.filters.update(written=_written, figure_json=figure_json, shown=_shown_columns, plain=plain, plural=plural, pages=_pages)
    return made


def text_of(name: str) -> str:
    """A file of this room that stands inside the page, such as its style."""
    return files(_ROOM).joinpath(name).read_text(encoding="utf-8")


@cache
def chart_library() -> str:
    """The script that draws the figures, out of its wheel."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs()).replace("\r\n", "\n").replace("</script", "<\\/script")


def content_policy(scripts: tuple[str, ...]) -> str:
    """What the page may load: nothing from anywhere, and of scripts exactly these."""
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes) or "'none'"
    rest = "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; script-src {allowed}; {rest}"


def _facts(plan: Plan) -> list[tuple[str, str]]:
    before, after = plan.tax.without_plan.total, plan.tax.with_plan.total
    return [
        ("Household", dollars(plan.value_before)),
        ("Plan of", day(plan.as_of)),
        ("Tax year", str(plan.tax_year)),
        ("Tax without the plan", owed(before)),
        ("Tax with the plan", owed(after)),
        *_against_usual_rule(plan),
    ]


def _against_usual_rule(plan: Plan) -> Iterator[tuple[str, str]]:
    """What the plan saves against the usual rule, where both leave as little outside the bands."""
    if plan.comparison is not None and plan.comparison.ladder[-1].breach < plan.comparison.usual_rule.breach + CENT:
        saved = plan.comparison.usual_rule.total - plan.comparison.ladder[-1].total
        yield "Saved against the usual rule, later years counted", dollars(saved)


def _written(cell: Cell, kind: Kind) -> str:
    return written(cell, kind)


def _pages(rows: int) -> list[tuple[int, int]]:
    """First row and the one after the last of every page that stands folded; the last takes in what would be a short one."""
    starts = list(range(SHOWN_ROWS, rows, PAGE_ROWS))
    if len(starts) > 1 and rows - starts[-1] < PAGE_ROWS // 2:
        starts.pop()
    return list(pairwise([*starts, rows]))


def _shown_columns(table: DataTable) -> list[int]:
    """Places of the columns that say something in at least one row, and of those from which another follows; the first always."""
    formulas = "".join(column.formula for column in table.columns)
    return [
        place
        for place, column in enumerate(table.columns)
        if place == 0
        or any(row[place] for row in table.rows)
        or (f"{{{column.key}}}" in formulas and any(row[place] is not None for row in table.rows))
    ]
