"""`bandwise segments`: ways to slice the market, what each is worth, and one of them in a household."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from optimizer.market.price_files import PriceFile

app = typer.Typer(
    name="segments", help="List ways to slice the market, judge one on prices, put one into a household.", no_args_is_help=True
)

SchemeName = Annotated[
    str, typer.Argument(metavar="SCHEME", help="A name of `bandwise segments list`, or a file of one's own that ends in .toml.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")]
Prices = Annotated[
    Path,
    typer.Option(
        "--prices",
        metavar="FILE.csv",
        help="Prices through time: date and a column a symbol, or date, symbol, close, dividend.",
    ),
]
Dividends = Annotated[
    Path | None,
    typer.Option("--dividends", metavar="FILE.csv", help="Dividends a share by ex-date, if the prices are closes without them."),
]


@app.command("list")
def list_(json: Json = False) -> None:
    """List the schemes: what they slice, into how many, and what the cheapest funds cost."""
    from optimizer.cli.segments_page import print_json, scheme_parts, show_schemes
    from optimizer.targets.scheme import read_scheme, scheme_names

    schemes = {name: read_scheme(name) for name in scheme_names()}
    if json:
        print_json({"schemes": [scheme_parts(name, scheme) for name, scheme in schemes.items()]})
    else:
        show_schemes(sys.stdout, schemes)


@app.command("show")
def show(scheme: SchemeName, json: Json = False) -> None:
    """Show a scheme: its segments, their funds, the indexes they follow, what they cost and what can stand in for them."""
    from optimizer.cli.segments_page import print_json, scheme_parts, show_scheme
    from optimizer.targets.scheme import read_scheme

    found = read_scheme(scheme)
    if json:
        print_json(scheme_parts(scheme, found))
    else:
        show_scheme(sys.stdout, found)


@app.command("score")
def score(
    what: Annotated[
        str,
        typer.Argument(metavar="SCHEME|DIR|FILE.csv", help="A scheme, a household's folder, or constituents."),
    ],
    prices: Prices,
    dividends: Dividends = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Measure from this day on.")] = None,
    json: Json = False,
) -> None:
    """Judge a slicing on prices: history, cost, what moves together, and what rebalancing may earn before cost."""
    from optimizer.cli.segments_page import print_json, score_parts, show_score
    from optimizer.targets.score import score as measure

    candidates = _candidates(what)
    file = read_history(prices, dividends, {symbol for each in candidates for symbol in each.funds})
    history = file.history if since is None else file.history.since(day_of(since, "--since"))
    measured = measure(candidates, history)
    if json:
        print_json(score_parts(measured, file.doubts))
    else:
        show_score(sys.stdout, what, measured)


@app.command("write")
def write(
    scheme: SchemeName,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The household's folder.")],
    under: Annotated[
        str, typer.Option(metavar="SEGMENT", help="The household's segment that is sliced; its target stays what it is.")
    ],
    prices: Annotated[
        Path | None,
        typer.Option(
            "--prices", metavar="FILE.csv", help="Prices through time; the last ones go into the household's prices.csv."
        ),
    ] = None,
) -> None:
    """Slice a segment of a household by a scheme: the parts share its target equally until you choose other targets.

    Adds the segments and their first two funds on different indexes to household.toml, and looks through the funds
    that held the whole segment by the scheme's market weights, where it has some. What was there is kept in a copy.
    """
    from optimizer.cli.segments_write import write_scheme
    from optimizer.targets.scheme import read_scheme

    typer.echo(write_scheme(read_scheme(scheme), folder, under, None if prices is None else read_history(prices)))


def _candidates(what: str) -> "list[Candidate]":
    """The segments to be measured: a scheme's with its funds, or a household's leaves with its securities."""
    from optimizer.targets.score import Candidate

    if what.endswith(".csv"):
        return [Candidate(symbol, name or symbol, {symbol: 0.0}, weight) for symbol, name, weight in _every_security(Path(what))]
    if Path(what).is_dir():
        from optimizer.household import read_household

        problem = read_household(Path(what))
        parents = {segment.parent for segment in problem.segments}
        return [
            Candidate(
                segment.id,
                segment.name or segment.id,
                {s.symbol: None for s in problem.securities if s.exposures.get(segment.id, 0) == 1},
                float(segment.target),
            )
            for segment in problem.segments
            if segment.id not in parents
        ]
    from optimizer.targets.scheme import read_scheme

    return [
        Candidate(name, part.name, {fund.ticker: float(fund.expense_pct) / 100 for fund in part.funds})
        for name, part in read_scheme(what).segments.items()
    ]


def _every_security(path: Path) -> "list[tuple[str, str, float]]":
    """Symbol, name and weight of a file of constituents, as `[benchmark]` reads it."""
    from optimizer.household.benchmark_files import CONSTITUENTS
    from optimizer.household.csv_files import Cells, read_sheet
    from optimizer.household.findings import Findings
    from optimizer.household.values import read_percentage

    sheet = read_sheet(path, CONSTITUENTS)
    findings = Findings(lambda address: sheet.rows[int(address[1])].line)
    found: dict[str, tuple[str, str, float]] = {}
    for position in range(len(sheet.rows)):
        cells = Cells(sheet, position, findings)
        symbol = cells.text("symbol", "the symbol of a security")
        weight = cells.number("weight_pct", read_percentage, "a weight in per cent")
        if symbol in found:
            cells.fault("symbol", f"{symbol} a second time", "every constituent once")
        found[symbol] = (symbol, cells.text("name"), float(weight or 0))
    findings.refuse_any()
    return list(found.values())


def read_history(prices: Path, dividends: Path | None = None, symbols: "Collection[str] | None" = None) -> "PriceFile":
    """Read prices through time and say on standard error what is doubtful about them, or about some symbols of them."""
    from optimizer.market.price_files import PriceFile, read_prices

    file = read_prices(prices, dividends)
    doubts = tuple(each for each in file.doubts if symbols is None or each.symbol in symbols or not each.symbol)
    for doubt in doubts:
        typer.echo(f"bandwise: {doubt}.", err=True)
    return PriceFile(file.history, doubts)


def day_of(text: str, option: str) -> "date":
    """A day from an option."""
    from datetime import date as day

    from optimizer.errors import Fault, InputFaults

    try:
        return day.fromisoformat(text)
    except ValueError:
        raise InputFaults([Fault((), repr(text), "a day such as 2026-03-04", where=option)]) from None


if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from optimizer.targets.score import Candidate
