"""`bandwise simulate`: policies side by side through time on the same prices, before and after tax."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from optimizer.cli import simulate_words as words

if TYPE_CHECKING:
    from optimizer.cli.simulate_question import Options
    from optimizer.simulate.document import Simulation

Report = Callable[[str, int, int], None]


def simulate(
    folder: words.Folder = None,
    market: words.Market = "sectors",
    prices: words.Prices = None,
    dividends: words.Dividends = None,
    segments: words.Segments = None,
    market_fund: words.MarketFund = None,
    weights: words.Weights = None,
    policy: words.Policy = None,
    years: words.Years = None,
    paths: words.Paths = None,
    seed: words.Seed = 1,
    bootstrap: words.Bootstrap = None,
    growth_pct: words.GrowthPct = 8.0,
    unequal_pct: words.UnequalPct = 0.0,
    volatility_pct: words.VolatilityPct = 19.0,
    correlation: words.Correlation = 0.55,
    mean_reversion: words.MeanReversion = 0.0,
    momentum: words.Momentum = 0.0,
    regime_pct: words.RegimePct = 0.0,
    start: words.Start = 1000000,
    ordinary_pct: words.OrdinaryPct = 24.0,
    long_term_pct: words.LongTermPct = 15.0,
    sheltered: words.Sheltered = False,
    outside: words.Outside = False,
    yield_pct: words.YieldPct = None,
    ordinary_dividends: words.OrdinaryDividends = False,
    expense_pct: words.ExpensePct = 0.1,
    half_spread_bp: words.HalfSpreadBp = 2.0,
    contribute: words.Contribute = 0.0,
    withdraw: words.Withdraw = 0.0,
    donate: words.Donate = 0.0,
    lever: words.Lever = None,
    json: words.Json = None,
    csv: words.Csv = None,
    output: words.Output = None,
    processes: words.Processes = 0,
) -> None:
    """Compare ways of keeping a portfolio through time: does rebalancing pay, after tax?

    With a household's folder its own accounts and lots are taken along, and every trade is a plan of `bandwise plan`'s
    engine: buy-and-hold, a plan each December, and a plan whenever a band calls, with what each lever gives back. Without one
    a single account is invested at target weights.

    Every policy meets the same prices with true lots, terms, wash-sale windows, carryovers and April's tax. Rates are flat and
    your own; today's limit on losses holds all along. Ctrl-C stops early and answers with what is done.
    """
    from optimizer.cli.files import refuse_targets, write_together
    from optimizer.cli.simulate_question import Options

    refuse_targets({"--json": json, "--csv": csv, "--output": output}, tuple(each for each in (prices, dividends) if each))
    options = Options(**{name: value for name, value in locals().items() if name in Options.__dataclass_fields__})
    with progress_bar() as report, nothing_finished():
        found = household_found(folder, options, report) if folder else account_found(options, report, output is not None)
    texts = results(found, json, csv, output)
    write_together(texts)
    show(found, texts)


def account_found(options: "Options", report: "Report", wants_grid: bool) -> "Simulation":
    """Compare policies in a single account."""
    from optimizer.cli.simulate_question import question_of
    from optimizer.simulate.answer import answer

    return answer(question_of(options, wants_grid), report)


def household_found(folder: Path, options: "Options", report: "Report") -> "Simulation":
    """Compare policies of a household, every trade planned by the product."""
    from optimizer.cli.simulate_household import household_question
    from optimizer.simulate.household_answer import answer_household

    return answer_household(household_question(folder, options), report)


def results(found: "Simulation", json: Path | None, csv: Path | None, output: Path | None) -> dict[Path, str]:
    """The text of every file that was asked for."""
    texts: dict[Path, str] = {}
    if json:
        texts[json] = found.to_json()
    if csv:
        from optimizer.report.simulation_csv import premiums_csv

        texts[csv] = premiums_csv(found)
    if output:
        from optimizer.report.html.simulation import simulation_page

        texts[output] = simulation_page(found)
    return texts


def show(found: "Simulation", texts: dict[Path, str]) -> None:
    """Print the page, unless standard output has a document already."""
    from optimizer.cli.files import STANDARD

    if STANDARD in texts:
        return
    from optimizer.report.simulation import show_simulation
    from optimizer.report.terminal import page_console

    show_simulation(found, page_console(sys.stdout))
    for path in texts:
        typer.echo(f"Wrote {path}.")


@contextmanager
def nothing_finished() -> Iterator[None]:
    """Say what Ctrl-C left where it came before the first result; later ones are answered with what is done."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("\nStopped before anything was finished; nothing was written.", err=True)
        raise


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar with the time left on standard error; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks = {}

        def report(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total)
            bar.update(tasks[name], completed=done)

        yield report
