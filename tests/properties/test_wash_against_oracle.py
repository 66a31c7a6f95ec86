"""The ledger's wash sales against a share-by-share second opinion."""

from collections import Counter

from hypothesis import given, settings

from lots.events import Event
from lots.ledger import fold
from tests.oracles.wash_by_share import opinion
from tests.properties.histories import ACCOUNTS, SECURITIES, histories


@settings(max_examples=200, deadline=None)
@given(histories())
def test_every_share_agrees_with_the_slow_matcher(events: list[Event]) -> None:
    """The fast matcher walks forward with queues; the slow one reads the regulation with the whole future before it."""
    book = fold(events, ACCOUNTS, SECURITIES)
    second = opinion(events, ACCOUNTS, SECURITIES)
    taken: Counter[tuple[str, str]] = Counter()
    for sale in second.sales:
        lost = sale.share.basis - sale.proceeds
        key = (sale.event_id, sale.share.lot_id)
        taken[(*key, "gain")] -= 0 if sale.is_disallowed else lost  # type: ignore[index]
        taken[(*key, "disallowed")] += lost if sale.is_disallowed else 0  # type: ignore[index]
        taken[(*key, "lost")] += lost if sale.is_lost else 0  # type: ignore[index]
        taken[(*key, "washed")] += sale.is_disallowed  # type: ignore[index]
    found: Counter[tuple[str, str]] = Counter()
    for each in book.taxable_disposals():
        key = (each.event_id, each.lot_id.partition("~")[0])
        found[(*key, "gain")] += each.gain  # type: ignore[index]
        found[(*key, "disallowed")] += each.disallowed_loss  # type: ignore[index]
        found[(*key, "lost")] += each.lost_loss  # type: ignore[index]
        found[(*key, "washed")] += each.washed_shares  # type: ignore[index]
    assert found == taken

    still_held = Counter((s.lot_id, s.account_id, s.basis, s.start) for s in second.shares if s.sold is None)
    open_now: Counter[tuple[object, ...]] = Counter()
    for lot in book.open_lots.values():
        each_share = lot.cost_basis / lot.shares
        open_now[(lot.lot_id.partition("~")[0], lot.account_id, each_share, lot.held_from)] += int(lot.shares)
    assert open_now == still_held
