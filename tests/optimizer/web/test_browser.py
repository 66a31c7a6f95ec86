"""A person's journey in the system's Chromium: wide and narrow, dark and light, with the keyboard alone, without script.

Skipped where there is no Chromium; on Debian: apt-get install chromium.
"""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from optimizer.web.app import create_app
from optimizer.web.desk import Desk
from optimizer.web.guard import Secrets, hosts_of

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed; pip install 'bandwise[test]'")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed; on Debian: apt-get install chromium")
PAGES = ("/", "/statements", "/lots", "/targets", "/plan", "/compare", "/frontier", "/year-end", "/simulate", "/book", "/files")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A planner that a browser can reach, by the address that opens it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        secrets = Secrets(hosts_of(port))
        server = uvicorn.Server(uvicorn.Config(create_app(Desk(folder), secrets), log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/?token={secrets.token}"
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    """Chromium."""
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


@pytest.fixture
def at(browser: "playwright.Browser", address: str) -> Iterator["Opener"]:
    """Opens the planner in windows of its own."""
    opener = Opener(browser, address)
    yield opener
    opener.close()


class Opener:
    """Windows on the planner; whatever a page reports as an error is kept, and so is every address outside."""

    def __init__(self, browser: "playwright.Browser", address: str) -> None:
        self.browser, self.address = browser, address
        self.home = address.partition("/?")[0]
        self.complaints: list[str] = []
        self.contexts: list[playwright.BrowserContext] = []

    def open(self, width: int, scheme: str = "light", script: bool = True) -> "playwright.Page":
        """A window with the session."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(90_000)
        page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: self.note(asked.url))
        page.goto(self.address)
        return page

    def note(self, url: str) -> None:
        """Keep an address that is not this planner's."""
        if not url.startswith((self.home, "data:", "blob:")):
            self.complaints.append(url)

    def settled(self, page: "playwright.Page", path: str) -> None:
        """Go to a page and wait until its answer is there."""
        page.goto(self.home + path)
        page.wait_for_selector("main h1:not(#doing)")

    def close(self) -> None:
        """Close every window."""
        for context in self.contexts:
            context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (375, "dark")])
def test_every_page_fits_and_passes_the_audit(at: Opener, width: int, scheme: str) -> None:
    """No sideways scrolling, no complaint of the browser, nothing from outside, and nothing that axe-core objects to."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = at.open(width, scheme)
    found = []
    for path in PAGES:
        at.settled(page, path)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            found.append(f"{path} is {wider} pixels wider than the window")
        for each in axe.run(page).response["violations"]:
            found.append(f"{path}: {each['id']}: {each['help']}: {each['nodes'][0]['html'][:160]}")
    assert found == []
    assert at.complaints == []


def test_a_limit_changes_the_plan_in_place_and_the_figures_are_drawn(at: Opener) -> None:
    """The number is typed, the sentences follow, and the field keeps what was typed."""
    page = at.open(1440)
    at.settled(page, "/plan")
    page.wait_for_selector(".plot .main-svg")
    page.wait_for_selector("#levers-here section")
    page.fill("[name=max_turnover]", "400000")
    page.keyboard.press("Tab")
    page.wait_for_selector("text=1 change against your files")
    assert page.input_value("[name=max_turnover]") == "400000"
    page.fill("[name=max_turnover]", "many")
    page.keyboard.press("Tab")
    page.wait_for_selector("#told:has-text('a number such as')")
    page.click("summary:has-text('against your files')")
    page.click("text=Go back to the files")
    page.wait_for_selector("#told:has-text('The draft is gone')")
    assert [each for each in at.complaints if "422" not in each] == []


def test_a_slider_moves_a_band_with_the_keyboard_alone(at: Opener) -> None:
    """Focus, arrow, and the plan is another."""
    page = at.open(375)
    at.settled(page, "/targets")
    slider = page.get_by_label("technology: To, per cent, slider")
    slider.focus()
    before = page.input_value("[name='upper:technology']")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("text=1 change against your files")
    assert page.input_value("[name='upper:technology']") != before
    at.settled(page, "/")
    page.click("summary:has-text('against your files')")
    page.click("text=Go back to the files")


def test_the_journey_without_script_and_without_a_mouse(at: Opener) -> None:
    """Forms are forms: keep the first lot, see what that costs, take it back, read why, and go to the next page of lots."""
    page = at.open(375, script=False)
    at.settled(page, "/lots")
    page.keyboard.press("Tab")
    assert page.locator("a.skip:focus").count() == 1
    keep = page.get_by_role("button", name="Keep lot").first
    keep.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=What your wishes cost")
    back = page.get_by_role("button", name="Take back").first
    back.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main h1")
    assert page.get_by_text("What your wishes cost").count() == 0
    page.get_by_role("link", name="Next").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=page 2 of 3")
