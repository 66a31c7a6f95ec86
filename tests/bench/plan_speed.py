"""Plans of households in funds in one table: how long, how well proven, and where the time goes; all ratios from one run.

Run with ``python -m tests.bench.plan_speed``; ``--quick`` leaves out the large ones, ``--rounds`` says how often each line is
timed. Seconds are medians and belong to the machine and its load, which the last line states; working is the least processor
time of the rounds, which load moves less; ratios are against the first line.

*Warm* is planning again on a program that is compiled and has been solved; everything else begins with the question. *In the
solver* is what the solver's own clock counts of its runs for the program, *outside* is everything else: compiling the program,
the search around the solver, rounding, the replay through the ledger and writing the plan down.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from optimizer.explain.compare import step_of
from optimizer.explain.statement import plan_of
from optimizer.household import read_household
from optimizer.model.assemble import Model
from optimizer.model.blocks.scope import GAIN_LIMIT
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rebalance import plan_model, prepare, rebalance, replan
from optimizer.scope import Scope
from optimizer.solve.chain import optimum_of
from optimizer.solve.session import session_of
from optimizer.taxpayer import FilerFacts
from tests.large_households import large_household

EXAMPLE = Path(__file__).parents[2] / "examples" / "year_end"
LARGE = (2_000, 5_000, 20_000)
INCOME = FilerFacts(
    age=61,
    spouse_age=58,
    wages=Decimal(210_000),
    interest=Decimal(3_000),
    ordinary_dividends=Decimal(14_000),
    qualified_dividends=Decimal(11_000),
    mortgage_interest=Decimal(14_000),
    state_taxes=Decimal(9_000),
    property_taxes=Decimal(8_000),
)


@dataclass(frozen=True)
class Line:
    """One line: what is done, and the function that does it."""

    name: str
    run: Callable[[], Plan]


def with_income(problem: Problem) -> Problem:
    """The same couple with a year's income in the place of their rates."""
    return problem.model_copy(update={"taxpayer": problem.taxpayer.model_copy(update={"rates": None, "income": INCOME})})


def warm(problem: Problem, compare: bool = False) -> Callable[[], Plan]:
    """Plan on a program that is compiled and solved already."""
    model = prepare(problem)
    plan_model(model, compare)
    return partial(plan_model, model, compare)


def one_number(problem: Problem) -> Callable[[], Plan]:
    """Move a budget of gains by a hundred dollars, up and down in turn, and plan on the same program."""
    limit = 2_000.0
    model = prepare(problem.model_copy(update={"scope": Scope(max_net_gain=Decimal(2_000))}))
    plan_model(model, False)
    turn = [0]

    def again() -> Plan:
        turn[0] += 1
        at = limit - 100.0 * (turn[0] % 2)
        asked = model.problem.model_copy(update={"scope": Scope(max_net_gain=Decimal(at))})
        moved = replace(model, problem=asked)
        moved.move(GAIN_LIMIT, at)
        step = step_of(moved, frozenset(asked.levers))
        assert step is not None
        return plan_of(moved, step, None, "0")

    return again


Change = Callable[[Problem], dict[str, object]]


def _first(field: str, **more: Decimal) -> Change:
    """Move amounts of the first row of a list of the question."""

    def change(problem: Problem) -> dict[str, object]:
        row, *others = getattr(problem, field)
        return {field: (row.model_copy(update={name: getattr(row, name) + by for name, by in more.items()}), *others)}

    return change


def _segments(problem: Problem, **moved: Decimal) -> dict[str, object]:
    """Move the target of two leaves that cancel each other, or widen the band of one."""
    parents = {segment.parent for segment in problem.segments}
    one, other = [n for n, segment in enumerate(problem.segments) if segment.id not in parents][:2]
    rows = list(problem.segments)
    if "target" in moved:
        for n, by in ((one, moved["target"]), (other, -moved["target"])):
            rows[n] = rows[n].model_copy(update={"target": rows[n].target + by})
    else:
        band = rows[one].trigger
        wider = band.model_copy(update={"lower": band.lower - moved["band"], "upper": band.upper + moved["band"]})
        rows[one] = rows[one].model_copy(update={"trigger": wider, "destination": wider})
    return {"segments": tuple(rows)}


CHANGES: dict[str, Change] = {
    "budget": lambda problem: {"wishes": problem.wishes.model_copy(update={"max_net_gain": Decimal(2_000)})},
    "band": lambda problem: _segments(problem, band=Decimal("0.001")),
    "target": lambda problem: _segments(problem, target=Decimal("0.001")),
    "gift": _first("donations", amount=Decimal(100)),
    "contribution": _first("contributions", amount=Decimal(-100)),
    "withdrawal": _first("withdrawals", amount=Decimal(100)),
    "cash floor": _first("accounts", cash_floor=Decimal(100)),
    "lock of a lot": lambda problem: {"wishes": problem.wishes.model_copy(update={"keep_lots": (problem.lots[0].id,)})},
    "price of drift": lambda problem: {
        "outlook": problem.outlook.model_copy(update={"drift_cost": problem.outlook.drift_cost + Decimal("0.0005")})
    },
}
"""One of each kind of number that a person moves, by a little."""


