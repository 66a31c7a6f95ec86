"""`bandwise schema`: what the two documents look like, for those who write or read them from another program."""

import json
from enum import StrEnum
from typing import Annotated

import typer


class DocumentName(StrEnum):
    """The documents that have a schema."""

    PROBLEM = "problem"
    PLAN = "plan"


def schema(
    document: Annotated[DocumentName, typer.Argument(help="`problem`, the whole question, or `plan`, the whole answer.")],
) -> None:
    """Print the JSON Schema of a document, units included."""
    from optimizer.plan import Plan
    from optimizer.problem import Problem

    described = Problem if document is DocumentName.PROBLEM else Plan
    shape = {"$schema": "https://json-schema.org/draft/2020-12/schema", **described.model_json_schema()}
    typer.echo(json.dumps(shape, indent=2, ensure_ascii=False))
