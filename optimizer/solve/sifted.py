"""A linear program in the solver, of which only the columns that may matter are sent once it is large: sifting.

Of tens of thousands of lots a plan sells a few thousand, and most of the others are far from worth it whatever is decided. After
a first solve of the whole program those columns and the rows that speak of nothing else are set aside, each at 0. Every later
solve prices them with its duals: where one would lower the cost it comes back, and the solver goes on from where it is. What is
found is the optimum of the whole program, with the duals of the whole program.

R. Bixby, J. Gregory, I. Lustig, R. Marsten, D. Shanno: Very large-scale linear programming, Operations Research 40 (1992).
"""

from dataclasses import dataclass
from time import monotonic

import highspy
import numpy as np
from numpy.typing import NDArray

from optimizer.model.axes import Index, Mask, Vector

MANY = 4_000
"""Columns from which on sifting is worth its bookkeeping."""
SPARE = 500
"""Columns that are kept beside those in use and a quarter more."""
ENDLESS = 1e20
"""Dollars from which on a bound is none; what has none, such as what is missing from a band, is never set aside."""
WRONG = 1e-9
"""Dollars per dollar by which a column may be priced too low, a hundredth of the solver's own tolerance."""
ANSWERS = frozenset(
    {
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
        highspy.HighsModelStatus.kTimeLimit,
    }
)
"""What the solver may answer; nothing here is unbounded, because every amount is limited by what there is."""
STARTS: tuple[tuple[bool, int | None], ...] = ((False, None), (True, None), (True, 0))
"""How a solve is tried: from the last basis or from nothing, with which scaling."""


@dataclass(frozen=True)
class Sent:
    """The numbers of a program: minimise cost · x, row_lower ≤ matrix · x ≤ row_upper, lower ≤ x ≤ upper."""

    cost: Vector
    lower: Vector
    upper: Vector
    row_lower: Vector
    row_upper: Vector
    values: Vector
    """The matrix's entries, in the order of the pattern."""


@dataclass(frozen=True)
class Solution:
    """An optimum of the whole program: values, prices of rows and reduced costs, and the least cost without any offset."""

    x: Vector
    row_dual: Vector
    reduced: Vector
    objective: float


@dataclass(frozen=True)
class WholeSolution:
    """How a search among whole values ended, the best of them, without any offset, and the columns where one was found."""

    status: highspy.HighsModelStatus
    objective: float
    bound: float
    nodes: int
    x: Vector | None


