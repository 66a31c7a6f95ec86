"""What household.toml says about accounts and securities, in the ledger's words, for whoever keeps or reads a ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lots.accounts import Account
from lots.securities import Security
from optimizer.household.files import TOML_NAME
from optimizer.household.findings import Findings
from optimizer.household.toml_file import read_tables, read_tree


@dataclass(frozen=True)
class Declared:
    """Accounts, securities, and the household's name for an account by what a broker's files call it."""

    accounts: tuple[Account, ...] = ()
    securities: tuple[Security, ...] = ()
    names: Mapping[str, str] | None = None


def read_declared(folder: Path) -> Declared:
    """Read the accounts and securities of a household; nothing of its lots, prices and wishes is needed.

    Raises
    ------
    InputFaults
        With every fault of household.toml at its line.
    """
    tree, index = read_tree(folder / TOML_NAME)
    findings = Findings(lambda address: index.line_of(address[1:]))
    tables = read_tables(tree, findings)
    names: dict[str, str] = {}
    for name, account in tables.accounts.items() if tables else ():
        for number in account.numbers:
            if names.setdefault(number, name) != name:
                address = (TOML_NAME, "accounts", name, "numbers")
                findings.add(address, f"the number {number!r} of {names[number]!r} once more", "numbers of one account each")
    findings.refuse_any()
    assert tables is not None  # without faults there are tables
    return Declared(
        accounts=tuple(Account(name, each.kind, each.owner, each.name or "") for name, each in tables.accounts.items()),
        securities=tuple(Security(symbol, each.name or "", each.identical_group) for symbol, each in tables.securities.items()),
        names=names,
    )
