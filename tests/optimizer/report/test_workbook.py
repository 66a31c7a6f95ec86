"""The workbook, read back: every sum and product in it comes to what the plan says."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.questions.frontier import frontier
from optimizer.rebalance import rebalance
from optimizer.report.tables.runners_up import runners_up_table
from optimizer.report.workbook import SHEETS, workbook
from tests.optimizer.report.planned import example, hostile
from tests.wish_households import household, lot

CENT = 0.005
REFERENCE = re.compile(r"\b([A-Z]{1,3}[0-9]+)\b")


def opened(plan: Plan, *question: object) -> openpyxl.Workbook:
    """The workbook as another program reads it, formulas as text."""
    return openpyxl.load_workbook(io.BytesIO(workbook(plan, *question)))  # type: ignore[arg-type]


def calculator(sheet: Worksheet) -> Callable[[str], float]:
    """What a calculating program makes of a cell, formulas followed; only the functions that the workbook uses."""

    def value(place: str) -> float:
        content = sheet[place].value
        if not (isinstance(content, str) and content.startswith("=")):
            return float(content or 0)
        text = re.sub(r"SUM\(([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)\)", _added, content[1:])
        known = {"__builtins__": {}, "value": value, "ROUND": rounded, "total": total}
        return float(eval(REFERENCE.sub(r"value('\1')", text), known))  # the formulas are our own

    def total(column: str, first: int, last: int) -> float:
        return sum(value(f"{column}{line}") for line in range(first, last + 1))

    def _added(found: re.Match[str]) -> str:
        return f"total('{found[1]}', {found[2]}, {found[4]})"

    return value


def rounded(number: float, places: int) -> float:
    """Half away from zero, as spreadsheets round."""
    return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), "ROUND_HALF_UP"))


def columns(sheet: Worksheet) -> dict[str, str]:
    """Letters by heading."""
    return {cell.value: cell.column_letter for cell in sheet[2]}


def test_every_formula_comes_to_the_value_written_beside_it() -> None:
    """A reader whose program does not calculate sees the stored value; whoever recalculates must see the same."""
    content = workbook(*example())
    formulas = openpyxl.load_workbook(io.BytesIO(content))
    stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    checked = 0
    for sheet in formulas.worksheets:
        if sheet.title == "Checks":
            continue  # its sums reach over to other sheets and have their own test
        value = calculator(sheet)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    checked += 1
                    assert stored[sheet.title][cell.coordinate].value == pytest.approx(value(cell.coordinate), abs=0.011), (
                        sheet.title,
                        cell.coordinate,
                    )
    assert checked > 500


def test_totals_are_those_of_the_plan() -> None:
    """The sums a reader would check against the page: proceeds, gains, the year's tax, the cost."""
    plan, problem = example()
    book = opened(plan, problem)
    sales, letters = book["Sales"], columns(book["Sales"])
    last = sales.max_row
    assert sales[f"A{last}"].value == "Total"
    value = calculator(sales)
    proceeds, gains = sum(row.proceeds for row in plan.sales), sum(row.gain or 0 for row in plan.sales)
    assert value(f"{letters['Proceeds']}{last}") == pytest.approx(float(proceeds), abs=CENT)
    tax, beside = book["Tax"], columns(book["Tax"])
    assert calculator(tax)(f"{beside['With plan']}{tax.max_row}") == pytest.approx(float(plan.tax.with_plan.total), abs=CENT)
    assert calculator(tax)(f"{beside['Without plan']}{tax.max_row}") == pytest.approx(
        float(plan.tax.without_plan.total), abs=CENT
    )
    costs = book["Costs"]
    assert calculator(costs)(f"B{costs.max_row}") == pytest.approx(float(plan.cost.total), abs=0.02)
    taxed = [row for row in plan.sales if row.gain is not None]
    stated = [value(f"{letters['Gain']}{line}") for line in range(3, last) if sales[f"{letters['Gain']}{line}"].value is not None]
    assert stated == pytest.approx([float(row.gain or 0) for row in taxed], abs=CENT)
    assert sum(stated) == pytest.approx(float(gains), abs=CENT)


