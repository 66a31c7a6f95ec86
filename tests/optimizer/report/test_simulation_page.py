"""The page of a simulation: every picture is in the file, and no address and no text from outside gets through."""

import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from optimizer.report.html.simulation import simulation_page
from optimizer.simulate.answer import Question, answer
from optimizer.simulate.document import Simulation
from optimizer.simulate.markets import made_up_sectors
from optimizer.simulate.named_policies import named_policy
from optimizer.simulate.setup import Setup, flat_rates


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    market = replace(made_up_sectors(2, 3), names=("<b>bold</b>", "two", "three"))
    setup = Setup(rates=flat_rates(Decimal("0.24"), Decimal("0.15")))
    policies = (named_policy("yearly"), named_policy("bands-edge"))
    return answer(Question(market, policies, setup, n_years=2, n_paths=10, wants_grid=True))


def test_every_picture_is_in_the_file_and_nothing_is_loaded(simulation: Simulation) -> None:
    """Growth, lead, premium, drift, ladder, tax and grid; the policy of the page forbids any address."""
    page = simulation_page(simulation)
    names = re.findall(r'id="figure-(\w+)"', page)
    assert names == ["growth", "lead", "premium", "drift", "ladder", "tax", "grid"]
    assert all(sentence.split(":")[0] in page for sentence in simulation.verdict[:1])
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r'(src|href)="https?:', re.sub(r"(?s)<script>.*?</script>", "", page))
    for figure in re.findall(r'<script type="application/json" id="figure-\w+">(.*?)</script>', page):
        assert json.loads(figure)["data"]


def test_a_name_from_a_file_is_text_and_never_a_tag(simulation: Simulation) -> None:
    """A segment that calls itself a tag is shown as it is written."""
    assert "<b>bold" not in simulation_page(simulation)


def test_a_page_without_series_grid_or_bands_still_stands(simulation: Simulation) -> None:
    """A household's simulation has no picture of one path."""
    bare = simulation.model_copy(update={"series": (), "grid": (), "bands": (), "days": (), "ladder": ()})
    assert re.findall(r'id="figure-(\w+)"', simulation_page(bare)) == ["premium"]