class SiftedProgram:
    """One program open in the solver.

    Parameters
    ----------
    row, column : ndarrays, shape (n_entries,): where each entry of the matrix stands, sorted by column.
    is_whole : ndarray, shape (n_columns,): columns that hold whole numbers.
    n_rows : int
    """

    def __init__(self, row: Index, column: Index, is_whole: Mask, n_rows: int) -> None:
        self._row, self._column, self._is_whole = row, column, is_whole
        self._in = _Part.whole(len(is_whole), n_rows)
        self._may_sift = len(is_whole) >= MANY and not is_whole.any()
        self._sent: Sent | None = None
        self._solver = highspy.Highs()

    @property
    def seconds(self) -> float:
        """Seconds that the solver has run so far, by its own clock."""
        return float(self._solver.getRunTime())

    @property
    def is_sent_whole(self) -> bool:
        """Whether nothing is set aside."""
        return self._in.is_whole

    def send(self, after: Sent) -> None:
        """Send what differs from what the solver has."""
        before, self._sent = self._sent, after
        if before is None:
            self._pass(None)
            return
        returning = self._must_return(after)
        if returning.any():
            self._take(self._in.columns | returning)
            return
        part, solver = self._in, self._solver
        at = _differing((before.lower, after.lower), (before.upper, after.upper))
        at = at[part.columns[at]]
        if len(at):
            solver.changeColsBounds(len(at), part.column_at[at], after.lower[at], after.upper[at])
        at = _differing((before.cost, after.cost))
        at = at[part.columns[at]]
        if len(at):
            solver.changeColsCost(len(at), part.column_at[at], after.cost[at])
        at = _differing((before.row_lower, after.row_lower), (before.row_upper, after.row_upper))
        at = at[part.rows[at]]
        if len(at):
            solver.changeRowsBounds(len(at), part.row_at[at], after.row_lower[at], after.row_upper[at])
        for place in _differing((before.values, after.values)).tolist():
            row, column = int(self._row[place]), int(self._column[place])
            if part.columns[column]:
                solver.changeCoeff(int(part.row_at[row]), int(part.column_at[column]), float(after.values[place]))

    def run(self, until: float | None) -> highspy.HighsModelStatus:
        """Solve what was sent, until a moment of the monotonic clock at most; the status is that of the whole program."""
        assert self._sent is not None
        while True:
            found = self._attempt(until)
            if self._in.is_whole:
                if found == highspy.HighsModelStatus.kOptimal and self._may_sift and self._set_aside():
                    continue
                return found
            if found == highspy.HighsModelStatus.kInfeasible:
                self._take(np.ones_like(self._in.columns))
                continue
            if found != highspy.HighsModelStatus.kOptimal:
                return found
            priced = self._reduced(np.array(self._solver.getSolution().row_dual))
            wrong = ~self._in.columns & (priced < -WRONG) & (self._sent.upper > 0.0)
            if not wrong.any():
                return found
            self._take(self._in.columns | wrong)

    def search(self, most_nodes: int, gap: float, cutoff: float, until: float | None) -> WholeSolution:
        """Search among whole values below a cutoff, from nothing and for so many nodes of the tree."""
        solver = self._solver
        solver.clearSolver()
        left = highspy.kHighsInf if until is None else solver.getRunTime() + max(0.0, until - monotonic())
        options = {"mip_abs_gap": gap, "mip_rel_gap": 0.0, "mip_max_nodes": max(1, most_nodes), "time_limit": left}
        for name, value in {**options, "objective_bound": cutoff}.items():
            solver.setOptionValue(name, value)
        solver.run()
        status, info = solver.getModelStatus(), solver.getInfo()
        solver.resetOptions()
        solver.setOptionValue("output_flag", False)
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            status = highspy.HighsModelStatus.kInfeasible
        is_found = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        x = np.array(solver.getSolution().col_value) if is_found else None
        objective = float(info.objective_function_value)
        return WholeSolution(status, objective, float(info.mip_dual_bound), int(info.mip_node_count), x)

    def solution(self) -> Solution:
        """The optimum that the last run found."""
        found, part = self._solver.getSolution(), self._in
        objective = float(self._solver.getInfo().objective_function_value)
        if part.is_whole:
            return Solution(np.array(found.col_value), np.array(found.row_dual), np.array(found.col_dual), objective)
        x, row_dual = np.zeros(len(part.columns)), np.zeros(len(part.rows))
        x[part.columns], row_dual[part.rows] = found.col_value, found.row_dual
        reduced = self._reduced(row_dual[part.rows])
        reduced[part.columns] = found.col_dual
        return Solution(x, row_dual, reduced, objective)

    def _reduced(self, duals: Vector) -> Vector:
        """What one more of every column costs at the prices of the rows that were sent."""
        assert self._sent is not None
        price = np.zeros(len(self._in.rows))
        price[self._in.rows] = duals
        explained = np.bincount(self._column, weights=self._sent.values * price[self._row], minlength=len(self._sent.cost))
        found: Vector = self._sent.cost - explained
        return found

    def _set_aside(self) -> bool:
        """Send no more of the columns at 0 that are dearest, and of the rows that speak of nothing else.

        False where too few would go.
        """
        assert self._sent is not None
        found, basic = self.solution(), highspy.HighsBasisStatus.kBasic
        is_used = np.array([each == basic for each in self._solver.getBasis().col_status]) | (found.x != 0.0)
        may_rest = ~is_used & (self._sent.lower == 0.0) & (self._sent.upper < ENDLESS) & (found.reduced > 0.0)
        n_resting = min(len(may_rest) - int(1.25 * is_used.sum()) - SPARE, int(may_rest.sum()))
        if n_resting < len(may_rest) // 4:
            return False
        stays = np.ones(len(may_rest), dtype=bool)
        stays[np.argsort(np.where(may_rest, -found.reduced, np.inf), kind="stable")[:n_resting]] = False
        self._take(stays)
        return True

    def _must_return(self, sent: Sent) -> Mask:
        """Columns set aside that have to be more than 0 now, or of whose rows nothing at all is no answer."""
        part = self._in
        columns: Mask = ~part.columns & (sent.lower > 0.0)
        rows = ~part.rows & _needs_something(sent)
        if rows.any():
            columns[self._column[rows[self._row]]] = True
        return columns & ~part.columns

    def _take(self, columns: Mask) -> None:
        """Send these columns and every row that speaks of one, and go on from the basis of what was sent before."""
        assert self._sent is not None
        rows = np.ones(len(self._in.rows), dtype=bool) if columns.all() else _needs_something(self._sent)
        rows[self._row[columns[self._column]]] = True
        before, self._in = self._in, _Part(columns, rows)
        self._pass(before)

    def _pass(self, before: "_Part | None") -> None:
        """Hand over what is in, with the basis that the solver has for what was in `before`."""
        assert self._sent is not None
        sent, part = self._sent, self._in
        basis = None if before is None else self._solver.getBasis()
        entries = part.columns[self._column]
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = int(part.columns.sum()), int(part.rows.sum())
        program.col_cost_ = sent.cost[part.columns]
        program.col_lower_, program.col_upper_ = sent.lower[part.columns], sent.upper[part.columns]
        program.row_lower_, program.row_upper_ = sent.row_lower[part.rows], sent.row_upper[part.rows]
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        column = part.column_at[self._column[entries]]
        program.a_matrix_.start_ = np.searchsorted(column, np.arange(program.num_col_ + 1)).astype(np.int32)
        program.a_matrix_.index_ = part.row_at[self._row[entries]]
        program.a_matrix_.value_ = sent.values[entries]
        if self._is_whole.any():
            whole, fraction = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
            program.integrality_ = [whole if is_whole else fraction for is_whole in self._is_whole[part.columns]]
        self._solver.setOptionValue("output_flag", False)
        self._solver.passModel(program)
        if basis is not None and before is not None and basis.valid:
            self._solver.setBasis(_carried(basis, before, part))

    def _attempt(self, until: float | None) -> highspy.HighsModelStatus:
        """Run the solver from the last basis, which is fast, and from nothing where it loses its way from there.

        A basis of another case can be so far off that the simplex method ends a hair outside its tolerance and says neither yes
        nor no; a cold start, with presolve and without its own scaling, then settles it.
        """
        found = highspy.HighsModelStatus.kNotset
        for cold, scaling in STARTS:
            if cold:
                self._solver.clearSolver()
            if scaling is not None:
                self._solver.setOptionValue("simplex_scale_strategy", scaling)
            # The solver's clock adds up over its runs, so what is left counts from where that stands.
            left = highspy.kHighsInf if until is None else self._solver.getRunTime() + max(0.0, until - monotonic())
            self._solver.setOptionValue("time_limit", left)
            self._solver.run()
            found = self._solver.getModelStatus()
            if scaling is not None:
                self._solver.resetOptions()
                self._solver.setOptionValue("output_flag", False)
            if found in ANSWERS:
                break
        if found == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            return highspy.HighsModelStatus.kInfeasible
        return found