def added_up(book: openpyxl.Workbook, formula: str) -> float:
    """A sum over a column of another sheet, all of it or the rows with a word, by the sheet's own formulas."""
    ranges = re.findall(r"'([^']+)'!([A-Z]+)([0-9]+):[A-Z]+([0-9]+)", formula)
    name, letter, first, last = ranges[-1]
    word = re.search(r'"(.*)"', formula)
    value, lines = calculator(book[name]), range(int(first), int(last) + 1)
    if word:
        lines = [line for line in lines if book[name][f"{ranges[0][1]}{line}"].value == word[1]]  # type: ignore[assignment]
    return sum(value(f"{letter}{line}") for line in lines)


def washed() -> tuple[Plan, Problem]:
    """A household that sells at a loss what it bought lately elsewhere, and so loses a part of the loss."""
    accounts = [{"id": "joint", "kind": "taxable"}, {"id": "work", "kind": "401k", "owner": "she", "traded": False}]
    lots = [
        lot("old", "RED", 600, 1800),
        lot("older", "RED", 400, 1000, "2019-01-02"),
        lot("new", "RED", 1, 1, "2026-11-10", account="work"),
        lot("blue", "BLUE", 1000, 500),
    ]
    problem = household(lots, {"red": 0.5, "blue": 0.5}, accounts=accounts)
    return rebalance(problem), problem


@pytest.mark.parametrize("made", [example, washed])
def test_what_two_sheets_must_agree_on_they_do(made: Callable[[], tuple[Plan, Problem]]) -> None:
    """Trades and cash, sales and Schedule D, parts and proof: added up from either sheet the same dollars."""
    book = opened(*made())
    sheet = book["Checks"]
    assert sheet.max_row == 8
    for line in range(3, sheet.max_row + 1):
        here, there = (added_up(book, sheet[f"{letter}{line}"].value) for letter in "BC")
        assert here == pytest.approx(there, abs=CENT), sheet[f"A{line}"].value
    assert any(abs(added_up(book, sheet[f"B{line}"].value)) > 100 for line in range(3, 9))


def test_a_washed_loss_is_in_the_gain_that_the_sheet_works_out() -> None:
    """Proceeds less basis is not the gain of such a sale; the sheet adds what is not allowed back."""
    plan, problem = washed()
    sheet = opened(plan, problem)["Sales"]
    letters, value = columns(sheet), calculator(sheet)
    rows = {sheet[f"{letters['Lot']}{line}"].value: line for line in range(3, sheet.max_row)}
    stated = [value(f"{letters['Gain']}{rows[row.lot]}") for row in plan.sales]
    assert stated == pytest.approx([float(row.gain or 0) for row in plan.sales], abs=CENT)
    assert sum(row.disallowed_loss or 0 for row in plan.sales) > 0


def test_the_proof_is_a_row_of_figures_that_add_up() -> None:
    """Bound, gap and rounding come to the cost of the plan, and ledger less solver to their difference."""
    plan, problem = example()
    book = opened(plan, problem)
    value, letters = calculator(book["Proof"]), columns(book["Proof"])
    assert value(f"{letters['Gap']}3") == pytest.approx(float(plan.certificate.gap), abs=CENT)
    assert value(f"{letters['Cost of the plan']}3") == pytest.approx(float(plan.money), abs=2 * CENT)
    assert value(f"{letters['Difference']}3") == pytest.approx(float(plan.tax.difference), abs=CENT)
    bounds = [book["Cases"][f"D{line}"].value for line in range(3, book["Cases"].max_row + 1)]
    known = [bound for bound in bounds if bound is not None]
    assert len(bounds) == len(plan.certificate.cases)
    assert min(known) == known[0] == pytest.approx(float(plan.certificate.bound), abs=CENT)


