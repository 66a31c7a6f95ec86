"""The options of `bandwise simulate` as a question to the simulator; what cannot be is told all at once."""

import os
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import numpy as np

from optimizer.errors import Fault, InputFaults
from optimizer.market.price_files import read_prices
from optimizer.problem import Lever
from optimizer.simulate.answer import Question
from optimizer.simulate.history import History, even_yields, history_of, industries
from optimizer.simulate.markets import Bootstrap, Lognormal, Market, Regime, made_up_sectors
from optimizer.simulate.named_policies import USUAL, named_policy
from optimizer.simulate.policies import Policy
from optimizer.simulate.setup import Setup, flat_rates

INDUSTRY_YIELD, SECTOR_YIELD = 3.0, 1.5
"""Dividends assumed in per cent a year: a round mean of US stocks of 1949 to 2017, and of today."""


@dataclass(frozen=True)
class Options:
    """The command's options, in the units of the command line."""

    market: str = "sectors"
    prices: Path | None = None
    dividends: Path | None = None
    segments: str | None = None
    market_fund: str | None = None
    weights: str | None = None
    policy: list[str] | None = None
    years: int | None = None
    paths: int | None = None
    seed: int = 1
    bootstrap: float | None = None
    growth_pct: float = 8.0
    unequal_pct: float = 0.0
    volatility_pct: float = 19.0
    correlation: float = 0.55
    mean_reversion: float = 0.0
    momentum: float = 0.0
    regime_pct: float = 0.0
    start: float = 1_000_000.0
    ordinary_pct: float = 24.0
    long_term_pct: float = 15.0
    sheltered: bool = False
    outside: bool = False
    yield_pct: float | None = None
    ordinary_dividends: bool = False
    expense_pct: float = 0.1
    half_spread_bp: float = 2.0
    contribute: float = 0.0
    withdraw: float = 0.0
    donate: float = 0.0
    lever: list[str] | None = None
    processes: int = 0


def question_of(options: Options, wants_grid: bool = False) -> Question:
    """Read what the options name and put the question.

    Raises
    ------
    InputFaults
        With every option that cannot be.
    """
    faults: list[Fault] = []
    setup = _setup(options, faults)
    if options.market not in ("sectors", "industries"):
        faults.append(Fault((), repr(options.market), "sectors or industries", where="--market"))
    if options.bootstrap and options.market == "sectors" and options.prices is None:
        faults.append(Fault((), "--bootstrap without a history", "--prices or --market industries", where="--bootstrap"))
    if options.bootstrap is None and (options.prices is not None or options.market == "industries"):
        faults += drawn_alone(options, "Leave it out, or draw paths from the history's months with --bootstrap MONTHS.")
    if faults:
        raise InputFaults(faults)
    market = _market(options)
    weights = _weights(options, len(market.paths.segments().names if isinstance(market, History) else market.names))
    policies: list[Policy] = []
    for word in options.policy or USUAL:
        try:
            policies.append(named_policy(word, weights))
        except InputFaults as refusal:
            faults += refusal.faults
    for name in {each.name for each in policies}:
        if sum(each.name == name for each in policies) > 1:
            faults.append(Fault((), f"{name} more than once", "every policy once", where="--policy"))
    if faults:
        raise InputFaults(faults)
    processes = options.processes or os.cpu_count() or 1
    return Question(market, tuple(policies), setup, options.years or 20, options.paths or 200, wants_grid, processes)


def drawn_alone(options: Options, step: str) -> list[Fault]:
    """Options of paths that are drawn, which a history taken as it is has no use for."""
    given = [name for name in ("paths", "years") if getattr(options, name) is not None]
    found, expected = "beside a history that is taken as it is", "paths that are drawn"
    return [Fault((), found, expected, step, f"--{name}") for name in given]


