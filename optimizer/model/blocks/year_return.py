"""The year's return: the amounts it depends on as variables, and one convex case of the whole tax on them."""

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from lots.units import to_float
from optimizer.model.axes import Axes, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.blocks.gains import counted_gains
from optimizer.model.cases import TaxCase
from optimizer.model.polyhedral import AMOUNTS, LinearCase, Pattern
from optimizer.model.trades import Trades
from optimizer.model.year_cases import YearCases
from optimizer.problem import Problem


@dataclass(frozen=True)
class YearReturn:
    """z and what a return works out from it, with the rows of the case chosen as parameters of one program."""

    z: cp.Variable
    worked_out: cp.Variable
    columns: cp.Expression
    tie: cp.Constraint
    """Its dual is what one more dollar of each amount costs."""
    values: cp.Parameter
    right: cp.Parameter
    height: cp.Parameter
    constant: cp.Parameter
    carried: cp.Parameter
    carried_limit: cp.Parameter
    base_tax: float
    tax: cp.Expression
    pattern: Pattern
    rows: cp.Constraint
    """The rows of the case chosen."""

    def choose(self, case: TaxCase | LinearCase) -> None:
        """Put a case's rows into the model."""
        assert isinstance(case, LinearCase)
        value, limit = case.carried
        for parameter, chosen in (
            (self.values, case.values),
            (self.right, case.right),
            (self.height, case.height),
            (self.constant, np.array(case.constant - self.base_tax)),
            (self.carried, np.array(value)),
            (self.carried_limit, np.array(value * limit)),
        ):
            parameter.save_value(chosen)

    @property
    def due_on_gains(self) -> cp.Expression:
        """What the plan and the year's gains add to the tax due, dollars."""
        return self.tax - self.carried * (self.z[0] + self.z[1]) - self.carried_limit

    def amount(self, name: str) -> cp.Expression | None:
        """A column of the return by name, such as "agi"; None where no case needs it."""
        return self.columns[self.pattern.columns.index(name)] if name in self.pattern.columns else None


def year_return(
    problem: Problem,
    axes: Axes,
    trades: Trades,
    washed: cp.Expression,
    income: cp.Expression,
    taxed: YearCases,
    carried_in: cp.Expression | None = None,
) -> tuple[Part, YearReturn]:
    """Add the year's gains, income and gifts up and tax them by the case chosen.

    Convex: a case is the least height over rows that are linear in z and in the amounts of the return, which become variables.

    Costs: `tax`, what the case's tax exceeds the tax without gains and plan by in dollars, a carried loss at its value.
    Constraints: z is this plan's gains, income and gifts; the rows of the case. Losses `carried_in` from a year that is planned
    too, short- and long-term in dollars of zero or more, lower the gains.
    """
    pattern = taxed.pattern
    short, long = counted_gains(problem, axes, trades, washed)
    if carried_in is not None:
        short, long = short - carried_in[0], long - carried_in[1]
    lots = axes.gifts.lot
    is_short = axes.lots.is_short[lots].astype(float)
    given = [
        axes.cash_gift_counts @ trades.cash_given,
        (is_short * axes.lots.deduction_ratio[lots]) @ trades.given,
        (1.0 - is_short) @ trades.given,
    ]
    z = cp.Variable(len(AMOUNTS), name="amounts_of_the_year")
    tie = z == cp.hstack([short, long, income, *given])
    rest = cp.Variable(len(pattern.columns) - len(AMOUNTS), name="return")
    columns = cp.hstack([z, rest])
    values = cp.Parameter(len(pattern.row_of), name="coefficients")
    right = cp.Parameter(len(pattern.rows), name="right_sides")
    height = cp.Parameter(len(pattern.columns), name="height")
    constant = cp.Parameter(name="constant")
    rows = incidence(pattern.row_of, len(pattern.rows)) @ cp.multiply(values, columns[pattern.column_of]) <= right
    tax = height @ columns + constant
    year = YearReturn(
        z=z,
        worked_out=rest,
        columns=columns,
        tie=tie,
        values=values,
        right=right,
        height=height,
        constant=constant,
        carried=cp.Parameter(nonneg=True, name="carried"),
        carried_limit=cp.Parameter(nonneg=True, name="carried_limit"),
        base_tax=taxed.base_tax,
        tax=tax,
        pattern=pattern,
        rows=rows,
    )
    return Part({"tax": tax}, [Labelled("amounts of the year", tie), Labelled("rows of the case", rows)]), year


def income_ceiling(problem: Problem, year: YearReturn) -> Part:
    """Hold adjusted gross income under the household's limit; linear.

    In every case it lies at or above the law's amount and in one it is equal, so the cases together allow what the limit allows.
    """
    limit, agi = problem.wishes.max_agi, year.amount("agi")
    if limit is None or agi is None:
        return Part()
    order = f"adjusted gross income at most {limit:,.2f}"
    return Part({}, [Labelled(order, agi <= to_float(limit), order=order)])
