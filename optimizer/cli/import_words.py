"""The words of `bandwise import`: what the options mean, and what the user reads in the end."""

import json
from collections import Counter
from dataclasses import dataclass

from lots.importers import Problem, Statement
from lots.ledger.check import Finding
from lots.ledger.store import Receipt
from optimizer.household.history_document import EXAMPLE, Document

LISTED = 20
"""How many left-out rows of a file are shown; --json has all."""


@dataclass(frozen=True)
class Outcome:
    """What an import came to."""

    statements: tuple[Statement, ...]
    notes: tuple[str, ...]
    receipt: Receipt
    findings: tuple[Finding, ...]
    place: str
    events: int
    documents: tuple[Document, ...] = ()
    hints: tuple[str, ...] = ()


def as_text(outcome: Outcome) -> str:
    """What was understood, file by file, what was left out and why, what is new, and what does not add up."""
    lines = []
    for statement in outcome.statements:
        lines.append(f"{statement.file}: {statement.format}, {_understood(statement)}")
        shown = statement.problems[:LISTED]
        lines.extend(f"  {each.severity.value}: {each}" for each in shown)
        if len(statement.problems) > len(shown):
            lines.append(f"  ... and {len(statement.problems) - len(shown)} more; --json lists all of them")
    lines.extend(f"{each.file}: our own document, {_count(len(each.events), 'event')}" for each in outcome.documents)
    if any(each.left_out for each in outcome.statements):
        lines.append(f"What was left out can be entered as events, in a file such as events.json: {EXAMPLE}")
    lines.extend(f"Note: {note}" for note in (*outcome.notes, *outcome.hints))
    for name, renamed in outcome.receipt.renamed_lots.items():
        lines.append(f"Note: lot {name!r} is called {renamed!r} in the ledger, where the name was taken by another lot.")
    added, known = sum(outcome.receipt.added.values()), sum(outcome.receipt.known.values())
    lines.append(
        f"{outcome.place}: {_count(added, 'new event')}, {known} known already, {outcome.events} in all."
        if added
        else f"{outcome.place}: nothing new; {_count(outcome.events, 'event')} as before."
    )
    if outcome.findings:
        lines.append("The ledger does not add up yet (`bandwise audit` says this again):")
        lines.extend(f"  {each.invariant}: {each.message}" for each in outcome.findings)
        lines.append(f"What is missing can be entered as events, in a file such as events.json: {EXAMPLE}")
    return "\n".join(lines)


def as_json(outcome: Outcome) -> str:
    """The same as a document."""
    document = {
        "ledger": outcome.place,
        "events": outcome.events,
        "new": sum(outcome.receipt.added.values()),
        "known": sum(outcome.receipt.known.values()),
        "files": [
            {
                "file": each.file,
                "sha256": each.sha256,
                "format": each.format,
                "as_of": each.as_of.isoformat() if each.as_of else None,
                "accounts": list(each.accounts),
                "rows": each.rows,
                "understood": _counts(each),
                "problems": [_problem(problem) for problem in each.problems],
            }
            for each in outcome.statements
        ],
        "documents": [{"file": each.file, "sha256": each.sha256, "events": len(each.events)} for each in outcome.documents],
        "notes": [*outcome.notes, *outcome.hints],
        "renamed_lots": dict(outcome.receipt.renamed_lots),
        "findings": [
            {"invariant": each.invariant, "event_id": each.event_id, "message": each.message} for each in outcome.findings
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _problem(problem: Problem) -> dict[str, str | int | None]:
    return {
        "severity": problem.severity.value,
        "row": problem.row,
        "found": problem.found,
        "expected": problem.expected,
        "step": problem.step,
    }


def _counts(statement: Statement) -> dict[str, int]:
    counts = Counter(
        {
            "lots": len(statement.lots),
            "closed lots": len(statement.closed_lots),
            "positions": len(statement.positions),
            "cash balances": len(statement.cash),
            "transactions": len(statement.transactions),
            "rows left out": len(statement.left_out),
        }
    )
    return {name: count for name, count in counts.items() if count}


def _understood(statement: Statement) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in _counts(statement).items()) or "nothing"
    day = f" as of {statement.as_of}" if statement.as_of else ""
    return f"{counts}{day} in {', '.join(statement.accounts) or 'no account'} ({_count(statement.rows, 'row')})"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
