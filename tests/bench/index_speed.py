"""Direct indexing in one table: how long, how good, how well proven; beside another engine where its answers are given.

Run with ``python -m tests.bench.index_speed``; ``--quick`` leaves out the large ones. Problem files of any maker in the form of
:mod:`tests.index_files` are taken with ``--problem FILE``, and another engine's answer to the one before with ``--peer FILE``
(its ``trades`` and ``seconds``); the table then has the ratio of the times and the difference in tax and trading cost. Seconds
belong to the machine and its load, and are the least of ``--rounds``.

A plan is timed from the parsed question to the finished document: checks, model, every tax case, rounding, replay through the
ledger. ``future_long_term_rate`` is 0, so that the plan is about this year's tax and trading cost alone.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rebalance import rebalance
from tests.index_files import File, index_file, index_problem, judged, tracking_error, trades_of

PART = 0.25
"""Tracking error allowed, as a part of that before any trade."""
BANDS = {"max_drift": 0.02, "name_band": 0.25}


@dataclass(frozen=True)
class Row:
    """One question: its file, the limits of its benchmark, and another engine's answer to it."""

    name: str
    file: File
    limits: dict[str, Any]
    peer: dict[str, Any] | None = None


def within_error(file: File) -> dict[str, Any]:
    """The limit on tracking error for a file."""
    return {"max_tracking_error": PART * tracking_error(file, [])}


def own_rows(quick: bool) -> list[Row]:
    """The three questions, seeded."""
    small = index_file(500, 3, 7)
    rows = [Row("500 names, 1,500 lots, tracking error", small, within_error(small))]
    rows.append(Row("500 names, 1,500 lots, linear bands", small, BANDS))
    if not quick:
        rows.append(Row("500 names, 5,000 lots, linear bands", index_file(500, 10, 7), BANDS))
        large = index_file(1000, 10, 7, factors=20)
        rows.append(Row("1,000 names, 10,000 lots, 20 factors", large, within_error(large)))
    return rows


def given_rows(problems: list[Path], peers: list[Path]) -> list[Row]:
    """Questions from files, each with the other engine's answer where there is one."""
    answers = [json.loads(path.read_text()) for path in peers]
    rows = []
    for place, path in enumerate(problems):
        file, peer = json.loads(path.read_text()), answers[place] if place < len(answers) else None
        limits = within_error(file) if peer is None else {"max_tracking_error": peer["max_tracking_error"]}
        rows.append(Row(path.stem, file, limits, peer))
    return rows


def timed(problem: Problem, rounds: int, limit: float | None) -> tuple[float, Plan]:
    """The least time of some rounds in seconds, and the plan."""
    best, plan = float("inf"), None
    for _ in range(rounds):
        started = time.perf_counter()
        plan = rebalance(problem, compare=False, time_limit_seconds=limit)
        best = min(best, time.perf_counter() - started)
    assert plan is not None
    return best, plan


def line(row: Row, rounds: int, limit: float | None) -> str:
    """One line of the table."""
    seconds, plan = timed(index_problem(row.file, **row.limits), rounds, limit)
    own, proof = judged(row.file, trades_of(plan)), plan.certificate
    gap = float(proof.gap) / max(abs(float(proof.objective)), 1e-9)
    text = f"{row.name:<40} {seconds:8.3f} {own['tax']:10.2f} {own['trading']:9.2f} {own['error']:10.6f} {gap:9.1e}"
    if row.peer is None:
        return text
    other = judged(row.file, row.peer["trades"])
    saved = other["tax"] + other["trading"] - own["tax"] - own["trading"]
    return f"{text} {row.peer['seconds']:8.2f} {row.peer['seconds'] / seconds:6.0f}× {saved:9.2f} {other['error']:10.6f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problem", type=Path, action="append", default=[])
    parser.add_argument("--peer", type=Path, action="append", default=[])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--time-limit", type=float, default=None)
    args = parser.parse_args()
    head = f"{'':<40} {'seconds':>8} {'tax':>10} {'trading':>9} {'error':>10} {'gap':>9}"
    print(head + (f" {'other s':>8} {'ratio':>7} {'saved':>9} {'its error':>10}" if args.peer else ""))
    for row in given_rows(args.problem, args.peer) or own_rows(args.quick):
        print(line(row, args.rounds, args.time_limit))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
