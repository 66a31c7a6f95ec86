"""Known questions about rebalancing, each answered by one command on the same engine."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from optimizer.problem import Lever
from optimizer.simulate.comparison import Contender, drawn_chunks, run_chunks, window_chunks
from optimizer.simulate.history import History, industries
from optimizer.simulate.markets import Market, made_up_sectors
from optimizer.simulate.named_policies import named_policy
from optimizer.simulate.policies import HOLD
from optimizer.simulate.rows import basis_points, fraction, setup_words
from optimizer.simulate.setup import Setup, flat_rates
from optimizer.simulate.study_document import Study, StudyRow
from optimizer.simulate.windows import spread_of

MONTHS = 12
STARTS = (6, 12)
USUAL_SETUP = Setup(rates=flat_rates(Decimal("0.24"), Decimal("0.15")), half_spread=0.0002)
HARVESTING = replace(USUAL_SETUP, levers=frozenset({Lever.HARVESTING}))
DYING = -0.35
"""Growth a year of the dying segment, continuously compounded: a third of it is left after three years, a thirtieth after ten."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Inquiry:
    """A question with the contenders that answer it; the first is what the others are measured against.

    Parameters
    ----------
    needs_industries : asked of the twelve industries; otherwise of made-up sectors.
    years : length of the windows or paths.
    """

    name: str
    question: str
    contenders: tuple[Contender, ...]
    needs_industries: bool
    years: int = 10
    is_dying: bool = False


def _named(*words: str, setup: Setup = USUAL_SETUP) -> tuple[Contender, ...]:
    return tuple(Contender(named_policy(word), setup) for word in words)


def inquiries() -> tuple[Inquiry, ...]:
    """Every question there is."""
    unwashed = replace(HARVESTING, keeps_wash_rule=False)
    edge = named_policy("bands-edge")
    harvest = (
        Contender(HOLD, USUAL_SETUP),
        Contender(HOLD, HARVESTING, "hold, harvested into second choices"),
        Contender(HOLD, unwashed, "hold, harvested as if there were no wash-sale rule"),
        Contender(edge, USUAL_SETUP),
        Contender(edge, HARVESTING, "bands-edge, harvested into second choices"),
        Contender(edge, unwashed, "bands-edge, harvested as if there were no wash-sale rule"),
    )
    return (
        Inquiry(
            "bands-or-calendar",
            "Do relative bands looked at often do better than a calendar, after tax?",
            _named("hold", "yearly", "quarterly", "monthly", "bands-all@12", "bands-all", "bands-edge@12", "bands-edge"),
            needs_industries=True,
        ),
        Inquiry(
            "destination",
            "Once a band is left, where should trades stop: everything at target, the segment at target, half-way, the edge?",
            _named("hold", "bands-all", "bands-target", "bands-half", "bands-edge"),
            needs_industries=True,
        ),
        Inquiry(
            "industries",
            "Are equal weights of twelve industries, rebalanced, ahead of holding them and of the market?",
            _named("hold", "market", "yearly", "bands-edge"),
            needs_industries=True,
            years=20,
        ),
        Inquiry(
            "harvest", "What does harvesting losses add, with the wash-sale rule and without?", harvest, needs_industries=False
        ),
        Inquiry(
            "dying-segment",
            "What happens when one of eleven segments dies: under fixed targets, and under targets that follow the trend?",
            _named("hold", "yearly", "bands-edge", "trend/yearly", "trend/bands-edge"),
            needs_industries=False,
            is_dying=True,
        ),
    )


def run_study(inquiry: Inquiry, n_paths: int, seed: int, processes: int = 1, progress: Progress | None = None) -> Study:
    """Answer a question; stopped by the keyboard, with what is done.

    Raises
    ------
    InputFaults
        When the question is about the industries and the extra `study` is not installed.
    """
    length = inquiry.years * MONTHS
    market: History | Market = industries() if inquiry.needs_industries else _sectors(seed, inquiry.is_dying)
    is_history = isinstance(market, History)
    work = window_chunks(market, (length,), STARTS) if isinstance(market, History) else drawn_chunks(market, n_paths, (length,))
    report = None if progress is None else (lambda done, total: progress(inquiry.name, done, total))
    measured = run_chunks(work, inquiry.contenders, processes, report)
    base = measured.figures[inquiry.contenders[0].label][length]
    overlap = inquiry.years * len(STARTS) if is_history else 1
    order = _in_time(market, length, measured.done)
    rows = []
    for contender in inquiry.contenders:
        figures = measured.figures[contender.label][length]
        before, after = figures.before - base.before, spread_of((figures.liquidated - base.liquidated)[order], overlap)
        rows.append(
            StudyRow(
                name=contender.label,
                growth=fraction(float(np.median(figures.liquidated))),
                before=basis_points(float(np.median(before))),
                yearly=basis_points(float(np.median(figures.after - base.after))),
                after=basis_points(after.median),
                sure_low=basis_points(after.sure_low),
                sure_high=basis_points(after.sure_high),
                positive=fraction(after.positive),
                turnover=fraction(float(np.median(figures.turnover))),
                times=fraction(float(np.median(figures.rebalances))),
            )
        )
    return Study(
        name=inquiry.name,
        question=inquiry.question,
        market=market.words,
        years=Decimal(inquiry.years),
        windows=measured.done,
        is_complete=not measured.was_stopped,
        rows=tuple(rows),
        finding=_finding(rows, inquiry),
        assumptions=(*market.assumed, *setup_words(inquiry.contenders[1].setup)),
    )


def _in_time(market: History | Market, length: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    if not isinstance(market, History):
        return np.arange(count)
    days = market.paths.clock.days
    starts = [t for month in STARTS for t in range(len(days) - length) if days[t].month == month]
    return np.argsort(starts[:count], kind="stable")


def _sectors(seed: int, is_dying: bool) -> Market:
    base = made_up_sectors(seed)
    return replace(base, growth=(*base.growth[:-1], DYING)) if is_dying else base


def _finding(rows: list[StudyRow], inquiry: Inquiry) -> tuple[str, ...]:
    """What the table says, in sentences."""
    base, others = rows[0], rows[1:]
    best, worst = max(others, key=lambda row: row.after), min(others, key=lambda row: row.after)
    span = f"{inquiry.years} years"
    if best.after <= 0:
        opening = f"Nothing was ahead of {base.name} after tax and sale in the median of {span}; {best.name} came nearest"
    else:
        opening = f"In the median of {span}, {best.name} was furthest ahead of {base.name} after tax and sale"
    sure = f"and the band of the median {_against_zero(best)}"
    first = f"{opening}: {best.after:+.1f} bp a year ({best.before:+.1f} before tax), {sure}."
    second = f"{worst.name} was last: {worst.after:+.1f} bp a year ({worst.before:+.1f} before tax), "
    second += f"and its band {_against_zero(worst)}."
    return first, second


def _against_zero(row: StudyRow) -> str:
    """Where the band of a row's median lies."""
    if row.sure_low > 0:
        return "lies above zero"
    return "lies below zero" if row.sure_high < 0 else "reaches zero"
