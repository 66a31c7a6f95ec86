"""The page for the terminal: nothing a reader needs is lost at any width, and what matters is said in words."""

import io
import re
from decimal import Decimal

import pytest
from rich.console import Console

from lots.lot import Term
from optimizer.plan import CostSummary, Plan, SaleRow, YearTax
from optimizer.report.figures import change, dollars, shares
from optimizer.report.terminal import page_console, show_plan


def page(plan: Plan, width: int = 100, **settings: bool) -> str:
    """The page as text, and every line break of it taken for a blank."""
    stream = io.StringIO()
    show_plan(plan, Console(file=stream, width=width, highlight=False, **settings), elapsed_seconds=0.5)
    return stream.getvalue()


def flat(text: str) -> str:
    """The text without its line breaks, so that a sentence is found wherever it was broken."""
    return " ".join(text.split())


def with_one_sale(plan: Plan, **changes: object) -> Plan:
    """The plan with its first sale alone, some of its figures changed."""
    sale: SaleRow = plan.sales[0].model_copy(update=changes)
    return plan.model_copy(update={"sales": (sale,)})


@pytest.mark.parametrize("width", [80, 100, 160])
def test_every_figure_of_every_trade_is_there_at_every_width(plan: Plan, width: int) -> None:
    """A figure cut short is a wrong order; the width of a window must not decide about that."""
    shown = page(plan, width)
    figures = [text for row in plan.sales for text in (shares(row.shares, 3), dollars(row.proceeds))]
    figures += [change(row.gain) for row in plan.sales if row.gain is not None]
    figures += [text for row in plan.buys for text in (shares(row.shares, 3), dollars(row.cost))]
    figures += [row.acquired.isoformat() for row in (*plan.sales, *plan.gifts) if row.acquired]
    assert len(figures) > 25
    assert [figure for figure in figures if figure not in shown] == []
    assert "…" not in shown


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_page_keeps_within_its_width(plan: Plan, width: int) -> None:
    """A line that is too long is broken by the terminal in the middle of a table."""
    assert [line for line in page(plan, width).splitlines() if len(line) > width] == []


@pytest.mark.parametrize("width", [80, 100])
def test_figures_of_any_size_stay_on_one_line(plan: Plan, width: int) -> None:
    """Rather than lose a digit of a very large trade, the page grows wider than the window."""
    large = {"shares": Decimal("123456789.123456"), "proceeds": Decimal("98765432109876"), "gain": Decimal("-87654321098765")}
    shown = page(with_one_sale(plan, **large), width)
    assert any(
        all(figure in line for figure in ("123,456,789.123456", "$98,765,432,109,876", "-$87,654,321,098,765"))
        for line in shown.splitlines()
    )


@pytest.mark.parametrize("width", [80, 100, 160])
def test_every_reason_and_note_is_there(plan: Plan, width: int) -> None:
    """A trade without its reason asks for blind trust."""
    shown = page(plan, width)
    reasons = [row.reason for rows in (plan.sales, plan.gifts, plan.buys, plan.flows, plan.buy_bans) for row in rows]
    assert [word for text in (*reasons, *plan.notes) for word in text.split() if word.strip("().") not in flat(shown)] == []


def test_a_reason_stands_once_beside_all_the_lots_it_holds_for(plan: Plan) -> None:
    """With hundreds of lots a sentence repeated on every line would bury the figures."""
    shown = page(plan, 160)
    assert len([row for row in plan.sales if row.symbol == "XLK" and row.account == "joint"]) == 5
    assert shown.count("Technology stands 2.3 points above") == 1


def test_four_hundred_lots_take_one_line_each(plan: Plan) -> None:
    """A large household's page stays a list, whatever the lots' number."""
    lots = tuple(plan.sales[0].model_copy(update={"lot": f"lot-{number}"}) for number in range(400))
    short, long = page(plan.model_copy(update={"sales": lots[:1]})), page(plan.model_copy(update={"sales": lots}))
    assert 395 <= len(long.splitlines()) - len(short.splitlines()) <= 405
    assert "400 lots" in long


@pytest.mark.parametrize("width", [50, 60, 80])
def test_in_a_narrow_window_rules_and_sentences_keep_within_it_and_figures_stay_whole(plan: Plan, width: int) -> None:
    """A rule broken in two looks like two sections; a figure cut short is a wrong order."""
    lines = page(plan, width).splitlines()
    headline = lines[: next(place for place, line in enumerate(lines) if line.startswith("Bands,"))]
    assert [line for line in headline if len(line) > width] == []
    assert [line for line in lines if "─" * 5 in line and not line.startswith("─") and len(line) > width] == []
    figures = [text for row in plan.sales for text in (shares(row.shares, 3), dollars(row.proceeds))]
    figures += [text for row in plan.bands for text in (f"{row.weight_before * 100:.1f}", f"{row.weight_after * 100:.1f}")]
    figures += [dollars(row.total) for row in plan.comparison.ladder] if plan.comparison else []
    assert [figure for figure in figures if not any(figure in line for line in lines)] == []
    assert "…" not in page(plan, width)
    assert sum(" above" in line for line in lines) >= 2


