"""A program kept open in the solver: only what changed is sent, the search goes on from the last basis, the answer stays arrays.

A plan takes dozens of solves that differ in a few bounds, a case of the tax or a budget. The first solve is one from nothing;
every later one starts from the basis of the one before.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Literal
from weakref import WeakKeyDictionary

import cvxpy as cp
import highspy
import numpy as np
from numpy.typing import NDArray

from optimizer.errors import SolverFailure
from optimizer.model.axes import Index, Mask, Vector
from optimizer.model.linear_form import LinearForm, NotLinearError, linear_form
from optimizer.solve.single_rows import SingleRows

TIME_LIMIT = "time limit"
"""The solver stopped because the time was up."""
STATUS = {
    highspy.HighsModelStatus.kOptimal: cp.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: cp.INFEASIBLE,
    highspy.HighsModelStatus.kUnboundedOrInfeasible: cp.INFEASIBLE,
    highspy.HighsModelStatus.kTimeLimit: TIME_LIMIT,
}
"""What the solver may answer; nothing here is unbounded, because every amount is limited by what there is."""
ROUNDING = 1e-9
"""Dollars by which two bounds may cross by rounding alone; they are then one."""


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
class Sent:
    """What the solver has: the program with rows of one variable as bounds."""

    cost: Vector
    lower: Vector
    upper: Vector
    row_lower: Vector
    row_upper: Vector
    values: Vector


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


@dataclass(frozen=True)
class Searched:
    """A search among whole values: the best found, what none can cost less than, and how the search ended.

    Without `x`, of shape (n_columns,), nothing was found, and where `ended_by` is "proof" there is nothing.
    """

    ended_by: Literal["proof", "work", "time"]
    objective: float
    bound: float
    nodes: int
    x: Vector | None


class Session:
    """One linear program, open in the solver from its first solve on."""

    def __init__(self, form: LinearForm) -> None:
        self.form = form
        self.answer: Answer | None = None
        self.until: float | None = None
        """The moment of the monotonic clock at which a solve stops without an answer; None lets each run to its end."""
        self._single = SingleRows.of(form)
        self._columns = form.columns
        self._row_in_solver = np.cumsum(self._single.is_other) - 1
        self._sent: Sent | None = None
        self._solver = highspy.Highs()

    def solve(self) -> Answer:
        """Solve with the parameters as they stand.

        Raises
        ------
        SolverFailure
            If the solver neither finds an optimum nor shows that there is none.
        """
        numbers = Numbers.of(self.form, self.form.parameter_values())
        sent = self._send(numbers, numbers.cost, np.ones(self.form.n_rows, dtype=bool))
        self.answer = self._answer(self._attempt() if sent else cp.INFEASIBLE, numbers)
        return self.answer

    def solve_within(self, bounds: Sequence[tuple[Index, Vector, Vector]]) -> Answer:
        """Solve with other bounds on some columns for this once; each entry is columns, lower and upper."""
        numbers = Numbers.of(self.form, self.form.parameter_values())
        lower, upper = numbers.lower.copy(), numbers.upper.copy()
        for columns, low, high in bounds:
            lower[columns], upper[columns] = low, high
        numbers = replace(numbers, lower=lower, upper=upper)
        sent = self._send(numbers, numbers.cost, np.ones(self.form.n_rows, dtype=bool))
        self.answer = self._answer(self._attempt() if sent else cp.INFEASIBLE, numbers)
        return self.answer

    def search(self, most_nodes: int, gap: float, cutoff: float = np.inf) -> Searched:
        """Search among the whole values of a program that has some, for a plan within `gap` dollars of the bound.

        Only what costs less than `cutoff` dollars is looked for; where there is nothing, the cutoff is the bound.

        The search begins from nothing and ends after so many nodes of its tree, so the same question has the same answer
        whatever was solved before and however fast the machine is; only :attr:`until` ends it by the clock.
        """
        numbers = Numbers.of(self.form, self.form.parameter_values())
        if not self._send(numbers, numbers.cost, np.ones(self.form.n_rows, dtype=bool)):
            return Searched("proof", np.inf, np.inf, 0, None)
        solver = self._solver
        solver.clearSolver()
        left = highspy.kHighsInf if self.until is None else solver.getRunTime() + max(0.0, self.until - monotonic())
        options = {"mip_abs_gap": gap, "mip_rel_gap": 0.0, "mip_max_nodes": max(1, most_nodes), "time_limit": left}
        options["objective_bound"] = cutoff - numbers.offset
        for name, value in options.items():
            solver.setOptionValue(name, value)
        solver.run()
        status, info = solver.getModelStatus(), solver.getInfo()
        solver.resetOptions()
        solver.setOptionValue("output_flag", False)
        if STATUS.get(status) == cp.INFEASIBLE or status == highspy.HighsModelStatus.kObjectiveBound:
            return Searched("proof", np.inf, cutoff, int(info.mip_node_count), None)
        ended: Literal["proof", "work", "time"] = "work"
        if STATUS.get(status) == cp.OPTIMAL:
            ended = "proof"
        elif STATUS.get(status) == TIME_LIMIT:
            ended = "time"
        bound = float(info.mip_dual_bound) + numbers.offset
        if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
            return Searched(ended, np.inf, min(bound, cutoff), int(info.mip_node_count), None)
        objective = float(info.objective_function_value) + numbers.offset
        x = np.array(solver.getSolution().col_value)
        return Searched(ended, objective, min(bound, objective), int(info.mip_node_count), x)

    @property
    def seconds(self) -> float:
        """Seconds that the solver has run for this program so far, by its own clock."""
        return float(self._solver.getRunTime())

    def columns(self, variable: cp.Variable) -> Index:
        """The columns of a variable."""
        return np.arange(variable.size) + self.form.places.column_of[variable.id]

    def has_plan(self, wanted: Collection[cp.Constraint]) -> bool:
        """Whether some values obey every bound and these constraints of the program, at whatever cost."""
        numbers = Numbers.of(self.form, self.form.parameter_values())
        kept = np.zeros(self.form.n_rows, dtype=bool)
        for constraint in wanted:
            kept[self.form.slices[constraint.id]] = True
        return self._send(numbers, np.zeros(self.form.n_columns), kept) and self._attempt() == cp.OPTIMAL

    def dual_of(self, constraint: cp.Constraint) -> Vector:
        """What one more dollar on the right side of a constraint adds to the least cost, from the last solve."""
        assert self.answer is not None
        return self.answer.dual[self.form.slices[constraint.id]]

    def costs(self) -> dict[str, float]:
        """Every cost by name at the last answer, dollars."""
        assert self.answer is not None
        return self.form.costs_at(self.answer.x, self.form.parameter_values())

    def write_back(self) -> None:
        """Put the last answer into the modelling library's variables and constraints, for whoever reads them there."""
        if self.answer is None or self.answer.status != cp.OPTIMAL:
            return
        self.write_values(self.answer.x)
        for constraint in self.form.constraints:
            # The library's multiplier is what one dollar less on the right side adds to the cost, for both kinds of rows.
            price = -self.answer.dual[self.form.slices[constraint.id]]
            constraint.dual_variables[0].save_value(np.reshape(price, constraint.shape, order="F"))

    def write_values(self, x: Vector) -> None:
        """Put values of the columns, of shape (n_columns,), into the modelling library's variables, and no prices."""
        for variable in self.form.places.variables:
            at = self.form.places.column_of[variable.id]
            variable.save_value(np.reshape(x[at : at + variable.size], variable.shape, order="F"))

    def costs_at(self, x: Vector) -> dict[str, float]:
        """Every cost by name at values of the columns, dollars."""
        return self.form.costs_at(x, self.form.parameter_values())

    def _send(self, numbers: Numbers, cost: Vector, binding: Mask) -> bool:
        """Send the solver what differs from what it has; rows that are not `binding` are set aside.

        Nothing is sent, and False returned, where a lower bound lies above its upper one, which no plan can obey.
        """
        form, single = self.form, self._single
        lower, upper = single.tightened(numbers.lower, numbers.upper, numbers.right, binding)
        upper = np.where((upper < lower) & (upper > lower - ROUNDING), lower, upper)
        high = np.where(binding, numbers.right, highspy.kHighsInf)
        low = np.where(binding & form.is_equation, numbers.right, -highspy.kHighsInf)
        if (lower > upper).any():
            return False
        after = Sent(cost, lower, upper, low[single.is_other], high[single.is_other], numbers.values)
        before, self._sent = self._sent, after
        if before is None:
            self._open(after)
            return True
        solver = self._solver
        at = _differing((before.lower, after.lower), (before.upper, after.upper))
        if len(at):
            solver.changeColsBounds(len(at), at, lower[at], upper[at])
        at = _differing((before.cost, cost))
        if len(at):
            solver.changeColsCost(len(at), at, cost[at])
        at = _differing((before.row_lower, after.row_lower), (before.row_upper, after.row_upper))
        if len(at):
            solver.changeRowsBounds(len(at), at, after.row_lower[at], after.row_upper[at])
        for place in _differing((before.values, after.values)).tolist():
            row = int(self._row_in_solver[form.index[place]])
            solver.changeCoeff(row, int(self._columns[place]), float(after.values[place]))
        return True

    def _open(self, numbers: "Sent") -> None:
        """Hand the whole program over."""
        form, other = self.form, self._single.is_other[self.form.index]
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = form.n_columns, len(numbers.row_lower)
        program.col_cost_, program.col_lower_, program.col_upper_ = numbers.cost, numbers.lower, numbers.upper
        program.row_lower_, program.row_upper_ = numbers.row_lower, numbers.row_upper
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = np.searchsorted(self._columns[other], np.arange(form.n_columns + 1)).astype(np.int32)
        program.a_matrix_.index_ = self._row_in_solver[form.index[other]].astype(np.int32)
        program.a_matrix_.value_ = numbers.values[other]
        if form.is_whole.any():
            whole, part = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
            program.integrality_ = [whole if is_whole else part for is_whole in form.is_whole]
        self._solver.setOptionValue("output_flag", False)
        self._solver.passModel(program)

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
            # The solver's clock adds up over its runs, so what is left counts from where that stands.
            left = highspy.kHighsInf if self.until is None else self._solver.getRunTime() + max(0.0, self.until - monotonic())
            self._solver.setOptionValue("time_limit", left)
            self._solver.run()
            found = self._solver.getModelStatus()
            if scaling is not None:
                self._solver.resetOptions()
                self._solver.setOptionValue("output_flag", False)
            if found in STATUS:
                return str(STATUS[found])
        raise SolverFailure(f"The solver stopped without an answer: {self._solver.modelStatusToString(found)}")

    def _answer(self, status: str, numbers: Numbers) -> Answer:
        if status != cp.OPTIMAL:
            nothing = np.zeros(0)
            return Answer(status, np.inf, nothing, nothing, nothing)
        solution, single = self._solver.getSolution(), self._single
        dual = np.zeros(self.form.n_rows)
        dual[single.is_other] = solution.row_dual
        reduced = np.array(solution.col_dual)
        dual[single.row], reduced = single.priced(reduced, numbers.lower, numbers.upper, numbers.right)
        objective = float(self._solver.getInfo().objective_function_value) + numbers.offset
        return Answer(status, objective, np.array(solution.col_value), dual, reduced)


def _differing(*pairs: tuple[Vector, Vector]) -> NDArray[np.int32]:
    """Positions at which one of the pairs differs."""
    differs = pairs[0][0] != pairs[0][1]
    for before, after in pairs[1:]:
        differs |= before != after
    return np.flatnonzero(differs).astype(np.int32)


_SESSIONS: WeakKeyDictionary[cp.Problem, Session | None] = WeakKeyDictionary()


def session_of(program: cp.Problem, costs: dict[str, cp.Expression]) -> Session | None:
    """The open session of a program, with its costs by name; None where the program is not linear."""
    if program not in _SESSIONS:
        try:
            _SESSIONS[program] = Session(linear_form(program, costs))
        except NotLinearError:
            _SESSIONS[program] = None
    return _SESSIONS[program]
