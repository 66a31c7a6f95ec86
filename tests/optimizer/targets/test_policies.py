"""What every policy must keep to, and what each one promises."""

from dataclasses import replace

import numpy as np
import pytest

from optimizer.errors import InputFaults
from optimizer.market.prices import PriceHistory
from optimizer.market.risk import covariance, shrunk_correlation
from optimizer.targets.fixed import Equal
from optimizer.targets.following import following
from optimizer.targets.policy import Known, Months, Policy, PolicyFailure, inside_classes, targets_through
from optimizer.targets.registry import policy_names, policy_of
from optimizer.targets.risk_weights import equal_risk_by_cluster, filled, minimum_variance, risk_parity
from tests.optimizer.targets.histories import french_industries, invented, month_ends, with_market

OPTIONS: dict[str, dict[str, object]] = {
    "custom": {"parts": {f"s{k}": 1 + k for k in range(6)}},
    "trend": {"floor": 0.02, "cap": 0.3},
    **{name: {"months": 36} for name in ("inverse-volatility", "risk-parity", "minimum-variance", "cluster-risk")},
}
EVERY = [*policy_names(), *(f"{name} anew every month" for name in ("risk-parity", "minimum-variance"))]


def every_policy(name: str) -> Policy:
    """A policy by its name, over six segments."""
    plain = name.removesuffix(" anew every month")
    options = OPTIONS.get(plain, {}) | ({"estimate": "month"} if plain != name else {})
    return policy_of(plain, options)


@pytest.mark.parametrize("name", EVERY)
def test_no_policy_sees_tomorrow(name: str) -> None:
    """Whatever happens to prices and market weights after a date, the targets up to it are the same to the last bit."""
    months = with_market(invented(1))
    policy, dates = every_policy(name), months.history.dates[60:]
    days, weights = targets_through(policy, months, dates)
    rng = np.random.default_rng(2)
    for cut in (75, 96, 97, 128):
        other = months.history.adjusted.copy()
        other[cut:] *= rng.uniform(0.2, 5, other[cut:].shape)
        market = months.market.copy()
        market[cut:] = rng.dirichlet(np.ones(6), len(market) - cut)
        changed = Months.of(PriceHistory.of_adjusted(months.history.dates, months.segments, other), market)
        others = targets_through(policy, changed, dates)[1]
        before = days < months.history.dates[cut]
        np.testing.assert_array_equal(others[before], weights[before])
        ended = Months.of(months.history.upto(months.history.dates[cut - 1]), months.market[:cut])
        np.testing.assert_array_equal(targets_through(policy, ended, days[before])[1], weights[before])


@pytest.mark.parametrize("name", EVERY)
def test_prices_in_another_unit_change_no_target(name: str) -> None:
    """Cents for dollars, or one fund's shares split ten for one, are the same market."""
    months = with_market(invented(3))
    units = np.array([100, 0.1, 1, 7, 1e-3, 1e4])
    scaled = PriceHistory.of_adjusted(months.history.dates, months.segments, months.history.adjusted * units)
    policy, dates = every_policy(name), months.history.dates[60:]
    expected = targets_through(policy, months, dates)[1]
    np.testing.assert_allclose(targets_through(policy, Months.of(scaled, months.market), dates)[1], expected, atol=2e-6)


@pytest.mark.parametrize("name", EVERY)
def test_weights_add_up_and_nobody_owns_what_has_no_price(name: str) -> None:
    """On every date of two histories: none below zero, a sum of one, nothing for a segment that is not listed yet."""
    for seed in (4, 5):
        months = with_market(invented(seed))
        _, weights = targets_through(every_policy(name), months, months.history.dates[40:])
        assert weights.min() >= 0
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-12)
        listed = np.isfinite(months.history.adjusted[-len(weights) :])
        assert not weights[~listed].any()
        assert len(weights) == 90


