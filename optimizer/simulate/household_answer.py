"""A household's policies side by side: the product plans every trade on every path, and what came out is one document."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lots.units import to_float
from optimizer.problem import Lever, Problem
from optimizer.simulate.document import LadderRow, Measure, PremiumRow, Simulation
from optimizer.simulate.history import History
from optimizer.simulate.household import HOLD, HouseholdPolicy, HouseholdRun, run_household
from optimizer.simulate.markets import Market
from optimizer.simulate.measures import Figures, annual, average_segment, theory
from optimizer.simulate.paths import Paths
from optimizer.simulate.rows import basis_points, policy_row, premium_row
from optimizer.simulate.verdict import verdict_of

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]
MONTHS = 12
YEARLY = HouseholdPolicy("yearly", (12,))
PLAN = HouseholdPolicy("plan")
MEASURES: dict[str, Measure] = {"before": "before tax", "after": "after tax each year", "liquidated": "after tax and sale"}


@dataclass(frozen=True)
class HouseholdQuestion:
    """A household with flat rates, a market whose names are its leaf segments or its securities, and how much to run."""

    problem: Problem
    market: History | Market
    n_years: int = 10
    n_paths: int = 10
    processes: int = 1


@dataclass
class _Done:
    """Figures by contender over the paths done, and the average segment beside them."""

    figures: dict[str, Figures] = field(default_factory=dict)
    segment: list[float] = field(default_factory=list)
    theory: list[float] = field(default_factory=list)
    count: int = 0


def answer_household(question: HouseholdQuestion, progress: Progress | None = None) -> Simulation:
    """Run buy-and-hold, a plan every December and a plan whenever a band calls, and the plan with one lever more at a time.

    Stopped by the keyboard, it answers with the paths that are done.
    """
    contenders = {each.name: each for each in (HOLD, YEARLY, PLAN)}
    rungs = [frozenset(tuple(Lever)[:count]) for count in range(len(Lever))]
    names = ["no lever", *(f"+ {lever.value}" for lever in Lever)]
    contenders |= {name: replace(PLAN, name=name, levers=levers) for name, levers in zip(names, rungs, strict=False)}
    n_paths = 1 if isinstance(question.market, History) else question.n_paths
    done, is_complete = _Done(), True
    try:
        for number, found in enumerate(_results(question, contenders, n_paths), start=1):
            _add(done, found)
            if progress:
                progress("households", number, n_paths)
    except KeyboardInterrupt:
        if not done.count:
            raise
        is_complete = False
    done.figures[names[-1]] = done.figures[PLAN.name]
    first = _paths(question, 0)
    length = first.n_steps
    premiums = _premiums(done, length)
    return Simulation(
        market=question.market.words,
        first_day=first.clock.days[0],
        last_day=first.clock.days[-1],
        assumptions=(*question.market.assumed, *_words(question.problem)),
        paths=done.count,
        is_complete=is_complete,
        policies=tuple(policy_row(each.name, done.figures[each.name]) for each in (HOLD, YEARLY, PLAN)),
        premiums=premiums,
        theory=basis_points(float(np.median(done.theory))),
        ladder=_ladder(done, names),
        verdict=verdict_of(premiums, PLAN.name, is_taxed=True, are_drawn=n_paths > 1),
    )


def _paths(question: HouseholdQuestion, number: int) -> Paths:
    market = question.market
    return market.paths if isinstance(market, History) else market.paths(number, 1, question.n_years * MONTHS)


Found = tuple[dict[str, Figures], float, float]


def _one(question: HouseholdQuestion, contenders: dict[str, HouseholdPolicy], number: int) -> Found:
    paths = _paths(question, number)
    figures = {}
    for name, policy in contenders.items():
        figures[name] = _figures(run_household(question.problem, paths, policy), paths)
    target = {segment.id: to_float(segment.target) for segment in question.problem.segments}
    weights = np.array([[target.get(name, 1 / paths.n_segments) for name in paths.segments().names]])
    weights = weights / weights.sum()
    length = paths.n_steps
    return figures, float(average_segment(paths, weights, length)[0]), float(theory(paths, weights, length)[0])


def _results(question: HouseholdQuestion, contenders: dict[str, HouseholdPolicy], n_paths: int) -> Iterator[Found]:
    if question.processes == 1 or n_paths == 1:
        yield from (_one(question, contenders, number) for number in range(n_paths))
        return
    from joblib import Parallel, delayed

    work = Parallel(n_jobs=question.processes, return_as="generator")
    yield from work(delayed(_one)(question, contenders, number) for number in range(n_paths))


def _add(done: _Done, found: Found) -> None:
    for name, figures in found[0].items():
        done.figures[name] = done.figures[name].joined(figures) if name in done.figures else figures
    done.segment.append(found[1])
    done.theory.append(found[2])
    done.count += 1


def _figures(run: HouseholdRun, paths: Paths) -> Figures:
    """The figures of one run, each an array of one."""
    years = paths.n_steps / paths.clock.per_year
    whole, taxed, mean = run.gross.prod(), run.net.prod(), max(float(run.value.mean()), 1e-9)
    level = np.concatenate([[1.0], np.cumprod(run.gross)])
    excess = run.gross - 1 - paths.cash_rate[0]
    deviation = float(excess.std(ddof=1))
    numbers = {
        "before": annual(whole, years),
        "after": annual(taxed * run.kept, years),
        "liquidated": annual(taxed * run.liquidated, years),
        "stepped_up": annual(taxed * run.kept, years),
        "given": annual(taxed * run.given, years),
        "volatility": run.gross.std(ddof=1) * np.sqrt(paths.clock.per_year),
        "drawdown": (1 - level / np.maximum.accumulate(level)).max(),
        "sharpe": excess.mean() / deviation * np.sqrt(paths.clock.per_year) if deviation > 1e-12 else 0.0,
        "turnover": run.sold.sum() / mean / years,
        "rebalances": run.plans / years,
        "tax": run.tax_paid / mean / years,
        "spread": run.spread.sum() / mean / years,
    }
    return Figures(**{name: np.atleast_1d(np.asarray(number, dtype=float)) for name, number in numbers.items()})


def _premiums(done: _Done, length: int) -> tuple[PremiumRow, ...]:
    rows = []
    for name in (YEARLY.name, PLAN.name):
        for attribute, measure in MEASURES.items():
            ahead = getattr(done.figures[name], attribute) - getattr(done.figures[HOLD.name], attribute)
            rows.append(premium_row(name, "buy-and-hold", measure, length, ahead, 1))
        beyond = done.figures[name].before - np.array(done.segment)
        rows.append(premium_row(name, "average segment", "before tax", length, beyond, 1))
    return tuple(rows)


def _ladder(done: _Done, names: list[str]) -> tuple[LadderRow, ...]:
    rows: list[LadderRow] = []
    for name in names:
        drag = basis_points(float(np.median(done.figures[name].before - done.figures[name].liquidated)))
        rows.append(LadderRow(step=name, drag=drag, gives_back=rows[-1].drag - drag if rows else Decimal(0)))
    return tuple(rows)


def _words(problem: Problem) -> tuple[str, ...]:
    rates = problem.taxpayer.rates
    assert rates is not None
    return (
        f"{len(problem.accounts)} accounts with the household's own lots; every trade is a plan of `bandwise plan`'s engine",
        f"flat rates of {rates.ordinary:.1%} and {rates.long_term:.1%}, the law of {problem.taxpayer.year} all along, tax paid "
        "each April from taxable accounts",
        "the household's orders of money repeat every December; pre-tax accounts are taxed at the end when everything is sold",
        "buy-and-hold keeps the household as it stands, so its weights are not the targets if the household is off them",
    )
