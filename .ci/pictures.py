"""Take the pictures of examples/pictures: the planner and the report of the example, as Chromium shows them.

Run with `python .ci/pictures.py`; it needs playwright, Pillow and the system's Chromium. `--all DIR` takes every page at both
widths, light and dark, to be looked at and not kept. Pictures are cut at a height that a README can show and reduced to the
colours they have, so that all of them together stay small.
"""

import argparse
import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE, TARGET = ROOT / "examples" / "year_end", ROOT / "examples" / "pictures"
SERVE = "from optimizer.cli import main; import sys; sys.exit(main())"
COLOURS = 64
PAGES = (
    *("/", "/statements", "/lots", "/targets", "/plan", "/plan/trades", "/plan/prices", "/compare", "/frontier", "/year-end"),
    *("/simulate?years=3&paths=20", "/book", "/files"),
)


@dataclass(frozen=True)
class Picture:
    """One picture: its name, what is shown, how wide the window is, and how much of its height is kept, in pixels."""

    name: str
    path: str
    width: int = 1440
    height: int = 1000
    scheme: str = "light"
    part: str = ""
    """What is scrolled to the top, as a selector."""


PICTURES = (
    Picture("planner-plan", "/plan"),
    Picture("planner-targets", "/targets", height=900),
    Picture("planner-lots", "/lots?fate=traded", height=800),
    Picture("planner-frontier-dark", "/frontier", height=900, scheme="dark"),
    Picture("planner-year-end", "/year-end", height=900),
    Picture("planner-plan-phone", "/plan", width=375, height=1000, scheme="dark", part="#result"),
    Picture("report", "/files/report.html"),
    Picture("report-levers", "/files/report.html", part="section[aria-labelledby=levers]"),
)


@contextmanager
def served() -> Iterator[tuple[str, str]]:
    """The planner on a copy of the example: its address without and with the token."""
    with tempfile.TemporaryDirectory() as place:
        folder = shutil.copytree(EXAMPLE, Path(place) / EXAMPLE.name)
        command = [sys.executable, "-c", SERVE, "serve", str(folder), "--port", "0", "--no-browser"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            found = re.search(r"(http://\S+?)/\?token=\S+", process.stdout.readline())
            assert found is not None
            try:
                yield found[1], found[0]
            finally:
                process.terminate()


def opened(browser: Browser, address: str, width: int, height: int, scheme: str) -> Page:
    """A window with the session."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    return page


def drawn(page: Page, home: str, path: str) -> None:
    """Go to a page and wait until its answer and its figures are there; a file to take along is opened as one."""
    if path.startswith("/files/"):
        with page.expect_download() as coming:
            page.evaluate("(place) => { location.href = place; }", home + path)
        with tempfile.TemporaryDirectory() as place:
            kept = Path(place) / "report.html"
            coming.value.save_as(kept)
            page.goto(kept.as_uri())
    else:
        page.goto(home + path)
    page.wait_for_selector("main h1:not(#doing), h1", timeout=120_000)
    page.wait_for_selector(".waiting", state="detached", timeout=120_000)
    page.wait_for_function("[...document.querySelectorAll('[data-figure]')].every((each) => each.querySelector('.main-svg'))")
    page.wait_for_timeout(400)


def compact(picture: bytes) -> bytes:
    """The same picture with as many colours as its page has."""
    small = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    kept = io.BytesIO()
    small.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def keep_pictures() -> None:
    """Write the pictures of this page's list and say how large they are."""
    TARGET.mkdir(exist_ok=True)
    total = 0
    with served() as (home, address), sync_playwright() as driver:
        browser = launched(driver)
        for each in PICTURES:
            page = opened(browser, address, each.width, each.height, each.scheme)
            drawn(page, home, each.path)
            if each.part:
                page.locator(each.part).first.evaluate("(part) => part.scrollIntoView({block: 'start'})")
                page.wait_for_timeout(200)
            picture = compact(page.screenshot())
            (TARGET / f"{each.name}.png").write_bytes(picture)
            total += len(picture)
            print(f"{each.name}: {len(picture) / 1000:.0f} kB")
            page.context.close()
        browser.close()
    print(f"together {total / 1000:.0f} kB")


def take_all(place: Path) -> None:
    """Every page at both widths, light and dark, whole."""
    place.mkdir(parents=True, exist_ok=True)
    with served() as (home, address), sync_playwright() as driver:
        browser = launched(driver)
        for width, scheme in ((1440, "light"), (375, "light"), (1440, "dark"), (375, "dark")):
            page = opened(browser, address, width, 900, scheme)
            for path in PAGES:
                drawn(page, home, path)
                name = re.sub(r"\W+", "-", path).strip("-") or "overview"
                page.screenshot(path=place / f"{name}-{width}-{scheme}.png", full_page=True)
            page.context.close()
        browser.close()


def launched(driver: object) -> Browser:
    """The system's Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])  # type: ignore[attr-defined]


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="Take the pictures of the planner and the report.")
    options.add_argument("--all", type=Path, metavar="DIR", help="take every page into a folder, to be looked at")
    chosen = options.parse_args().all
    take_all(chosen) if chosen else keep_pictures()
