"""A person's journey in the system's Chromium: wide and narrow, dark and light, with the keyboard alone, without script.

Skipped where there is no Chromium; on Debian: apt-get install chromium.
"""

import pytest

from tests.optimizer.web.windows import Opener

PAGES = (
    "/",
    "/statements",
    "/lots",
    "/targets",
    "/plan",
    "/plan/trades",
    "/compare",
    "/frontier",
    "/year-end",
    "/simulate",
    "/book",
    "/files",
)


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
