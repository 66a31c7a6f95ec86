"""A program kept open in the solver: only what changed is sent, the search goes on from the last basis, the answer stays arrays.

A plan takes dozens of solves that differ in a few bounds, a case of the tax or a budget. The first solve is one from nothing;
every later one starts from the basis of the one before.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from weakref import WeakKeyDictionary

import cvxpy as cp
import highspy
import numpy as np

from optimizer.errors import SolverFailure
from optimizer.model.axes import Index, Mask, Vector
from optimizer.model.linear_form import LinearForm, NotLinearError, linear_form
from optimizer.solve.equal_columns import EqualColumns
from optimizer.solve.sifted import MANY, Sent, SiftedProgram
from optimizer.solve.single_rows import SingleRows

TIME_LIMIT = "time limit"
"""The solver stopped because the time was up."""
NO_ANSWER = "no answer"
"""The solver lost its way in the numbers and says neither yes nor no."""
STATUS = {
    highspy.HighsModelStatus.kOptimal: cp.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: cp.INFEASIBLE,
    highspy.HighsModelStatus.kTimeLimit: TIME_LIMIT,
}
"""The solver's answers in words."""
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
        self.beside = 0.0
        """Seconds that solvers of parts of the program have run, by their own clocks."""
        self.single = SingleRows.of(form)
        entries = self.single.is_other[form.index]
        is_large = form.n_columns >= MANY
        self._equal = EqualColumns.find(form, entries) if is_large else EqualColumns.none(form.n_columns)
        self._entries = np.flatnonzero(entries & np.isin(form.columns, self._equal.first))
        row = (np.cumsum(self.single.is_other) - 1)[form.index[self._entries]]
        column = self._equal.of[form.columns[self._entries]]
        is_whole = form.is_whole[self._equal.first]
        self._program = SiftedProgram(row, column, is_whole, int(self.single.is_other.sum()))

    def solve(self) -> Answer:
        """Solve with the parameters as they stand.

        Raises
        ------
        SolverFailure
            If the solver neither finds an optimum nor shows that there is none.
        """
        numbers = self.numbers()
        sent = self._send(numbers, numbers.cost, np.ones(self.form.n_rows, dtype=bool))
        self.answer = self._answer(self._attempt() if sent else cp.INFEASIBLE, numbers)
        return self.answer

    def solve_within(self, bounds: Sequence[tuple[Index, Vector, Vector]]) -> Answer:
        """Solve with other bounds on some columns for this once; each entry is columns, lower and upper."""
        numbers = self.numbers()
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
        numbers = self.numbers()
        if not self._send(numbers, numbers.cost, np.ones(self.form.n_rows, dtype=bool)):
            return Searched("proof", np.inf, np.inf, 0, None)
        found = self._program.search(most_nodes, gap, cutoff - numbers.offset, self.until)
        if found.status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kObjectiveBound):
            return Searched("proof", np.inf, cutoff, found.nodes, None)
        ended: Literal["proof", "work", "time"] = "work"
        if found.status == highspy.HighsModelStatus.kOptimal:
            ended = "proof"
        elif found.status == highspy.HighsModelStatus.kTimeLimit:
            ended = "time"
        bound = found.bound + numbers.offset
        if found.x is None:
            return Searched(ended, np.inf, min(bound, cutoff), found.nodes, None)
        objective = found.objective + numbers.offset
        return Searched(ended, objective, min(bound, objective), found.nodes, self._equal.spread(found.x, *self._bounds))

    @property
    def seconds(self) -> float:
        """Seconds that the solver has run for this program and parts of it so far, by its own clock."""
        return self._program.seconds + self.beside

    @property
    def is_sent_whole(self) -> bool:
        """Whether the solver has every column that is not equal to another."""
        return self._program.is_sent_whole

    def columns(self, variable: cp.Variable) -> Index:
        """The columns of a variable."""
        return np.arange(variable.size) + self.form.places.column_of[variable.id]

    def named(self, name: str) -> Index:
        """The columns of the variable of this name."""
        return self.columns(next(each for each in self.form.places.variables if each.name() == name))

    def numbers(self) -> Numbers:
        """The numbers of the program with the parameters as they stand."""
        return Numbers.of(self.form, self.form.parameter_values())

    def has_plan(self, wanted: Collection[cp.Constraint]) -> bool:
        """Whether some values obey every bound and these constraints of the program, at whatever cost."""
        numbers = self.numbers()
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
        form, single = self.form, self.single
        lower, upper = single.tightened(numbers.lower, numbers.upper, numbers.right, binding)
        upper = np.where((upper < lower) & (upper > lower - ROUNDING), lower, upper)
        high = np.where(binding, numbers.right, highspy.kHighsInf)
        low = np.where(binding & form.is_equation, numbers.right, -highspy.kHighsInf)
        if (lower > upper).any():
            return False
        other, equal = single.is_other, self._equal
        bounds = equal.added(lower), equal.added(upper)
        self._bounds = lower, upper
        self._program.send(Sent(cost[equal.first], *bounds, low[other], high[other], numbers.values[self._entries]))
        return True

    def _attempt(self) -> str:
        found = self._program.run(self.until)
        if found not in STATUS:
            raise SolverFailure(f"The solver stopped without an answer: {found.name}")
        return str(STATUS[found])

    def _answer(self, status: str, numbers: Numbers) -> Answer:
        if status != cp.OPTIMAL:
            nothing = np.zeros(0)
            return Answer(status, np.inf, nothing, nothing, nothing)
        solution, single = self._program.solution(), self.single
        dual = np.zeros(self.form.n_rows)
        dual[single.is_other] = solution.row_dual
        reduced = solution.reduced[self._equal.of]
        dual[single.row], reduced = single.priced(reduced, numbers.lower, numbers.upper, numbers.right)
        x = self._equal.spread(solution.x, *self._bounds)
        return Answer(status, solution.objective + numbers.offset, x, dual, reduced)


_SESSIONS: WeakKeyDictionary[cp.Problem, Session | None] = WeakKeyDictionary()


def session_of(program: cp.Problem, costs: dict[str, cp.Expression]) -> Session | None:
    """The open session of a program, with its costs by name; None where the program is not linear."""
    if program not in _SESSIONS:
        try:
            _SESSIONS[program] = Session(linear_form(program, costs))
        except NotLinearError:
            _SESSIONS[program] = None
    return _SESSIONS[program]
