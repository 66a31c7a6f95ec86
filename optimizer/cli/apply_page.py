"""What differs between a plan and its fills, and what the ledger makes of the fills."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal

from lots.ledger.store import Receipt
from lots.units import ZERO, apportion, cents
from optimizer.cli.fills import Fills
from optimizer.plan import Plan

Key = tuple[str, str, str, str]
"""Account, action, symbol and lot; symbol and lot are empty where there is none."""
_ACTIONS = {"contribution": "CONTRIBUTE", "withdrawal": "WITHDRAW", "cash gift": "GIVE CASH"}


@dataclass(frozen=True)
class Order:
    """Shares (zero for money that moves) and dollars."""

    shares: Decimal = ZERO
    amount: Decimal = ZERO

    def plus(self, shares: Decimal, amount: Decimal) -> "Order":
        """Both added up."""
        return Order(self.shares + shares, self.amount + amount)


@dataclass(frozen=True)
class Difference:
    """One order of the plan, or one fill the plan does not have: shares and dollars planned and done."""

    account: str
    action: str
    symbol: str
    lot: str
    shares_planned: Decimal
    shares_done: Decimal
    amount_planned: Decimal
    amount_done: Decimal

    @property
    def kind(self) -> str:
        """In what the two differ: an order left undone, a fill nobody planned, the number of shares, or only dollars."""
        if self.shares_done == self.amount_done == ZERO:
            return "not done"
        if self.shares_planned == self.amount_planned == ZERO:
            return "not planned"
        return "other number" if self.shares_planned != self.shares_done else "other price"


@dataclass(frozen=True)
class Outcome:
    """What fills came to. Gains are of taxable sales, after wash sales, in dollars, by the ledger.

    `opened` counts the accounts whose cash the ledger takes from the plan.
    """

    posted: int
    known: int
    opened: int
    as_planned: int
    differences: tuple[Difference, ...]
    gain_planned: Decimal
    gain_done: Decimal
    disallowed_loss: Decimal


def compare(plan: Plan, fills: Fills, receipt: Receipt) -> Outcome:
    """Hold fills against the plan, and ask the ledger what the sales among them realised."""
    meant = _added_up(_planned(plan))
    done = _added_up(_done(fills))
    differences = []
    for key in dict.fromkeys((*meant, *done)):
        planned, filled = meant.get(key, Order()), done.get(key, Order())
        if planned != filled:
            differences.append(Difference(*key, planned.shares, filled.shares, planned.amount, filled.amount))
    sold = [each for each in receipt.history.book().taxable_disposals() if each.event_id in receipt.event_ids]
    return Outcome(
        posted=receipt.added.get(fills.name, 0),
        known=receipt.known.get(fills.name, 0),
        opened=receipt.added.get("", 0),
        as_planned=len(meant.keys() & done.keys()) - sum(each.kind.startswith("other") for each in differences),
        differences=tuple(differences),
        gain_planned=sum((sale.gain for sale in plan.sales if sale.gain is not None), ZERO),
        gain_done=sum((each.gain for each in sold), ZERO),
        disallowed_loss=sum((each.disallowed_loss for each in sold), ZERO),
    )


def as_text(outcome: Outcome, place: str) -> str:
    """The differences, one a line, then what the ledger says of the sales."""
    known = f", {outcome.known} known already" if outcome.known else ""
    lines = [f"{place}: {outcome.posted} fills posted{known}. {outcome.as_planned} orders were carried out as planned."]
    if outcome.opened:
        lines.append(f"The ledger knew no cash of {outcome.opened} accounts and now starts from what the plan began with there.")
    if outcome.differences:
        lines.append("Different from the plan:")
        lines.extend(f"  {_sentence(each)}" for each in outcome.differences)
    else:
        lines.append("Nothing differs from the plan.")
    done, meant = _dollars(outcome.gain_done), _dollars(outcome.gain_planned)
    lines.append(f"Gain of the taxable sales, by the ledger: {done}; the plan said {meant}.")
    if outcome.disallowed_loss > ZERO:
        lines.append(
            f"The wash-sale rule disallows {_dollars(outcome.disallowed_loss)} of the losses; `bandwise wash` says which and why."
        )
    return "\n".join(lines)


def as_json(outcome: Outcome) -> str:
    """The same as a document; amounts are text, so that no reader makes floats of them."""
    document = asdict(outcome)
    for plain, difference in zip(document["differences"], outcome.differences, strict=True):
        plain["kind"] = difference.kind
    return json.dumps(document, indent=2, ensure_ascii=False, default=lambda value: f"{value:f}")


def _sentence(each: Difference) -> str:
    thing = " ".join(word for word in (each.account, each.action, each.symbol, f"lot {each.lot}" if each.lot else "") if word)
    planned, done = _what(each.shares_planned, each.amount_planned), _what(each.shares_done, each.amount_done)
    match each.kind:
        case "not done":
            return f"{thing}: not done; the plan was {planned}."
        case "not planned":
            return f"{thing}: not in the plan; done was {done}."
    return f"{thing}: {done} instead of {planned}."


def _what(shares: Decimal, amount: Decimal) -> str:
    return f"{shares.normalize():f} shares for {_dollars(amount)}" if shares else _dollars(amount)


def _dollars(amount: Decimal) -> str:
    return f"{'-' if amount < 0 else ''}${abs(cents(amount)):,}"


def _planned(plan: Plan) -> Iterator[tuple[Key, Order]]:
    for sale in plan.sales:
        yield (sale.account, "SELL", sale.symbol, sale.lot), Order(sale.shares, cents(sale.proceeds))
    for gift in plan.gifts:
        yield (gift.account, "GIVE", gift.symbol, gift.lot), Order(gift.shares, cents(gift.value))
    for buy in plan.buys:
        yield (buy.account, "BUY", buy.symbol, ""), Order(buy.shares, cents(buy.cost))
    for flow in plan.flows:
        if flow.kind in _ACTIONS:
            yield (flow.account, _ACTIONS[flow.kind], "", ""), Order(ZERO, cents(flow.amount))


def _done(fills: Fills) -> Iterator[tuple[Key, Order]]:
    for fill in fills.rows:
        if fill.lots:
            amounts = apportion(fill.amount, [shares for _, shares in fill.lots])
            for (lot, shares), amount in zip(fill.lots, amounts, strict=True):
                yield (fill.account, fill.action, fill.symbol, lot), Order(shares, amount)
        else:
            yield (fill.account, fill.action, fill.symbol, ""), Order(fill.shares, fill.amount)


def _added_up(orders: Iterator[tuple[Key, Order]]) -> dict[Key, Order]:
    """Several rows of one order as one; a broker fills in parts."""
    totals: dict[Key, Order] = {}
    for key, order in orders:
        totals[key] = totals.get(key, Order()).plus(order.shares, order.amount)
    return totals
