"""A household's file may come from anyone: no name in it becomes markup, a script, a formula or a signal to a terminal."""

import csv
import io
import re
import unicodedata
from functools import cache
from html.parser import HTMLParser

import openpyxl
import pytest
from hypothesis import example as the_case
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.report.html.page import page
from optimizer.report.letter import letter_page, letter_text
from optimizer.report.shapes.brokers import SHAPES
from optimizer.report.workbook import workbook
from tests.optimizer.report.planned import attacked, example

TOKENS = (
    *("<script>", "</script>", "</style>", "<!--", "-->", "]]>", "<![CDATA[", "<svg/onload=x>", "<img src=x onerror=x>"),
    *('"', "'", "&", "&lt;", "`", "\\", "{{7*7}}", "{%", "${x}", "javascript:", "data:", "//"),
    *("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "\x1b[2J", " ", "1", "=1+1", "=cmd|'/c x'!A0"),
    *("\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\x85", "\ufffe", "\uff1d", "\uff0b", "\uff20", "é", "漢", "𝄞"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

payloads = st.lists(st.sampled_from(TOKENS), min_size=1, max_size=4).map("".join).filter(lambda text: len(text) <= 40)


@cache
def small() -> tuple[Plan, Problem]:
    """The example with few lots, so that a page of it is quick."""
    plan, problem = example()
    kept = {row.lot for row in (*plan.sales[:4], *plan.gifts)}
    sales = tuple(row.model_copy(update={"runner_up": "next", "runner_up_costs": row.proceeds}) for row in plan.sales[:4])
    lots = tuple(lot for number, lot in enumerate(problem.lots) if lot.id in kept or number % 15 == 0)
    return plan.model_copy(update={"sales": sales, "buys": plan.buys[:3]}), problem.model_copy(update={"lots": lots})


class Seen(HTMLParser):
    """What a browser would make elements and attributes of."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_comment(self, data: str) -> None:
        self.tags.add("!--")

    def unknown_decl(self, data: str) -> None:
        self.tags.add("![")


@cache
def clean(kind: str) -> Seen:
    """The pages of the household as it is."""
    plan, problem = small()
    return Seen(page(plan, problem, charts=False) if kind == "page" else letter_page(plan, problem))


@settings(max_examples=25, deadline=None)
@given(payloads)
@the_case("</script><script>")
@the_case("]]><!--\x00")
def test_no_name_becomes_markup(payload: str) -> None:
    """Page and letter have the elements, attributes and addresses that they have without the attack, and no sign that steers."""
    plan, problem = (attacked(each, payload) for each in small())
    for kind, text in (("page", page(plan, problem, charts=False)), ("letter", letter_page(plan, problem))):
        seen = Seen(text)
        assert seen.tags <= clean(kind).tags
        assert seen.attributes <= clean(kind).attributes | {"class"}
        assert set(seen.addresses) <= set(clean(kind).addresses)
        assert steering(text) == set()
    assert steering(letter_text(plan, problem)) == set()


@settings(max_examples=15, deadline=None)
@given(payloads)
@the_case("=1+1")
@the_case(" \u200b=1+1")
@the_case("\ufffe")
def test_no_name_becomes_a_formula(payload: str) -> None:
    """Tickets and workbook hold the name as text; figures stay figures."""
    plan, problem = (attacked(each, payload) for each in small())
    for shape in ("own", "ibkr", "schwab"):
        cells = [cell for row in csv.reader(io.StringIO(SHAPES[shape](plan))) for cell in row]
        texts = [cell for cell in cells if not NUMBER.fullmatch(cell)]
        assert [cell for cell in texts if cell.lstrip().startswith(FORMULA)] == []
    texts, formulas = sheet_cells(plan, problem)
    assert [text for text in texts if text.lstrip().startswith(FORMULA)] == []
    assert formulas == sheet_cells(*small())[1]


def sheet_cells(plan: Plan, problem: Problem) -> tuple[list[str], set[str]]:
    """Texts of a workbook, and its formulas."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(plan, problem)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return [cell.value for cell in cells if cell.data_type == "s"], {cell.value for cell in cells if cell.data_type == "f"}


@pytest.mark.parametrize("shape", ["own", "json", "ibkr", "schwab"])
def test_numbers_below_zero_stay_numbers(shape: str) -> None:
    """A loss is no formula; quoted as text it could not be summed."""
    plan, _ = example()
    text = SHAPES[shape](plan)
    assert "'-" not in text
    assert ("-" in text) or shape in ("ibkr", "schwab")


def steering(text: str) -> set[str]:
    """Signs that turn a text around, hide a part of it or move a cursor; the file's own line ends aside."""
    return {sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf") and sign != "\n"}
