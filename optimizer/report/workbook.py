"""The plan as a workbook: one sheet a table, with formulas where a reader would check a sum.

Every text is written as text and never as a formula; one that begins like a formula gets an apostrophe, so that it stays
harmless when the sheet is saved as CSV. Formulas carry the value they should come to, so that a reader without a
calculating program sees figures too.
"""

import io
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.report.bands import missing, segment_name
from optimizer.report.calendar import watched_days
from optimizer.report.checks import Check, checks_of
from optimizer.report.costs import certificate_text, ledger_text
from optimizer.report.figures import ended, plain
from optimizer.report.lot_standing import standings
from optimizer.report.page import NO_ADVICE
from optimizer.report.placement import placement
from optimizer.report.reinvesting import reinvestment_lines
from optimizer.report.table import Cell, Column, DataTable, Kind, harmless
from optimizer.report.tables.allocation import account_names, bands_table, placement_table
from optimizer.report.tables.assumptions import assumptions_table
from optimizer.report.tables.benchmark import factors_table, measures_table, names_table
from optimizer.report.tables.holdings import calendar_table, lots_table
from optimizer.report.tables.levers import ladder_table
from optimizer.report.tables.proof import cases_table, proof_table
from optimizer.report.tables.taxes import costs_table, margins_table, return_lines_table, tax_facts_table, tax_table
from optimizer.report.tables.trades import buys_table, cash_table, flows_table, gifts_table, sales_table
from optimizer.report.tables.wishes import frontier_table, lot_rules_table, wishes_table
from optimizer.report.verdict import still_outside, verdict

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from optimizer.questions.frontier import Frontier

SHEETS = {
    "bands": "Bands",
    "benchmark": "Benchmark",
    "names": "Names",
    "factors": "Factors",
    "sales": "Sales",
    "gifts": "Gifts",
    "buys": "Buys",
    "money": "Money in and out",
    "cash": "Cash",
    "tax": "Tax",
    "tax-facts": "Tax facts",
    "return": "Return",
    "margins": "Marginal rates",
    "levers": "Levers",
    "frontier": "Frontier",
    "costs": "Costs",
    "proof": "Proof",
    "cases": "Cases",
    "wishes": "Wishes",
    "lot-rules": "Lot rules",
    "lots": "Lots",
    "location": "Location",
    "calendar": "Calendar",
    "assumptions": "Assumptions",
}
"""What the sheet of each table is called."""

NUMBER_FORMATS = {
    Kind.DOLLARS: "$#,##0;-$#,##0",
    Kind.CENTS: "$#,##0.00;-$#,##0.00",
    Kind.CHANGE: "+$#,##0.00;-$#,##0.00;$0.00",
    Kind.PRICE: "$#,##0.00##",
    Kind.SHARES: "#,##0.######",
    Kind.PERCENT: "0.0%",
    Kind.FINE_PERCENT: "0.000%",
    Kind.COUNT: "#,##0",
    Kind.DATE: "yyyy-mm-dd",
}

HEADER_ROW = 1
LONGEST_CELL = 32_000
"""Characters that a cell can hold are 32,767; a text past this is cut."""
WIDEST, NARROWEST = 60, 9


def workbook(plan: Plan, problem: Problem | None = None, frontier: "Frontier | None" = None) -> bytes:
    """Write the plan as an XLSX file.

    Parameters
    ----------
    plan : the answer.
    problem : the question it answers; lots that stay, where things are held and forecasts are left out without it.
    frontier : the least cost at each drift; left out when None.
    """
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_calc_mode("auto")
    formats = Formats(book)
    _summary_sheet(book, plan, formats)
    tables = tables_of(plan, problem, frontier)
    _checks_sheet(book, checks_of(tables, SHEETS), formats)
    for each in tables:
        if each:
            sheet = book.add_worksheet(SHEETS[each.name])
            TableSheet(sheet, each, formats).write()
            if each.name == "frontier":
                sheet.insert_chart(HEADER_ROW, len(each.columns) + 1, _frontier_chart(book, each))
    book.close()
    return content.getvalue()


