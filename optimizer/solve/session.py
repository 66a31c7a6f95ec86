"""A program kept open in the solver: only what changed is sent, the search goes on from the last basis, the answer stays arrays.

A plan takes dozens of solves that differ in a few bounds, a case of the tax or a budget. The first solve is one from nothing;
every later one starts from the basis of the one before.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import cvxpy as cp
import highspy
import numpy as np

from optimizer.errors import SolverFailure
from optimizer.model.axes import Vector
from optimizer.model.linear_form import LinearForm, NotLinearError, linear_form

STATUS = {
    highspy.HighsModelStatus.kOptimal: cp.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: cp.INFEASIBLE,
    highspy.HighsModelStatus.kUnboundedOrInfeasible: cp.INFEASIBLE,
}
"""What the solver may answer; nothing here is unbounded, because every amount is limited by what there is."""


@dataclass(frozen=True)
class Numbers:
    """The arrays of a form at one set of parameters."""

    cost: Vector
    offset: float
    values: Vector
    right: Vector
    lower: Vector
    upper: Vector

    @classmethod
    def of(cls, form: LinearForm, parameters: Vector) -> "Numbers":
        """Work out every number."""
        return cls(
            form.cost.at(parameters),
            float(form.offset.at(parameters)[0]),
            form.values.at(parameters),
            form.right.at(parameters),
            form.lower.at(parameters),
            form.upper.at(parameters),
        )


@dataclass(frozen=True)
class Answer:
    """One solve: the least cost, the variables and the price of every row, in the order of the form.

    `dual` is what one more on a row's right side adds to the least cost, `reduced` what one more of a variable does.
    """

    status: str
    objective: float
    x: Vector
    dual: Vector
    reduced: Vector


class Session:
    """One linear program, open in the solver."""

    def __init__(self, form: LinearForm) -> None:
        self.form = form
        self.parameters = form.parameter_values()
        self.numbers = Numbers.of(form, self.parameters)
        self._column_of = np.repeat(np.arange(form.n_columns), np.diff(form.start))
        self._solver = _opened(form, self.numbers)
        self.answer: Answer | None = None

    def solve(self) -> Answer:
        """Solve with the parameters as they stand.

        Raises
        ------
        SolverFailure
            If the solver neither finds an optimum nor shows that there is none.
        """
        self._send(self.form.parameter_values())
        status = self._attempt()
        self.answer = self._answer(status)
        return self.answer

    def solve_within(self, bounds: Sequence[tuple[np.ndarray, Vector, Vector]]) -> Answer:
        """Solve with other bounds on some columns, which are put back afterwards; each entry is columns, lower and upper."""
        self._send(self.form.parameter_values())
        for columns, lower, upper in bounds:
            self._solver.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)
        try:
            self.answer = self._answer(self._attempt())
            return self.answer
        finally:
            for columns, _, _ in bounds:
                own = self.numbers.lower[columns], self.numbers.upper[columns]
                self._solver.changeColsBounds(len(columns), columns.astype(np.int32), *own)

    def columns(self, variable: cp.Variable) -> np.ndarray:
        """The columns of a variable."""
        return np.arange(variable.size) + self.form.places.column_of[variable.id]

    def dual_of(self, constraint: cp.Constraint) -> Vector:
        """What one more dollar on the right side of a constraint adds to the least cost, from the last solve."""
        assert self.answer is not None
        return self.answer.dual[self.form.slices[constraint.id]]

    def costs(self) -> dict[str, float]:
        """Every cost by name at the last answer, dollars."""
        assert self.answer is not None
        return self.form.costs_at(self.answer.x, self.parameters)

    def write_back(self) -> None:
        """Put the last answer into the modelling library's variables and constraints, for whoever reads them there."""
        if self.answer is None or self.answer.status != cp.OPTIMAL:
            return
        for variable in self.form.places.variables:
            at = self.form.places.column_of[variable.id]
            variable.save_value(np.reshape(self.answer.x[at : at + variable.size], variable.shape, order="F"))
        for constraint in self.form.constraints:
            # The library's multiplier is what one dollar less on the right side adds to the cost, for both kinds of rows.
            price = -self.answer.dual[self.form.slices[constraint.id]]
            constraint.dual_variables[0].save_value(np.reshape(price, constraint.shape, order="F"))

    def has_plan(self, wanted: Collection[cp.Constraint]) -> bool:
        """Whether some values obey every bound and these constraints of the program, at whatever cost."""
        form, solver = self.form, self._solver
        self._send(form.parameter_values())
        kept = np.zeros(form.n_rows, dtype=bool)
        for constraint in wanted:
            kept[form.slices[constraint.id]] = True
        rows, columns = np.arange(form.n_rows, dtype=np.int32), np.arange(form.n_columns, dtype=np.int32)
        low, high = _sides(form, self.numbers.right)
        free = np.full(form.n_rows, highspy.kHighsInf)
        solver.changeRowsBounds(form.n_rows, rows, np.where(kept, low, -free), np.where(kept, high, free))
        solver.changeColsCost(form.n_columns, columns, np.zeros(form.n_columns))
        try:
            return bool(self._attempt() == cp.OPTIMAL)
        finally:
            solver.changeRowsBounds(form.n_rows, rows, low, high)
            solver.changeColsCost(form.n_columns, columns, self.numbers.cost)

    def _send(self, parameters: Vector) -> None:
        """Send the solver what differs from what it has."""
        if np.array_equal(parameters, self.parameters):
            return
        before, after, solver = self.numbers, Numbers.of(self.form, parameters), self._solver
        columns = np.flatnonzero((before.lower != after.lower) | (before.upper != after.upper)).astype(np.int32)
        if len(columns):
            solver.changeColsBounds(len(columns), columns, after.lower[columns], after.upper[columns])
        columns = np.flatnonzero(before.cost != after.cost).astype(np.int32)
        if len(columns):
            solver.changeColsCost(len(columns), columns, after.cost[columns])
        rows = np.flatnonzero(before.right != after.right).astype(np.int32)
        if len(rows):
            low, high = _sides(self.form, after.right)
            solver.changeRowsBounds(len(rows), rows, low[rows], high[rows])
        for place in np.flatnonzero(before.values != after.values).tolist():
            solver.changeCoeff(int(self.form.index[place]), int(self._column_of[place]), float(after.values[place]))
        self.parameters, self.numbers = parameters, after

    def _attempt(self) -> str:
        """Run the solver from the last basis, which is fast, and from nothing where it loses its way from there.

        A basis of another case can be so far off that the simplex method ends a hair outside its tolerance and says neither yes
        nor no; a cold start, with presolve and without its own scaling, then settles it.
        """
        found = "nothing"
        for cold, scaling in ((False, None), (True, None), (True, 0)):
            if cold:
                self._solver.clearSolver()
            if scaling is not None:
                self._solver.setOptionValue("simplex_scale_strategy", scaling)
            self._solver.run()
            found = self._solver.getModelStatus()
            if scaling is not None:
                self._solver.resetOptions()
                self._solver.setOptionValue("output_flag", False)
            if found in STATUS:
                return str(STATUS[found])
        raise SolverFailure(f"The solver stopped without an answer: {self._solver.modelStatusToString(found)}")

    def _answer(self, status: str) -> Answer:
        if status != cp.OPTIMAL:
            nothing = np.zeros(0)
            return Answer(status, np.inf, nothing, nothing, nothing)
        solution = self._solver.getSolution()
        x = np.array(solution.col_value)
        objective = float(self._solver.getInfo().objective_function_value) + self.numbers.offset
        return Answer(status, objective, x, np.array(solution.row_dual), np.array(solution.col_dual))


_SESSIONS: WeakKeyDictionary[cp.Problem, Session | None] = WeakKeyDictionary()


def session_of(program: cp.Problem, costs: dict[str, cp.Expression]) -> Session | None:
    """The open session of a program, with its costs by name; None where the program is not linear."""
    if program not in _SESSIONS:
        try:
            _SESSIONS[program] = Session(linear_form(program, costs))
        except NotLinearError:
            _SESSIONS[program] = None
    return _SESSIONS[program]


def _sides(form: LinearForm, right: Vector) -> tuple[Vector, Vector]:
    return np.where(form.is_equation, right, -highspy.kHighsInf), right


def _opened(form: LinearForm, numbers: Numbers) -> highspy.Highs:
    """The program in a solver of its own."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = form.n_columns, form.n_rows
    program.col_cost_, program.col_lower_, program.col_upper_ = numbers.cost, numbers.lower, numbers.upper
    program.row_lower_, program.row_upper_ = _sides(form, numbers.right)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_ = form.start, form.index, numbers.values
    if form.is_whole.any():
        whole, part = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        program.integrality_ = [whole if is_whole else part for is_whole in form.is_whole]
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(program)
    return solver
