"""`bandwise schema`: what the documents look like, for those who write or read them from another program."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer


class DocumentName(StrEnum):
    """The documents that have a schema."""

    PROBLEM = "problem"
    PLAN = "plan"
    YEAR_END = "year-end"
    TAX = "tax"
    EVENTS = "events"
    SIMULATION = "simulation"
    STUDY = "study"


def schema(
    document: Annotated[
        str,
        typer.Argument(
            metavar="DOCUMENT",
            help="`problem`, the whole question; `plan`, the whole answer; `year-end`, the answer over two years; "
            "`tax`, a filer's year; `events`, a history; `simulation` and `study`, what those commands answer.",
        ),
    ],
) -> None:
    """Print the JSON Schema of a document, units included."""
    described = _shape(_named(document))
    shape = {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}
    typer.echo(json.dumps(shape, indent=2, ensure_ascii=False))


def _named(word: str) -> DocumentName:
    if word in set(DocumentName):
        return DocumentName(word)

    from optimizer.errors import Fault, InputFaults

    raise InputFaults([Fault((), repr(word), f"one of {', '.join(DocumentName)}", where="bandwise schema")])


def _shape(document: DocumentName) -> dict[str, Any]:
    if document is DocumentName.EVENTS:
        from lots.ledger.document import schema as events_schema

        return events_schema()
    if document is DocumentName.SIMULATION:
        from optimizer.simulate.document import Simulation

        return Simulation.schema_parts()
    if document is DocumentName.STUDY:
        from optimizer.simulate.study_document import Study

        return Study.schema_parts()
    if document is DocumentName.TAX:
        from optimizer.cli.tax_file import TaxFile

        return TaxFile.schema_parts()
    if document is DocumentName.YEAR_END:
        from optimizer.questions.year_end import YearEnd

        return YearEnd.schema_parts()
    from optimizer.plan import Plan
    from optimizer.problem import Problem

    return (Problem if document is DocumentName.PROBLEM else Plan).schema_parts()
