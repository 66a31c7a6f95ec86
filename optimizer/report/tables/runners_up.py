"""For every lot that leaves, the lot that would leave in its place and what that would cost more."""

from optimizer.plan import GiftRow, Plan, SaleRow
from optimizer.report.table import Column, DataTable, Kind, Row, table

_RUNNERS_UP = (
    Column("lot", "Lot"),
    Column("account", "Account"),
    Column("acquired", "Acquired", Kind.DATE),
    Column("amount", "Amount", Kind.CENTS),
    Column("runner_up", "Next best lot"),
    Column("costs", "Would cost more", Kind.CENTS),
)
NOTHING_ELSE, NO_PLAN = "nothing else leaves", "no plan without it"


def is_explained(plan: Plan) -> bool:
    """Whether somebody asked why each lot leaves."""
    rows: tuple[SaleRow | GiftRow, ...] = (*plan.sales, *plan.gifts)
    return bool(plan.lot_orders or plan.prices_of_wishes) or any(row.runner_up_costs is not None for row in rows)


def runners_up_table(plan: Plan, names: dict[str, str]) -> DataTable:
    """Lots of taxed accounts that leave; empty unless the plan was explained."""
    leaving: tuple[SaleRow | GiftRow, ...] = (*plan.sales, *plan.gifts) if is_explained(plan) else ()
    caption = "Why each lot leaves: the next best one, and what the plan would cost more without this one"
    return table("runners-up", caption, _RUNNERS_UP, (_row(row, names) for row in leaving if row.term is not None))


def _row(row: SaleRow | GiftRow, names: dict[str, str]) -> Row:
    verb, amount = ("Sell", row.proceeds) if isinstance(row, SaleRow) else ("Give", row.value)
    next_best = NO_PLAN if row.runner_up_costs is None else row.runner_up or NOTHING_ELSE
    return f"{verb} {row.symbol}", names.get(row.account, row.account), row.acquired, amount, next_best, row.runner_up_costs
