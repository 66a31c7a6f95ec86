"""Windows of the system's Chromium on a planner of their own; tests that ask for them skip with a word where there is none."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from optimizer.web.app import create_app
from optimizer.web.desk import Desk
from optimizer.web.guard import Secrets, hosts_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def planner(folder: Path) -> Iterator[str]:
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
def address(folder: Path) -> Iterator[str]:
    """A planner for all windows."""
    with planner(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium."""
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed; pip install 'bandwise[test]'")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    with sync.sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


@pytest.fixture
def at(browser: "Browser", address: str) -> Iterator["Opener"]:
    """Opens the planner in windows of its own."""
    opener = Opener(browser, address)
    yield opener
    opener.close()


class Opener:
    """Windows on the planner; whatever a page reports as an error is kept, and so is every address outside."""

    def __init__(self, browser: "Browser", address: str) -> None:
        self.browser, self.address = browser, address
        self.home = address.partition("/?")[0]
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []

    def open(self, width: int, scheme: str = "light", script: bool = True) -> "Page":
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

    def settled(self, page: "Page", path: str) -> None:
        """Go to a page and wait until its answer is there."""
        page.goto(self.home + path)
        page.wait_for_selector("main h1:not(#doing)")

    def close(self) -> None:
        """Close every window."""
        for context in self.contexts:
            context.close()
