"""A household's folder and the options of `bandwise simulate` as a question about the household."""

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np

from lots.units import from_float, to_float
from optimizer.cli.simulate_question import Options, drawn_alone
from optimizer.errors import Fault, InputFaults
from optimizer.household import read_household
from optimizer.market.price_files import read_prices
from optimizer.market.rates import rates_of
from optimizer.problem import Problem
from optimizer.simulate.history import History, even_yields, history_of
from optimizer.simulate.household_answer import HouseholdQuestion
from optimizer.simulate.markets import Lognormal, Regime
from optimizer.taxpayer import MarginalRates

CALM = 0.03
"""Growth assumed of what does not swing; the rest grows with its volatility, a usual segment as `--growth-pct` says."""
NOT_HERE = ("policy", "segments", "market_fund", "weights", "lever", "bootstrap")
"""Options that a household answers itself."""


def household_question(folder: Path, options: Options) -> HouseholdQuestion:
    """Read the household and put the question; whole returns become the rates of its next dollar.

    Raises
    ------
    InputFaults
        With what is wrong in the folder, or every option that a household answers itself.
    """
    given = [name for name in NOT_HERE if getattr(options, name)]
    if options.sheltered:
        given.append("sheltered")
    if given:
        words = "what household.toml says, without this option"
        raise InputFaults([Fault((), "given with a household", words, where=f"--{name.replace('_', '-')}") for name in given])
    if options.prices is not None and (faults := drawn_alone(options, "Leave it out: the household meets the prices once.")):
        raise InputFaults(faults)
    problem = _at_flat_rates(read_household(folder))
    market = _own(options, problem) if options.prices else _made_up(options, problem)
    processes = options.processes or os.cpu_count() or 1
    return HouseholdQuestion(problem, market, options.years or 10, options.paths or 10, processes)


def _at_flat_rates(problem: Problem) -> Problem:
    if problem.taxpayer.rates is not None:
        return problem
    ordinary, long_term = (from_float(rate, Decimal("0.0001")) for rate in rates_of(problem.taxpayer))
    rates = MarginalRates(ordinary=ordinary, long_term=long_term)
    return problem.model_copy(update={"taxpayer": problem.taxpayer.model_copy(update={"rates": rates, "income": None})})


def _own(options: Options, problem: Problem) -> History:
    """Every security moves as the file has it."""
    assert options.prices is not None
    prices = read_prices(options.prices, options.dividends).history
    symbols = tuple(security.symbol for security in problem.securities)
    missing = [symbol for symbol in symbols if symbol not in prices.symbols]
    if missing:
        faults = [Fault((), f"no prices of {symbol}", "prices of every security of the household") for symbol in missing]
        raise InputFaults([replace(fault, where=str(options.prices)) for fault in faults])
    return history_of(prices, symbols, None, even_yields(len(symbols), 0.0, 0.0, 0.0), True, str(options.prices))


def _made_up(options: Options, problem: Problem) -> Lognormal:
    """Every leaf segment moves at the volatility of the securities in it, where the household states one."""
    leaves = sorted({segment for security in problem.securities for segment in security.exposures})
    volatility = []
    for leaf in leaves:
        own = [s.volatility for s in problem.securities if s.exposures.get(leaf, 0) == 1 and s.volatility]
        volatility.append(to_float(max(own)) if own else options.volatility_pct / 100)
    lean = np.linspace(options.unequal_pct / 2, -options.unequal_pct / 2, len(leaves))
    return Lognormal(
        names=tuple(leaves),
        growth=tuple(
            CALM + (options.growth_pct / 100 - CALM) * v / (options.volatility_pct / 100 or 1) + float(each) / 100
            for v, each in zip(volatility, lean, strict=True)
        ),
        volatility=tuple(volatility),
        correlation=options.correlation,
        seed=options.seed,
        yields=even_yields(len(leaves), 0.0, 0.0, 0.0),
        mean_reversion=options.mean_reversion,
        momentum=options.momentum,
        regime=Regime(enter=options.regime_pct / 100),
        start=problem.as_of,
    )