def _setup(options: Options, faults: list[Fault]) -> Setup:
    levers = _levers(options.lever or [], faults)
    if options.long_term_pct > options.ordinary_pct:
        found = f"{options.long_term_pct:g} above the ordinary rate of {options.ordinary_pct:g}"
        faults.append(Fault((), found, "a rate not above the ordinary one", where="--long-term-pct"))
    ordinary, long_term = (Decimal(repr(rate)) / 100 for rate in (options.ordinary_pct, options.long_term_pct))
    return Setup(
        start_value=options.start,
        rates=None if options.sheltered else flat_rates(ordinary, long_term),
        pays_from_portfolio=not options.outside,
        half_spread=options.half_spread_bp / 1e4,
        contribution=options.contribute,
        withdrawal=options.withdraw,
        donation=options.donate,
        levers=levers,
    )


def _levers(words: list[str], faults: list[Fault]) -> frozenset[Lever]:
    known = {lever.value: lever for lever in Lever if lever is not Lever.LOCATION}
    strange = [word for word in words if word not in known and word != "all"]
    faults += [Fault((), repr(word), f"one of {', '.join(known)}, or all", where="--lever") for word in strange]
    return frozenset(known.values()) if "all" in words else frozenset(known[word] for word in words if word in known)


def _market(options: Options) -> History | Market:
    if options.prices is not None:
        history = _from_file(options, options.prices)
    elif options.market == "industries":
        yearly = INDUSTRY_YIELD if options.yield_pct is None else options.yield_pct
        history = industries(yearly / 100, options.expense_pct / 100)
    else:
        return _sectors(options)
    if options.bootstrap is None:
        return history
    return Bootstrap(history.paths, options.bootstrap, options.seed, history.source, history.assumed)


def _from_file(options: Options, path: Path) -> History:
    prices = read_prices(path, options.dividends).history
    wanted = tuple(each.strip() for each in (options.segments or "").split(",") if each.strip())
    segments = wanted or tuple(symbol for symbol in prices.symbols if symbol != options.market_fund)
    asked = (*segments, *((options.market_fund,) if options.market_fund else ()))
    missing = [symbol for symbol in asked if symbol not in prices.symbols]
    if missing:
        known = ", ".join(prices.symbols[:20])
        raise InputFaults(
            [Fault((), f"no prices of {symbol}", f"symbols of the file: {known}", where="--segments") for symbol in missing]
        )
    n, share = len(asked), (SECTOR_YIELD if options.yield_pct is None else options.yield_pct) / 100
    qualified, ordinary = (0.0, share) if options.ordinary_dividends else (share, 0.0)
    yields = even_yields(n, qualified, ordinary, options.expense_pct / 100)
    return history_of(prices, segments, options.market_fund, yields, not options.ordinary_dividends, str(path))


def _sectors(options: Options) -> Lognormal:
    base = made_up_sectors(options.seed)
    n = len(base.names)
    lean = np.linspace(options.unequal_pct / 2, -options.unequal_pct / 2, n)
    share = (SECTOR_YIELD if options.yield_pct is None else options.yield_pct) / 100
    qualified, ordinary = (0.0, share) if options.ordinary_dividends else (share, 0.0)
    return replace(
        base,
        growth=tuple(float((options.growth_pct + each) / 100) for each in lean),
        volatility=(options.volatility_pct / 100,) * n,
        correlation=options.correlation,
        yields=even_yields(n, qualified, ordinary, options.expense_pct / 100),
        mean_reversion=options.mean_reversion,
        momentum=options.momentum,
        regime=Regime(enter=options.regime_pct / 100),
    )


def _weights(options: Options, n_segments: int) -> tuple[float, ...]:
    if options.weights is None:
        return ()
    try:
        weights = tuple(float(each) / 100 for each in options.weights.split(","))
    except ValueError:
        raise InputFaults(
            [Fault((), repr(options.weights), "numbers in per cent with commas between", where="--weights")]
        ) from None
    if len(weights) != n_segments or min(weights) < 0 or abs(sum(weights) - 1) > 1e-6:
        found = f"{len(weights)} weights that add up to {sum(weights):.2%}"
        raise InputFaults([Fault((), found, f"{n_segments} weights of zero or more that add up to 100 %", where="--weights")])
    return weights
