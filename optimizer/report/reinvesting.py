"""Reinvested dividends in sentences: where to switch them off, until when, and what they wash where nobody can."""

from collections.abc import Iterator
from itertools import groupby

from optimizer.plan import Plan, ReinvestmentRow
from optimizer.report.figures import day, listed


def reinvestment_lines(plan: Plan) -> Iterator[str]:
    """One sentence for the securities of an account that have the same end and reason."""
    for (account, _, is_fixed, reason), rows in groupby(sorted(plan.reinvestments, key=_key), key=_key):
        found = list(rows)
        if is_fixed:
            bought = listed([f"{row.shares:,.4f} shares of {row.symbol}" for row in found])
            yield f"Reinvestment in {account} buys {bought} by {day(found[0].until or plan.as_of)}: {reason}."
            continue
        symbols, until = listed([row.symbol for row in found]), found[0].until
        end = "" if until is None else f" until {day(until)}"
        yield f"Switch reinvestment of {symbols} off in {account}{end}: {reason}."


def _key(row: ReinvestmentRow) -> tuple[str, str, bool, str]:
    return row.account, str(row.until or ""), row.shares is not None, row.reason