def changed(problem: Problem, change: Change) -> Callable[[], Plan]:
    """Change a number, there and back in turn, and plan again from the program before."""
    questions = [problem.model_copy(update=change(problem)), problem]
    at = [prepare(problem)]

    def again() -> Plan:
        at[0], plan = replan(at[0], questions[0])
        questions.reverse()
        return plan

    return again


def lines(quick: bool) -> list[Line]:
    """What is timed, in the table's order."""
    example, middle = read_household(EXAMPLE), large_household(600)
    found = [
        Line("example, warm", warm(example)),
        Line("example, warm, stated income", warm(with_income(example))),
        Line("example, one number changed, warm", one_number(example)),
        *(Line(f"example, {kind} changed", changed(example, change)) for kind, change in CHANGES.items()),
        *(Line(f"stated income, {kind} changed", changed(with_income(example), change)) for kind, change in CHANGES.items()),
        Line("example, warm, levers compared", warm(example, compare=True)),
        Line("example, warm, stated income, compared", warm(with_income(example), compare=True)),
        Line("example", partial(rebalance, example, False)),
        Line("example, stated income", partial(rebalance, with_income(example), False)),
        Line("example, levers compared", partial(rebalance, example)),
        Line("example, stated income, compared", partial(rebalance, with_income(example))),
        Line("600 lots in 48 funds, warm", warm(middle)),
        Line("600 lots in 48 funds", partial(rebalance, middle, False)),
    ]
    sizes = () if quick else LARGE
    for n in sizes:
        found.append(Line(f"{n:,} lots in 48 funds", partial(rebalance, large_household(n, lately=0.0), False)))
        found.append(Line(f"{n:,} lots, one in a hundred bought lately", partial(rebalance, large_household(n), False)))
    return found


def timed(run: Callable[[], Plan], rounds: int) -> tuple[float, float, Plan]:
    """Of some rounds, after one that is not counted unless it took long: median seconds, least processor seconds, last plan."""

    def once() -> tuple[float, float, Plan]:
        started, working = time.perf_counter(), time.process_time()
        plan = run()
        return time.perf_counter() - started, time.process_time() - working, plan

    found = [once()]
    if found[0][0] <= 5:
        found = [once() for _ in range(rounds)]
    return statistics.median(each[0] for each in found), min(each[1] for each in found), found[-1][2]


def solver_seconds(model: Model) -> float:
    """What the solver's clock has counted for a model's program."""
    session = session_of(model.program, model.costs)
    assert session is not None
    return session.seconds


def stages(problem: Problem) -> dict[str, float]:
    """Seconds of one plan from the question on, by stage, and in the solver."""
    started = time.perf_counter()
    model = prepare(problem)
    compiled = time.perf_counter()
    optimum_of(model, frozenset(problem.levers))
    searched, inside = time.perf_counter(), solver_seconds(model)
    whole = time.perf_counter()
    plan_model(model, False)
    planned, again = time.perf_counter() - whole, solver_seconds(model) - inside
    whole = time.perf_counter()
    optimum_of(model, frozenset(problem.levers))
    rest = max(0.0, planned - (time.perf_counter() - whole))
    search = searched - compiled - inside
    return {"solver": inside, "compile": compiled - started, "search": search, "write": rest, "solver again": again}


def shares(problem: Problem, rounds: int) -> str:
    """Where the time goes, medians by stage, and the ratio of what is outside the solver to what is in it."""
    every = [stages(problem) for _ in range(rounds)]
    of = {name: statistics.median(one[name] for one in every) for name in every[0]}
    ratio = statistics.median((one["compile"] + one["search"] + one["write"]) / one["solver"] for one in every)
    return (
        f"in the solver {of['solver']:.3f} s; outside: compiling {of['compile']:.3f}, around the solver {of['search']:.3f}, "
        f"rounding, replay and writing {of['write']:.3f} s; outside ÷ inside {ratio:.2f}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    print(f"{'':<42} {'seconds':>8} {'working':>8} {'ratio':>7} {'gap $':>10} {'gap part':>9}  ended by")
    unit = None
    for line in lines(args.quick):
        seconds, working, plan = timed(line.run, args.rounds)
        unit = unit or seconds
        proof = plan.certificate
        part = float(proof.gap) / max(abs(float(proof.objective)), 1e-9)
        timings = f"{seconds:8.3f} {working:8.3f} {seconds / unit:7.1f}"
        print(f"{line.name:<42} {timings} {proof.gap:10.2f} {part:9.1e}  {proof.ended_by}", flush=True)
    for name, problem in (("example", read_household(EXAMPLE)), ("600 lots", large_household(600))):
        print(f"{name}: {shares(problem, args.rounds)}", flush=True)
    print(f"processors {os.cpu_count()}, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
