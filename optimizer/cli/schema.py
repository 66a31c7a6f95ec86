"""`bandwise schema`: what the documents look like, for those who write or read them from another program."""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from optimizer.documents import Document


class DocumentName(StrEnum):
    """The documents that have a schema."""

    PROBLEM = "problem"
    PLAN = "plan"
    TAX = "tax"


def schema(
    document: Annotated[
        DocumentName, typer.Argument(help="`problem`, the whole question; `plan`, the whole answer; `tax`, a filer's year.")
    ],
) -> None:
    """Print the JSON Schema of a document, units included."""
    described = _model(document)
    shape = {"$schema": "https://json-schema.org/draft/2020-12/schema", **described.schema_parts()}
    typer.echo(json.dumps(shape, indent=2, ensure_ascii=False))


def _model(document: DocumentName) -> "type[Document]":
    if document is DocumentName.TAX:
        from optimizer.cli.tax_file import TaxFile

        return TaxFile
    from optimizer.plan import Plan
    from optimizer.problem import Problem

    return Problem if document is DocumentName.PROBLEM else Plan
