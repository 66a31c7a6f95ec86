"""Every band kind at its edges, a basis point to either side, in floats and in exact decimals."""

from decimal import Decimal

import numpy as np
import pytest

from optimizer.targets.bands import BandRule, standing

BASIS_POINT = Decimal("0.0001")
TARGETS = ("0.10", "0.30", "0.60")
VOLATILITIES = ("0.20", "0.10", "0.30")

# Worked by hand. Mean volatility weighted by target: 0.1·0.2 + 0.3·0.1 + 0.6·0.3 = 0.23.
WORKED = [
    (BandRule.even("relative", "0.2"), ("0.08", "0.24", "0.48"), ("0.12", "0.36", "0.72")),
    (BandRule.even("absolute", "0.05"), ("0.05", "0.25", "0.55"), ("0.15", "0.35", "0.65")),
    (BandRule("5/25"), ("0.075", "0.25", "0.55"), ("0.125", "0.35", "0.65")),
    (BandRule.even("floored", "0.1", floor=Decimal("0.02")), ("0.08", "0.27", "0.54"), ("0.12", "0.33", "0.66")),
    (BandRule("relative", Decimal("0.1"), Decimal("0.5")), ("0.09", "0.27", "0.54"), ("0.15", "0.45", "0.90")),
    (BandRule("absolute", Decimal("0.2"), Decimal("0.5")), ("0", "0.1", "0.4"), ("0.6", "0.8", "1")),
    (
        BandRule.even("volatility", "0.23"),
        ("0.08", "0.27", "0.42"),
        ("0.12", "0.33", "0.78"),
    ),
    (BandRule("none"), ("0", "0", "0"), ("1", "1", "1")),
]


def exact(texts: tuple[str, ...]) -> np.ndarray:
    """Decimals in an array."""
    return np.array([Decimal(text) for text in texts], dtype=object)


@pytest.mark.parametrize(("rule", "lower", "upper"), WORKED, ids=lambda value: getattr(value, "kind", None))
def test_edges_are_those_worked_by_hand(rule: BandRule, lower: tuple[str, ...], upper: tuple[str, ...]) -> None:
    """A target of 10 % with a band of a fifth is out below 8 % and above 12 %; the other kinds likewise."""
    low, high = rule.edges(exact(TARGETS), exact(VOLATILITIES))
    assert [round(each, 15) for each in low] == [Decimal(text) for text in lower]
    assert [round(each, 15) for each in high] == [Decimal(text) for text in upper]


@pytest.mark.parametrize("rule", [rule for rule, _, _ in WORKED[:-1]], ids=lambda rule: rule.kind)
def test_a_basis_point_past_an_edge_is_outside_and_the_edge_is_not(rule: BandRule) -> None:
    """The edge belongs to the band."""
    low, high = rule.edges(exact(TARGETS), exact(VOLATILITIES))
    for edge, step, side in ((low, BASIS_POINT, -1), (high, -BASIS_POINT, 1)):
        free = [place for place, each in enumerate(edge) if 0 < each < 1]
        assert standing(edge, low, high)[free].tolist() == [0] * len(free)
        assert standing(edge + step, low, high)[free].tolist() == [0] * len(free)
        assert standing(edge - step, low, high)[free].tolist() == [side] * len(free)


@pytest.mark.parametrize("rule", [rule for rule, _, _ in WORKED], ids=lambda rule: rule.kind)
def test_floats_and_decimals_agree_over_many_portfolios_at_once(rule: BandRule) -> None:
    """One arithmetic for the household and for the simulator: rows of portfolios give rows of edges."""
    rng = np.random.default_rng(5)
    targets = np.round(rng.dirichlet(np.ones(7), size=20), 6)
    volatilities = np.round(rng.uniform(0.05, 0.4, 7), 6)
    low, high = rule.edges(targets, volatilities)
    assert low.shape == targets.shape
    for row, at in zip(targets, range(20), strict=True):
        a, b = rule.edges(exact(tuple(map(str, row))), exact(tuple(map(str, volatilities))))
        np.testing.assert_allclose(low[at], a.astype(float), atol=1e-14)
        np.testing.assert_allclose(high[at], b.astype(float), atol=1e-14)


@pytest.mark.parametrize(
    ("stop", "lower", "upper"),
    [("0", "0.10", "0.10"), ("0.5", "0.09", "0.115"), ("1", "0.08", "0.13"), ("0.25", "0.095", "0.1075")],
)
def test_destinations_lie_between_target_and_edge(stop: str, lower: str, upper: str) -> None:
    """Target, half-way, edge or any part of the way; each side by its own width."""
    rule = BandRule("relative", Decimal("0.2"), Decimal("0.3"), destination=Decimal(stop))
    target = exact(("0.10",))
    assert [each[0] for each in rule.destinations(target, *rule.edges(target))] == [Decimal(lower), Decimal(upper)]


@pytest.mark.parametrize("kind", ["relative", "5/25", "floored", "volatility"])
def test_relative_kinds_scale_with_small_targets(kind: str) -> None:
    """Halving every target halves the bands, so that slicing finer does not make bands vanish or swallow."""
    rule = BandRule(kind, Decimal("0.2"), Decimal("0.2"))  # type: ignore[arg-type]
    targets, volatilities = np.array([0.04, 0.08, 0.10]), np.array([0.1, 0.2, 0.3])
    low, high = rule.edges(targets, volatilities)
    half_low, half_high = rule.edges(targets / 2, volatilities)
    np.testing.assert_allclose([half_low, half_high], [low / 2, high / 2])


def test_a_volatility_band_needs_volatilities() -> None:
    """A width that silently fell back to another kind would never be noticed."""
    with pytest.raises(ValueError, match="volatilities"):
        BandRule("volatility").edges(np.array([0.5, 0.5]))
