"""The rows of an answer as pandas tables, for notebooks and for those who go on from here.

pandas is asked for only when a table is; the numbers are floats there, and the document stays the exact one. Every table tells
in its `attrs` what it is (`caption`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel

if TYPE_CHECKING:
    import pandas as pd

    Table = pd.DataFrame

TRADE_COLUMNS = (
    "action",
    "account",
    "symbol",
    "lot",
    "acquired",
    "shares",
    "price",
    "amount",
    "cost_basis",
    "gain",
    "disallowed_loss",
    "term",
    "reason",
)
LOT_COLUMNS = (
    "lot",
    "account",
    "symbol",
    "acquired",
    "action",
    "shares",
    "price",
    "amount",
    "cost_basis",
    "gain",
    "disallowed_loss",
    "term",
    "reason",
)
ACTIONS = {"sales": ("sell", "proceeds"), "gifts": ("give", "value"), "buys": ("buy", "cost")}


class Frames:
    """The tables of one plan; each property makes its table anew.

    Raises
    ------
    ModuleNotFoundError
        If pandas is not installed; the message has the command that brings it.
    """

    def __init__(self, plan: Any) -> None:
        self._plan = plan

    @property
    def trades(self) -> pd.DataFrame:
        """Sales, gifts, purchases and payments, one row each; `amount` in dollars, positive whichever way it goes."""
        rows = [row for kind in ACTIONS for row in self._of(kind)]
        rows += [{**_row(flow), "action": flow.kind} for flow in self._plan.flows]
        return _frame(rows, "trades of the plan, dollars", TRADE_COLUMNS)

    @property
    def lots(self) -> pd.DataFrame:
        """The lots that are sold or given, one row for each part, by lot."""
        rows = [row for kind in ("sales", "gifts") for row in self._of(kind)]
        return _frame(rows, "lots sold or given, dollars", LOT_COLUMNS).sort_values("lot", ignore_index=True)

    @property
    def bands(self) -> pd.DataFrame:
        """Segments before and after, weights as fractions of the household and edges in columns of their own."""
        rows = []
        for band in self._plan.bands:
            row = _row(band)
            for name in ("trigger", "allowed"):
                edges = row.pop(name)
                row |= {f"{name}_lower": edges["lower"], f"{name}_upper": edges["upper"]}
            rows.append(row)
        return _frame(rows, "segments against their bands").set_index("segment")

    @property
    def tax(self) -> pd.DataFrame:
        """The year's tax in dollars, part by part: without the plan, with it, and the difference."""
        without, with_plan = (_row(each) for each in (self._plan.tax.without_plan, self._plan.tax.with_plan))
        names = [name for name, value in with_plan.items() if isinstance(value, int | float)]
        rows = [
            {"part": n, "without_plan": without[n], "with_plan": with_plan[n], "change": with_plan[n] - without[n]} for n in names
        ]
        return _frame(rows, "the year's tax, dollars").set_index("part")

    @property
    def prices_of_wishes(self) -> pd.DataFrame:
        """What each binding wish costs; empty unless the plan was asked for it."""
        return _frame([_row(each) for each in self._plan.prices_of_wishes], "prices of wishes, dollars")

    @property
    def levers(self) -> pd.DataFrame:
        """The ladder: what each lever saved, dollars; empty for a plan made without comparing."""
        ladder = self._plan.comparison.ladder if self._plan.comparison else ()
        return _frame([_row(each) for each in ladder], "what each lever saved, dollars")

    @property
    def cash(self) -> pd.DataFrame:
        """Cash of every account before and after, dollars."""
        return _frame([_row(each) for each in self._plan.cash], "cash of every account, dollars").set_index("account")

    def _of(self, kind: str) -> list[dict[str, Any]]:
        action, amount = ACTIONS[kind]
        found = []
        for each in getattr(self._plan, kind):
            row = _row(each)
            found.append({**row, "action": action, "amount": row[amount]})
        return found


class Plots(Protocol):
    """The charts of one plan as Plotly figures; `optimizer.report.charts.Plots` draws them."""

    def bands(self) -> Any:
        """Weights of the segments before and after, over their bands."""

    def levers(self) -> Any:
        """What each lever saved, dollars; for a plan that compared."""

    def lots(self, problem: Any) -> Any:
        """Taxed lots by days held and unrealised gain, and what becomes of each."""

    def placement(self, problem: Any) -> Any:
        """Dollars of each segment in each account after the plan."""

    def calendar(self, problem: Any) -> Any:
        """Days on which a lot turns long-term or a window of the wash-sale rule closes."""


def plots_of(plan: Any) -> Plots:
    """The charts of a plan; who draws them stands far above the documents, so the room is loaded by its name when asked."""
    plots: Plots = import_module("optimizer.report.charts").Plots(plan)
    return plots


def _row(document: BaseModel) -> dict[str, Any]:
    return {name: _plain(value) for name, value in document.model_dump().items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return {name: _plain(each) for name, each in value.items()} if isinstance(value, dict) else value


def _frame(rows: Sequence[dict[str, Any]], caption: str, columns: Iterable[str] | None = None) -> pd.DataFrame:
    try:
        import pandas as pd
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "pandas is not installed; run `python -m pip install 'pandas>=2.2'`.", name="pandas"
        ) from missing

    frame = pd.DataFrame(rows, columns=None if columns is None else list(columns))
    for name in ("acquired", "until", "sold"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name])
    frame.attrs["caption"] = caption
    return frame
