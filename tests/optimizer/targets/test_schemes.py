"""The schemes that are shipped, and how a slicing is judged."""

import re

import numpy as np
import pytest

from optimizer.errors import InputFaults
from optimizer.market.prices import PriceHistory
from optimizer.market.risk import clusters, effective_bets, rebalancing_bonus
from optimizer.targets.scheme import read_scheme, scheme_names
from optimizer.targets.score import Candidate, score
from tests.optimizer.targets.histories import french_industries, month_ends


@pytest.mark.parametrize("name", scheme_names())
def test_every_segment_has_two_cheap_funds_that_can_stand_in_for_each_other(name: str) -> None:
    """Without a second index a loss cannot be harvested, and a dear fund eats what rebalancing earns."""
    scheme = read_scheme(name)
    for part in scheme.segments.values():
        first = part.funds[0]
        assert part.stand_ins(first.ticker), f"{part.name} has one index only"
        assert all(other.index != first.index for other in part.funds if other.ticker in part.stand_ins(first.ticker))
        assert min(fund.expense_pct for fund in part.funds) <= 1
        assert all(fund.sponsor and fund.index for fund in part.funds)
    assert scheme.source
    assert scheme.as_of


def test_a_ticker_says_the_same_wherever_it_stands() -> None:
    """One fund with two indexes or two costs would be right in one scheme at most; in one scheme it stands once."""
    told: dict[str, tuple[str, str, str]] = {}
    for name in scheme_names():
        funds = [fund for part in read_scheme(name).segments.values() for fund in part.funds]
        assert len({fund.ticker for fund in funds}) == len(funds)
        for fund in funds:
            said = (fund.sponsor, fund.index, str(fund.expense_pct))
            assert told.setdefault(fund.ticker, said) == said


def test_the_sectors_are_eleven_and_their_market_weights_add_up() -> None:
    """Rounded figures may miss a hundred by a little, not by a sector."""
    sectors = read_scheme("us-sectors").segments
    assert len(sectors) == 11
    assert 99 < sum(part.market_pct or 0 for part in sectors.values()) < 101
    with pytest.raises(InputFaults, match="no scheme 'sectors'; expected one of bond-issuer"):
        read_scheme("sectors")


def test_the_bonus_is_half_the_variance_that_diversifies_away() -> None:
    """Two independent slices of 20 %, half each: ½ (0.04 − 0.02) = 1 % a year; two copies of one earn nothing."""
    rng = np.random.default_rng(1)
    month = 0.2 / np.sqrt(12)
    apart = rng.normal(0, month, (60_000, 2))
    half = np.array([0.5, 0.5])
    found = rebalancing_bonus(half, apart)
    assert found.value == pytest.approx(0.01, rel=0.02)
    assert abs(found.value - 0.01) < 3 * found.error
    copies = np.column_stack([apart[:, 0], apart[:, 0]])
    assert rebalancing_bonus(half, copies).value == pytest.approx(0, abs=1e-15)
    cov = np.cov(apart.T) * 12
    assert found.value == pytest.approx((half @ np.diag(cov) - half @ cov @ half) / 2, rel=1e-12)


def test_the_error_of_the_bonus_agrees_with_drawing_blocks_of_a_year_anew() -> None:
    """The second opinion: a circular block bootstrap of the same months."""
    rng = np.random.default_rng(2)
    returns = rng.standard_t(5, (240, 6)) * 0.04 + rng.normal(0.005, 0.03, (240, 1))
    weights = np.full(6, 1 / 6)
    drawn = []
    for _ in range(400):
        starts = rng.integers(0, 240, 20)
        rows = (starts[:, None] + np.arange(12)).ravel() % 240
        drawn.append(rebalancing_bonus(weights, returns[rows]).value)
    assert rebalancing_bonus(weights, returns).error == pytest.approx(np.std(drawn), rel=0.25)


def test_effective_bets_count_what_is_apart() -> None:
    """Four independent slices of equal risk are four bets, four copies are one, two pairs of copies are two."""
    quarter = np.full(4, 0.25)
    pairs = np.kron(np.eye(2), np.ones((2, 2)))
    assert effective_bets(quarter, 0.04 * np.eye(4)) == pytest.approx(4)
    assert effective_bets(quarter, 0.04 * np.ones((4, 4))) == pytest.approx(1)
    assert effective_bets(quarter, 0.04 * pairs) == pytest.approx(2)
    assert clusters(pairs, 0.8).tolist() == [0, 0, 1, 1]


def test_what_moves_in_lockstep_is_said_in_words() -> None:
    """A and B are one bet under two names; C is another. The month C is missing in does not count."""
    rng = np.random.default_rng(3)
    own = rng.normal(0, 0.05, (80, 3))
    own[:, 1] = own[:, 0] + rng.normal(0, 0.009, 80)
    prices = 100 * np.cumprod(1 + own, axis=0)
    prices[:10, 2] = np.nan
    history = PriceHistory.of_adjusted(month_ends(80), ["A", "B", "C"], prices)
    named = [Candidate(s.lower(), f"slice {s}", {s: 0.001}) for s in "ABC"]
    found = score([*named, Candidate("d", "slice D", {"D": 0.001})], history)
    words = " ".join(found.words())
    assert [pair[:2] for pair in found.lockstep] == [("slice A", "slice B")]
    assert re.search(r"slice A and slice B move in lockstep \((0.9\d|1.00)\): between them there is little to rebalance\.", words)
    assert "Not measured, for want of prices: slice D." in words
    assert found.bonus.months == 69
    assert found.expense == pytest.approx(0.001)
    assert found.labels[0] == found.labels[1] != found.labels[2]
    with pytest.raises(InputFaults, match="prices of 1 of the segments"):
        score([named[0], Candidate("d", "slice D", {"D": None})], history)


def test_real_industries_pay_a_bonus_and_real_numbers_hang_together() -> None:
    """Twelve US industries since 1990: the bonus lies between half a per cent and two, well away from zero."""
    history = french_industries()[0].since(np.datetime64("1990-01-01"))
    found = score([Candidate(s, s, {s: None}) for s in history.symbols], history)
    low, high = found.bonus.band
    assert 0.005 < low < found.bonus.value < high < 0.02
    assert 1 < found.bets < 12
    assert sorted(found.order) == list(range(12))
