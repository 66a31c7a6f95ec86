"""The charts of one plan as methods, for notebooks: `plan.plot.bands().show()`."""

from typing import TYPE_CHECKING

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.report.calendar import watched_days
from optimizer.report.charts.bands import bands_figure
from optimizer.report.charts.dates import calendar_figure
from optimizer.report.charts.levers import ladder_figure
from optimizer.report.charts.lots import lot_map_figure
from optimizer.report.charts.placement import placement_figure
from optimizer.report.lot_standing import standings
from optimizer.report.placement import placement
from optimizer.report.tables.allocation import account_names

if TYPE_CHECKING:
    import plotly.graph_objects as go


class Plots:
    """The figures of one plan; those that show what it leaves alone ask for the problem, too."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def bands(self) -> "go.Figure":
        """Weights of the segments before and after, over their bands."""
        return bands_figure(self._plan)

    def levers(self) -> "go.Figure":
        """What each lever saved, dollars.

        Raises
        ------
        ValueError
            For a plan that was made without comparing.
        """
        if self._plan.comparison is None:
            raise ValueError("the plan was made without comparing; ask with rebalance(problem, compare=True)")
        return ladder_figure(self._plan.comparison)

    def lots(self, problem: Problem) -> "go.Figure":
        """Taxed lots by days held and unrealised gain, and what becomes of each."""
        return lot_map_figure(self._plan, standings(self._plan, problem))

    def placement(self, problem: Problem) -> "go.Figure":
        """Dollars of each segment in each account after the plan."""
        return placement_figure(placement(self._plan, problem), account_names(self._plan, problem))

    def calendar(self, problem: Problem) -> "go.Figure":
        """Days on which a lot turns long-term or a window of the wash-sale rule closes."""
        return calendar_figure(self._plan, watched_days(self._plan, problem, standings(self._plan, problem)))
