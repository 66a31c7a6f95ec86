"""Statements to facts: what a broker lets its customer download, read into the ledger's events.

One format is one file here, one folder of tests, and a section of its broker's page in `guides`. A file is recognised by
what it says, never by its name, and is taken whole or not at all: :func:`read_statement` raises one error that carries
every problem, each with its row, what was found, what was expected and what to do. Rows of a sound file that have no
place in the ledger, such as options and short positions, are listed in `Statement.problems` and never guessed at.

Left out on purpose: OFX and QFX (an average cost at most, so no lots), PDF statements, and any price.

Examples
--------
>>> raw = b"account,symbol,acquired,quantity,cost_basis\\njoint,VTI,2020-03-16,10,1300.25\\n"
>>> statement = read_statement(raw, "lots.csv")
>>> statement.format, statement.accounts, len(statement.lots)
('bandwise-lots', ('joint',), 1)
"""

from lots.importers.reconcile import reconcile
from lots.importers.registry import formats, guide, read_statement
from lots.importers.statement import (
    CashBalance,
    Kind,
    Known,
    Position,
    Problem,
    Severity,
    Statement,
    StatementError,
)

__all__ = [
    "CashBalance",
    "Kind",
    "Known",
    "Position",
    "Problem",
    "Severity",
    "Statement",
    "StatementError",
    "formats",
    "guide",
    "read_statement",
    "reconcile",
]
