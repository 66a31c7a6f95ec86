"""The open session against the modelling library's own way through the solver: same optimum, same prices, same refusals."""

import random

import cvxpy as cp
import numpy as np
import pytest

from optimizer.model.assemble import Model, assemble
from optimizer.model.blocks.wash import WashState
from optimizer.model.linear_form import NotLinearError, linear_form
from optimizer.problem import Lever
from optimizer.solve.session import Session, session_of
from tests.random_households import random_household
from tests.random_incomes import random_income

CENT = 0.01


def _at_random(model: Model, rng: random.Random) -> None:
    """Some case, some levers, some wash groups settled."""
    model.choose(rng.choice(model.cases), frozenset(lever for lever in Lever if rng.random() < 0.7))
    states = [WashState.BOUGHT, WashState.HARVESTED]
    model.decide({n: rng.choice(states) for n in range(len(model.wash_axis)) if rng.random() < 0.5})


@pytest.mark.parametrize("seed", range(24))
def test_the_session_finds_what_the_library_finds(seed: int) -> None:
    """Random households, flat rates and whole returns, with levers, cases and branches changed between solves of one session."""
    rng = random.Random(seed)
    model = assemble(random_income(seed) if seed % 3 == 0 else random_household(seed))
    for _ in range(4):
        _at_random(model, rng)
        session = session_of(model.program, model.costs)
        assert session is not None
        answer = session.solve()
        model.program.solve(solver=cp.HIGHS, warm_start=False)
        assert answer.status == ("optimal" if model.program.status == cp.OPTIMAL else "infeasible"), (seed, model.program.status)
        if answer.status == "optimal":
            assert abs(answer.objective - model.program.value) <= 1e-9 * abs(model.program.value) + 1e-5
            assert abs(sum(session.costs().values()) - answer.objective) <= 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_values_written_back_are_those_of_the_program(seed: int) -> None:
    """Whoever reads a variable, a cost or a constraint of the model afterwards sees the session's answer."""
    model = assemble(random_household(seed))
    model.choose(model.cases[0], frozenset(Lever))
    session = session_of(model.program, model.costs)
    assert session is not None
    answer = session.solve()
    session.write_back()
    assert abs(model.program.objective.value - answer.objective) < 1e-6
    assert max(float(np.max(each.constraint.violation())) for each in model.constraints) < 1e-5
    by_name = session.costs()
    assert all(abs(by_name[name] - float(cost.value)) < 1e-7 for name, cost in model.costs.items())


def test_prices_have_the_library_s_signs() -> None:
    """A program whose prices are known by hand: two of x at three dollars, one of y at five, one unit of each row."""
    x, y = cp.Variable(nonneg=True), cp.Variable(nonneg=True)
    rows = [x + y == 3, -x >= -2, y <= 7]
    program = cp.Problem(cp.Minimize(3 * x + 5 * y), rows)
    session = Session(linear_form(program, {}))
    assert session.solve().objective == pytest.approx(11)
    session.write_back()
    ours = [float(row.dual_value) for row in rows]
    program.solve(solver=cp.HIGHS)
    assert ours == pytest.approx([float(row.dual_value) for row in rows])
    assert float(session.dual_of(rows[0])[0]) == pytest.approx(5)


def test_orders_that_are_left_out_bind_nothing_and_bind_again_afterwards() -> None:
    """Conflicts are looked for in the same session, with rows set aside; the next solve has them all."""
    x = cp.Variable(2, nonneg=True)
    rows = [cp.sum(x) >= 4, x <= 1, x[0] >= 1]
    session = Session(linear_form(cp.Problem(cp.Minimize(cp.sum(x)), rows), {}))
    assert not session.has_plan(rows)
    assert session.has_plan(rows[:1])
    assert session.has_plan(rows[1:])
    assert session.solve().status == "infeasible"


@pytest.mark.parametrize(
    "program",
    [
        cp.Problem(cp.Minimize(cp.sum_squares(cp.Variable(2)))),
        cp.Problem(cp.Maximize(cp.Variable(bounds=[0, 1]))),
        cp.Problem(cp.Minimize(cp.Variable()), [cp.norm(cp.Variable(2)) <= 1]),
        cp.Problem(cp.Minimize(cp.Parameter(value=1) * cp.Parameter(value=2) * cp.Variable())),
    ],
)
def test_what_is_not_linear_is_left_to_the_library(program: cp.Problem) -> None:
    """A wrong reading would be worse than a slow solve."""
    with pytest.raises(NotLinearError):
        linear_form(program, {})


def test_affine_expressions_of_every_kind_are_read_as_the_library_reads_them() -> None:
    """Products with matrices, picked entries, sums, stacks and parameters, against the library's value of the same expression."""
    rng = np.random.default_rng(5)
    x, y = cp.Variable(4, name="x"), cp.Variable(name="y")
    matrix, weights = cp.Parameter((3, 4), value=rng.normal(size=(3, 4))), cp.Parameter(4, value=rng.normal(size=4))
    rate = cp.Parameter(value=0.3)
    expressions = [
        rng.normal(size=(3, 4)) @ x - 2 * y + 1,
        matrix @ x + cp.hstack([y, x[1], 3.0]),
        cp.multiply(weights, x)[[2, 2, 0]] / 4,
        cp.sum(x[1:3]) - weights @ x + rate * y,
        x @ rng.normal(size=4) + rate * (x[0] + 2),
        cp.multiply(rng.normal(size=4), rate * x - y),
        cp.reshape(x, (4,), order="F") * 2 - cp.hstack([y, y, y, y]),
        x[::-1] @ weights,
    ]
    rows = [expression <= 1 for expression in expressions]
    form = linear_form(cp.Problem(cp.Minimize(cp.sum(x) + rate * y), rows), {"y": 2 * y})
    for _ in range(3):
        x.value, y.value, matrix.value, weights.value = (rng.normal(size=s) for s in (4, (), (3, 4), 4))
        rate.value = float(rng.normal())
        point, parameters = _columns(form.places.variables), form.parameter_values()
        left = _matrix(form, parameters) @ point - form.right.at(parameters)
        expected = np.concatenate([np.ravel(row.expr.value, order="F") for row in rows])
        assert left == pytest.approx(expected)
        assert form.costs_at(point, parameters)["y"] == pytest.approx(2 * float(y.value))
        assert form.cost.at(parameters) @ point == pytest.approx(float(np.sum(x.value) + rate.value * y.value))


def _columns(variables: list[cp.Variable]) -> np.ndarray:
    return np.concatenate([np.ravel(v.value, order="F") for v in variables])


def _matrix(form: object, parameters: np.ndarray) -> np.ndarray:
    dense = np.zeros((form.n_rows, form.n_columns))
    columns = np.repeat(np.arange(form.n_columns), np.diff(form.start))
    dense[form.index, columns] = form.values.at(parameters)
    return dense
