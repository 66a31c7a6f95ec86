"""A study as a page for the terminal."""

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from optimizer.report.figures import TENTH, percent, plain
from optimizer.report.layout import figure_table, whole_width
from optimizer.report.simulation import NO_PROMISE
from optimizer.simulate.study_document import Study


def show_study(study: Study, console: Console) -> None:
    """Print the question, what was found, the table and what was assumed."""
    with console.capture() as page:
        console.print()
        console.print(Text(study.question, style="bold"))
        console.print(Rule(style="dim"))
        for sentence in study.finding:
            console.print(Text(sentence))
        console.print()
        many = f"{study.windows} windows or paths of {study.years.normalize():f} years"
        console.print(Text(f"Ahead of {study.rows[0].name}, bp a year, median of {many}", style="dim"))
        table = figure_table("", "Before tax", "Yearly tax", "Tax and sale", "90 % band", "Ahead in", "Turnover", "Times")
        for row in study.rows:
            sure = f"{row.sure_low.quantize(TENTH)} to {row.sure_high.quantize(TENTH)}"
            ahead = [str(each.quantize(TENTH)) for each in (row.before, row.yearly, row.after)]
            share = f"{percent(row.positive, 0)} %"
            table.add_row(row.name, *ahead, sure, share, f"{percent(row.turnover)} %", str(row.times.quantize(TENTH)))
        before = console.width
        console.width = max(before, whole_width(table, console))
        console.print(table)
        console.width = before
        console.print()
        for text in (study.market, *study.assumptions):
            console.print(Text(f"- {plain(text)}."))
        if not study.is_complete:
            console.print(Text("Stopped early: everything above is of what was done until then.", style="bold"))
        console.print(Text(NO_PROMISE, style="dim"))
    console.file.write("".join(f"{line.rstrip()}\n" for line in page.get().splitlines()))
    console.file.flush()
