"""What each family of interchangeable securities does best at given prices of cash, tax and everything it shares with others.

A household's families meet in few places only: the cash of an account, the year's gains, a wish that spans segments. At prices of
those, the duals of a solve, every family's part of the program stands alone: its lots, its purchases, its band and the question
which of its groups are sold at a loss and which are bought. Answered exactly, family by family, these parts add up to a bound for
every plan (Lagrangian duality: A. M. Geoffrion, Lagrangean relaxation for integer programming, Mathematical Programming Study 2,
1974), and it is a close one, because the answers of one family hardly touch those of another.

Sets
----
columns  of a block: lots, gifts and purchases of the family's securities, their net change, flags and washed amounts of its
         groups, distances from band and target of its segments; last a copy of the household's value, which their bands speak of
rows     of a block: those in which only its columns stand; every other row is priced
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary, ref

import highspy
import numpy as np
from scipy import sparse

from optimizer.errors import SolverFailure
from optimizer.model.assemble import Model
from optimizer.model.axes import Index, Mask, Vector
from optimizer.model.blocks.families import LIMIT, Family
from optimizer.model.blocks.wash import EARLIEST_FIRST, WashState, spending_power
from optimizer.solve.session import Answer, Numbers, Session, session_of
from optimizer.solve.sifted import ENDLESS
from optimizer.solve.washing_order import CENT, CLEAN, washed_first

UNDECIDED = 1e-6
"""A flag this far from 0 and from 1 is neither."""
PRUNED = (
    highspy.HighsModelStatus.kObjectiveBound,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)
"""How a solve ends whose branch holds nothing better."""


@dataclass(frozen=True)
class BestAnswer:
    """What a family does best at the prices: dollars below what it does in the plan the prices come from, and its states."""

    saving: float
    states: Mapping[int, WashState]


def family_blocks_of(model: Model) -> "FamilyBlocks | None":
    """The blocks of a model's program; None where families say nothing: with a cone, or with fewer than two of them."""
    session = session_of(model.program, model.costs)
    if session is None or model.tracking is not None or model.problem.benchmark is not None or len(model.families) < 2:
        return None
    if session not in _BLOCKS:
        _BLOCKS[session] = FamilyBlocks(model, session)
    return _BLOCKS[session]


class FamilyBlocks:
    """The blocks of one model's program."""

    def __init__(self, model: Model, session: Session) -> None:
        self._session = ref(session)
        form = session.form
        shape = (form.n_rows, form.n_columns)
        pattern = sparse.csc_matrix((np.ones(len(form.index)), form.index, form.start), shape=shape)
        self._value_range = _value_range(model)
        self._blocks = [_Block(model, session, n, pattern, pattern.tocsr()) for n in range(len(model.families))]

    @property
    def session(self) -> Session:
        """The session of the whole program, which keeps these blocks and not the other way round."""
        session = self._session()
        assert session is not None
        return session

    def __len__(self) -> int:
        """Number of families."""
        return len(self._blocks)

    def best_answers(self, priced: Answer, asked: Numbers, trifle: float, within: float = 0.0) -> list[BestAnswer]:
        """What each family does best at the duals of one solve, within the bounds of these numbers.

        The two may differ in what is settled of families alone. The savings added up and taken off the cost of `priced` are a
        bound for the program of `asked` with every flag 0 or 1 and every group washed in order. Where `priced` is a plan itself
        no saving is negative; where it is a relaxation most are, and none is looked for below `-within`. An answer that is better
        by less than a trifle, in dollars, is not looked for; every saving counts it.
        """
        form, single = self.session.form, self.session.single
        lower, upper = single.tightened(asked.lower, asked.upper, asked.right, np.ones(form.n_rows, dtype=bool))
        matrix = sparse.csc_matrix((asked.values, form.index, form.start), shape=(form.n_rows, form.n_columns))
        dual = np.where(single.is_other, priced.dual, 0.0)
        prices = _Prices(matrix, asked.cost, asked.right, lower, upper, dual, priced.x)
        before = sum(block.seconds for block in self._blocks)
        found = [block.best(prices, self._value_range, trifle, within) for block in self._blocks]
        self.session.beside += sum(block.seconds for block in self._blocks) - before
        return found


@dataclass(frozen=True)
class _Prices:
    """The program, its bounds with rows of one variable in them, the prices of its rows, and the plan they come from."""

    matrix: sparse.csc_matrix
    cost: Vector
    right: Vector
    lower: Vector
    upper: Vector
    dual: Vector
    x: Vector


