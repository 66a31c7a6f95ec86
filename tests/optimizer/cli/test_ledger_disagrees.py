"""A plan whose tax the ledger does not confirm is disowned first, proves nothing, gives no ticket and ends with a failure."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from optimizer.batch.answer import answer_of, fault_of
from optimizer.cli import main
from optimizer.cli.outcome import Exit
from optimizer.errors import LedgerDisagrees
from optimizer.explain import statement
from optimizer.household import read_household
from optimizer.plan import Plan, TaxSummary
from optimizer.questions.year_end import plans
from optimizer.report.shapes.orders import orders_of
from optimizer.report.tickets import ticket_csv
from optimizer.solve.chain import tax_due


@pytest.fixture
def another_tax(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver says 50 dollars more than the law, in every plan of one year and in next year's of two."""
    true_tax, true_taxes = tax_due, plans._taxes

    def taxes(*arguments: Any) -> tuple[TaxSummary, TaxSummary]:
        first, second = true_taxes(*arguments)
        return first, second.model_copy(update={"difference": Decimal(-50)})

    monkeypatch.setattr(statement, "tax_due", lambda model, amounts: true_tax(model, amounts) + 50)
    monkeypatch.setattr(plans, "_taxes", taxes)


@pytest.mark.usefixtures("another_tax")
@pytest.mark.parametrize(
    "words",
    [
        ["invest", "3000", "examples/new_money"],
        ["withdraw", "3000", "examples/sell_or_donate"],
        ["donate", "3000", "examples/sell_or_donate"],
        ["explain", "examples/new_money"],
        ["year-end", "examples/sell_or_donate"],
    ],
)
def test_every_question_disowns_such_a_plan_alike(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page says so before anything else and proves nothing, no ticket is written, the document is, and the command fails."""
    document, ticket = tmp_path / "answer.json", tmp_path / "ticket.csv"
    files = ["--json", str(document)]
    if words[0] != "explain":
        files += ["--december" if words[0] == "year-end" else "--trades", str(ticket)]
    assert main([*words, *files]) == Exit.BUG
    told = capsys.readouterr()
    page = " ".join(told.out.split())
    assert "Do not trade this plan: by the ledger its tax is" in page
    assert "that is proven" not in page
    assert "Do not trade it" in told.err
    assert document.exists()
    assert not ticket.exists()


@pytest.mark.usefixtures("another_tax")
def test_a_report_of_such_a_plan_has_no_ticket(tmp_path: Path) -> None:
    """The page may be read, and nothing is handed out that could be traded from."""
    page, ticket = tmp_path / "page.html", tmp_path / "orders.csv"
    files = ["-o", str(page), "--trades", str(ticket), "--no-charts"]
    assert main(["report", "examples/new_money", *files]) == Exit.BUG
    assert "Do not trade this plan" in page.read_text()
    assert not ticket.exists()


@pytest.mark.usefixtures("another_tax")
def test_neither_a_book_nor_a_curve_keeps_such_a_plan(capsys: pytest.CaptureFixture[str]) -> None:
    """A row of a book says why there is no plan; a curve is refused with the household's own."""
    problem = read_household(Path("examples/new_money"))
    with pytest.raises(LedgerDisagrees) as raised:
        answer_of(problem, "one", "key", plan_all=True, compare=False, seconds=None)
    assert "Do not trade it" in fault_of(raised.value)
    assert main(["frontier", "examples/new_money", "--points", "2"]) == Exit.BUG
    assert "Do not trade it" in capsys.readouterr().err


@pytest.mark.parametrize("amount", [50.0, -50.0])
def test_a_plan_the_ledger_does_not_confirm_is_not_handed_out(
    amount: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The solver is made to say another tax than the law, as an error of its model would."""
    true_tax = tax_due
    monkeypatch.setattr(statement, "tax_due", lambda model, amounts: true_tax(model, amounts) + amount)
    page, ticket, document = tmp_path / "page.html", tmp_path / "trades.csv", tmp_path / "plan.json"
    files = ["--trades", str(ticket), "--json", str(document), "--report", str(page)]
    assert main(["plan", "examples/year_end", "--no-compare", *files]) == Exit.BUG
    told = capsys.readouterr()
    sentences = " ".join(told.out.split())
    assert "Do not trade this plan: by the ledger its tax is" in sentences
    assert sentences.index("Do not trade this plan") < sentences.index("Carrying it out")
    assert "that is proven" not in sentences
    assert "no ticket is written" in told.err
    assert not ticket.exists()
    assert "Do not trade this plan" in page.read_text()
    plan = Plan.from_json(document.read_text())
    assert (plan.certificate.status, plan.certificate.ended_by) == ("gap", "ledger")
    assert abs(plan.tax.difference) > Decimal(49)
    for writer in (ticket_csv, orders_of):
        with pytest.raises(LedgerDisagrees):
            writer(plan)
