"""The page, by its parsed content: it says what the plan says, loads nothing from outside, and runs nobody else's script."""

import base64
import hashlib
import io
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from rich.console import Console

from optimizer.plan import Plan
from optimizer.report.html.page import page, table_fragment
from optimizer.report.html.sections import summary_of
from optimizer.report.page import NO_ADVICE
from optimizer.report.table import Column, Kind, table, written
from optimizer.report.tables.trades import flows_table, trades_by_account
from optimizer.report.terminal import show_plan
from tests.optimizer.report.planned import PAYLOAD, example, hostile

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Parsed(HTMLParser):
    """Elements with their attributes, texts by element, and whether all that was opened was closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)
        elif data.strip():
            self.texts.append((self.open[-1] if self.open else "", data.strip()))

    @property
    def words(self) -> str:
        """All that is read, in order."""
        return " ".join(text for _, text in self.texts)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    """The example's page."""
    return Parsed(page(*example()))


def test_the_page_says_what_the_plan_says(parsed: Parsed) -> None:
    """Every lot to sell, every segment and both taxes stand there as figures."""
    plan, problem = example()
    assert plan.household in parsed.words
    for sale in plan.sales:
        assert written(sale.proceeds, Kind.CENTS) in parsed.words
        assert sale.reason in parsed.words
    for row in plan.bands:
        assert written(row.weight_after, Kind.PERCENT) in parsed.words
    assert written(plan.tax.with_plan.total, Kind.CENTS) in parsed.words
    assert written(plan.tax.without_plan.total, Kind.CENTS) in parsed.words
    assert all(account.name in parsed.words for account in problem.accounts)
    assert "not tax advice" in parsed.words
    assert f"{plan.tax_year}" in parsed.words


def test_the_page_is_whole_by_itself(parsed: Parsed) -> None:
    """It opens in a train: nothing is loaded, and the policy forbids what somebody might add."""
    assert not parsed.all("link")
    assert not parsed.all("img")
    assert not any("src" in attributes for attributes in parsed.all("script"))
    addresses = [attributes["href"] or "" for attributes in parsed.all("a")]
    assert addresses
    assert all(address.startswith("#") for address in addresses)
    anchors = {attributes["id"] for _, attributes in parsed.elements if "id" in attributes}
    assert {address[1:] for address in addresses} <= anchors
    policy = next(a["content"] for a in parsed.all("meta") if a.get("http-equiv") == "Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'")
    run = [text for attributes, text in parsed.scripts if "type" not in attributes]
    allowed = set(re.findall(r"'sha256-([^']+)'", policy))
    assert allowed == {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in run}


def test_headings_tables_and_figures_can_be_heard(parsed: Parsed) -> None:
    """One first heading, no level skipped, every table with a caption, every figure in words and near a table."""
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert len(parsed.all("table")) == len(parsed.all("caption"))
    plots = [attributes for attributes in parsed.all("div") if "data-figure" in attributes]
    assert {plot["data-figure"] for plot in plots} == {
        f"figure-{name}" for name in ("bands", "levers", "lots", "location", "calendar")
    }
    assert all(plot["role"] == "img" and len(plot["aria-label"] or "") > 40 for plot in plots)
    assert all(attributes["tabindex"] == "0" for attributes in parsed.all("div") if attributes.get("class") == "scroll")
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_every_figure_holds_what_it_shows(parsed: Parsed) -> None:
    """The map has every taxed lot, the ladder its steps, in the order of the plan."""
    plan, problem = example()
    figures = {attributes["id"]: json.loads(text) for attributes, text in parsed.scripts if "type" in attributes}
    taxable = {account.id for account in problem.accounts if account.kind.is_taxable}
    drawn = sum(len(trace["x"]) for trace in figures["figure-lots"]["data"])
    assert drawn == sum(lot.account in taxable for lot in problem.lots)
    assert plan.comparison is not None
    bars = figures["figure-levers"]["data"][0]["x"]
    assert bars[-1] == pytest.approx(float(plan.comparison.ladder[-1].total))
    assert bars[1] + sum(bars[2:-1]) == pytest.approx(bars[-1])


def test_no_name_becomes_markup_script_or_template() -> None:
    """A household's file may come from anyone; every text of it is shown as it is written, and nothing more."""
    plan, problem = hostile()
    text = page(plan, problem)
    found, clean = Parsed(text), Parsed(page(*example()))
    kinds = [tag for tag, _ in found.elements]
    assert "img" not in kinds
    assert set(kinds) == {tag for tag, _ in clean.elements}
    assert kinds.count("script") == [tag for tag, _ in clean.elements].count("script")
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
    assert "{{7*7}}" in found.words
    assert "\u202e" not in text
    assert PAYLOAD[1:29] in found.words
    for attributes, script in found.scripts:
        if "type" in attributes:
            assert not re.search("[<>]", script)
            assert not any("<img" in word for word in _strings(json.loads(script)))