@pytest.mark.parametrize("name", EVERY)
def test_the_split_between_classes_is_the_investors(name: str) -> None:
    """Inside each class a policy may do what it will; a class keeps its share to the last bit of rounding."""
    stocks, bonds = with_market(invented(6)), with_market(invented(7))
    shares = {"stocks": 0.62, "bonds": 0.38}
    for day in stocks.history.dates[70::20]:
        inside = {
            "stocks": dict(zip(stocks.segments, targets_through(every_policy(name), stocks, [day])[1][0], strict=True)),
            "bonds": {
                f"b-{s}": w for s, w in zip(bonds.segments, targets_through(every_policy(name), bonds, [day])[1][0], strict=True)
            },
        }
        whole = inside_classes(shares, inside)
        assert sum(w for s, w in whole.items() if s.startswith("b-")) == pytest.approx(0.38, abs=1e-12)
        assert sum(w for s, w in whole.items() if not s.startswith("b-")) == pytest.approx(0.62, abs=1e-12)


def random_covariance(seed: int, count: int) -> np.ndarray:
    """A covariance with common factors, some loadings below zero."""
    rng = np.random.default_rng(seed)
    loadings = rng.normal(0.5, 0.7, (count, 3))
    spread = rng.uniform(0.02, 0.5, count)
    raw = loadings @ loadings.T + np.diag(rng.uniform(0.05, 1, count))
    scale = spread / np.sqrt(np.diag(raw))
    return raw * np.outer(scale, scale)


@pytest.mark.parametrize("count", [1, 2, 11, 80])
def test_risk_parity_meets_its_condition(count: int) -> None:
    """Every segment's w (Σw) is its budget of the variance, whatever the signs of the correlations."""
    for seed in range(6):
        cov = random_covariance(seed, count)
        budgets = np.random.default_rng(seed).dirichlet(np.full(count, 3.0))
        for budget in (np.full(count, 1 / count), budgets):
            w = risk_parity(cov, budget)
            np.testing.assert_allclose(w * (cov @ w) / (w @ cov @ w), budget, rtol=1e-5)
            assert w.min() > 0


def test_risk_parity_without_correlation_is_one_over_volatility() -> None:
    """The closed form: volatilities of 10, 20 and 40 % get 4/7, 2/7 and 1/7."""
    np.testing.assert_allclose(risk_parity(np.diag([0.01, 0.04, 0.16])), [4 / 7, 2 / 7, 1 / 7], rtol=1e-9)


@pytest.mark.parametrize("count", [2, 11, 80])
def test_minimum_variance_meets_its_conditions(count: int) -> None:
    """On the support every (Σw) is the variance, off it no less: no small exchange lowers the variance."""
    for seed in range(6):
        cov = random_covariance(seed, count)
        w = minimum_variance(cov)
        variance, slope = w @ cov @ w, cov @ w
        np.testing.assert_allclose(slope[w > 0], variance, rtol=1e-8)
        assert slope.min() >= variance * (1 - 1e-8)
        assert w.min() == 0 or (w > 0).all()


def test_a_crowd_of_copies_counts_as_one_bet() -> None:
    """Three near copies and two that stand alone, equal volatility: a third for the crowd in risk, a third for each other."""
    correlation = np.eye(5)
    correlation[:3, :3] = 0.97
    np.fill_diagonal(correlation, 1)
    w = equal_risk_by_cluster(0.04 * correlation, correlation, 0.8)
    risk = w * (correlation @ w)
    np.testing.assert_allclose(risk / risk.sum(), [1 / 9, 1 / 9, 1 / 9, 1 / 3, 1 / 3], rtol=1e-5)


def test_shrinking_agrees_with_the_sums_it_is_short_for() -> None:
    """The one-line form of the noise against the definition, a loop over months and outer products."""
    returns = np.random.default_rng(8).normal(0, 0.05, (24, 9)) * np.arange(1, 10)
    x = (returns - returns.mean(axis=0)) / returns.std(axis=0)
    sample = x.T @ x / 24
    noise = sum(((np.outer(row, row) - sample) ** 2).sum() for row in x) / 24**2
    expected = min(1.0, noise / ((sample - np.eye(9)) ** 2).sum())
    correlation, pull = shrunk_correlation(returns)
    assert pull == pytest.approx(expected, rel=1e-9)
    np.testing.assert_allclose(correlation, (1 - expected) * sample + expected * np.eye(9), atol=1e-12)
    assert np.linalg.eigvalsh(covariance(np.random.default_rng(9).normal(0, 1, (20, 60)))).min() > 0