class _Block:
    """One family's part of the program, open in the solver."""

    def __init__(
        self, model: Model, session: Session, number: int, pattern: sparse.csc_matrix, by_row: sparse.csr_matrix
    ) -> None:
        form, family, trades = session.form, model.families[number], model.trades
        own, household = _columns_of(model, session, family), session.named("household")
        is_own = np.zeros(form.n_columns, dtype=bool)
        is_own[own], is_own[household] = True, True
        touched = np.unique(pattern[:, own].indices)
        touched = touched[session.single.is_other[touched]]
        entries = by_row[touched]
        is_foreign = np.add.reduceat((~is_own[entries.indices]).astype(np.intp), entries.indptr[:-1]) > 0
        self._rows: Index = touched[~is_foreign]
        self._columns: Index = np.concatenate([own, household])
        self._is_equation: Mask = form.is_equation[self._rows]
        place = np.full(form.n_columns, -1)
        place[self._columns] = np.arange(len(self._columns))
        self._groups = family.groups.tolist()
        self._harvested = place[session.columns(trades.harvested)[family.groups]]
        self._soaked = place[session.columns(trades.soaked)[family.groups]]
        self._buys = place[session.columns(trades.bought)[family.buys]]
        axis = [model.wash_axis[g] for g in self._groups]
        self._losing = [place[session.columns(trades.sold)[group.losing]] for group in axis]
        self._bought = [place[session.columns(trades.bought)[group.buys]] for group in axis]
        self._kept = [group.kept > 0 for group in axis]
        self._settled, self._own_rows, self._orders = self._settling(model, session, number, place)
        self._solver = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)

    def _settling(self, model: Model, session: Session, number: int, place: Index) -> tuple[Index, Index, list["_Order"]]:
        """Columns and rows whose bounds a branch settles, and the groups with an order of washing.

        Columns are flags of harvests, of sales wholly washed, and washed amounts; rows the limit of the family and those of the
        order.
        """
        position = {row: n for n, row in enumerate(self._rows.tolist())}
        columns, rows = [*self._harvested.tolist(), *self._soaked.tolist()], [position[_start(model, session, LIMIT) + number]]
        orders, washed, lots = list[_Order](), model.washed, model.axes.lots
        for group in (g for g, kept in zip(self._groups, self._kept, strict=True) if kept):
            here = np.flatnonzero(washed.of == group)
            if not len(here):
                continue
            of_group = place[session.columns(washed.amount)[here]]
            cap, slack = np.arange(len(here)) + len(columns), np.arange(len(here)) + len(rows)
            columns += of_group.tolist()
            rows += [position[row] for row in (_start(model, session, EARLIEST_FIRST) + here).tolist()]
            at = washed.lots[here]
            sold = place[session.columns(model.trades.sold)[at]]
            orders.append(_Order(group, sold, of_group, cap, slack, lots.price[at], lots.gain_ratio[at]))
        return np.array(columns, dtype=np.intp), np.array(rows, dtype=np.intp), orders

    def best(self, at: "_Prices", value_range: tuple[float, float], trifle: float, within: float) -> BestAnswer:
        """The least cost of the block at these prices, and the states of its groups."""
        columns, rows = self._columns, self._rows
        start = _Branch(
            at.lower[columns][self._settled],
            at.upper[columns][self._settled],
            np.minimum(at.upper[columns][self._buys], ENDLESS),
            at.right[rows][self._own_rows],
        )
        if within > 0 and not self._parts(start, at.x[columns]):
            return BestAnswer(0.0, self._states(at.x[columns]))
        here = at.matrix[:, columns]
        elsewhere, own = at.dual.copy(), np.zeros(len(at.dual))
        elsewhere[rows], own[rows] = 0.0, at.dual[rows]
        cost = at.cost[columns] - here.T @ elsewhere
        # The copy of the household's value pays what the bands charge for it; the value itself is then free elsewhere.
        cost[-1] = float((here.T @ own)[-1])
        lower, upper = at.lower[columns], np.minimum(at.upper[columns], ENDLESS)
        value = float(at.x[columns[-1]])
        lower[-1], upper[-1] = min(value_range[0], value), max(value_range[1], value)
        self._open(here[rows], cost, lower, upper, at.right[rows])
        now = float(cost @ at.x[columns])
        least, states = self._search(start, now + within, trifle)
        return BestAnswer(now - least + trifle, states)

    @property
    def seconds(self) -> float:
        """Seconds that the block's solver has run so far."""
        return float(self._solver.getRunTime())

    def _open(self, entries: sparse.csc_matrix, cost: Vector, lower: Vector, upper: Vector, right: Vector) -> None:
        basis = self._solver.getBasis()
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = entries.shape
        program.col_cost_, program.col_lower_, program.col_upper_ = cost, lower, upper
        program.row_lower_, program.row_upper_ = np.where(self._is_equation, right, -highspy.kHighsInf), right
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_, program.a_matrix_.index_ = entries.indptr, entries.indices
        program.a_matrix_.value_ = entries.data
        self._solver.passModel(program)
        if basis.valid:
            self._solver.setBasis(basis)

    def _search(self, start: "_Branch", least: float, trifle: float) -> tuple[float, dict[int, WashState]]:
        """Branch on what is bought, on the flags and on the order of washing until nothing open costs less than `least`."""
        states, open_branches = dict[int, WashState](), [start]
        while open_branches:
            branch = open_branches.pop()
            cost, x = self._solved(branch, least - trifle)
            if x is None:
                continue
            parts = self._parts(branch, x)
            if parts:
                open_branches += parts
            else:
                least, states = cost, self._states(x)
        return least, states

    def _solved(self, branch: "_Branch", beyond: float) -> tuple[float, Vector | None]:
        """The least cost of a branch and its columns; none where it costs more than `beyond` or has no plan."""
        solver, columns, rows = self._solver, self._settled.astype(np.int32), self._own_rows.astype(np.int32)
        solver.changeColsBounds(len(columns), columns, branch.lower, branch.upper)
        buys = self._buys.astype(np.int32)
        solver.changeColsBounds(len(buys), buys, np.zeros(len(buys)), branch.most)
        solver.changeRowsBounds(len(rows), rows, np.full(len(rows), -highspy.kHighsInf), branch.right)
        solver.setOptionValue("objective_bound", beyond)
        solver.run()
        status = solver.getModelStatus()
        if status in PRUNED:
            return np.inf, None
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverFailure(f"The solver stopped without an answer: {solver.modelStatusToString(status)}")
        cost = float(solver.getInfo().objective_function_value)
        return cost, None if cost >= beyond else np.array(solver.getSolution().col_value)

    def _parts(self, branch: "_Branch", x: Vector) -> list["_Branch"]:
        """The branches that settle the next question; none where the answer keeps every rule."""
        n, flag = len(self._groups), x[self._harvested] + x[self._soaked]
        sold = np.array([float(x[losing].sum()) for losing in self._losing])
        bought = np.array([float(x[buys].sum()) for buys in self._bought])
        harvested = x[self._harvested]
        is_split = np.array(self._kept) & (np.minimum(harvested, 1 - harvested) > UNDECIDED)
        at_odds = (sold > CLEAN) & ((bought > CLEAN) | is_split)
        if not branch.is_asked and n > 1 and (at_odds & (bought > CLEAN)).any():
            return [branch.without_purchases(), branch.with_purchases(n)]
        is_open = branch.lower[:n] + branch.lower[n : 2 * n] < branch.upper[:n] + branch.upper[n : 2 * n]
        candidates = np.flatnonzero(is_open & (at_odds | (flag < 1 - UNDECIDED)))
        if at_odds.any() and len(candidates):
            worst = int(candidates[np.argmin(flag[candidates])])
            return branch.flagged(worst, n, self._kept[worst])
        return self._ordered(branch, x)

    def _ordered(self, branch: "_Branch", x: Vector) -> list["_Branch"]:
        """Where washing may end, in two parts, for the group whose answer is furthest from its order; none where all keep it."""
        worst, part = CENT, list["_Branch"]()
        for order in self._orders:
            washed = x[order.washed]
            right = washed_first(order.price, x[order.sold], washed)
            off = float(np.abs(order.gain_ratio * (right - washed)).sum())
            low, high = branch.cuts.get(order.group, (0, len(order.price) - 1))
            if off <= worst or low >= high:
                continue
            ends = np.flatnonzero(right > CLEAN)
            split = min(max(int(ends[-1]) if len(ends) else 0, low), high - 1)
            worst, part = off, [branch.washed_between(order, low, split), branch.washed_between(order, split + 1, high)]
        return part

    def _states(self, x: Vector) -> dict[int, WashState]:
        found = {}
        for k, group in enumerate(self._groups):
            h, w = float(x[self._harvested[k]]), float(x[self._soaked[k]])
            is_sold = float(x[self._losing[k]].sum()) > CLEAN and h + w > 1 / 2
            found[group] = WashState.BOUGHT if not is_sold else WashState.HARVESTED if h >= w else WashState.WASHED
        return found


