"""The further pages: statements, comparison, frontier, both years, the simulator, the book."""

import gzip
import io
import json
import re
import shutil
import time
import zipfile
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from optimizer.batch.book import open_book
from optimizer.batch.run import plan_book
from optimizer.batch.store import open_book_store
from optimizer.web.app import create_app
from optimizer.web.desk import Desk
from optimizer.web.guard import Secrets
from optimizer.web.staging import plain_name
from tests.optimizer.web.conftest import EXAMPLE, ORIGIN

LOTS = b"account,symbol,acquired,quantity,cost_basis\njoint,VOO,2024-03-04,10,4000\n"


def settled_page(client: TestClient, path: str) -> str:
    """A page once its answer is there."""
    for _ in range(300):
        text = client.get(path).text
        if "data-job=" not in text:
            return text
        time.sleep(0.1)
    raise AssertionError(f"{path} did not settle")


def sent(client: TestClient, secrets: Secrets, *files: tuple[str, bytes], **fields: str) -> str:
    """Send statements and return the address of what was understood."""
    answer = client.post("/statements", data={"form": secrets.form, **fields}, files=[("files", each) for each in files])
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def ledgers(folder: Path) -> list[Path]:
    """What an import would have written."""
    return sorted(folder.glob("ledger*"))


def test_lots_told_twice_are_said_before_anything_is_kept(tmp_path: Path, secrets: Secrets) -> None:
    """A statement of holdings that lots.csv has is not offered to be kept until lots.csv gives way."""
    folder = shutil.copytree(EXAMPLE, tmp_path / "household")
    mine = folder / "lots.csv"
    with TestClient(create_app(Desk(folder), secrets), base_url=ORIGIN, follow_redirects=False) as client:
        client.cookies.set(secrets.cookie, secrets.session)
        client.headers["origin"] = ORIGIN
        place = sent(client, secrets, ("statement.csv", LOTS.replace(b"VOO", b"VTI")))
        text = settled_page(client, place)
        twice = sum(line.startswith("joint,VTI,") for line in mine.read_text().splitlines())
        assert twice > 1
        assert re.search(rf"{twice} of the \d+ lots in \S+lots.csv are of holdings the ledger has now; delete those rows", text)
        assert "Keep all of it" not in text
        assert ledgers(folder) == []
        mine.write_text("".join(f"{line}\n" for line in mine.read_text().splitlines() if not line.startswith("joint,VTI,")))
        text = settled_page(client, place)
        assert "holdings the ledger has now" not in text
        assert "Keep all of it" in text


def test_statements_are_shown_before_they_are_kept_and_kept_whole(tmp_path: Path, secrets: Secrets) -> None:
    """Looking writes nothing; keeping writes the ledger, and the same file again is nothing new."""
    folder = shutil.copytree(EXAMPLE, tmp_path / "household")
    with TestClient(create_app(Desk(folder), secrets), base_url=ORIGIN, follow_redirects=False) as client:
        client.cookies.set(secrets.cookie, secrets.session)
        client.headers["origin"] = ORIGIN
        place = sent(client, secrets, ("../../lots.csv", LOTS))
        text = settled_page(client, place)
        assert "1 event new" in text
        assert "1 lots" in text
        assert ledgers(folder) == []
        kept = client.post(f"{place}/keep", data={"form": secrets.form})
        assert "Kept in the ledger" in kept.text
        assert ledgers(folder) != []
        assert client.get(place).status_code == 404
        again = sent(client, secrets, ("lots.csv", LOTS))
        assert "0 events new" in settled_page(client, again)
        assert client.post(f"{again}/drop", data={"form": secrets.form}).status_code == 303
        assert client.get(again).status_code == 404