def test_without_charts_the_page_is_light_and_says_the_same() -> None:
    """A mailbox that refuses five megabytes still gets every figure in its table."""
    text = page(*example(), charts=False)
    assert len(text) < 400_000
    parsed = Parsed(text)
    assert not parsed.scripts
    assert len(parsed.all("table")) == len(Parsed(page(*example())).all("table"))


def test_a_plan_alone_says_what_its_page_lacks(plan: Plan) -> None:
    """Nobody should look for a lot map that cannot be there."""
    words = Parsed(page(plan, charts=False)).words
    assert "Lot map" not in words
    assert "does not hold it" in words
    assert "Trades by account" in words


def test_long_tables_are_folded() -> None:
    """The first view of a household with many lots shows the lots that the plan touches, the others on request."""
    plan, problem = example()
    parsed = Parsed(page(plan, problem, charts=False))
    assert f"The other {len(problem.lots) - 40} rows" in parsed.words


@pytest.mark.parametrize("rows", [0, 1, 40, 41, 540, 541, 700, 900, 5_000])
def test_thousands_of_rows_are_unfolded_page_by_page(rows: int) -> None:
    """Every row is on exactly one page, none of which takes long to open; a few left over are no page of their own."""
    columns = (Column("n", "N", Kind.COUNT),)
    text = str(table_fragment(table("many", "Many", columns, ((Decimal(n),) for n in range(rows)))))
    assert re.findall(r'<th scope="row"[^>]*>([0-9,]+)</th>', text) == [f"{n:,}" for n in range(rows)]
    pages = [page.count('<th scope="row"') for page in text.split("<details")[1:]]
    assert sum(pages) == max(rows - 40, 0)
    assert all(page <= 750 for page in pages)
    assert all(page >= 250 for page in pages[1:])


def test_a_sheltered_account_has_no_columns_of_gains() -> None:
    """Basis, gain and term say nothing where no sale is taxed; where one is, all of them stand there."""
    plan, problem = example()
    found = {each.kind: [column.key for column in each.columns] for each in trades_by_account(plan, problem)}
    assert found["taxable"] == ["lot", "shares", "price", "amount", "basis", "gain", "term"]
    assert found["Roth IRA"] == ["lot", "shares", "price", "amount"]


def test_a_column_from_which_another_follows_is_shown_though_it_is_nothing() -> None:
    """A change can only be checked beside what it starts from; a column that says nothing and leads nowhere is left out."""
    columns = (Column("what", "What"), *(Column(key, key, Kind.CENTS) for key in ("before", "after", "other")))
    follows = Column("change", "Change", Kind.CHANGE, "{after}-{before}")
    row = ("tax", Decimal(0), Decimal(5), Decimal(0), Decimal(5))
    text = str(table_fragment(table("t", "T", (*columns, follows), [row])))
    assert re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', text) == ["What", "before", "after", "Change"]


def _strings(part: object) -> list[str]:
    if isinstance(part, dict):
        return [word for value in part.values() for word in _strings(value)]
    if isinstance(part, list):
        return [word for value in part for word in _strings(value)]
    return [part] if isinstance(part, str) else []


def test_the_summary_is_three_sentences() -> None:
    """What else is known stands below them as notes or in its own section."""
    plan, problem = example()
    parsed = Parsed(page(plan, problem, charts=False))
    start, end = parsed.texts.index(("h2", "In three sentences")), parsed.texts.index(("h2", "Allocation against bands"))
    assert [text for tag, text in parsed.texts[start:end] if tag == "p"] == [*summary_of(plan)[0], NO_ADVICE]
    assert len(summary_of(plan)[0]) == 3
    assert parsed.words.count("The usual rule (") == 1


def test_income_names_the_security_that_paid_it() -> None:
    """Four payments of one reason differ by who paid them; the page, the terminal and the workbook's money say it."""
    plan, problem = example()
    payers = [payment.paid_by for payment in problem.income]
    assert [flow.paid_by for flow in plan.flows if flow.kind == "income"] == payers
    joint = trades_by_account(plan, problem)[0]
    assert [row[0] for row in next(group for group in joint.groups if group.title == "Income").rows] == payers
    printed = io.StringIO()
    show_plan(plan, Console(file=printed, width=100))
    block = printed.getvalue().split("  Income")[1].split("4 payments")[0]
    assert re.findall(r"[A-Z]{3} ", block) == [f"{payer} " for payer in payers]
    money = flows_table(plan, {})
    paid = [row[2] for row in money.rows if row[0] == "income"]
    assert (money.columns[2].heading, paid) == ("Paid by", payers)