@dataclass(frozen=True)
class _Order:
    """A group of which shares are kept that were bought lately: its older lots at a loss in the order of washing, as positions.

    `cap` are the places of its washed amounts among the columns a branch settles, `slack` those of its rows among the rows.
    """

    group: int
    sold: Index
    washed: Index
    cap: Index
    slack: Index
    price: Vector
    gain_ratio: Vector


@dataclass(frozen=True)
class _Branch:
    """What a branch settles: bounds of flags and washed amounts, the most bought, and the right sides of its own rows."""

    lower: Vector
    upper: Vector
    most: Vector
    right: Vector
    is_asked: bool = False
    cuts: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    def without_purchases(self) -> "_Branch":
        """Nothing is bought."""
        return replace(self, most=np.zeros_like(self.most), is_asked=True)

    def with_purchases(self, n: int) -> "_Branch":
        """Something is, so that one group at least is not sold at a loss."""
        right = self.right.copy()
        right[0] = min(right[0], n - 1.0)
        return replace(self, right=right, is_asked=True)

    def flagged(self, k: int, n: int, may_soak: bool) -> list["_Branch"]:
        """The group in place k not sold at a loss, wholly washed, or harvested."""
        found = []
        for h, w in ((1.0, 0.0), (0.0, 1.0), (0.0, 0.0)):
            if (w and not may_soak) or h > self.upper[k] or w > self.upper[n + k] or h < self.lower[k] or w < self.lower[n + k]:
                continue
            lower, upper = self.lower.copy(), self.upper.copy()
            lower[[k, n + k]], upper[[k, n + k]] = (h, w), (h, w)
            found.append(replace(self, lower=lower, upper=upper))
        return found

    def washed_between(self, order: _Order, first: int, last: int) -> "_Branch":
        """Washing ends no earlier than at the first place and no later than at the last."""
        upper, right = self.upper.copy(), self.right.copy()
        upper[order.cap[last + 1 :]] = 0.0
        right[order.slack[:first]] = 0.0
        return replace(self, upper=upper, right=right, cuts={**self.cuts, order.group: (first, last)})


