"""Nobody but the person at this machine is answered, and nobody else's page can act in their name."""

import re
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from optimizer.web.guard import MOST_BYTES, Secrets
from optimizer.web.pages import ROUTERS
from tests.optimizer.web.conftest import ORIGIN

FORM = {"content-type": "application/x-www-form-urlencoded"}


def forms() -> list[str]:
    """Every address that takes a form, with ids filled in."""
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    posts = [route.path for route in routes if "POST" in route.methods]
    return [re.sub(r"\{\w+\}", "x", path) for path in posts]


def test_only_the_printed_address_opens_a_session(client: TestClient, secrets: Secrets) -> None:
    """Other programs and other users of the machine can reach the port, too."""
    client.cookies.clear()
    assert client.get("/").status_code == 403
    assert client.get("/", params={"token": "guess"}).status_code == 403
    opened = client.get("/", params={"token": secrets.token})
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    cookie = opened.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert secrets.token not in opened.headers["set-cookie"]
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("host", ["evil.example:8765", "127.0.0.1:80", "127.0.0.1", "127.0.0.1:8765.evil.example", ""])
def test_a_foreign_name_for_this_machine_is_refused(client: TestClient, host: str) -> None:
    """A name of another site may come to point here (DNS rebinding); its page would then read everything."""
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8765", "http://127.0.0.1:1"])
def test_a_foreign_page_cannot_act(client: TestClient, secrets: Secrets, origin: str) -> None:
    """A page of another site can send a form here with the browser's cookies (CSRF)."""
    answer = client.post("/draft/drop", data={"form": secrets.form}, headers={"origin": origin})
    assert answer.status_code == 403


def test_a_change_says_where_it_comes_from(client: TestClient, secrets: Secrets) -> None:
    """Without an origin nobody knows whose request it is; with a foreign fetch site everybody does."""
    foreign = {"sec-fetch-site": "cross-site"}
    assert client.post("/draft/drop", data={"form": secrets.form}, headers=foreign).status_code == 403
    del client.headers["origin"]
    assert client.post("/draft/drop", data={"form": secrets.form}).status_code == 403


def test_every_form_needs_the_secret_of_our_pages(client: TestClient) -> None:
    """One form that forgot would do for an attacker who got past the origin."""
    paths = forms()
    assert len(paths) > 3
    for path in paths:
        answer = client.post(path, data={"form": "0" * 64})
        assert answer.status_code == 422, path
        assert "another start" in answer.text, path


def test_the_json_needs_a_secret_for_every_change(client: TestClient, secrets: Secrets) -> None:
    """The cookie alone changes nothing; a program brings the token and no cookie."""
    changes = [
        (path, method)
        for path, operations in client.app.openapi()["paths"].items()  # type: ignore[attr-defined]
        for method in operations
        if method != "get"
    ]
    assert changes
    for path, method in changes:
        place = re.sub(r"\{\w+\}", "x", path)
        assert client.request(method, place, json={}).status_code in (403, 422), path
        assert client.request(method, place, content=b"", headers=FORM).status_code in (403, 422), path
    assert client.delete("/api/draft").status_code == 403
    client.cookies.clear()
    token = {"authorization": f"Bearer {secrets.token}"}
    assert client.delete("/api/draft", headers=token).status_code == 204
    assert client.delete("/api/draft", headers={"authorization": "Bearer x"}).status_code == 403


def test_every_answer_forbids_framing_foreign_scripts_and_keeping(client: TestClient) -> None:
    """What a page may do is said on refusals as well."""
    for path in ("/", "/plan", "/nothing", "/static/planner.js", "/api/plan"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    assert client.get("/plan").headers["cache-control"] == "no-store"
    assert client.get("/plan", headers={"host": "evil.example"}).headers["x-frame-options"] == "DENY"


def test_no_page_has_a_script_or_an_address_of_its_own(client: TestClient) -> None:
    """Scripts come from this machine; data in a page are no script."""
    for path in ("/", "/plan", "/targets", "/lots", "/files"):
        text = client.get(path).text
        for tag in re.findall(r"<script[^>]*>", text):
            assert 'src="/static/' in tag or 'type="application/json"' in tag, (path, tag)
        assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", text), path


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2f..%2fapp.py",
        "/static/../app.py",
        "/files/..%2f..%2fhousehold.toml",
        "/files/household.toml",
        "/%2e%2e/etc/passwd",
    ],
)
def test_no_address_leads_out_of_what_is_offered(client: TestClient, path: str) -> None:
    """Names are looked up in a list and never joined to a folder."""
    assert client.get(path).status_code == 404


def test_a_body_past_the_limit_is_refused(client: TestClient, secrets: Secrets) -> None:
    """Declared or not, what is larger than any household is not read to its end."""
    assert client.post("/plan", content=b"x" * (MOST_BYTES + 1), headers=FORM).status_code == 413

    def endless() -> object:
        for _ in range(MOST_BYTES // 100_000 + 2):
            yield b"x" * 100_000

    assert client.post("/plan", content=endless(), headers=FORM).status_code == 413  # type: ignore[arg-type]


def test_odd_methods_are_refused(client: TestClient) -> None:
    """Nothing here answers them, and a preflight of another page learns nothing."""
    for method in ("OPTIONS", "TRACE", "PATCH"):
        assert client.request(method, "/plan").status_code == 405
    assert client.request("OPTIONS", "/api/plan", headers={"origin": ORIGIN}).headers.get("access-control-allow-origin") is None


HOSTILE = ("../../etc/passwd", "\x00", "²", "9" * 5000, "1e999", "<script>alert(1)</script>", "//evil.example", "{{ 7*7 }}")


@pytest.mark.parametrize("value", HOSTILE)
def test_no_word_in_an_address_or_a_form_is_more_than_a_word(client: TestClient, secrets: Secrets, value: str) -> None:
    """No fault of the program, no way to another site, nothing that runs, whatever stands where a name was expected."""
    names = ("account", "symbol", "fate", "sort", "page", "action", "left", "right", "against", "number", "told", "shape", "lot")
    fields = dict.fromkeys(("wish", "name", "back", "limit", "seen", "new-amount", "lower:technology", "symbol", "as_of"), value)
    pages = ("/", "/lots", "/plan/trades", "/compare", "/book", "/book/plan?household=", "/files/trades.csv", "/lots/why")
    answers = [client.get(path, params=dict.fromkeys(names, value)) for path in pages]
    answers += [client.get(path + quote(value, safe="")) for path in ("/files/", "/static/", "/statements/", "/api/jobs/")]
    answers += [client.post(path, data={"form": secrets.form, **fields}) for path in forms()]
    for answer in answers:
        assert answer.status_code < 500, answer.url
        assert "evil" not in answer.headers.get("location", "")
        assert "<script>alert" not in answer.text
        assert "Traceback" not in answer.text