def test_a_faulty_file_among_good_ones_keeps_nothing(client: TestClient, secrets: Secrets, folder: Path) -> None:
    """Every fault is told with its row, the name of the file escaped."""
    bad = LOTS + b"joint,VOO,yesterday,ten,4000\nnowhere,VOO,2024-03-04,1,400\n"
    text = settled_page(client, sent(client, secrets, ("lots.csv", LOTS), ("<i>bad.csv", bad)))
    assert "Nothing of any of the files was kept" in text
    assert "row 3" in text
    assert "<i>bad" not in text
    assert ledgers(folder) == []


def test_what_is_sent_is_bounded_and_may_be_anything(client: TestClient, secrets: Secrets, folder: Path) -> None:
    """No file, too many files, noise: each is told in words."""
    assert client.post("/statements", data={"form": secrets.form}, files=[("x", ("x", b""))]).status_code == 422
    many = [("files", (f"{n}.csv", LOTS)) for n in range(21)]
    assert client.post("/statements", data={"form": secrets.form}, files=many).status_code in (400, 422)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", bytes(50_000_000))
    entities = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    hostile = {
        "noise.bin": bytes(range(256)) * 40,
        "deep.json": b'{"a":' + b"[" * 9000,
        "digits.json": b'{"events":' + b"9" * 10_000 + b"}",
        "bomb.xlsx": zipped.getvalue(),
        "bomb.csv.gz": gzip.compress(LOTS * 100_000),
        "entities.xml": b'<!DOCTYPE q [<!ENTITY a "aaaaaaaaaa">' + entities + b"]><FlexQueryResponse>&j;</FlexQueryResponse>",
        "quotes.csv": b'"' + b"a," * 400_000,
    }
    for name, content in hostile.items():
        text = settled_page(client, sent(client, secrets, (name, content)))
        assert "Nothing of any of the files was kept" in text, name
        assert "fault of the program" not in text, name
    assert ledgers(folder) == []


def test_a_file_name_means_nothing_to_the_file_system() -> None:
    """Whatever a browser sends as a name becomes the last part of a path at most."""
    assert plain_name("../../etc/passwd") == "passwd"
    assert plain_name("C:\\files\\lots 2026.csv") == "lots 2026.csv"
    assert plain_name("..") == "statement"
    assert plain_name("a\x00\n<b>.csv") == "a___b_.csv"
    assert len(plain_name("x" * 5000)) == 100


def test_two_plans_stand_side_by_side(client: TestClient, secrets: Secrets) -> None:
    """A draft is kept under a name, compared with the files, made the draft again, and removed."""
    client.post("/plan", data={"form": secrets.form, "max_turnover": "400000"})
    assert client.post("/compare/keep", data={"form": secrets.form, "name": "<b>slow"}).status_code == 303
    client.post("/draft/drop", data={"form": secrets.form})
    text = settled_page(client, "/compare?left=your+files&right=%3Cb%3Eslow")
    assert "<b>slow" not in text
    assert "Most bought and sold together: none → $400,000" in text
    assert "Trades that differ" in text
    client.post("/compare/take", data={"form": secrets.form, "name": "<b>slow"})
    assert json.loads(client.get("/api/draft").text)["wishes"]["max_turnover"] == 400000
    client.post("/compare/remove", data={"form": secrets.form, "name": "<b>slow"})
    assert "slow" not in client.get("/compare").text


def test_a_point_of_the_frontier_becomes_the_draft(client: TestClient, secrets: Secrets) -> None:
    """The chosen limit is what the next plan holds."""
    text = settled_page(client, "/frontier")
    limits = [float(each) for each in re.findall(r'name="limit" value="([^"]+)"', text)]
    assert len(limits) == 11
    client.post("/frontier/take", data={"form": secrets.form, "against": "drift", "limit": str(min(limits))})
    assert json.loads(client.get("/api/draft").text)["scope"]["max_drift"] == min(limits)
    assert client.get("/plan").status_code == 200
    for wrong in ("nan", "inf", "x", "", "2", "-1"):
        assert client.post("/frontier/take", data={"form": secrets.form, "limit": wrong}).status_code == 422


