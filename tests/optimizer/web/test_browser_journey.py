"""The whole journey in the system's Chromium: draw, drop, click, cancel, compare, and take the files along.

Skipped where there is no Chromium; on Debian: apt-get install chromium.
"""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.optimizer.web.windows import Opener, planner

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOTS = "account,symbol,acquired,quantity,cost_basis\\njoint,VTI,2024-03-04,10,4000\\n"
DROP = """
(place) => {
  const data = new DataTransfer();
  data.items.add(new File(["%s"], "lots.csv", { type: "text/csv" }));
  place.dispatchEvent(new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true }));
  place.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}
"""


def back_to_the_files(at: Opener, page: "Page") -> None:
    """Leave no draft behind for the next test."""
    at.settled(page, "/")
    if page.locator("details.draft").count():
        page.click("summary:has-text('against your files')")
        page.click("text=Go back to the files")
        page.wait_for_selector("#told:has-text('The draft is gone')")


@pytest.mark.parametrize("width", [1440, 375])
def test_the_point_of_the_frontier_is_drawn_along_and_planned(at: Opener, width: int) -> None:
    """Press on one point, draw to another, plan at it; the arrow keys do the same without a mouse."""
    page = at.open(width)
    at.settled(page, "/frontier")
    page.wait_for_selector("[data-figure=figure-frontier] .points path.chosen")
    points = page.locator("[data-figure=figure-frontier] .scatterlayer .trace").first.locator(".points path")
    points.nth(6).scroll_into_view_if_needed()
    centres = []
    for place in (6, 2):
        box = points.nth(place).bounding_box()
        assert box is not None
        centres.append((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    page.mouse.move(*centres[0])
    page.mouse.down()
    assert page.input_value("#pick") == "6"
    page.mouse.move(*centres[1], steps=8)
    page.mouse.up()
    assert page.input_value("#pick") == "2"
    page.mouse.move(*centres[0])
    assert page.input_value("#pick") == "2"
    page.focus("#pick")
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-point]:visible").get_attribute("aria-label") == "Point 4 of 11"
    page.get_by_role("button", name="Plan at point 4").press("Enter")
    page.wait_for_selector("summary:has-text('against your files')")
    assert page.url.endswith("/plan")
    back_to_the_files(at, page)
    assert at.complaints == []


def test_a_statement_is_dropped_understood_and_kept(at: Opener, folder: Path, tmp_path: Path) -> None:
    """The file is dropped on its place, the page says what it holds, and only then it is kept."""
    with planner(Path(shutil.copytree(folder, tmp_path / "household"))) as address:
        at.home, at.address = address.partition("/?")[0], address
        page = at.open(1440)
        at.settled(page, "/statements")
        page.locator(".drop").evaluate(DROP % LOTS)
        page.wait_for_selector("#told:has-text('1 chosen')")
        page.get_by_role("button", name="See what is in them").press("Enter")
        page.wait_for_selector("h1:has-text('What was understood')")
        assert page.get_by_text("1 event new").count() == 1
        page.get_by_role("button", name="Keep nothing").press("Enter")
        page.wait_for_selector("h1:has-text('Load statements')")
        page.set_input_files("#files", {"name": "bad.csv", "mimeType": "text/csv", "buffer": b"account,symbol\nx\n"})
        page.get_by_role("button", name="See what is in them").click()
        page.wait_for_selector("text=Nothing of any of the files was kept")
    assert [each for each in at.complaints if "422" not in each] == []


def test_a_simulation_shows_how_far_it_is_and_can_be_cancelled(at: Opener) -> None:
    """The bar moves, the button ends it, and a small one comes to a verdict."""
    page = at.open(375)
    at.settled(page, "/simulate")
    page.fill("[name=years]", "30")
    page.fill("[name=paths]", "2000")
    page.get_by_role("button", name="Simulate").press("Enter")
    page.wait_for_selector("progress[value]", timeout=60_000)
    first = page.locator("progress").evaluate("(bar) => bar.value / bar.max")
    page.wait_for_function(
        "(least) => document.querySelector('progress').value / document.querySelector('progress').max > least", arg=first
    )
    page.get_by_role("button", name="Cancel").press("Enter")
    page.wait_for_selector("#told:has-text('Cancelled')")
    at.settled(page, "/simulate?years=2&paths=10")
    page.wait_for_selector("h2:has-text('Verdict')")
    assert at.complaints == []


def test_a_lot_is_kept_with_a_click_and_the_page_says_what_that_costs(at: Opener) -> None:
    """The wish is a click, its cost a sentence, and a second click takes it back."""
    page = at.open(1440)
    at.settled(page, "/lots?fate=traded&sort=loss")
    page.get_by_role("button", name="Keep lot").first.click()
    page.wait_for_selector("text=/is kept: it costs/")
    page.get_by_role("link", name="Why: lot").first.click()
    page.wait_for_selector("h2:has-text('Why')")
    at.settled(page, "/lots")
    page.get_by_role("button", name="Take back").first.click()
    page.wait_for_selector("text=/is kept: it costs/", state="detached")
    assert at.complaints == []


def test_two_plans_both_years_and_the_files_to_take_along(at: Opener) -> None:
    """A draft is named, compared, and gone; January may have the bands; every file is a download with a name."""
    page = at.open(1440, "dark")
    at.settled(page, "/plan")
    page.fill("[name=max_turnover]", "300000")
    page.keyboard.press("Tab")
    page.wait_for_selector("summary:has-text('1 change against your files')")
    at.settled(page, "/compare")
    page.fill("[name=name]", "less trading")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.wait_for_selector("h2:has-text('Kept drafts')")
    page.select_option("[name=right]", "less trading")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_selector("text=Most bought and sold together: none → $300,000")
    page.get_by_role("button", name="Remove less trading").click()
    back_to_the_files(at, page)
    at.settled(page, "/year-end")
    page.select_option("[name=bands_by]", "january")
    page.get_by_role("button", name="Plan again").click()
    page.wait_for_selector("select[name=bands_by] option[value=january][selected]", state="attached")
    assert page.get_by_role("heading", name="In January: trade on").count() == 1
    back_to_the_files(at, page)
    at.settled(page, "/files")
    for name in ("report.html", "plan.xlsx", "trades.csv", "letter.html", "plan.json", "problem.json"):
        with page.expect_download() as coming:
            page.get_by_role("link", name=name, exact=True).click()
        assert coming.value.suggested_filename == f"year-end-{name}"
        assert coming.value.path().stat().st_size > 200
    assert at.complaints == []


def test_a_long_search_is_cancelled_from_the_page_that_waits_for_it(at: Opener, folder: Path, tmp_path: Path) -> None:
    """Both years of a household with many lots take longer than a page's patience; cancelling is at once."""
    from tests.bench.planner_speed import written

    with planner(written(tmp_path, 3_000)) as address:
        at.home, at.address = address.partition("/?")[0], address
        page = at.open(1440)
        page.goto(at.home + "/year-end")
        page.wait_for_selector("section.waiting")
        page.get_by_role("button", name="Cancel").click()
        page.wait_for_selector("#told:has-text('Cancelled')", timeout=5_000)
        page.goto(at.home + "/statements")
        page.wait_for_selector("h1:has-text('Load statements')")
