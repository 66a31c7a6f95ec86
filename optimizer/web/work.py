"""What the working process is asked to do; each is a question of the rooms below, with documents in and out.

The first argument of every task reports progress.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.web.worker import Progress

if TYPE_CHECKING:
    from optimizer.household.saving import Saved
    from optimizer.questions.frontier import Against, Frontier
    from optimizer.questions.year_end import YearEnd


def read(_progress: Progress, folder: Path) -> Problem:
    """The household of a folder."""
    from optimizer.household import read_household

    return read_household(folder)


def checked(_progress: Progress, problem: Problem) -> Problem:
    """The problem itself, if nothing is wrong with it."""
    from optimizer.rebalance import checked as check

    return check(problem)


def saved(_progress: Progress, folder: Path, seen: str, problem: Problem) -> "Saved":
    """What a draft says otherwise, written into the folder's household.toml."""
    from optimizer.household.saving import save_draft

    return save_draft(folder, seen, problem)


def plan(_progress: Progress, problem: Problem) -> Plan:
    """The plan alone, as fast as it comes."""
    from optimizer.rebalance import rebalance

    return rebalance(problem, compare=False)


def compared(_progress: Progress, problem: Problem) -> Plan:
    """The plan with what each lever saved."""
    from optimizer.rebalance import rebalance

    return rebalance(problem, compare=True)


def explained(_progress: Progress, problem: Problem) -> Plan:
    """The plan with runners-up, prices of wishes and simpler rules of choosing lots."""
    from optimizer.questions.explain import explain

    return explain(problem)


def frontier(_progress: Progress, problem: Problem, against: "Against", points: int) -> "Frontier":
    """Cost against drift or against a budget of gains."""
    from optimizer.questions.frontier import frontier as ask

    return ask(problem, against, points)


def year_end(_progress: Progress, problem: Problem) -> "YearEnd":
    """December and January together."""
    from optimizer.questions.year_end import year_end as ask

    return ask(problem)


Asked = Callable[[Progress, Problem], Plan]
