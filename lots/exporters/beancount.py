"""Beancount entries: open lots and sales, each with date and label, so that booking is never ambiguous.

Every lot is opened with its whole adjusted basis (`{{total, date, "label"}}`) out of an equity account and every sale closes
exactly the shares it sold, because a wash sale changes the basis of a lot after it was opened, which the format cannot say. The
file is a statement of lots and gains that balances; it is not the history of the cash.
"""

import re
from collections.abc import Iterable
from datetime import date

from lots.ledger.book import Book
from lots.lot import Disposal, TaxLot, Term
from lots.units import Money

OPENING = "Equity:Opening-Lots"
DISALLOWED = "Equity:Wash-Sales:Disallowed"


def to_beancount(book: Book) -> str:
    """The taxable sales and the open lots of a book as beancount directives, in the order of their dates."""
    names = _Names()
    entries: list[tuple[date, str]] = []
    used: dict[str, date] = {}

    def note(day: date, text: str, accounts: Iterable[str]) -> None:
        entries.append((day, text))
        for account in accounts:
            used[account] = min(day, used.get(account, day))

    for lot in book.open_lots.values():
        asset = names.asset(lot.account_id, lot.symbol)
        note(lot.acquired, _opening(lot, asset, names), (asset, OPENING))
    for number, sale in enumerate(book.disposals, start=1):
        if sale.is_taxable and sale.manner.takes_shares:
            asset, label = names.asset(sale.account_id, sale.symbol), f"{sale.lot_id}/{number}"
            bought = _bought(asset, sale, label, names)
            note(sale.acquired, bought, (asset, OPENING))
            income, cash = _income(sale, names), names.cash(sale.account_id)
            sold = _sold(asset, cash, income, sale, label, names)
            note(sale.disposed, sold, (asset, cash, income, DISALLOWED))
    opened = [f"{day} open {account}" for account, day in sorted(used.items(), key=lambda each: (each[1], each[0]))]
    entries.sort(key=lambda each: each[0])
    head = 'option "operating_currency" "USD"'
    return "\n\n".join([head, "\n".join(opened), *(text for _, text in entries)]) + "\n"


class _Names:
    """Account and commodity names the format allows, one for each of ours."""

    def __init__(self) -> None:
        self._taken: dict[str, str] = {}

    def asset(self, account_id: str, symbol: str) -> str:
        return f"Assets:{self.account(account_id)}:{self._unique('c', symbol, _component(symbol))}"

    def cash(self, account_id: str) -> str:
        return f"Assets:{self.account(account_id)}:Cash"

    def account(self, account_id: str) -> str:
        return self._unique("a", account_id, _component(account_id))

    def commodity(self, symbol: str) -> str:
        allowed = re.sub(r"[^A-Z0-9]", "-", symbol.upper()).strip("-")[:20]
        return self._unique("s", symbol, allowed if re.match(r"[A-Z]", allowed) and len(allowed) > 1 else f"X-{allowed}X")

    def _unique(self, room: str, ours: str, wanted: str) -> str:
        """The name for `ours`; two of ours that come out alike get a number."""
        name, number = wanted, 2
        while self._taken.setdefault(f"{room}:{name}", ours) != ours:
            name = f"{wanted}-{number}" if room != "s" else f"{wanted}-{number}X"
            number += 1
        return name


def _component(text: str) -> str:
    """A component of an account name: letters, digits and dashes, beginning with a capital or digit."""
    cleaned = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-") or "Unnamed"
    return cleaned[0].upper() + cleaned[1:]


def _opening(lot: TaxLot, asset: str, names: _Names) -> str:
    cost = f'{{{{{lot.cost_basis:f} USD, {lot.acquired}, "{_label(lot.lot_id)}"}}}}'
    lines = [
        f'{lot.acquired} * "Lot {_label(lot.lot_id)}"',
        f'  held-from: "{lot.held_from}"',
        f"  {asset}  {lot.shares:f} {names.commodity(lot.symbol)} {cost}",
        f"  {OPENING}  {_minus(lot.cost_basis)} USD",
    ]
    return "\n".join(lines)


def _bought(asset: str, sale: Disposal, label: str, names: _Names) -> str:
    cost = f'{{{{{sale.cost_basis:f} USD, {sale.acquired}, "{_label(label)}"}}}}'
    lines = [
        f'{sale.acquired} * "Lot {_label(label)}, sold {sale.disposed}"',
        f"  {asset}  {sale.shares:f} {names.commodity(sale.symbol)} {cost}",
        f"  {OPENING}  {_minus(sale.cost_basis)} USD",
    ]
    return "\n".join(lines)


def _sold(asset: str, cash: str, income: str, sale: Disposal, label: str, names: _Names) -> str:
    lines = [
        f'{sale.disposed} * "Sale {_label(sale.event_id)}"',
        f"  {asset}  {_minus(sale.shares)} {names.commodity(sale.symbol)} "
        f'{{{{{sale.cost_basis:f} USD, {sale.acquired}, "{_label(label)}"}}}}',
        f"  {cash}  {sale.proceeds:f} USD",
        f"  {income}  {_minus(sale.gain)} USD",
    ]
    if sale.disallowed_loss:
        lines.append(f"  {DISALLOWED}  {sale.disallowed_loss:f} USD")
    return "\n".join(lines)


def _income(sale: Disposal, names: _Names) -> str:
    term = "Long-Term" if sale.term is Term.LONG else "Short-Term"
    return f"Income:Capital-Gains:{term}:{names.account(sale.account_id)}"


def _label(text: str) -> str:
    return re.sub(r'[\\"\r\n]', "-", text)


def _minus(amount: Money) -> str:
    return f"{-amount:f}" if amount else "0"