def test_the_cash_of_every_account_closes_to_the_cent(plan: Plan) -> None:
    """Before, what came, what went and what trading took must give what is left, or the reader checks all evening."""
    signs = {"sold": 1, "put in": 1, "bought": -1, "took out": -1, "gave in cash": -1, "trading cost": -1, "gave": 0}
    found = re.findall(r"([A-Z][^.]*?(?:\.\d\d[^.]*?)*)\. Cash (-?\$[\d,.]+) before, (-?\$[\d,.]+) after\.", flat(page(plan)))
    assert len(found) == len(plan.cash)
    for words, before, after in found:
        parts = re.findall(rf"({'|'.join(signs)}) \$([\d,]+\.\d\d)", words.lower())
        moved = sum(signs[word] * Decimal(amount.replace(",", "")) for word, amount in parts)
        assert Decimal(before[1:].replace(",", "")) + moved == Decimal(after[1:].replace(",", ""))
    assert "trading cost $31.24" in flat(page(plan))


def test_what_a_payment_does_to_the_years_income_is_said_in_words(plan: Plan) -> None:
    """A signed figure in brackets leaves open whether it is owed or saved."""
    flows = tuple(row.model_copy(update={"taxable": -row.amount}) if row.kind == "contribution" else row for row in plan.flows)
    shown = flat(page(plan.model_copy(update={"flows": flows}), 160))
    assert "lowers this year's income by $14,000" in shown
    assert "adds $20,000 to this year's income, penalty $2,000" in shown


def test_an_account_that_only_the_trades_name_is_shown(plan: Plan) -> None:
    """Whatever the cash table lists, no trade is left out."""
    assert "elsewhere" in page(with_one_sale(plan, account="elsewhere"))


def test_a_long_symbol_goes_on_in_the_next_line(plan: Plan) -> None:
    """Identifiers may have eighty characters; cutting one would name another security."""
    symbol = "".join(chr(ord("A") + place % 26) for place in range(80))
    margin = [line[2:22].strip() for line in page(with_one_sale(plan, symbol=symbol), 80).splitlines()]
    assert f"Sell {symbol}" in " ".join(margin).replace("Sell ", "Sell~").replace(" ", "").replace("Sell~", "Sell ")


def test_a_pipe_gets_no_colours(plan: Plan) -> None:
    """Colour codes in a file or a mail are rubbish."""
    stream = io.StringIO()
    show_plan(plan, page_console(stream))
    assert "\x1b" not in stream.getvalue()


def test_a_terminal_gets_colours_and_the_same_words(plan: Plan) -> None:
    """Colour repeats what the words say; without it nothing is missing."""
    coloured = page(plan, force_terminal=True)
    assert "\x1b[" in coloured
    assert flat(re.sub(r"\x1b\[[0-9;]*m", "", coloured)) == flat(page(plan))


def test_names_cannot_steer_the_terminal(plan: Plan) -> None:
    """A household file from somebody else must not clear the screen or print in our colours."""
    hostile = plan.model_copy(update={"household": "Rivera \x1b[2J\x07[red]x[/red]", "notes": ("a\x1b]0;title\x07b",)})
    shown = page(hostile)
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[red]x[/red]" in shown


def test_a_terminal_without_the_signs_gets_ascii(plan: Plan) -> None:
    """An old terminal shows brackets and letters instead of question marks."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="strict")
    show_plan(plan, Console(file=stream, width=100, highlight=False))
    stream.flush()
    assert "[---" in raw.getvalue().decode("ascii")


def test_no_part_of_the_cost_and_no_line_of_the_tax_is_left_out(plan: Plan) -> None:
    """A total whose parts do not add up on the page is a total nobody can check."""
    cost = CostSummary(**{name: Decimal(1000 + place) for place, name in enumerate(CostSummary.model_fields)} | {"total": 9000})
    dollars = [name for name, field in YearTax.model_fields.items() if field.annotation is Decimal]
    tax = YearTax(**{name: Decimal(7000 + place) for place, name in enumerate(dollars)})
    both = {"cost": cost, "tax": plan.tax.model_copy(update={"with_plan": tax})}
    shown = page(plan.model_copy(update=both))
    prices = ("breach", "idle_cash", "total")  # no money: the page states the dollars left undone, and the money in total
    money = [getattr(cost, name) for name in CostSummary.model_fields if name not in prices]
    parts = [*money, cost.total - cost.breach - cost.idle_cash] + [getattr(tax, name) for name in dollars]
    assert [amount for amount in parts if f"${amount:,}.00" not in shown] == []


@pytest.mark.parametrize(
    ("difference", "expected"),
    [("0.99", "The two agree"), ("-0.99", "The two agree"), ("1.00", "DO NOT AGREE"), ("-1.00", "DO NOT AGREE")],
)
def test_solver_and_ledger_agree_below_a_dollar_and_not_at_one(plan: Plan, difference: str, expected: str) -> None:
    """A disagreement is a fault of the program, and nobody should trade on it unawares."""
    tax = plan.tax.model_copy(update={"difference": Decimal(difference)})
    assert expected in flat(page(plan.model_copy(update={"tax": tax})))


def test_a_plan_without_comparison_has_no_ladder(plan: Plan) -> None:
    """What was not worked out is left out, not shown as zero."""
    shown = page(plan.model_copy(update={"comparison": None}))
    assert "What each lever saved" not in shown
    assert "usual rule" not in shown


def test_lots_sold_where_sales_are_not_taxed_show_no_gain(plan: Plan) -> None:
    """A gain of $0 beside an IRA's lot would look like a tax figure."""
    untaxed = with_one_sale(plan, account="roth", gain=None, term=None, cost_basis=None, acquired=None)
    shown = page(untaxed)
    assert Term.LONG not in shown.split("Roth IRA")[1].split("401(k)")[0]
    assert "term gains" not in shown
