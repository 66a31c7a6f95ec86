"""`bandwise wash`: what must not be bought or sold until when, and where every loss stands."""

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from optimizer.cli.history import Day, Place

if TYPE_CHECKING:
    from lots.ledger.document import History
    from lots.wash import BuyBan, RecentPurchase, WashFinding


def wash(
    place: Place,
    day: Day = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")] = False,
) -> None:
    """Show the wash-sale calendar.

    Lists the groups that may not be bought, in any account of the household, because a loss would be washed; the lots
    bought so recently that they would replace others sold at a loss; and the state of every loss still in question or lost.
    """
    import json as jsonlib

    from lots.ledger import fold
    from lots.ledger.past import until
    from lots.wash import buy_bans, check, recent_purchases
    from optimizer.cli.history import on, read_history

    asked = on(day)
    history = read_history(place, asked)
    book = fold(until(history.events, asked), history.accounts, history.securities, history.rules)
    securities = {each.symbol: each for each in history.securities}
    bans = buy_bans(book.disposals, asked, securities)
    recent = recent_purchases(book.open_lots.values(), asked, securities)
    findings = check(book.disposals, history.accounts, history.loaded_until, asked)
    if json:
        typer.echo(jsonlib.dumps(_document(asked, bans, recent, findings), indent=2, ensure_ascii=False))
    else:
        _show(history, asked, bans, recent, findings)


def _document(
    day: date, bans: "tuple[BuyBan, ...]", recent: "dict[str, tuple[RecentPurchase, ...]]", findings: "tuple[WashFinding, ...]"
) -> dict[str, object]:
    from lots.ledger.answer import plain

    return {
        "as_of": day.isoformat(),
        "do_not_buy": plain(bans),
        "do_not_sell_others_at_a_loss": plain(recent),
        "losses": [{**plain(each), "state": str(each)} for each in findings],
    }


def _show(
    history: "History",
    day: date,
    bans: "tuple[BuyBan, ...]",
    recent: "dict[str, tuple[RecentPurchase, ...]]",
    findings: "tuple[WashFinding, ...]",
) -> None:
    from lots.wash import WashState
    from optimizer.cli.ledger_page import dollars, shares, show_table

    members: dict[str, list[str]] = {}
    for each in history.securities:
        members.setdefault(each.group, []).append(each.symbol)
    show_table(
        sys.stdout,
        f"Do not buy, in any account ({day})",
        ("group", "securities", "up to and on", "because of the loss of", "in", ">loss"),
        (
            (
                ban.group,
                ", ".join(members.get(ban.group, [ban.group])),
                ban.until,
                loss.disposed,
                loss.account_id,
                dollars(-loss.gain),
            )
            for ban in bans
            for loss in ban.losses
        ),
    )
    show_table(
        sys.stdout,
        "Do not sell other shares of the group at a loss: these would replace them",
        ("group", "up to and on", "lot", "in", "bought", ">shares"),
        (
            (group, each.replaces_until, each.lot.lot_id, each.lot.account_id, each.lot.acquired, shares(each.lot.shares))
            for group, entries in recent.items()
            for each in entries
        ),
    )
    show_table(
        sys.stdout,
        "Losses that are washed, at risk or unknown",
        ("sold", "lot", "in", ">disallowed", ">lost for good", ">allowed", "state"),
        (
            (
                each.disposal.disposed,
                each.disposal.lot_id,
                each.disposal.account_id,
                dollars(each.disposal.disallowed_loss),
                dollars(each.disposal.lost_loss),
                dollars(each.allowed_loss),
                each,
            )
            for each in findings
            if each.state is not WashState.CLEAR
        ),
    )
