"""From a question about policies to the document: run the whole span, the windows, the ladder, and describe them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lots.units import CENT, from_float
from optimizer.problem import Lever
from optimizer.simulate.comparison import Contender, Drawing, Measured, Windows, drawn_chunks, run_chunks, window_chunks
from optimizer.simulate.document import (
    Against,
    BandOfSegments,
    GridCell,
    LadderRow,
    Measure,
    PremiumRow,
    Series,
    Simulation,
)
from optimizer.simulate.history import History
from optimizer.simulate.markets import Market
from optimizer.simulate.measures import Figures, figures_of, theory
from optimizer.simulate.outcome import Outcome
from optimizer.simulate.policies import HOLD, MARKET, Policy
from optimizer.simulate.rows import basis_points, fraction, policy_row, premium_row, setup_words
from optimizer.simulate.setup import Setup
from optimizer.simulate.single import run_single
from optimizer.simulate.verdict import verdict_of
from optimizer.targets.bands import BandRule

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]

MEASURES: dict[str, Measure] = {"before": "before tax", "after": "after tax each year", "liquidated": "after tax and sale"}
WINDOW_YEARS = (1, 5, 10, 20)
STARTS = (6, 12)
"""Windows of a history start at the ends of these months."""
MONTHS = 12
GRID_BANDS = ("0.05", "0.1", "0.15", "0.2", "0.25", "0.3", "0.4", "0.5")
GRID_LOOKS = (1, 3, 6, 12)
GRID_YEARS = 10


@dataclass(frozen=True)
class Question:
    """What is to be compared.

    Parameters
    ----------
    market : a history, or a market to draw paths from.
    policies : in the order they are shown; buy-and-hold is added, and the market fund where there is one.
    n_years, n_paths : of a market that is drawn; a history is taken as long as it is.
    wants_grid : also run every band width and interval between looks.
    processes : how many at once.
    """

    market: History | Market
    policies: tuple[Policy, ...]
    setup: Setup
    n_years: int = 20
    n_paths: int = 200
    wants_grid: bool = False
    processes: int = 1


def answer(question: Question, progress: Progress | None = None) -> Simulation:
    """Run the comparison; stopped by the keyboard, answer with what is done."""
    return _Answer(question, progress).document()


class _Answer:
    """One question being answered."""

    def __init__(self, question: Question, progress: Progress | None) -> None:
        self.question, self.progress = question, progress
        self.setup, self.market = question.setup, question.market
        drawn = None if isinstance(self.market, History) else self.market.paths(0, 1, question.n_years * MONTHS)
        self.first = self.market.paths if isinstance(self.market, History) else drawn
        assert self.first is not None
        others = [each for each in question.policies if each.name not in (HOLD.name, MARKET.name)]
        market = [MARKET] if self.first.has_market else []
        self.policies = (HOLD, *market, *others)
        self.span = self.first.n_steps
        self.lengths = tuple(years * MONTHS for years in WINDOW_YEARS if years * MONTHS <= self.span)
        self.is_complete = True

    @property
    def chief(self) -> Policy:
        """The policy the verdict, the ladder and the theory are about: the last that was asked for."""
        return self.policies[-1]

    def document(self) -> Simulation:
        """Run everything that is asked for and write it down."""
        contenders = tuple(Contender(policy, self.setup) for policy in self.policies)
        measured = self._run("windows" if self._is_history else "paths", self._chunks(self.lengths), contenders)
        assert self.first is not None
        outcomes = {each.label: run_single(self.first, each.policy, each.setup) for each in contenders}
        whole = self._whole(measured, outcomes)
        premiums = self._premiums(measured)
        weights = self.chief.targets.weights(self.first.segments())[:, 0]
        series = tuple(self._series(name, outcome) for name, outcome in outcomes.items())
        in_theory = measured.theory.get(self.span)
        return Simulation(
            market=self.market.words,
            first_day=self.first.clock.days[0],
            last_day=self.first.clock.days[-1],
            assumptions=self._assumptions(),
            paths=1 if self._is_history else measured.done,
            policies=tuple(policy_row(name, figures) for name, figures in whole.items()),
            premiums=premiums,
            theory=basis_points(float(np.median(theory(self.first, weights, self.span) if in_theory is None else in_theory))),
            ladder=self._ladder(),
            verdict=verdict_of(premiums, self.chief.name, self.setup.rates is not None, not self._is_history),
            grid=self._grid(),
            is_complete=self.is_complete,
            days=self.first.clock.days,
            series=series,
            bands=self._bands(),
        )

    @property
    def _is_history(self) -> bool:
        return isinstance(self.market, History)

    def _chunks(self, lengths: tuple[int, ...]) -> list[Drawing] | list[Windows]:
        if isinstance(self.market, History):
            return window_chunks(self.market, lengths, STARTS)
        horizons = tuple(sorted({*lengths, self.span}))
        return drawn_chunks(self.market, self.question.n_paths, horizons)

    def _run(self, name: str, chunks: list[Drawing] | list[Windows], contenders: tuple[Contender, ...]) -> Measured:
        if not self.is_complete:
            return Measured()
        report = None if self.progress is None else (lambda done, total: self.progress(name, done, total))  # type: ignore[misc]
        measured = run_chunks(chunks, contenders, self.question.processes, report)
        self.is_complete = not measured.was_stopped
        return measured

    def _whole(self, measured: Measured, outcomes: dict[str, Outcome]) -> dict[str, Figures]:
        """Figures over the whole span: of the one history, or of all paths."""
        assert self.first is not None
        if self._is_history:
            return {name: figures_of(outcome, self.first, self.span) for name, outcome in outcomes.items()}
        return {name: by_horizon[self.span] for name, by_horizon in measured.figures.items()}

    def _premiums(self, measured: Measured) -> tuple[PremiumRow, ...]:
        rows = []
        for policy in self.policies[1:]:
            for length in measured.figures.get(policy.name, {}):
                rows += self._premiums_of(measured, policy.name, length)
        return tuple(rows)

    def _premiums_of(self, measured: Measured, name: str, length: int) -> list[PremiumRow]:
        ours, rows = measured.figures[name][length], []
        rivals: list[tuple[Against, Figures | None]] = [("buy-and-hold", measured.figures[HOLD.name][length])]
        if MARKET.name in measured.figures and name != MARKET.name:
            rivals.append(("market fund", measured.figures[MARKET.name][length]))
        order, overlap = self._in_time(len(ours.before), length)
        for against, rival in rivals:
            for attribute, measure in MEASURES.items():
                if self.setup.rates is None and attribute != "before":
                    continue
                ahead = getattr(ours, attribute) - getattr(rival, attribute)
                rows.append(premium_row(name, against, measure, length, ahead[order], overlap))
        beyond = ours.before - measured.segment[length]
        rows.append(premium_row(name, "average segment", "before tax", length, beyond[order], overlap))
        return rows

    def _in_time(self, count: int, length: int) -> tuple[NDArray[np.intp], int]:
        """The order of windows by their start, and how many neighbours share months; drawn paths share none."""
        if not isinstance(self.market, History):
            return np.arange(count), 1
        days = self.market.paths.clock.days
        starts = [t for month in STARTS for t in range(len(days) - length) if days[t].month == month]
        return np.argsort(starts, kind="stable"), max(1, length * len(STARTS) // MONTHS)

    def _ladder(self) -> tuple[LadderRow, ...]:
        """The tax drag of the chief policy with no lever and with one more at a time."""
        if self.setup.rates is None:
            return ()
        bare = replace(self.setup, levers=frozenset(), sells_oldest_first=True)
        rungs = [("oldest lots first, no lever", bare), ("lots that cost least", replace(bare, sells_oldest_first=False))]
        for lever in self._levers():
            before = rungs[-1][1]
            rungs.append((f"+ {lever.value}", replace(before, levers=before.levers | {lever})))
        contenders = tuple(Contender(self.chief, setup, name) for name, setup in rungs)
        length = max((n for n in self.lengths if n <= GRID_YEARS * MONTHS), default=self.span)
        chunks = self._chunks((length,))
        measured = self._run("levers", chunks, contenders)
        if not measured.done:
            return ()
        rows: list[LadderRow] = []
        for name, _ in rungs:
            figures = measured.figures[name][length]
            drag = basis_points(float(np.median(figures.before - figures.liquidated)))
            rows.append(LadderRow(step=name, drag=drag, gives_back=(rows[-1].drag - drag) if rows else Decimal(0)))
        return tuple(rows)

    def _levers(self) -> list[Lever]:
        """The levers that have something to pull here; where an account lies is a household's question."""
        setup = self.setup
        pays = setup.withdrawal > 0 or setup.pays_from_portfolio
        has = {
            Lever.CONTRIBUTIONS: setup.contribution > 0,
            Lever.INCOME: True,
            Lever.WITHDRAWALS: pays,
            Lever.HARVESTING: True,
            Lever.DONATIONS: setup.donation > 0,
        }
        return [lever for lever in Lever if has.get(lever, False)]

    def _grid(self) -> tuple[GridCell, ...]:
        """The median premium after tax for every band width and interval."""
        if not self.question.wants_grid:
            return ()
        length = max((n for n in self.lengths if n <= GRID_YEARS * MONTHS), default=self.span)
        base = self.chief if self.chief.band else replace(self.chief, band=BandRule())
        cells = [(Decimal(width), look) for width in GRID_BANDS for look in GRID_LOOKS]
        policies = [
            replace(base, name=f"{w} {n}", look_every=n, band=BandRule.even("relative", w, destination=base.band.destination))
            for w, n in cells
            if base.band
        ]
        measured = self._run("grid", self._chunks((length,)), tuple(Contender(each, self.setup) for each in (HOLD, *policies)))
        if not measured.done:
            return ()
        hold = measured.figures[HOLD.name][length].liquidated
        ahead = [float(np.median(measured.figures[each.name][length].liquidated - hold)) for each in policies]
        return tuple(GridCell(band=w, look_months=n, premium=basis_points(x)) for (w, n), x in zip(cells, ahead, strict=True))

    def _assumptions(self) -> tuple[str, ...]:
        return (*self.market.assumed, *setup_words(self.setup))

    def _series(self, name: str, outcome: Outcome) -> Series:
        assert self.first is not None
        ended = [(self.first.clock.days[t].year, float(tax[0])) for t, tax in outcome.year_tax]
        return Series(
            policy=name,
            value=tuple(from_float(max(0.0, float(value)), CENT) for value in outcome.value[0]),
            weights=tuple(tuple(fraction(float(w)) for w in row) for row in outcome.weights),
            tax_years=tuple(year for year, _ in ended),
            tax=tuple(from_float(tax, CENT) for _, tax in ended),
        )

    def _bands(self) -> tuple[BandOfSegments, ...]:
        assert self.first is not None
        paths, rows = self.first.segments(), []
        for policy in self.policies:
            if policy.band is None or policy.is_market or policy.band.kind == "volatility":
                continue
            lower, upper = policy.band.edges(policy.targets.weights(paths)[0, 0])
            edges = [tuple(fraction(float(each)) for each in side) for side in (lower, upper)]
            rows.append(BandOfSegments(policy=policy.name, segments=paths.names, lower=edges[0], upper=edges[1]))
        return tuple(rows)
