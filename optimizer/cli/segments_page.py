"""Schemes and their scores as pages and as plain parts."""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import TextIO

from rich.table import Table
from rich.text import Text

from optimizer.cli.ledger_page import show_table
from optimizer.market.price_doubts import Doubt
from optimizer.report.layout import figure_table
from optimizer.report.terminal import page_console
from optimizer.targets.scheme import Scheme
from optimizer.targets.score import LOCKSTEP, TOGETHER, Score

WIDEST_MATRIX = 25
"""Slices up to which the matrix fits on a page."""
SHADES = (LOCKSTEP, TOGETHER, 0.5)
"""Correlations from which a figure of the matrix is bold, plain and dim."""


def print_json(parts: Mapping[str, object]) -> None:
    """Print one document."""
    sys.stdout.write(json.dumps(parts, indent=2, ensure_ascii=False) + "\n")


def show_schemes(stream: TextIO, schemes: Mapping[str, Scheme]) -> None:
    """One line a scheme."""
    rows = [
        (name, scheme.asset_class, len(scheme.segments), f"{_cheapest(scheme):.2f}", scheme.name)
        for name, scheme in schemes.items()
    ]
    show_table(stream, "Schemes", ("scheme", "asset class", ">segments", ">cheapest funds, %", "what it slices by"), rows)
    stream.write(
        "`bandwise segments show SCHEME` lists the funds, `score SCHEME --prices FILE` judges it on prices,\n"
        "`write SCHEME DIR --under SEGMENT` puts it into a household.\n"
        "Every security as a segment of its own: `score constituents.csv` with the columns symbol and weight_pct judges it,\n"
        "and [benchmark] in household.toml follows it. A file of your own in a scheme's form, SCHEME.toml, works like a scheme.\n"
    )


def show_scheme(stream: TextIO, scheme: Scheme) -> None:
    """Every fund of every segment, with what can stand in for it."""
    rows = []
    for part in scheme.segments.values():
        for place, fund in enumerate(part.funds):
            market = "" if part.market_pct is None or place else f"{part.market_pct}"
            others = ", ".join(part.stand_ins(fund.ticker))
            name = part.name if not place else ""
            rows.append((name, market, fund.ticker, f"{fund.expense_pct:.3f}".rstrip("0"), others, fund.index))
    headings = ("segment", ">market %", "fund", ">cost, %", "may stand in", "index followed")
    show_table(stream, f"{scheme.name}: {scheme.asset_class}", headings, rows)
    stream.write(f"{scheme.note}\n" if scheme.note else "")
    stream.write(
        f"As of {scheme.as_of}: {scheme.source}. Costs change; look at the fund's page before you rely on one.\n"
        "Funds stand in for each other when they follow different indexes; whether two funds are substantially identical\n"
        "is for you and your preparer to judge.\n"
    )


def show_score(stream: TextIO, title: str, score: Score) -> None:
    """The slices, the matrix with what moves together side by side, and the sentences."""
    console = page_console(stream)
    with console.capture() as page:
        console.print(Text(f"{title}, {score.first} to {score.last}", style="bold"))
        console.print()
        console.print(_slices(score))
        console.print()
        if len(score.slices) <= WIDEST_MATRIX:
            console.print(
                f"Correlation of monthly returns; clusters with a mean of {TOGETHER:.1f} or more stand together", style="dim"
            )
            console.print(_matrix(score))
        else:
            console.print(f"{len(set(score.labels))} clusters with a mean correlation of {TOGETHER:.1f} or more", style="dim")
        console.print()
        for sentence in score.words():
            console.print(Text(f"- {sentence}"))
    stream.write("".join(f"{line.rstrip()}\n" for line in page.get().splitlines()))


def _slices(score: Score) -> Table:
    table = figure_table("Segment", "Fund", "Weight, %", "Volatility, %", "Cost, %", "Prices since", "Cluster")
    letters = _letters(score)
    for place in score.order:
        each = score.slices[place]
        cost = "?" if each.expense is None else f"{100 * each.expense:.2f}"
        figures = (f"{100 * each.weight:.1f}", f"{100 * each.volatility:.1f}", cost, each.first.isoformat(), letters[place])
        table.add_row(each.name, each.fund, *figures)
    return table


def _letters(score: Score) -> list[str]:
    """A letter or two for every cluster, in the order in which the page shows them."""
    seen: dict[int, str] = {}
    for place in score.order:
        count = len(seen)
        first = chr(ord("A") + count // 26 - 1) if count >= 26 else ""
        seen.setdefault(score.labels[place], first + chr(ord("A") + count % 26))
    return [seen[label] for label in score.labels]


def _matrix(score: Score) -> Table:
    funds = [score.slices[place].fund for place in score.order]
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("")
    for fund in funds:
        table.add_column(fund[:5], justify="right", no_wrap=True)
    for row, place in enumerate(score.order):
        cells = [Text(funds[row], style="dim")]
        for column, other in enumerate(score.order):
            rho = float(score.correlation[place, other])
            style = "bold yellow" if round(rho, 2) >= SHADES[0] else "" if round(rho, 2) >= SHADES[1] else "dim"
            cells.append(Text("" if column >= row else f"{rho:.2f}".replace("0.", ".", 1), style=style))
        table.add_row(*cells)
    return table


def scheme_parts(name: str, scheme: Scheme) -> dict[str, object]:
    """A scheme as plain parts, with what can stand in for every fund."""
    parts: dict[str, object] = {"scheme": name, **scheme.model_dump(mode="json", exclude={"segments"})}
    parts["segments"] = [
        {
            "id": each,
            "name": part.name,
            "market_pct": None if part.market_pct is None else float(part.market_pct),
            "parent": part.parent,
            "funds": [
                {
                    "ticker": fund.ticker,
                    "sponsor": fund.sponsor,
                    "index": fund.index,
                    "expense_pct": float(fund.expense_pct),
                    "stand_ins": part.stand_ins(fund.ticker),
                }
                for fund in part.funds
            ],
        }
        for each, part in scheme.segments.items()
    ]
    return parts


def score_parts(score: Score, doubts: Iterable[Doubt]) -> dict[str, object]:
    """A score as plain parts: fractions a year, days as text."""
    low, high = score.bonus.band
    return {
        "first": score.first.isoformat(),
        "last": score.last.isoformat(),
        "months": score.bonus.months,
        "segments": [
            {
                "segment": each.segment,
                "name": each.name,
                "fund": each.fund,
                "weight": each.weight,
                "volatility": each.volatility,
                "expense": each.expense,
                "first": each.first.isoformat(),
                "cluster": score.labels[place],
            }
            for place, each in enumerate(score.slices)
        ],
        "unmeasured": list(score.unmeasured),
        "correlation": score.correlation.tolist(),
        "effective_bets": score.bets,
        "rebalancing_bonus": {"value": score.bonus.value, "error": score.bonus.error, "low": low, "high": high},
        "expense": score.expense,
        "lockstep": [{"segments": [a, b], "correlation": rho} for a, b, rho in score.lockstep],
        "words": score.words(),
        "doubts": doubt_parts(doubts),
    }


def doubt_parts(doubts: Iterable[Doubt]) -> list[dict[str, str]]:
    """What is doubtful about prices, as plain parts."""
    return [{"kind": each.kind, "symbol": each.symbol, "where": each.where, "words": each.words} for each in doubts]


def _cheapest(scheme: Scheme) -> float:
    """Mean over the segments of what the cheapest fund costs, in per cent."""
    costs = [min(float(fund.expense_pct) for fund in part.funds) for part in scheme.segments.values()]
    return sum(costs) / len(costs)