def test_both_years_and_what_may_wait(client: TestClient, secrets: Secrets) -> None:
    """The page has both dates' trades, and a changed date is a change of the draft."""
    text = settled_page(client, "/year-end")
    assert "Now: trade on" in text
    assert "In January: trade on" in text
    client.post("/year-end", data={"form": secrets.form, "bands_by": "january"})
    assert json.loads(client.get("/api/draft").text)["next_year"]["bands_by"] == "january"


def test_a_simulation_runs_and_refuses_what_cannot_be(client: TestClient) -> None:
    """Words and bounds are told by the field's own name."""
    text = settled_page(client, "/simulate?years=2&paths=20&market=sectors")
    assert "Verdict" in text
    assert "yearly" in text
    answer = client.get("/simulate?years=x&paths=99999999&ordinary_pct=nan")
    assert answer.status_code == 422
    assert answer.text.count("<li><strong>") == 3


def test_a_folder_with_a_book_shows_its_households(tmp_path: Path, secrets: Secrets, client: TestClient) -> None:
    """Sorted as asked, with a link to every plan; a folder without one says how to make it."""
    assert "keeps no book" in client.get("/book").text
    shutil.copytree(EXAMPLE, tmp_path / "book" / "a & b")
    plan_book(open_book(tmp_path / "book"), open_book_store(tmp_path / "book", create=True), workers=1)
    with TestClient(create_app(Desk(tmp_path / "book"), secrets), base_url=ORIGIN) as other:
        other.cookies.set(secrets.cookie, secrets.session)
        text = other.get("/book?sort=tax&number=7").text
        assert "/book/plan?household=a%20%26%20b" in text
        assert "segments are outside" in other.get("/book/plan?household=a%20%26%20b").text
        assert other.get("/book/plan?household=nobody").status_code == 404
        rows = other.get("/api/book?sort=tax").json()
        assert (rows["count"], rows["households"][0]["household"], rows["households"][0]["status"]) == (1, "a & b", "planned")
        plan = other.get("/api/book/plan", params={"household": "a & b"}).json()
        assert round(plan["tax"]["with_plan"]["total"], 2) == rows["households"][0]["tax_with"]
        assert other.get("/api/book/plan?household=nobody").status_code == 404


def test_a_draft_is_kept_in_the_file_if_nobody_else_was_faster(
    tmp_path: Path, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page's own button, and a program's `If-Match`; a stale page writes nothing. Before the files are read the first page
    says so and does not wait."""
    folder = shutil.copytree(EXAMPLE, tmp_path / "household")
    token = {"authorization": f"Bearer {secrets.token}"}
    with TestClient(create_app(Desk(folder), secrets), base_url=ORIGIN, headers=token) as client:
        with monkeypatch.context() as hurried:
            hurried.setattr("optimizer.web.view.PATIENCE_SECONDS", 0.0)
            assert "Reading the household" in client.get("/").text
        text = client.post("/plan", data={"form": secrets.form, "max_turnover": "400000"}).text
        seen = re.findall(r'name="seen" value="(\w{64})"', text)[0]
        stale = client.post("/draft/save", data={"form": secrets.form, "seen": "0" * 64})
        assert (stale.status_code, "changed meanwhile" in stale.text) == (422, True)
        kept = client.post("/draft/save", data={"form": secrets.form, "seen": seen})
        assert "household.toml says now: wishes" in kept.text
        assert "max_turnover = 400000" in (folder / "household.toml").read_text("utf-8")
        assert "against your files" not in client.get("/plan").text
        draft = client.get("/api/household")
        document = {**draft.json(), "levers": ["income"]}
        assert client.put("/api/draft", json=document).status_code == 200
        assert client.post("/api/draft/save", headers={"if-match": '"x"'}).status_code == 422
        answer = client.post("/api/draft/save", headers={"if-match": draft.headers["etag"]})
        assert answer.json() == {"written": ["levers"], "left": [], "before": "household.toml.before-wishes-2"}
