"""The premiums of a simulation as a table for a spreadsheet, a row per policy, length, rival and measure."""

import csv
import io

from optimizer.simulate.document import PremiumRow, Simulation


def premiums_csv(simulation: Simulation) -> str:
    """Write the table; premiums in basis points a year, shares as fractions."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = list(PremiumRow.model_fields)
    writer.writerow(names)
    for row in simulation.premiums:
        writer.writerow([_cell(getattr(row, name)) for name in names])
    return text.getvalue()


def _cell(value: object) -> str:
    """A text that begins like a formula is kept from being one; numbers stay numbers."""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in "=+-@\t\r" else text
