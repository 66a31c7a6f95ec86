"""The options of `bandwise simulate`: their types, bounds and words."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path | None, typer.Argument(metavar="[DIR]", help="A household to take along, lots and all.")]
Policy = Annotated[list[str] | None, typer.Option("--policy", metavar="POLICY", help=(
    "May be given several times: hold, market, monthly, quarterly, half-yearly, yearly, bands-target, bands-half, bands-edge, "
    "bands-all; bands-edge:15@3 has bands of 15 % and looks every 3 months; trend/bands-edge follows trends. "
    "The verdict is on the last."))]  # fmt: skip
Market = Annotated[str, typer.Option(help="sectors (made up) or industries (twelve US industries, needs the extra study).")]
Prices = Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Prices of your own instead, wide or long.")]
Dividends = Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Dividends that go with a wide table.")]
Segments = Annotated[str | None, typer.Option(metavar="A,B,…", help="Symbols to hold; all of the file when left out.")]
MarketFund = Annotated[str | None, typer.Option(metavar="SYMBOL", help="The file's fund of the whole market.")]
Weights = Annotated[str | None, typer.Option(metavar="30,70,…", help="Target weights in per cent; equal when left out.")]
Years = Annotated[int | None, typer.Option(min=1, max=100, help="Length of drawn paths; 20 when left out, 10 for a household.")]
Paths = Annotated[
    int | None, typer.Option(min=1, max=100000, help="How many paths to draw; 200 when left out, 10 for a household.")
]
Seed = Annotated[int, typer.Option(min=0, help="Of the paths; the same seed gives the same answer.")]
Bootstrap = Annotated[
    float | None, typer.Option(min=1, metavar="MONTHS", help="Draw the history again in blocks of this mean length.")
]
GrowthPct = Annotated[float, typer.Option(help="Made-up sectors: growth a year.")]
UnequalPct = Annotated[float, typer.Option(help="Made-up sectors: how far growth differs between the first and the last.")]
VolatilityPct = Annotated[float, typer.Option(min=0, max=200, help="Made-up sectors: standard deviation a year.")]
Correlation = Annotated[float, typer.Option(min=0, max=1, help="Made-up sectors: of all pairs.")]
MeanReversion = Annotated[float, typer.Option(min=0, max=12, help="Made-up sectors: part of a lead taken back a year.")]
Momentum = Annotated[float, typer.Option(min=-1, max=1, help="Made-up sectors: part of a year's lead carried on.")]
RegimePct = Annotated[float, typer.Option(min=0, max=100, help="Made-up sectors: chance a month of a crash regime.")]
Start = Annotated[float, typer.Option(min=1, help="Dollars at the start.")]
OrdinaryPct = Annotated[float, typer.Option(min=0, max=99, help="Your rate on ordinary income and short-term gains.")]
LongTermPct = Annotated[float, typer.Option(min=0, max=99, help="Your rate on long-term gains.")]
Sheltered = Annotated[bool, typer.Option("--sheltered", help="Nothing is taxed.")]
Outside = Annotated[bool, typer.Option("--tax-from-outside", help="April's tax is paid from elsewhere.")]
YieldPct = Annotated[float | None, typer.Option(min=0, max=20, help="Dividends a year, where the data do not tell them apart.")]
OrdinaryDividends = Annotated[bool, typer.Option("--ordinary-dividends", help="Dividends are ordinary, not qualified.")]
ExpensePct = Annotated[float, typer.Option(min=0, max=5, help="Expenses of the funds a year.")]
HalfSpreadBp = Annotated[float, typer.Option(min=0, max=1000, help="What trading a dollar costs.")]
Contribute = Annotated[float, typer.Option(min=0, help="Dollars a year paid in.")]
Withdraw = Annotated[float, typer.Option(min=0, help="Dollars a year taken out.")]
Donate = Annotated[float, typer.Option(min=0, help="Dollars given each December.")]
Lever = Annotated[list[str] | None, typer.Option(metavar="LEVER", help="Pull a lever; may be given several times, or all.")]
Json = Annotated[Path | None, typer.Option(metavar="FILE", help="Write the answer as JSON; - prints it instead of the page.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE.html", help="Write a page with pictures.")]
Csv = Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write the premiums as a table.")]
Processes = Annotated[int, typer.Option(min=0, max=256, help="How many at once; 0 for all processors.")]
