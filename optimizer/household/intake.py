"""Files that are imported into a ledger: what the household says of their accounts, and what is refused before anything is kept.

The command line and the pages ask the same, so that a file is understood alike wherever it comes in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from lots.accounts import Account, AccountKind
from lots.events import Event
from lots.importers import Known, Statement, StatementError
from lots.ledger.store import open_store
from lots.ledger.store.place import place_of
from lots.securities import Security
from optimizer.errors import Fault, InputFaults
from optimizer.household.csv_files import LOTS, read_sheet
from optimizer.household.declared import Declared, read_declared
from optimizer.household.files import LOTS_NAME
from optimizer.household.history_document import Document, of_one_kind

CHANGE_KIND = "To correct a kind the ledger has, say the right one both in household.toml and with --kind."


def declared_for(into: str, kinds: Sequence[str]) -> Declared:
    """The accounts and securities of a household: its file, what `--kind` adds, and what the ledger was told before."""
    folder = Path(into)
    said = Declared()
    if "://" not in into and folder.is_dir() and (folder / "household.toml").exists():
        said = read_declared(folder)
    added = [_account(word) for word in kinds]
    before, securities = _kept(into)
    _refuse_two_kinds(into, said.accounts, added, before)
    accounts = {each.account_id: each for each in (*added, *said.accounts)}
    for name, account in before.items():
        accounts[name] = replace(accounts[name], relief=account.relief) if name in accounts else account
    kept_kinds = [
        replace(each, kind=securities[each.symbol].kind) if each.symbol in securities else each for each in said.securities
    ]
    return Declared(tuple(accounts.values()), tuple(kept_kinds), said.names or {})


def known_from(accounts: Sequence[str], symbol: str | None, as_of: str | None, declared: Declared) -> Known:
    """What the options and household.toml say that a file may not."""
    names = dict(declared.names or {})
    single: str | None = None
    for word in accounts:
        number, sign, name = word.rpartition("=")
        if sign:
            names[number] = name
        elif single is not None:
            raise InputFaults([Fault((), f"{single!r} and {word!r}", "one account for files that name none", where="--account")])
        else:
            single = word
    try:
        day = date.fromisoformat(as_of) if as_of else None
    except ValueError:
        raise InputFaults([Fault((), repr(as_of), "a day such as 2026-11-20", where="--as-of")]) from None
    sheltered = frozenset(each.account_id for each in declared.accounts if not each.kind.is_taxable)
    return Known(account=single, accounts=names, symbol=symbol, as_of=day, sheltered=sheltered)


def faults_of(error: StatementError) -> list[Fault]:
    """The errors of a file, each at its row."""
    return [
        Fault((), each.found, each.expected, each.step, _place(each.file, each.row)) for each in error.problems if each.is_error
    ]


def with_documents(declared: Declared, documents: Sequence[Document]) -> Declared:
    """What the household declares, and what its own documents add.

    Raises
    ------
    InputFaults
        If a document says another kind of an account, or has events of an account nobody declared.
    """
    known = [("the household", each) for each in declared.accounts]
    said = [(each.file, account) for each in documents for account in each.accounts]
    faults = of_one_kind((*known, *said))
    accounts = {each.account_id: each for _, each in (*said, *known)}
    for document in documents:
        strange = sorted({event.account_id for event in document.events} - accounts.keys())
        expected = f"one of {', '.join(accounts)}" if accounts else "an account under 'accounts'"
        faults.extend(Fault((), f"an event of the account {name!r}", expected, where=document.file) for name in strange)
    if faults:
        raise InputFaults(faults)
    securities = {each.symbol: each for document in documents for each in document.securities}
    securities |= {each.symbol: each for each in declared.securities}
    return replace(declared, accounts=tuple(accounts.values()), securities=tuple(securities.values()))


def refuse_unknown_accounts(statements: Sequence[Statement], declared: Declared, into: str) -> None:
    """Refuse files of accounts nobody declared: whether a sale is taxed depends on the account's kind.

    Raises
    ------
    InputFaults
        With one fault for each account.
    """
    names = [each.account_id for each in declared.accounts]
    faults = []
    for statement in statements:
        for account in statement.accounts:
            if account in names:
                continue
            expected = f"one of {', '.join(names)}" if names else "an account the household has declared"
            step = (
                f"If it is one of them: --account '{account}=NAME', or numbers = [\"{account}\"] under it in household.toml. "
                if names
                else ""
            )
            step += f"To declare it: --kind '{account}=taxable', or its own kind, or a table in household.toml."
            faults.append(Fault((), f"the account {account!r}", expected, step, statement.file))
    if faults:
        raise InputFaults(faults)


def hints_for(into: str, events: Iterable[Event]) -> tuple[str, ...]:
    """What the household should do next: lots.csv beside a ledger that has its lots would count them twice."""
    lots = Path(into) / LOTS_NAME
    if "://" in into or not lots.is_file():
        return ()
    try:
        rows = read_sheet(lots, LOTS).rows
    except InputFaults:
        return ()  # what is wrong with it `bandwise plan` says
    held = {(event.account_id, getattr(event, "symbol", None)) for event in events}
    twice = [row for row in rows if (row.cells.get("account", ""), row.cells.get("symbol", "")) in held]
    if not twice:
        return ()
    what = (
        f"{lots} is in the ledger now; remove it"
        if len(twice) == len(rows)
        else (f"{len(twice)} of the {len(rows)} lots in {lots} are of holdings the ledger has now; delete those rows")
    )
    return (f"{what}, for `bandwise plan` reads both and refuses what is told twice.",)


def _refuse_two_kinds(into: str, said: Sequence[Account], added: Sequence[Account], before: Mapping[str, Account]) -> None:
    """Refuse a kind that the ledger or household.toml contradicts; where that file and `--kind` agree the ledger gives way."""
    agreed = {(each.account_id, each.kind) for each in said} & {(each.account_id, each.kind) for each in added}
    kept = [(into, each) for each in before.values() if not any(name == each.account_id for name, _ in agreed)]
    faults = of_one_kind(
        (*kept, *(("household.toml", each) for each in said), *((f"--kind {each.account_id}", each) for each in added))
    )
    if faults:
        raise InputFaults([replace(each, step=f"{each.step} {CHANGE_KIND}") for each in faults])


def _kept(into: str) -> tuple[dict[str, Account], dict[str, Security]]:
    place = place_of(into)
    if place.file is not None and not place.exists:
        return {}, {}
    history = open_store(into, command="bandwise import", create=True)
    return (
        {each.account_id: each for each in history.accounts()},
        {each.symbol: each for each in history.securities()},
    )


def _account(word: str) -> Account:
    name, _, kind = word.partition("=")
    kinds = [each.value for each in AccountKind]
    if not name or kind not in kinds:
        raise InputFaults([Fault((), repr(word), f"NAME=KIND with KIND one of {', '.join(kinds)}", where="--kind")])
    return Account(name, AccountKind(kind))


def _place(file: str, row: int | None) -> str:
    return file if row is None else f"{file}, row {row}"
