"""`bandwise tax`: a filer's year in, the return's lines out, with what one more dollar would do."""

import json as jsonlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from optimizer.cli.tax_file import TaxFile


def tax(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml|json", help="The year's facts; - reads JSON from standard input.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")] = False,
    all_lines: Annotated[bool, typer.Option("--all", help="Show the lines that are zero as well.")] = False,
) -> None:
    """Work out a year's federal and state income tax, line by line.

    Prints how each line came about, what one more dollar of each kind costs, the room to the next edge of every
    bracket and cliff, and what is carried to next year. `bandwise schema tax` describes the file.
    """
    facts = read_tax_file(file)

    from lots.tax.liability import compute_return
    from lots.tax.margins import marginal_rates, next_edges
    from optimizer.cli.tax_page import show_return, tax_document

    law = facts.law()
    result = compute_return(facts.filer(), law)
    rates, edges = marginal_rates(result, law), next_edges(result, law, facts.cover())
    if json:
        typer.echo(jsonlib.dumps(tax_document(result, rates, edges), indent=2, ensure_ascii=False))
    else:
        show_return(sys.stdout, result, rates, edges, all_lines)


def read_tax_file(path: Path) -> "TaxFile":
    """Read a year's facts from TOML or JSON.

    Raises
    ------
    InputFaults
        With every fault found, each at its name in the file.
    """
    import tomllib
    from dataclasses import replace
    from decimal import Decimal

    from optimizer.cli.files import naming, read_text
    from optimizer.cli.tax_file import TaxFile
    from optimizer.errors import Fault, InputFaults
    from optimizer.household.lines import LineIndex

    text = read_text(path)
    if path.suffix.lower() != ".toml":
        with naming(path):
            return TaxFile.from_json(text)
    try:
        tree = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InputFaults([Fault((), str(error), "TOML, such as wages = 85000", where=str(path))]) from None
    try:
        return TaxFile.from_parts(tree)
    except InputFaults as refused:
        lines = LineIndex.of(text)
        faults = [replace(fault, where=f"{path}, line {lines.line_of(fault.path)}") for fault in refused.faults]
        raise InputFaults(faults) from None
