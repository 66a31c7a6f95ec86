"""`bandwise year-end`: what to do before the year is out, and what to leave for January."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optimizer.cli.asked import Json, TimeLimit

if TYPE_CHECKING:
    from optimizer.problem import Problem
    from optimizer.questions.year_end import YearEnd

LONGEST_DAYS = 400


def year_end(
    place: Annotated[
        Path,
        typer.Argument(metavar="DIR|PROBLEM.json", help="The household's folder, or a problem document; - reads standard input."),
    ] = Path(),
    json: Json = None,
    december: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write this year's trades as a ticket, one line per lot.")
    ] = None,
    january: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write January's trades as a ticket.")] = None,
    problem: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the question as JSON.")] = None,
    bands_by: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN", help="december: every segment is inside its band after this year's trades; january: bands may wait."
        ),
    ] = None,
    within: Annotated[int, typer.Option(metavar="DAYS", help="List lots that turn long-term within so many days.")] = 75,
    time_limit: TimeLimit = None,
) -> None:
    """Plan this year's end and January together: two tax years in one program, with a proof.

    Every lot may be sold or given now, sold on the first trading day of January, or held. Each year has its own brackets, limit
    on losses and gains to date; what this year's loss leaves over goes into next year; a sale at a loss closes purchases on both
    sides of New Year. Where next year's figures are not published, this year's stand in and the page says so.
    """
    from optimizer.cli.asked import time_limit_of
    from optimizer.cli.files import STANDARD, write_together
    from optimizer.errors import Fault, InputFaults

    targets = {"--json": json, "--december": december, "--january": january, "--problem": problem}
    faults = []
    if bands_by not in (None, "december", "january"):
        faults.append(Fault((), repr(bands_by), "december or january", where="--bands-by"))
    if not 0 <= within <= LONGEST_DAYS:
        faults.append(Fault((), str(within), f"days from 0 to {LONGEST_DAYS}", where="--within"))
    if faults:
        raise InputFaults(faults)
    seconds = time_limit_of(time_limit)
    question = _question(place, targets)
    if bands_by:
        following = question.next_year.model_copy(update={"bands_by": bands_by})
        question = question.model_copy(update={"next_year": following})

    from optimizer.plan import refuse_disowned
    from optimizer.questions.year_end import year_end as ask
    from optimizer.report.tickets import ticket_csv

    answer = ask(question, within, seconds)
    results = {json: answer.to_json, problem: question.to_json}
    if answer.this_year.tax.agrees and answer.next_year.tax.agrees:
        results |= {december: lambda: ticket_csv(answer.this_year), january: lambda: ticket_csv(answer.next_year)}
    texts = {path: text() for path, text in results.items() if path is not None}
    write_together(texts)
    if STANDARD not in texts:
        _show(answer, question, texts)
    refuse_disowned(answer.this_year, answer.next_year)


def _show(answer: "YearEnd", question: "Problem", texts: Iterable[Path]) -> None:
    """Print the page of both years, and what was written."""
    from optimizer.report.page import print_page
    from optimizer.report.terminal import page_console
    from optimizer.report.year_end import year_end_page

    console = page_console(sys.stdout)
    print_page(console, year_end_page(answer, question, console.width))
    for path in texts:
        typer.echo(f"Wrote {path}.")


def _question(place: Path, targets: dict[str, Path | None]) -> "Problem":
    """The household of a folder, or the problem that a document states."""
    from optimizer.cli.asked import household
    from optimizer.cli.files import STANDARD, naming, read_text, refuse_targets

    if place != STANDARD and not (place.is_file() and place.suffix.lower() == ".json"):
        return household(place, targets)
    refuse_targets(targets, inputs=(place,))
    text = read_text(place)

    from optimizer.problem import Problem

    with naming(place):
        return Problem.from_json(text)