def _columns_of(model: Model, session: Session, family: Family) -> Index:
    """The columns of a family's block, without the household's value."""
    axes, trades, washed = model.axes, model.trades, model.washed
    securities = np.unique(axes.buy_security[family.buys])
    segments = np.unique(np.asarray(axes.exposure.argmax(axis=0)).ravel()[securities])
    groups = [model.wash_axis[g] for g in family.groups]
    lots = np.flatnonzero(np.isin(axes.lots.security, securities))
    lots = np.unique(np.concatenate([lots, *(group.losing for group in groups)]))
    rows = np.flatnonzero(np.isin(washed.of, family.groups))
    return np.unique(
        np.concatenate(
            [
                session.columns(trades.sold)[lots],
                session.columns(trades.bought)[np.isin(axes.buy_security, securities)],
                session.columns(trades.given)[np.isin(axes.gifts.lot, lots)],
                session.columns(trades.change)[securities],
                *(session.columns(flag)[family.groups] for flag in (trades.harvested, trades.soaked)),
                *(session.columns(each)[rows] for each in (washed.amount, washed.lost) if len(rows)),
                *(session.named(name)[segments] for name in ("below", "above", "away")),
            ]
        )
    )


def _start(model: Model, session: Session, label: str) -> int:
    """The first row of the rule of this label."""
    rule = next(each.constraint for each in model.constraints if each.label == label)
    return int(session.form.slices[rule.id].start)


def _value_range(model: Model) -> tuple[float, float]:
    """The least and the most the household can be worth once every trade has paid its cost."""
    axes = model.axes
    most = axes.value_after_flows - axes.set_aside
    cost = float(axes.lot_cost @ axes.lots.value)
    if len(axes.buy_cost):
        cost += float(axes.buy_cost.max() * spending_power(axes).sum())
    return most - cost - float(axes.donation_amount[axes.is_up_to].sum()), most


_BLOCKS: WeakKeyDictionary[Session, FamilyBlocks] = WeakKeyDictionary()
"""The blocks of open sessions: every case of the tax and every set of levers asks the same ones."""
