"""A simulation as a page for the terminal: the verdict, then policies, premiums, the ladder and what was assumed."""

from collections.abc import Iterator
from decimal import Decimal

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from optimizer.report.figures import TENTH, day, percent, plain
from optimizer.report.layout import figure_table, whole_width
from optimizer.simulate.document import Measure, PremiumRow, Simulation

NO_PROMISE = "What would have been is no promise of what will be, and this is arithmetic on assumptions, not advice."
SHORT: dict[Measure, str] = {
    "before tax": "before tax",
    "after tax each year": "yearly tax",
    "after tax and sale": "tax and sale",
}


def show_simulation(simulation: Simulation, console: Console) -> None:
    """Print the page."""
    with console.capture() as page:
        console.print()
        console.print(Text("Does rebalancing pay?", style="bold"))
        console.print(Rule(style="dim"))
        for sentence in simulation.verdict:
            console.print(Text(sentence))
        for title, parts in _sections(simulation):
            console.print()
            console.print(Rule(Text(title, style="bold"), align="left", style="dim"))
            for part in parts:
                before = console.width
                console.width = max(before, whole_width(part, console) if isinstance(part, Table) else 0)
                console.print(part)
                console.width = before
        console.print()
        if not simulation.is_complete:
            console.print(Text("Stopped early: everything above is of what was done until then.", style="bold"))
        console.print(Text(NO_PROMISE, style="dim"))
    console.file.write("".join(f"{line.rstrip()}\n" for line in page.get().splitlines()))
    console.file.flush()


def _sections(simulation: Simulation) -> Iterator[tuple[str, list[RenderableType]]]:
    taxed = any(row.drag for row in simulation.policies)
    span = f"{day(simulation.first_day)} to {day(simulation.last_day)}"
    many = f", median of {simulation.paths:,} paths" if simulation.paths > 1 else ""
    yield f"Policies, {span}{many}, a year in %", [_policies(simulation, taxed)]
    yield "Ahead of buy-and-hold (rebalancing return), bp a year", [_premiums(simulation, "buy-and-hold")]
    yield (
        "Ahead of the average segment (diversification return), bp a year",
        [
            _premiums(simulation, "average segment"),
            Text(
                f"Theory: half of weighted variance less portfolio variance is {simulation.theory.quantize(TENTH)} bp a year of "
                "log growth. It is a figure against the average segment; buy-and-hold earns much of it too.",
                style="dim",
            ),
        ],
    )
    if simulation.ladder:
        yield "What each lever gives back of the tax drag, bp a year", [_ladder(simulation)]
    yield (
        "What the prices are and what is assumed",
        [Text(f"- {plain(text)}.") for text in (simulation.market, *simulation.assumptions)],
    )


def _policies(simulation: Simulation, taxed: bool) -> Table:
    headings = ["Before tax", "Yearly tax", "Sold", "Heirs", "Given"] if taxed else ["Growth"]
    table = figure_table("Policy", *headings, "Volat.", "Fall", "Sharpe", "Turnover", "Times", "Drag, bp")
    for row in simulation.policies:
        growth = [row.before, row.after, row.liquidated, row.stepped_up, row.given] if taxed else [row.before]
        table.add_row(
            plain(row.policy),
            *(percent(each, 2) for each in growth),
            percent(row.volatility),
            percent(row.drawdown),
            str(row.sharpe.quantize(Decimal("0.01"))),
            percent(row.turnover),
            str(row.rebalances.quantize(TENTH)),
            str(row.drag.quantize(TENTH)),
        )
    return table


def _premiums(simulation: Simulation, against: str) -> Table:
    table = figure_table("Policy", "Years", "Counted", "Median", "5 %", "95 %", "Ahead in", "90 % band of median")
    last = None
    for row in simulation.premiums:
        if row.against != against or row.measure == "after tax each year":
            continue
        if last not in (None, row.policy):
            table.add_section()
        table.add_row(plain(row.policy) if row.policy != last else "", *_premium(row))
        last = row.policy
    return table


def _premium(row: PremiumRow) -> list[str]:
    sure = f"{row.sure_low.quantize(TENTH)} to {row.sure_high.quantize(TENTH)}"
    ahead = [str(each.quantize(TENTH)) for each in (row.median, row.low, row.high)]
    return [f"{row.years.normalize():f}", SHORT[row.measure], *ahead, f"{percent(row.positive, 0)} %", sure]


def _ladder(simulation: Simulation) -> Table:
    table = figure_table("Step", "Tax drag", "Gives back")
    for place, row in enumerate(simulation.ladder):
        table.add_row(row.step, str(row.drag.quantize(TENTH)), str(row.gives_back.quantize(TENTH)) if place else "")
    return table
