"""Large programs are sent in part: the optimum, its prices and the plan are those of the whole program."""

import numpy as np
import pytest

from optimizer.model.blocks import wash
from optimizer.rebalance import prepare, rebalance
from optimizer.solve import session as sessions
from optimizer.solve import sifted
from optimizer.solve.session import Answer, Session, session_of
from optimizer.solve.solvers import solve
from tests.large_households import large_household
from tests.random_households import random_household


def answers(n_lots: int, seed: int) -> tuple[Session, list[Answer]]:
    """What a program answers under each case, each lever alone, and all."""
    problem = large_household(n_lots, seed, n_segments=4, funds_each=2) if n_lots > 50 else random_household(seed, n_lots)
    model, found = prepare(problem), list[Answer]()
    for case in model.cases:
        for levers in (frozenset(problem.levers), *(frozenset({lever}) for lever in problem.levers)):
            model.choose(case, levers)
            solve(model)
            session = session_of(model.program, model.costs)
            assert session is not None
            assert session.answer is not None
            found.append(session.answer)
    return session, found


@pytest.mark.parametrize(("n_lots", "seed"), [(20, 1), (20, 2), (20, 3), (20, 4), (200, 1), (200, 2), (400, 3)])
def test_a_part_of_the_program_answers_for_all_of_it(n_lots: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same least cost, sent whole or sifted, and a plan that obeys every row and bound."""
    _, whole = answers(n_lots, seed)
    monkeypatch.setattr(sessions, "MANY", 10)
    monkeypatch.setattr(sifted, "MANY", 10)
    monkeypatch.setattr(sifted, "SPARE", 0)
    session, part = answers(n_lots, seed)
    for one, other in zip(whole, part, strict=True):
        assert one.status == other.status
        assert other.objective == pytest.approx(one.objective, abs=0.01)
    form, numbers, x = session.form, session.numbers(), part[-1].x
    activity = np.bincount(form.index, numbers.values * x[form.columns], minlength=form.n_rows)
    assert (activity <= numbers.right + 1e-4).all()
    assert (np.abs(activity - numbers.right)[form.is_equation] <= 1e-4).all()
    assert (x >= numbers.lower - 1e-6).all()
    assert (x <= numbers.upper + 1e-6).all()
    assert float(numbers.cost @ x) + numbers.offset == pytest.approx(part[-1].objective, abs=0.01)
    if n_lots >= 200:
        assert not session.is_sent_whole, "nothing was set aside, so that nothing was tried"


def test_lots_alike_in_one_row_are_the_same_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Losses that share rows give the same plan's cost once every group is settled."""
    problem = large_household(240, 5, n_segments=4, funds_each=2)
    alone = rebalance(problem, compare=False).certificate
    monkeypatch.setattr(wash, "MANY_LOSSES", 5)
    monkeypatch.setattr(wash, "KINDS_OF_LOSS", 3)
    together = rebalance(problem, compare=False).certificate
    assert float(together.objective) == pytest.approx(float(alone.objective), abs=0.05)