def tables_of(plan: Plan, problem: Problem | None, frontier: "Frontier | None" = None) -> list[DataTable]:
    """Every table of the workbook in the order of its sheets; some may be empty."""
    names = account_names(plan, problem)
    lots = standings(plan, problem) if problem is not None else []
    made = [
        *(write(plan) for write in (bands_table, measures_table, names_table, factors_table)),
        *(write(plan, names) for write in (sales_table, gifts_table, buys_table, flows_table, cash_table)),
        *(write(plan) for write in (tax_table, tax_facts_table, return_lines_table, margins_table, costs_table)),
        *(write(plan) for write in (proof_table, cases_table, wishes_table, lot_rules_table)),
    ]
    if plan.comparison is not None:
        made.append(ladder_table(plan.comparison))
    if frontier is not None:
        made.append(frontier_table(frontier))
    if problem is not None:
        made += [lots_table(lots, names), placement_table(placement(plan, problem), names)]
    return [*made, calendar_table(watched_days(plan, problem, lots), names), assumptions_table(plan, problem)]


class Formats:
    """The cell formats of a workbook: one for each kind of number, plain and strong."""

    def __init__(self, book: "Workbook") -> None:
        self.caption = book.add_format({"italic": True, "font_color": "#555c66"})
        self.heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._cells: dict[tuple[Kind, bool], Format] = {}
        for kind in Kind:
            for strong in (False, True):
                number = {"num_format": NUMBER_FORMATS[kind]} if kind in NUMBER_FORMATS else {}
                self._cells[kind, strong] = book.add_format({**number, "bold": strong, "valign": "top"})

    def cell(self, kind: Kind, strong: bool = False) -> "Format":
        """The format of a cell."""
        return self._cells[kind, strong]


class TableSheet:
    """One table on its sheet: caption, headings that stay in sight, rows with their formulas, sums."""

    def __init__(self, sheet: "Worksheet", table: DataTable, formats: Formats) -> None:
        self.sheet, self.table, self.formats = sheet, table, formats
        from xlsxwriter.utility import xl_col_to_name

        self.letters = {column.key: xl_col_to_name(place) for place, column in enumerate(table.columns)}

    def write(self) -> None:
        """Fill the sheet."""
        columns, first = self.table.columns, HEADER_ROW + 1
        self.sheet.write_string(0, 0, harmless(self.table.caption), self.formats.caption)
        for place, column in enumerate(columns):
            self.sheet.write_string(HEADER_ROW, place, harmless(column.heading), self.formats.heading)
            self.sheet.set_column(place, place, self._width(place))
        for number, row in enumerate(self.table.rows):
            for place, cell in enumerate(row):
                self._write(first + number, place, cell, number in self.table.strong)
        self._write_sums(first)
        self.sheet.freeze_panes(first, 1)
        self.sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(self.table.rows), len(columns) - 1)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(HEADER_ROW)

    def _write(self, line: int, place: int, cell: Cell, strong: bool) -> None:
        column, style = self.table.columns[place], self.formats.cell(self.table.columns[place].kind, strong)
        match cell:
            case None:
                self.sheet.write_blank(line, place, None, style)
            case Decimal() if column.formula:
                self.sheet.write_formula(line, place, self._formula(column, line), style, float(cell))
            case Decimal():
                self.sheet.write_number(line, place, float(cell), style)
            case date():
                self.sheet.write_datetime(line, place, datetime.combine(cell, time()), style)
            case _:
                self.sheet.write_string(line, place, harmless(cell)[:LONGEST_CELL], style)

    def _formula(self, column: Column, line: int) -> str:
        return "=" + column.formula.format(**{key: f"{letter}{line + 1}" for key, letter in self.letters.items()})

    def _write_sums(self, first: int) -> None:
        sums, line = self.table.sums, first + len(self.table.rows)
        if sums is None:
            return
        for place, (column, amount) in enumerate(zip(self.table.columns, sums, strict=True)):
            style = self.formats.cell(column.kind, strong=True)
            if column.is_summed and isinstance(amount, Decimal):
                letter = self.letters[column.key]
                self.sheet.write_formula(line, place, f"=SUM({letter}{first + 1}:{letter}{line})", style, float(amount))
            elif place == 0:
                self.sheet.write_string(line, place, "Total", style)

    def _width(self, place: int) -> int:
        column = self.table.columns[place]
        if column.kind.is_number or column.kind is Kind.DATE:
            return 15
        longest = max((len(str(row[place] or "")) for row in self.table.rows[:500]), default=0)
        return min(max(longest, len(column.heading), NARROWEST) + 2, WIDEST)


