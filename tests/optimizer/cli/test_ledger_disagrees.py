"""A plan whose tax the ledger does not confirm is disowned first, proves nothing, gives no ticket and ends with a failure."""

from decimal import Decimal
from pathlib import Path

import pytest

from optimizer.cli import main
from optimizer.cli.outcome import Exit
from optimizer.errors import LedgerDisagrees
from optimizer.explain import statement
from optimizer.plan import Plan
from optimizer.report.shapes.orders import orders_of
from optimizer.report.tickets import ticket_csv
from optimizer.solve.chain import tax_due


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
