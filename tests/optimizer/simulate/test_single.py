"""The single account: closed forms, conserved money, lots that the ledger finds again, years the tax code agrees with."""

from decimal import Decimal

import numpy as np
import pytest

from lots.accounts import Account, AccountKind
from lots.ledger import Book, fold
from lots.lot import Term
from lots.tax.flat import FlatRates, gains_tax
from lots.tax.netting import net_gains
from lots.units import ZERO
from optimizer.problem import Lever
from optimizer.simulate.markets import Lognormal, made_up_sectors
from optimizer.simulate.outcome import Outcome
from optimizer.simulate.paths import Paths, Yields
from optimizer.simulate.policies import HOLD, Policy
from optimizer.simulate.recorder import ACCOUNT, Recorder
from optimizer.simulate.setup import Setup, flat_rates
from optimizer.simulate.single import run_single
from optimizer.simulate.year_tax import Rates, carried, tax_on_gains
from optimizer.targets.bands import BandRule

RATES = flat_rates(Decimal("0.24"), Decimal("0.15"))
BANDS = Policy("bands", band=BandRule(), moves_all=True)
EDGE = Policy("edge", band=BandRule())
YEARLY = Policy("yearly", look_every=12)


def two_assets(correlation: float, volatility: float, n_months: int, n_paths: int = 1, growth: float = 0.06) -> Paths:
    """Two assets of equal growth and volatility without dividends."""
    nothing = Yields((0.0, 0.0), (0.0, 0.0), (0.0, 0.0))
    market = Lognormal(("one", "two"), (growth,) * 2, (volatility,) * 2, correlation, 11, nothing)
    return market.paths(0, n_paths, n_months)


def growth_of(outcome: Outcome) -> np.ndarray:
    """Log growth a month, before tax."""
    return np.log(outcome.gross).mean(axis=1)


def test_the_rebalanced_growth_rate_is_that_of_theory() -> None:
    """Rebalanced every month, growth is the weighted growth of the parts plus half of weighted less portfolio variance."""
    paths = two_assets(0.0, 0.2, 12 * 400)
    steady = run_single(paths, Policy("monthly"), Setup())
    log_returns = np.log1p(paths.price[0])
    variance = np.cov(log_returns.T, bias=True)
    theory = log_returns.mean() + (np.trace(variance) / 2 - variance.mean()) / 2
    exact = np.log1p(paths.price[0].mean(axis=1)).mean()
    assert growth_of(steady)[0] == pytest.approx(exact, abs=1e-8)
    assert growth_of(steady)[0] * 12 == pytest.approx(theory * 12, abs=2e-5)


@pytest.mark.parametrize("correlation_volatility", [(1.0, 0.19), (0.5, 0.0)], ids=["identical segments", "no volatility"])
@pytest.mark.parametrize("policy", [BANDS, EDGE, YEARLY], ids=lambda policy: policy.name)
def test_there_is_no_premium_where_nothing_drifts(policy: Policy, correlation_volatility: tuple[float, float]) -> None:
    """Nothing to sell dear and buy cheap: exactly zero, not nearly."""
    paths = two_assets(*correlation_volatility, 120, n_paths=3)
    taxed = Setup(rates=RATES)
    assert np.array_equal(run_single(paths, policy, taxed).value, run_single(paths, HOLD, taxed).value)


@pytest.mark.parametrize("rates", [None, RATES], ids=["sheltered", "taxable"])
def test_without_levers_and_bands_it_is_buy_and_hold_exactly(rates: Rates | None) -> None:
    """One account, no dividends, no flows: every segment grows alone and nothing is sold."""
    paths = two_assets(0.3, 0.2, 240, n_paths=5)
    outcome = run_single(paths, HOLD, Setup(rates=rates))
    expected = 500_000 * np.cumprod(1 + paths.price, axis=1).sum(axis=2)
    assert outcome.value[:, 1:] == pytest.approx(expected, abs=0.01)
    never = Policy("wide", band=BandRule("none"))
    assert np.array_equal(run_single(paths, never, Setup(rates=rates)).value, outcome.value)


def _everything(levers: frozenset[Lever] = frozenset(Lever)) -> Setup:
    return Setup(
        rates=RATES,
        half_spread=0.0003,
        contribution=12_000,
        withdrawal=30_000,
        donation=4_000,
        levers=levers,
    )


@pytest.mark.parametrize("levers", [frozenset(), frozenset(Lever)], ids=["no lever", "all levers"])
@pytest.mark.parametrize("policy", [HOLD, BANDS, EDGE, YEARLY], ids=lambda policy: policy.name)
def test_money_is_conserved_on_every_path(policy: Policy, levers: frozenset[Lever]) -> None:
    """What is there at the end is the start, what the market made of it and what came in, less costs and what went out."""
    paths = made_up_sectors(3, 5).paths(0, 20, 60)
    outcome = run_single(paths, policy, _everything(levers))
    made = (outcome.gross * outcome.value[:, :-1] - outcome.value[:, :-1] + outcome.spread).sum(axis=1)
    given = 4_000 * 5
    known = 12_000 * 5 - 30_000 * 5 - given
    expected = 1_000_000 + made - outcome.spread.sum(axis=1) + known - outcome.tax_paid.sum(axis=1)
    assert outcome.value[:, -1] == pytest.approx(expected, abs=1.0)  # a gift in shares is rounded up to a millionth of a share
    assert (outcome.value > 0).all()