def test_the_frontier_has_a_sheet_and_a_chart_with_the_plan_on_it() -> None:
    """The points stand in the order of their drift, the household's own plan last, and a chart draws both from the cells."""
    plan, problem = example()
    curve = frontier(problem, points=3)
    content = workbook(plan, problem, curve)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Frontier"]
    added = columns(sheet)["Added to this year's tax"]
    taxes = [sheet[f"{added}{line}"].value for line in range(3, sheet.max_row + 1)]
    ordered = sorted(curve.points, key=lambda point: point.drift)
    assert taxes == pytest.approx([float(point.added_tax) for point in (*ordered, curve.own_plan)], abs=CENT)
    assert sheet[f"A{sheet.max_row}"].value == "this plan"
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    assert re.findall(r"<c:yVal><c:numRef><c:f>([^<]*)", chart) == [
        f"Frontier!$C$3:$C${len(ordered) + 2}",
        f"Frontier!$C${len(ordered) + 3}",
    ]


def test_an_explained_plan_names_the_next_best_lot() -> None:
    """The workbook and the page name, for every lot that leaves, what would leave in its place and what that would cost."""
    plan, problem = example()
    sale = plan.sales[0].model_copy(update={"runner_up": "XLV of 2019-03-12", "runner_up_costs": Decimal("12.34")})
    explained = plan.model_copy(update={"sales": (sale, *plan.sales[1:])})
    sheet = opened(explained, problem)["Sales"]
    letters = columns(sheet)
    assert sheet[f"{letters['Next best lot']}3"].value == "XLV of 2019-03-12"
    assert sheet[f"{letters['More cost without this one']}3"].value == pytest.approx(12.34)
    told = runners_up_table(explained, {})
    assert told.rows[0][-2:] == ("XLV of 2019-03-12", Decimal("12.34"))
    assert len(told.rows) == sum(row.term is not None for row in (*plan.sales, *plan.gifts))
    assert not runners_up_table(plan, {})


def test_cash_after_follows_from_what_is_moved() -> None:
    """Cash before, with all that comes and goes, is the ledger's cash after."""
    plan, problem = example()
    sheet = opened(plan, problem)["Cash"]
    after = columns(sheet)["Cash after"]
    value = calculator(sheet)
    assert [value(f"{after}{3 + number}") for number in range(len(plan.cash))] == pytest.approx(
        [float(row.after) for row in plan.cash], abs=CENT
    )


def test_headings_stay_in_sight_and_dates_are_dates() -> None:
    """A sheet of a thousand rows without its headings is a puzzle, and a date as text cannot be sorted."""
    plan, problem = example()
    book = opened(plan, problem)
    assert {sheet.freeze_panes for sheet in book.worksheets[1:]} == {"B3"}
    lots = book["Lots"]
    acquired = lots[f"{columns(lots)['Acquired']}3"]
    assert acquired.is_date
    assert acquired.value.date() in {lot.acquired for lot in problem.lots}
    assert lots[f"{columns(lots)['Value']}3"].number_format.startswith("$")
    assert lots.max_row == len(problem.lots) + 3


def test_a_plan_alone_makes_a_workbook_without_what_only_the_question_knows(plan: Plan) -> None:
    """The plan's own tables do not need the question."""
    names = opened(plan).sheetnames
    assert "Lots" not in names
    assert "Location" not in names
    assert {"Summary", "Bands", "Sales", "Gifts", "Buys", "Money in and out", "Cash", "Tax", "Levers", "Calendar"} <= set(names)
    assert isinstance(opened(plan)["Calendar"]["A3"].value.date(), date)


def test_no_text_of_a_file_is_a_formula() -> None:
    """A symbol named by somebody else must not run a command in the reader's spreadsheet, nor after saving as CSV."""
    book = opened(*hostile())
    texts = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "s"]
    assert any("onerror" in cell.value for cell in texts)
    assert [cell.value for cell in texts if cell.value.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    formulas = {cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
    assert not any("onerror" in formula for formula in formulas)
    assert {"Checks", *SHEETS.values()} >= set(book.sheetnames[1:])