class _Part:
    """The columns and rows that are sent, and where each stands among those."""

    def __init__(self, columns: Mask, rows: Mask) -> None:
        self.columns, self.rows = columns, rows
        self.is_whole = bool(columns.all() and rows.all())
        self.column_at = (np.cumsum(columns) - 1).astype(np.int32)
        self.row_at = (np.cumsum(rows) - 1).astype(np.int32)

    @classmethod
    def whole(cls, n_columns: int, n_rows: int) -> "_Part":
        """All of it."""
        return cls(np.ones(n_columns, dtype=bool), np.ones(n_rows, dtype=bool))


def _carried(basis: highspy.HighsBasis, before: _Part, after: _Part) -> highspy.HighsBasis:
    """The basis for what is in after: a column that was not in before is at 0, and a row has room."""
    columns = np.full(len(before.columns), highspy.HighsBasisStatus.kLower, dtype=object)
    rows = np.full(len(before.rows), highspy.HighsBasisStatus.kBasic, dtype=object)
    columns[before.columns], rows[before.rows] = basis.col_status, basis.row_status
    carried = highspy.HighsBasis()
    carried.col_status, carried.row_status = columns[after.columns].tolist(), rows[after.rows].tolist()
    carried.valid = True
    return carried


def _needs_something(sent: Sent) -> Mask:
    """Rows that nothing at all does not satisfy."""
    found: Mask = (sent.row_lower > 0.0) | (sent.row_upper < 0.0)
    return found


def _differing(*pairs: tuple[Vector, Vector]) -> NDArray[np.int32]:
    """Positions at which one of the pairs differs."""
    differs = pairs[0][0] != pairs[0][1]
    for before, after in pairs[1:]:
        differs |= before != after
    return np.flatnonzero(differs).astype(np.int32)