def _replayed(policy: Policy, setup: Setup, path: int) -> tuple[Outcome, Book]:
    paths = made_up_sectors(5, 6).paths(0, 4, 120)
    recorder = Recorder(path, paths.clock.days, paths.names)
    outcome = run_single(paths, policy, setup, recorder=recorder)
    return outcome, fold(recorder.events, [Account(ACCOUNT, AccountKind.TAXABLE)])


@pytest.mark.parametrize("policy", [BANDS, EDGE, HOLD], ids=lambda policy: policy.name)
@pytest.mark.parametrize("path", [0, 3])
def test_the_ledger_finds_the_same_lots_to_the_cent(policy: Policy, path: int) -> None:
    """Every trade of a path folded again in exact decimals: the same cash, lots and gains, and no wash sale anywhere."""
    setup = _everything()
    paths = made_up_sectors(5, 6).paths(0, 4, 120)
    recorder = Recorder(path, paths.clock.days, paths.names)
    outcome = run_single(paths, policy, setup, recorder=recorder)
    book = fold(recorder.events, [Account(ACCOUNT, AccountKind.TAXABLE)])
    assert not book.wash_matches
    prices = dict(zip(paths.names, 100 * np.cumprod(1 + paths.price[path], axis=0)[-1], strict=True))
    worth = sum(float(lot.shares) * prices[lot.symbol.rstrip("′")] for lot in book.open_lots.values())
    assert worth + float(book.cash[ACCOUNT]) == pytest.approx(outcome.value[path, -1], abs=0.01)
    unrealised = worth - float(sum(lot.cost_basis for lot in book.open_lots.values()))
    assert unrealised == pytest.approx(outcome.ends[120].unrealised[path], abs=0.01)


@pytest.mark.parametrize("policy", [BANDS, EDGE, HOLD], ids=lambda policy: policy.name)
def test_every_year_is_taxed_as_the_tax_code_taxes_it(policy: Policy) -> None:
    """Ten years of one path: disposals and dividends from the ledger, netted and carried by the law's own functions."""
    setup = _everything()
    outcome, book = _replayed(policy, setup, 1)
    rates = FlatRates(Decimal("0.24"), Decimal("0.15"), Decimal("0.24"))
    limit = Decimal(RATES.loss_limit)
    carried_short = carried_long = ZERO
    for (_, by_path), year in zip(outcome.year_tax, range(2027, 2037), strict=True):
        sold = book.taxable_disposals(year)
        short = sum((each.gain for each in sold if each.term is Term.SHORT), ZERO) - carried_short
        long = sum((each.gain for each in sold if each.term is Term.LONG), ZERO) - carried_long
        netting = net_gains(short, long, limit)
        carried_short, carried_long = netting.short_carryover, netting.long_carryover
        dividends = sum((each.amount for each in book.incomes if each.date.year == year), ZERO)
        given = sum((each.fair_market_value for each in book.donations if each.donated.year == year), ZERO)
        in_cash = max(ZERO, Decimal(4000) - given)
        tax = gains_tax(netting, rates) + rates.long_term * dividends - rates.deduction * (given + in_cash)
        assert by_path[1] == pytest.approx(float(tax), abs=0.01)


def test_the_netting_on_arrays_is_that_of_the_tax_code() -> None:
    """Ten thousand pairs of gains, exact zeros and the limit itself among them."""
    random = np.random.default_rng(0)
    short, long = (np.round(random.normal(0, 5000, 10_000), 2) for _ in range(2))
    short[::7], long[::11] = 0.0, -RATES.loss_limit
    tax, (left_short, left_long) = tax_on_gains(short, long, RATES), carried(short, long, RATES.loss_limit)
    rates = FlatRates(Decimal("0.24"), Decimal("0.15"), ZERO)
    for n in range(0, 10_000, 5):
        netting = net_gains(Decimal(repr(float(short[n]))), Decimal(repr(float(long[n]))), Decimal(RATES.loss_limit))
        assert float(gains_tax(netting, rates)) == pytest.approx(tax[n], abs=1e-6)
        assert float(netting.short_carryover) == pytest.approx(left_short[n], abs=1e-6)
        assert float(netting.long_carryover) == pytest.approx(left_long[n], abs=1e-6)


def test_the_same_seed_gives_the_same_bytes_however_the_paths_are_shared_out() -> None:
    """Two halves run alone come to the whole run at once; another seed does not."""
    market, setup = made_up_sectors(7, 4), Setup(rates=RATES, levers=frozenset(Lever))
    whole = run_single(market.paths(0, 6, 60), BANDS, setup).value
    halves = [run_single(market.paths(first, 3, 60), BANDS, setup).value for first in (0, 3)]
    assert np.concatenate(halves).tobytes() == whole.tobytes()
    assert run_single(made_up_sectors(8, 4).paths(0, 6, 60), BANDS, setup).value.tobytes() != whole.tobytes()