def test_the_trend_gives_to_those_above_their_average_and_keeps_floor_and_cap() -> None:
    """Four segments, one falling: 2 % for it and 32.7 % for each other; with a cap of 30 % the rest goes back to it."""
    rises = np.array([1.02, 1.01, 1.005, 0.97])
    prices = 100 * rises ** np.arange(24)[:, None]
    months = Months.of(PriceHistory.of_adjusted(month_ends(24), "abcd", prices))
    known = months.known_at(months.history.last)
    np.testing.assert_allclose(policy_of("trend", {"floor": 0.02}).weights(known, None), [0.98 / 3] * 3 + [0.02])
    np.testing.assert_allclose(policy_of("trend", {"floor": 0.02, "cap": 0.3}).weights(known, None), [0.3, 0.3, 0.3, 0.1])
    np.testing.assert_allclose(policy_of("trend", {"cap": 0.2}).weights(known, None), [0.25] * 4)
    falling = replace(known, prices=known.prices[::-1])
    np.testing.assert_allclose(policy_of("trend").weights(falling, None), [0, 0, 0, 1])
    np.testing.assert_allclose(filled(np.array([1.0, 1, 0]), np.array([0.3, 0.9, 0.9])), [0.3, 0.7, 0])


def test_the_ten_months_of_the_average_count_the_date_itself() -> None:
    """At the edge: nine months of 100 and a last price of 100.01 are above their average, 99.99 below."""
    for last, above in ((100.01, True), (99.99, False)):
        prices = np.full((12, 2), 100.0)
        prices[:2, 0], prices[-1, 0] = 1e6, last  # what is older than ten months must not count
        prices[:, 1] = 100 + np.arange(12) * (-1 if above else 1)
        months = Months.of(PriceHistory.of_adjusted(month_ends(12), "ab", prices))
        weights = policy_of("trend").weights(months.known_at(months.history.last), None)
        np.testing.assert_allclose(weights, [1, 0] if above else [0, 1])


def test_a_newcomer_gets_the_floor_until_it_can_be_judged() -> None:
    """Nine months of a rising price are no trend of ten; the tenth is."""
    prices = np.column_stack([100 * 1.01 ** np.arange(14), 100 * 0.99 ** np.arange(14), 50 * 1.05 ** np.arange(14)])
    for known, share in ((9, 0.05), (10, 0.475)):
        listed = prices.copy()
        listed[: 14 - known, 2] = np.nan
        months = Months.of(PriceHistory.of_adjusted(month_ends(14), "abc", listed))
        weights = policy_of("trend", {"floor": 0.05}).weights(months.known_at(months.history.last), None)
        assert weights[2] == pytest.approx(share)
        assert weights[1] == pytest.approx(0.05)


def test_equal_weights_feed_a_dying_segment_and_the_trend_stops() -> None:
    """One of five loses a tenth every month for ten years. Kept at a fifth it swallows money without end."""
    rng = np.random.default_rng(10)
    returns = rng.normal(0.006, 0.02, (180, 5))
    returns[60:, 0] = -0.10
    history = PriceHistory.of_adjusted(month_ends(180), "abcde", 100 * np.cumprod(1 + returns, axis=0))
    months = Months.of(history)

    def poured(policy: Policy) -> float:
        """Dollars put into the dying segment from its first fall on, of a portfolio of one dollar kept at its targets."""
        _, weights = targets_through(policy, months, history.dates[60:])
        grown = history.adjusted[61:] / history.adjusted[60:-1]
        value, spent = 1.0, 0.0
        for k in range(len(grown)):
            held = value * weights[k] * grown[k]
            value = held.sum()
            spent += max(0.0, value * weights[k + 1, 0] - held[0])
        return spent

    equal, trend = poured(Equal()), poured(policy_of("trend"))
    assert equal > 0.9, "nine tenths of the portfolio, month after month"
    assert trend < equal / 50


