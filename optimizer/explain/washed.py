"""Losses that the wash-sale rule disallows: which shares take them, and whether they ever count again."""

from collections.abc import Iterable, Iterator

from lots.ledger import Book
from lots.ledger.records import WashMatch
from lots.lot import Disposal
from lots.units import ZERO, Money, cents
from optimizer.model.reinvesting import coming_shares
from optimizer.plan import ReplacementRow, SaleRow
from optimizer.problem import LotFacts, Problem

NAMED = 4
"""So many lots are named in a sentence; of more the table of sales has every one."""


def replacements(problem: Problem, book: Book, disposal: Disposal) -> tuple[ReplacementRow, ...]:
    """The shares that replace those of one sale at a loss, as the ledger matched them."""
    matches = [match for match in book.wash_matches if match.loss_event_id == disposal.event_id]
    lots = {lot.id: lot for lot in problem.lots} if matches else {}
    return tuple(_row(match, _known(match.replacement_lot_id, lots), disposal.symbol, book) for match in matches)


def _known(lot: str, lots: dict[str, LotFacts]) -> LotFacts | None:
    """The question's lot, of which the ledger may have made parts; None for shares that nobody holds yet."""
    return lots.get(lot) or lots.get(lot.split("~")[0])


def _row(match: WashMatch, lot: LotFacts | None, sold: str, book: Book) -> ReplacementRow:
    opened = book.open_lots.get(match.replacement_lot_id)
    return ReplacementRow(
        account=match.replacement_account_id,
        symbol=lot.symbol if lot else opened.symbol if opened else sold,
        lot=lot.id if lot else None,
        acquired=match.replaced_on,
        shares=match.shares,
        loss=cents(match.disallowed_loss),
        is_lost=match.is_lost,
    )


def wash_notes(problem: Problem, sales: Iterable[SaleRow]) -> Iterator[str]:
    """What of the plan's losses is disallowed, why, and where it goes; nothing where all of them are allowed."""
    rows = [row for sale in sales for row in sale.replaced_by]
    washed = sum((row.loss for row in rows), ZERO)
    if washed <= 0:
        return
    by = "shares bought lately that stay" + (" or reinvestments to come" if coming_shares(problem) else "")
    yield f"${washed:,.2f} of the losses is disallowed by the wash-sale rule (IRC 1091), because of {by}; it is not counted."
    moved, lost = [row for row in rows if not row.is_lost], [row for row in rows if row.is_lost]
    if moved:
        yield f"${_sum(moved):,.2f} of it is added to the basis of {_places(moved)}, and counts once those shares are sold."
    if lost:
        yield (
            f"${_sum(lost):,.2f} of it is lost for ever, because it is replaced in a retirement account, which keeps no basis: "
            f"{_places(lost)} (Rev. Rul. 2008-5)."
        )


def _sum(rows: list[ReplacementRow]) -> Money:
    return sum((row.loss for row in rows), ZERO)


def _places(rows: list[ReplacementRow]) -> str:
    """The lots by name, or only how many in which accounts."""
    found = list(dict.fromkeys(_place(row) for row in rows))
    if len(found) <= NAMED:
        return ", ".join(found)
    accounts = ", ".join(dict.fromkeys(row.account for row in rows))
    return f"{len(found)} lots in {accounts}, which the list of sales names"


def _place(row: ReplacementRow) -> str:
    if row.lot is None:
        return f"what is bought of {row.symbol} on {row.acquired} in {row.account}"
    return f"lot {row.lot} ({row.symbol}, bought {row.acquired}, in {row.account})"


def where_it_goes(sale: SaleRow) -> str:
    """For one sale: which shares take the disallowed loss; empty where there is none."""
    return "; ".join(
        f"${row.loss:,.2f} {'lost for ever in' if row.is_lost else 'to the basis of'} {row.account}/{row.lot or row.symbol}"
        for row in sale.replaced_by
    )
