"""How smooth the planner stays as a household grows: every page at 150, 1,500 and 5,000 lots, from a real server.

Run with ``python -m tests.bench.planner_speed``; ``--browser`` adds what Chromium measures. Each household is the example with
its lots divided, written as files, and served by ``bandwise serve`` in a process of its own, in the order of the table. *First*
is until something was there: the page, or the word that its answer is on its way, which can be cancelled; *answer* is until the
answer was there; *again* is the least of five requests more. The first line of a size begins when the server says its address.
Seconds belong to the machine and its load; ratios of *again* are against 150 lots.
"""

import argparse
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from optimizer.household import read_household
from tests.bench.test_plan_speed import grown

EXAMPLE = Path(__file__).parents[2] / "examples" / "year_end"
SIZES = (150, 1_500, 5_000)
PAGES = (
    "/",
    "/plan",
    "/lots",
    "/lots?sort=gain&fate=traded",
    "/targets",
    "/plan/trades?sort=gain",
    "/compare",
    "/files",
    "/files/trades.csv",
    "/plan/levers",
    "/frontier",
    "/year-end",
    "/files/report.html",
    "/files/plan.xlsx",
    "/api/plan",
    "/api/lots",
)
SERVE = "from optimizer.cli import main; import sys; sys.exit(main())"


@dataclass(frozen=True)
class Seen:
    """One request: how long until something was there and until the answer was, in seconds, and how large it is."""

    first: float
    answer: float
    size: int
    status: int


def written(folder: Path, n_lots: int) -> Path:
    """The example's files with so many lots."""
    place = Path(shutil.copytree(EXAMPLE, folder / f"lots_{n_lots}"))
    problem = grown(read_household(EXAMPLE), n_lots)
    with (place / "lots.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["account", "symbol", "acquired", "quantity", "cost_basis"])
        for lot in problem.lots:
            basis = "" if lot.cost_basis is None else lot.cost_basis
            rows.writerow([lot.account, lot.symbol, lot.acquired or "", lot.shares, basis])
    return place


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """A server in a process of its own: its address and the token."""
    command = [sys.executable, "-c", SERVE, "serve", str(folder), "--port", "0", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        found = None
        while found is None and process.stdout is not None:
            found = re.search(r"(http://\S+?)/\?token=(\S+)", process.stdout.readline())
        assert found is not None
        yield found[1], found[2]
    finally:
        process.terminate()
        process.wait(timeout=20)


def asked(home: str, token: str, path: str) -> Seen:
    """Ask for a page until its answer is there."""
    begun, first = time.perf_counter(), 0.0
    while True:
        request = Request(home + path, headers={"Authorization": f"Bearer {token}"})
        try:
            with urlopen(request) as answer:
                text, status = answer.read(), answer.status
        except HTTPError as error:
            text, status = error.read(), error.code
        now = time.perf_counter() - begun
        first = first or now
        if b"data-job=" not in text:
            return Seen(first, now, len(text), status)
        time.sleep(0.05)


def table(sizes: tuple[int, ...]) -> None:
    """Print a row a page and size."""
    base: dict[str, float] = {}
    print(f"{'page':30} {'lots':>6} {'first':>8} {'answer':>8} {'again':>8} {'ratio':>6} {'kB':>7}")
    with tempfile.TemporaryDirectory() as place:
        folders = {size: written(Path(place), size) for size in sizes}
        for size in sizes:
            with served(folders[size]) as (home, token):
                for path in PAGES:
                    seen = asked(home, token, path)
                    again = min(asked(home, token, path).answer for _ in range(5))
                    ratio = again / base.setdefault(path, again)
                    note = "" if seen.status == 200 else f"  status {seen.status}"
                    figures = f"{seen.first:8.3f} {seen.answer:8.3f} {again:8.4f} {ratio:6.1f} {seen.size / 1000:7.0f}"
                    print(f"{path:30} {size:6,} {figures}{note}", flush=True)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def browser_table(sizes: tuple[int, ...]) -> None:
    """Print what Chromium measures of a page's first view, in milliseconds since it was asked for."""
    from playwright.sync_api import sync_playwright

    print(f"{'page':30} {'lots':>6} {'first paint':>12} {'content read':>13} {'drawn':>8}   milliseconds")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for size in sizes:
            with served(written(Path(place), size)) as (home, token):
                page = opened.new_page(viewport={"width": 1440, "height": 900})
                page.goto(f"{home}/?token={token}")
                for path in ("/", "/lots", "/plan", "/plan/trades"):
                    page.goto(home + path)
                    page.wait_for_selector("main h1:not(#doing)")
                    page.goto(home + path, wait_until="load")
                    page.wait_for_function("[...document.querySelectorAll('[data-figure]')].every((each) => each.data)")
                    drawn = page.evaluate("performance.now()")
                    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN")
                    read = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
                    print(f"{path:30} {size:6,} {paint:12.0f} {read:13.0f} {drawn:8.0f}", flush=True)
                page.close()
        opened.close()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default=",".join(str(each) for each in SIZES))
    options.add_argument("--browser", action="store_true")
    chosen = options.parse_args()
    asked_sizes = tuple(int(each) for each in chosen.sizes.split(","))
    table(asked_sizes)
    if chosen.browser:
        browser_table(asked_sizes)
