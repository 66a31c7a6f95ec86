"""Schedule D: the totals of Form 8949 by box, and the net short- and long-term results.

Lines that other forms feed (4, 5, 11, 12) are not the ledger's to know and are left out; the preparer adds them. The lines
for sales without adjustments that need no Form 8949 (1a, 8a) are not used: every row is on the form.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from lots.exporters.form8949 import Box, Row, is_on_form
from lots.units import ZERO, Money, cents

SHORT_LINES = {"1b": (Box.A, Box.G), "2": (Box.B, Box.H), "3": (Box.C, Box.I)}
LONG_LINES = {"8b": (Box.D, Box.J), "9": (Box.E, Box.K), "10": (Box.F, Box.L)}
"""The boxes whose rows each line adds up, those of digital assets second."""
COLUMNS = ("Line", "Description", "Proceeds", "Cost or Other Basis", "Adjustments", "Gain or Loss")


@dataclass(frozen=True, slots=True)
class Line:
    """One line; only those fed by Form 8949 have proceeds, basis and adjustments."""

    line: str
    description: str
    gain: Money
    proceeds: Money | None = None
    cost_basis: Money | None = None
    adjustment: Money | None = None


def lines(
    table: Iterable[Row],
    year: int,
    distributions: Money = ZERO,
    short_carryover: Money = ZERO,
    long_carryover: Money = ZERO,
) -> tuple[Line, ...]:
    """Return the lines of Schedule D the ledger can fill.

    Parameters
    ----------
    table : the rows of Form 8949.
    year : the tax year, whose form decides which boxes there are.
    distributions : capital-gain distributions of the year, line 13, dollars.
    short_carryover, long_carryover : losses carried from last year, lines 6 and 14, as numbers of zero or more.
    """
    listed = list(table)
    short = [_total(line, boxes, listed, year) for line, boxes in SHORT_LINES.items()]
    short.append(Line("6", "Short-term capital loss carryover", -short_carryover))
    long = [_total(line, boxes, listed, year) for line, boxes in LONG_LINES.items()]
    long.append(Line("13", "Capital gain distributions", distributions))
    long.append(Line("14", "Long-term capital loss carryover", -long_carryover))
    net_short = sum((line.gain for line in short), ZERO)
    net_long = sum((line.gain for line in long), ZERO)
    return (
        *short,
        Line("7", "Net short-term capital gain or loss", net_short),
        *long,
        Line("15", "Net long-term capital gain or loss", net_long),
        Line("16", "Lines 7 and 15 together", net_short + net_long),
    )


def to_csv(table: Iterable[Line]) -> str:
    """The lines as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in table:
        amounts = (each.proceeds, each.cost_basis, each.adjustment, each.gain)
        writer.writerow([each.line, each.description, *("" if amount is None else f"{cents(amount):f}" for amount in amounts)])
    return out.getvalue()


def _total(line: str, boxes: tuple[Box, ...], table: list[Row], year: int) -> Line:
    rows = [row for row in table if row.box in boxes]
    return Line(
        line,
        f"Form 8949, box {' or '.join(box for box in boxes if is_on_form(box, year))}",
        sum((row.gain for row in rows), ZERO),
        sum((row.proceeds for row in rows), ZERO),
        sum((row.cost_basis for row in rows), ZERO),
        sum((row.adjustment for row in rows), ZERO),
    )
