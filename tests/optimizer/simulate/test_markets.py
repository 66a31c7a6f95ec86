"""Simulated markets: what their dials do to the premium, and that a bootstrap draws whole months of its history."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from optimizer.market.prices import PriceHistory
from optimizer.simulate.comparison import Contender, drawn_chunks, run_chunks, window_chunks
from optimizer.simulate.history import even_yields, history_of
from optimizer.simulate.markets import Bootstrap, Lognormal, Regime, made_up_sectors, stationary_blocks
from optimizer.simulate.measures import figures_of, theory
from optimizer.simulate.named_policies import named_policy
from optimizer.simulate.policies import HOLD
from optimizer.simulate.setup import Setup
from optimizer.simulate.single import run_single

SHARED = Path(__file__).parents[3].parent / "shared" / "data"


def premium(market: Lognormal) -> float:
    """Median rebalancing return of ten years before tax, basis points a year."""
    paths, policy = market.paths(0, 40, 120), named_policy("bands-target")
    growth = [figures_of(run_single(paths, each, Setup()), paths, 120).before for each in (policy, HOLD)]
    return float(np.median(growth[0] - growth[1])) * 1e4


def test_rebalancing_earns_when_leads_are_taken_back_and_loses_when_they_last() -> None:
    """The dials pull the way everybody says, on the same random numbers."""
    base = made_up_sectors(6, 6)
    plain = premium(base)
    assert premium(replace(base, mean_reversion=0.5)) > plain + 10
    assert premium(replace(base, momentum=0.4)) < plain
    assert premium(replace(base, growth=tuple(np.linspace(0.16, 0.0, 6)))) < plain - 10


def test_volatility_and_correlation_are_those_asked_for_and_a_second_regime_is_wilder() -> None:
    """Sixty years of ten paths have the moments that the words state."""
    base = replace(made_up_sectors(6, 4), yields=even_yields(4, 0.0, 0.0, 0.0))
    logs = np.log1p(base.paths(0, 10, 720).price)
    assert logs.std(axis=(0, 1)).mean() * 12**0.5 == pytest.approx(0.19, rel=0.03)
    each = [np.corrcoef(path.T)[np.triu_indices(4, 1)].mean() for path in logs]
    assert np.mean(each) == pytest.approx(0.55, abs=0.03)
    wild = replace(base, regime=Regime(enter=0.05))
    assert np.log1p(wild.paths(0, 10, 720).price).std() > logs.std() * 1.1
    in_theory = np.median(theory(base.paths(0, 10, 720), np.full((1, 4), 0.25), 720))
    assert in_theory == pytest.approx(0.19**2 / 2 * 0.75 * (1 - 0.55), rel=0.08)


def test_a_bootstrap_draws_whole_months_in_blocks() -> None:
    """Every month of a drawn path is one of the history, all assets together, and most follow their own predecessor."""
    history = made_up_sectors(3, 3).paths(0, 1, 90)
    drawn = Bootstrap(history, 12, 5, "a history").paths(0, 4, 240)
    known = {tuple(row): place for place, row in enumerate(history.price[0])}
    places = np.array([[known[tuple(row)] for row in path] for path in drawn.price])
    follows = (np.diff(places, axis=1) % 90 == 1).mean()
    assert follows == pytest.approx(11 / 12, abs=0.03)
    random = np.random.default_rng(1)
    assert len(np.unique(stationary_blocks(random, 50, 5000, 4.0))) == 50


def test_a_run_that_is_stopped_keeps_the_paths_that_are_done() -> None:
    """The keyboard interrupts after the first chunk; the figures are of its paths and say so."""

    def stop(done: int, total: int) -> None:
        assert total == 2
        raise KeyboardInterrupt

    work = drawn_chunks(made_up_sectors(1, 3), 80, (12,))
    measured = run_chunks(work, (Contender(HOLD, Setup()),), progress=stop)
    assert measured.was_stopped
    assert measured.done == 50
    assert len(measured.figures["hold"][12].before) == 50


def test_nine_sector_funds_with_their_dividends() -> None:
    """Real closes and dividends since 1998: the paths grow as the adjusted closes do, and the two premiums are far apart."""
    files = SHARED / "etf_close_and_adjclose_daily_1998_2025.parquet", SHARED / "etf_dividends_derived_1998_2025.csv"
    if not all(file.exists() for file in files):
        pytest.skip("the real series lie beside the project only where it is developed")
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    table, paid = pandas.read_parquet(files[0]), pandas.read_csv(files[1], parse_dates=["ex_date"])
    funds = ("XLB", "XLE", "XLF", "XLI", "XLK", "XLP", "XLU", "XLV", "XLY")
    close, adjusted = (table.pivot(index="date", columns="ticker", values=name)[[*funds]] for name in ("close", "adjclose"))
    close, adjusted = close.dropna(), adjusted.dropna()
    dividend = paid.pivot_table(index="ex_date", columns="ticker", values="dividend").reindex(close.index)[[*funds]].fillna(0.0)
    days = close.index.to_numpy().astype("datetime64[D]")
    prices = PriceHistory(days, funds, *(each.to_numpy(dtype=float).copy() for each in (adjusted, close, dividend)))
    history = history_of(prices, funds, None, even_yields(9, 0.0, 0.0, 0.0), True, "nine sector funds")
    paths = history.paths
    years = paths.n_steps / 12
    grown = (1 + paths.total()[0]).prod(axis=0) ** (1 / years)
    monthly = adjusted[adjusted.index <= str(paths.clock.days[-1])]
    stated = (monthly.iloc[-1] / monthly[monthly.index <= str(paths.clock.days[0])].iloc[-1]).to_numpy() ** (1 / years)
    assert grown == pytest.approx(stated, abs=0.001)
    contenders = tuple(Contender(named_policy(word), Setup()) for word in ("hold", "bands-edge"))
    measured = run_chunks(window_chunks(history, (120,), (3, 6, 9, 12)), contenders)
    edge, hold = (measured.figures[name][120].before for name in ("bands-edge", "hold"))
    over_hold, over_average = (float(np.median(edge - each)) * 1e4 for each in (hold, measured.segment[120]))
    assert 0 < over_hold < 40
    assert over_average > over_hold + 20
