"""`bandwise frontier`: what less drift, or a smaller budget of gains, costs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.asked import Folder

MOST = 200


def frontier(
    folder: Folder = Path(),
    against: Annotated[
        str, typer.Option(metavar="WHAT", help="drift, from the targets; or gains, the year's net gain.")
    ] = "drift",
    points: Annotated[int, typer.Option(metavar="N", help="Points on the curve, 2 to 200; each is a plan of its own.")] = 11,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the curve as JSON; - prints it instead of the page.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE.csv", help="Write the points as a table; - prints it.")
    ] = None,
) -> None:
    """Draw cost against drift from the targets, or against a budget of gains, with the price of the next dollar at each point.

    Against drift no band is asked for and the household may stay as far from its targets as the point allows; against gains the
    bands stay and the year's net gain is limited. Every point is proven, and the household's own plan stands beside the curve.
    """
    from optimizer.cli.asked import count_of, household
    from optimizer.cli.files import STANDARD, write_together
    from optimizer.errors import Fault, InputFaults

    if against not in ("drift", "gains"):
        raise InputFaults([Fault((), repr(against), "drift or gains", where="--against")])
    count_of(points, 2, MOST, "--points")
    problem = household(folder, {"--json": json, "--csv": csv})

    from optimizer.questions.frontier import frontier as ask
    from optimizer.questions.frontier import refuse_faults
    from optimizer.report.frontier import frontier_csv, frontier_page
    from optimizer.report.page import print_page
    from optimizer.report.terminal import page_console

    answer = ask(problem, "gains" if against == "gains" else "drift", points)
    texts = {}
    if json:
        texts[json] = answer.to_json()
    if csv:
        texts[csv] = frontier_csv(answer)
    write_together(texts)
    if STANDARD not in texts:
        console = page_console(sys.stdout)
        print_page(console, frontier_page(answer, console.width))
    refuse_faults(answer)
