"""The pages say what the plan says, take changes, and tell what is wrong without showing how the program works."""

import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rebalance import rebalance
from optimizer.report.html.sections import Section
from optimizer.report.tables.trades import AccountTrades, TradeGroup
from optimizer.web.guard import Secrets
from optimizer.web.pages.trades import shortened

Draft = dict[str, str]


@pytest.fixture(scope="module")
def question(started: TestClient, secrets: Secrets) -> Problem:
    """The household as the planner reads it."""
    answer = started.get("/api/household", headers={"authorization": f"Bearer {secrets.token}"})
    return Problem.from_json(answer.text)


def test_the_json_plan_is_the_plan_of_the_command_line(client: TestClient, question: Problem) -> None:
    """One question has one answer, whoever asks."""
    assert Plan.from_json(client.get("/api/plan").text) == rebalance(question, compare=False)


def test_the_plan_page_follows_the_form(client: TestClient, secrets: Secrets) -> None:
    """A limit on gains is taken, the page says so, and the files are as they were."""
    before = client.get("/plan").text
    assert "change against your files" not in before
    answer = client.post("/plan", data={"form": secrets.form, "max_turnover": "400000"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/plan")
    after = client.get("/plan").text
    assert "1 change against your files" in after
    assert "max_turnover = 400000" in after
    assert json.loads(client.get("/api/draft").text)["wishes"]["max_turnover"] == 400000
    assert json.loads(client.get("/api/household").text)["wishes"]["max_turnover"] is None
    client.post("/draft/drop", data={"form": secrets.form})
    assert "against your files" not in client.get("/plan").text


def test_keeping_a_lot_says_what_it_costs(client: TestClient, secrets: Secrets) -> None:
    """The figure is the difference of two plans, and taking the wish back takes the figure away."""
    plan = Plan.from_json(client.get("/api/plan").text)
    lot = max(plan.sales, key=lambda sale: abs(sale.gain or 0)).lot
    client.post("/lots/wish", data={"form": secrets.form, "wish": "keep", "name": lot})
    kept = Plan.from_json(client.get("/api/plan").text)
    assert lot not in {sale.lot for sale in kept.sales}
    more = (kept.cost.total - kept.cost.breach - kept.cost.idle_cash) - (plan.cost.total - plan.cost.breach - plan.cost.idle_cash)
    found = re.search(rf"Lot {re.escape(lot)} is kept: it costs \$([\d,]+)", client.get("/lots").text)
    assert found is not None
    assert abs(float(found[1].replace(",", "")) - float(more)) <= 0.5
    client.post("/lots/wish", data={"form": secrets.form, "wish": "free", "name": lot})
    assert "is kept: it costs" not in client.get("/lots").text


def test_lots_come_a_page_at_a_time(client: TestClient, question: Problem) -> None:
    """Thousands of rows make a browser slow; every lot is still on exactly one page."""
    found: list[str] = []
    for number in (1, 2, 3):
        found += re.findall(r"/lots/why\?lot=([^\"]+)\"", client.get(f"/lots?page={number}").text)
    assert sorted(found) == sorted(lot.id for lot in question.lots)
    only = client.get("/lots?symbol=xlk&account=joint").text
    assert {each.split("-")[0] for each in re.findall(r"/lots/why\?lot=([^\"]+)\"", only)} == {"XLK"}
    assert client.get("/lots?page=99999999999999999999999&sort=x&fate=%00").status_code == 200


def test_orders_that_collide_are_told_in_words(client: TestClient, secrets: Secrets) -> None:
    """Infeasibility is an answer."""
    client.post("/plan", data={"form": secrets.form, "withdrawals-0": "99000000"})
    answer = client.get("/plan")
    assert answer.status_code == 422
    assert "99,000,000" in answer.text
    assert 'name="withdrawals-0"' in answer.text
    assert "Traceback" not in answer.text


def test_a_wrong_number_is_told_with_its_field_and_nothing_changes(client: TestClient, secrets: Secrets) -> None:
    """The words a person typed come back escaped."""
    answer = client.post("/plan", data={"form": secrets.form, "max_turnover": "<script>alert(1)</script>"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text
    assert client.get("/api/draft").text == client.get("/api/household").text


def test_a_faulty_file_is_told_with_its_line_and_mended_without_a_new_start(client: TestClient, folder: Path) -> None:
    """The household's files are read again when they change."""
    place = folder / "household.toml"
    whole = place.read_text(encoding="utf-8")
    try:
        place.write_text(whole.replace('filing_status = "mfj"', 'filing_status = "<b>x</b>"'), encoding="utf-8")
        answer = client.get("/plan")
        assert answer.status_code == 422
        assert "household.toml, line" in answer.text
        assert "<b>x" not in answer.text
    finally:
        place.write_text(whole, encoding="utf-8")
    assert client.get("/plan").status_code == 200


def test_hostile_names_are_shown_and_never_run(client: TestClient, question: Problem, secrets: Secrets) -> None:
    """A name in a file or a document is text, wherever it stands."""
    bad = '"><img src=x onerror=alert(1)>{{ 7*7 }}'
    accounts = tuple(each.model_copy(update={"name": bad}) for each in question.accounts)
    segments = tuple(each.model_copy(update={"name": f"{bad} {each.id}"}) for each in question.segments)
    hostile = question.model_copy(update={"household": bad, "accounts": accounts, "segments": segments})
    answer = client.put(
        "/api/draft", content=hostile.to_json(), headers={"x-form": secrets.form, "content-type": "application/json"}
    )
    assert answer.status_code == 200
    for path in ("/", "/plan", "/targets", "/lots", "/files"):
        text = client.get(path).text
        assert "<img src=x" not in text, path
        assert "7*7" in text or path in ("/lots", "/files"), path
    name = client.get("/files/problem.json").headers["content-disposition"]
    assert re.fullmatch(r'attachment; filename="[a-z0-9-]+problem\.json"', name)


def test_every_file_to_take_along_is_what_it_says(client: TestClient) -> None:
    """The downloads are the report's own."""
    assert client.get("/files/report.html").text.startswith("<!DOCTYPE html>")
    assert client.get("/files/plan.xlsx").content[:2] == b"PK"
    assert client.get("/files/trades.csv").text.count("\n") > 10
    assert (
        "foundation" in client.get("/files/letter.html").text.lower() or "gift" in client.get("/files/letter.html").text.lower()
    )
    assert Plan.from_json(client.get("/files/plan.json").text).comparison is not None
    assert client.get("/files/trades.csv?shape=nobody").status_code == 404


def test_a_task_is_cancelled_at_once_and_asked_again_it_answers(client: TestClient, secrets: Secrets, question: Problem) -> None:
    """A long solve must not hold the page; what was given up leaves nothing behind."""
    from optimizer.web import work

    desk = client.app.state.desk  # type: ignore[attr-defined]
    job = desk.job(work.year_end, "looking at both years", question, stamp="to be cancelled")
    answer = client.post(f"/jobs/{job.job_id}/cancel", data={"form": secrets.form})
    assert answer.status_code == 303
    assert json.loads(client.get(f"/api/jobs/{job.job_id}").text)["state"] == "refused"
    assert job.seconds < 2
    assert client.get("/plan").status_code == 200


def test_every_trade_is_on_one_page_of_trades(client: TestClient) -> None:
    """Thousands of rows make a browser slow; chosen and ordered, a page at a time, nothing is lost or doubled."""
    plan = Plan.from_json(client.get("/api/plan").text)
    everything = len(plan.sales) + len(plan.gifts) + len(plan.buys)
    rows = [re.findall(r"<tr>\s*<th scope=\"row\"", client.get(f"/plan/trades?page={n}").text) for n in (1, 2)]
    assert 50 < everything <= 100
    assert sum(map(len, rows)) == everything
    gains = client.get("/plan/trades?sort=gain&action=Sell&account=joint").text
    joint = [sale for sale in plan.sales if sale.account == "joint"]
    assert f"{len(joint)} trades" in gains
    best = max(joint, key=lambda sale: sale.gain or 0)
    assert gains.index(str(best.acquired)) < gains.index("</tr>", gains.index("<tbody>"))
    assert client.get("/plan/trades?page=²&sort=x&action=%00&account=%F0").status_code == 200
    assert client.get("/lots?page=²").status_code == 200


def test_a_plan_of_very_many_lots_is_shortened_and_says_so() -> None:
    """Six lots of a group stand on the page; the heading has their number."""
    rows = tuple((f"2020-01-{n}", None, None, None, None, None, None) for n in range(300))
    long, few = (
        AccountTrades("Joint", "taxable", "", (TradeGroup("Sell XLK", "over", each),), ()) for each in (rows, rows[:250])
    )
    section, is_short = shortened(Section("trades", "Trades", trades=(long,)))
    group = section.trades[0].groups[0]
    assert is_short
    assert (len(group.rows), group.title) == (6, "Sell XLK, 300 lots, the first 6")
    whole = Section("trades", "Trades", trades=(few,))
    assert shortened(whole) == (whole, False)


def test_a_taken_point_says_that_bands_are_set_aside_and_brings_them_back(client: TestClient, secrets: Secrets) -> None:
    """No page says that all of no segments are inside; what the file cannot say is told before the draft is kept."""
    client.post("/frontier/take", data={"form": secrets.form, "against": "drift", "limit": "0.014"})
    text = client.get("/plan").text
    assert "Bands are set aside; half the distance from target is limited to 1.4 %." in text
    assert "All 0 segments" not in text
    assert text.index("household.toml cannot say that bands are set aside") < text.index("Keep these in household.toml")
    assert client.post("/frontier/leave", data={"form": secrets.form}).status_code == 303
    assert "against your files" not in client.get("/plan").text


def test_tickets_are_named_by_their_shape_and_kind(client: TestClient) -> None:
    """Five downloads are five files, and only JSON is JSON."""
    names = {}
    for shape in ("", "json", "wealthscape", "ibkr", "schwab"):
        answer = client.get(f"/files/trades.csv?shape={shape}")
        names[answer.headers["content-disposition"].rpartition("filename=")[2]] = shape
        assert answer.headers["content-type"].startswith("application/json" if shape == "json" else "text/csv")
    assert list(names) == [f'"year-end-trades{end}"' for end in (".csv", ".json", "-wealthscape.csv", "-ibkr.csv", "-schwab.csv")]


def test_the_simulator_says_its_limits_and_keeps_what_was_typed(client: TestClient, question: Problem) -> None:
    """A field out of bounds leaves the form; the rates are the household's own; and nothing starts while it is edited."""
    first = client.get("/simulate").text
    assert question.taxpayer.rates is not None
    assert re.search(rf'name="ordinary_pct"[^>]*value="{float(question.taxpayer.rates.ordinary * 100):g}"', first)
    assert re.search(r'name="paths" min="1" max="2000" step="1" value="200"', first)
    assert "1 to 2,000" in first
    refused = client.get("/simulate?years=7&paths=3000&lever=harvest")
    assert refused.status_code == 422
    assert re.search(r'name="paths"[^>]*value="3000"', refused.text)
    assert re.search(r'name="years"[^>]*value="7"', refused.text)
    assert "less than or equal to 2000" in refused.text
    kept = client.get("/simulate?edit=1&years=7&paths=30").text
    assert re.search(r'name="paths"[^>]*value="30"', kept)
    assert "Cancelled." in kept
    assert "Verdict" not in kept
