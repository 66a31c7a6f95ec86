"""A question to the simulator as a page or a program asks it, with bounds that one machine answers in minutes."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from optimizer.errors import Fault, InputFaults
from optimizer.problem import Lever
from optimizer.simulate.answer import Question, answer
from optimizer.simulate.document import Simulation
from optimizer.simulate.history import History, industries
from optimizer.simulate.markets import Market, made_up_sectors
from optimizer.simulate.named_policies import USUAL, named_policy
from optimizer.simulate.setup import Setup, flat_rates
from optimizer.web.worker import Progress

INDUSTRY_YIELD, EXPENSE = 0.03, 0.001
"""Assumed a year: a round mean of US dividends from 1949 to 2017, and what a fund charges."""
Per = Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)]
Dollars = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class SimulationAsked(BaseModel):
    """What is to be compared; rates and volatility in per cent."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    market: Literal["sectors", "industries"] = "sectors"
    """Eleven made-up sectors with drawn prices, or twelve US industries as they went."""
    years: Annotated[int, Field(ge=1, le=40)] = 20
    paths: Annotated[int, Field(ge=1, le=2000)] = 200
    seed: Annotated[int, Field(ge=0, le=2**31)] = 1
    growth_pct: Annotated[float, Field(ge=-20, le=30, allow_inf_nan=False)] = 8.0
    volatility_pct: Annotated[float, Field(gt=0, le=80, allow_inf_nan=False)] = 19.0
    correlation: Annotated[float, Field(ge=0, le=0.99, allow_inf_nan=False)] = 0.55
    start: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)] = 1_000_000.0
    ordinary_pct: Per = 24.0
    long_term_pct: Per = 15.0
    contribute: Dollars = 0.0
    withdraw: Dollars = 0.0
    donate: Dollars = 0.0
    levers: tuple[Lever, ...] = ()


def simulate(progress: Progress, asked: SimulationAsked) -> Simulation:
    """Run the usual policies side by side.

    Raises
    ------
    InputFaults
        If the long-term rate is above the ordinary one.
    """
    if asked.long_term_pct > asked.ordinary_pct:
        found = f"{asked.long_term_pct:g} above the ordinary rate of {asked.ordinary_pct:g}"
        raise InputFaults([Fault((), found, "a rate not above the ordinary one", where="Long-term rate")])
    policies = tuple(named_policy(word) for word in USUAL)
    return answer(Question(_market(asked), policies, _setup(asked), asked.years, asked.paths), progress)


def _market(asked: SimulationAsked) -> History | Market:
    if asked.market == "industries":
        return industries(INDUSTRY_YIELD, EXPENSE)
    base = made_up_sectors(asked.seed)
    n = len(base.names)
    return replace(
        base, growth=(asked.growth_pct / 100,) * n, volatility=(asked.volatility_pct / 100,) * n, correlation=asked.correlation
    )


def _setup(asked: SimulationAsked) -> Setup:
    ordinary, long_term = (Decimal(repr(rate)) / 100 for rate in (asked.ordinary_pct, asked.long_term_pct))
    return Setup(
        start_value=asked.start,
        rates=flat_rates(ordinary, long_term),
        contribution=asked.contribute,
        withdrawal=asked.withdraw,
        donation=asked.donate,
        levers=frozenset(asked.levers) - {Lever.LOCATION},
    )