def _frontier_chart(book: "Workbook", table: DataTable) -> "Chart":
    """Tax against drift, drawn by the spreadsheet from the cells of its sheet; the last row is the plan itself."""
    sheet, first, last = SHEETS[table.name], HEADER_ROW + 1, HEADER_ROW + len(table.rows)
    x, y = (next(place for place, column in enumerate(table.columns) if column.key == key) for key in ("drift", "tax"))
    chart = book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    for name, top, bottom in (("least cost at each drift", first, last - 1), ("this plan", last, last)):
        marker = {"marker": {"type": "diamond", "size": 12}} if top == last else {}
        cells = {"categories": [sheet, top, x, bottom, x], "values": [sheet, top, y, bottom, y]}
        chart.add_series({"name": name, **cells, **marker})
    chart.set_title({"name": "Tax against drift"})
    chart.set_x_axis({"name": "away from target", "num_format": "0%"})
    chart.set_y_axis({"name": "added to this year's tax", "num_format": "$#,##0"})
    return chart


def _checks_sheet(book: "Workbook", checks: list[Check], formats: Formats) -> None:
    """Dollars that two sheets must agree on, added up from both."""
    sheet, cents = book.add_worksheet("Checks"), formats.cell(Kind.CENTS)
    sheet.write_string(0, 0, "Sums that two sheets must agree on; the difference is nothing", formats.caption)
    sheet.set_column(0, 0, WIDEST + 10)
    sheet.set_column(1, 3, 18)
    for place, heading in enumerate(("What", "In one place", "In the other", "Difference")):
        sheet.write_string(HEADER_ROW, place, heading, formats.heading)
    for line, check in enumerate(checks, start=HEADER_ROW + 1):
        sheet.write_string(line, 0, check.what)
        sheet.write_formula(line, 1, f"={check.here.formula}", cents, float(check.here.amount))
        sheet.write_formula(line, 2, f"={check.there.formula}", cents, float(check.there.amount))
        difference = float(check.here.amount - check.there.amount)
        sheet.write_formula(line, 3, f"=ROUND(B{line + 1}-C{line + 1},2)", cents, round(difference, 2))
    sheet.freeze_panes(HEADER_ROW + 1, 1)


def _summary_sheet(book: "Workbook", plan: Plan, formats: Formats) -> None:
    """The sentences everybody reads, the proof, the notes, and what the workbook is not."""
    sheet = book.add_worksheet("Summary")
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, harmless(plan.household), formats.title)
    words = [f"Plan of {plan.as_of} for the tax year {plan.tax_year}, made by bandwise {plain(plan.version)}."]
    words += [*verdict(plan), certificate_text(plan).plain, ledger_text(plan).plain]
    words += [ended(f"{segment_name(row)} {missing(row)}{f': {row.note}' if row.note else ''}") for row in still_outside(plan)]
    words += [*reinvestment_lines(plan), *plan.notes, NO_ADVICE]
    for line, sentence in enumerate(words, start=2):
        sheet.write_string(line, 0, harmless(sentence)[:LONGEST_CELL], formats.wrapped)