def test_targets_equal_to_the_market_never_call_for_a_trade_and_the_guard_says_so() -> None:
    """Market weights follow all of the drift; equal weights none; a mixture of half and half about half."""
    months = with_market(invented(12, segments=5, months=120))
    dates = months.history.dates[61:]
    prices = months.history.adjusted[61:]
    measured = {}
    for name in ("market", "equal", "shrunk-market", "slow-market"):
        _, weights = targets_through(policy_of(name), months, dates)
        measured[name] = following(weights, prices)
    assert measured["market"].followed == pytest.approx(1, abs=1e-9)
    assert measured["market"].traded == pytest.approx(0, abs=1e-9)
    assert "100 % of the drift" in measured["market"].verdict
    assert "is not rebalanced" in measured["market"].verdict
    assert (measured["equal"].followed, measured["equal"].traded) == pytest.approx((0, 1), abs=1e-9)
    assert "follow 0 % of the drift and call for 100 % as much trading" in measured["equal"].verdict
    assert 0.3 < measured["shrunk-market"].followed < 0.8
    assert -0.1 < measured["slow-market"].followed < 0.2


def test_on_real_industries_targets_follow_what_their_rule_says() -> None:
    """Twelve US industries over a century: the market's own weights follow their drift but for issues and listings."""
    history, market = french_industries()
    months = Months.of(history, np.vstack([market[1:], market[-1:]]))  # weights apply to the month that begins
    dates = history.dates[120:-1]
    prices = history.adjusted[120:-1]
    found = {}
    for name in ("market", "equal", "trend", "risk-parity", "slow-market"):
        days, weights = targets_through(policy_of(name), months, dates)
        assert len(days) == len(dates)
        found[name] = following(weights, prices).followed
    assert found["market"] > 0.9
    assert found["equal"] == pytest.approx(0, abs=1e-9)
    assert abs(found["risk-parity"]) < 0.1
    assert abs(found["slow-market"]) < 0.1


class Greedy(Policy):
    """A policy of somebody's own that gives more than there is."""

    def weights(self, known: Known, previous: np.ndarray | None) -> np.ndarray:
        """Twice the class."""
        return np.full(len(known.segments), 2 / len(known.segments))


def test_weights_that_are_none_are_refused() -> None:
    """A mistake in somebody's own policy is told with its name and date, and nothing is planned with it."""
    months = with_market(invented(13))
    with pytest.raises(PolicyFailure, match="Greedy returned weights on 2010-10-31 that are below zero or do not add up"):
        targets_through(Greedy(), months, [months.history.last])


def test_a_policy_needs_as_many_months_as_it_says() -> None:
    """Before that there is no target rather than a guess."""
    months = with_market(invented(14))
    days, _ = targets_through(policy_of("risk-parity", {"months": 36}), months, months.history.dates)
    assert days[0] == months.history.dates[36]
    days, _ = targets_through(policy_of("trend"), months, months.history.dates)
    assert days[0] == months.history.dates[9]


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("trendy", {}, "unknown policy 'trendy'; expected one of equal, custom"),
        ("trend", {"mnths": 10}, "unknown option 'mnths' of trend; expected one of months, floor_pct, cap_pct"),
        ("trend", {"months": 0}, "months = 0; expected greater than or equal to 2"),
        ("shrunk-market", {"market_part": 50}, "market_part = 50; expected less than or equal to 1"),
        ("trend", {"months": "ten"}, "months = 'ten'; expected a valid integer"),
    ],
)
def test_an_option_nobody_knows_is_told(name: str, options: dict[str, object], words: str) -> None:
    """A misspelt option would silently leave the default in place."""
    with pytest.raises(InputFaults) as caught:
        policy_of(name, options)
    assert words in str(caught.value)
