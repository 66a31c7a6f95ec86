"""Putting a scheme into a household: its text grows by the parts of one segment, and is checked before it is written."""

import re
import shutil
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path

import numpy as np

from optimizer.cli.files import write_together
from optimizer.errors import Fault, InputFaults
from optimizer.household import read_household
from optimizer.household.tables import HouseholdTables
from optimizer.household.watching import read_strategy_tables
from optimizer.market.price_files import PriceFile
from optimizer.report.figures import listed
from optimizer.targets.scheme import Scheme, SchemeFund, SchemeSegment

TOML, PRICES = "household.toml", "prices.csv"
PLACES = Decimal("0.0001")
HUNDRED = Decimal(100)


def write_scheme(scheme: Scheme, folder: Path, under: str, file: PriceFile | None) -> str:
    """Slice the segment `under` of a household and return what was done, in words.

    Its text is kept as it is but for securities that held the whole segment, which are looked through by market weights.
    Nothing is written unless the household can be read afterwards, with prices missing at most.

    Raises
    ------
    InputFaults
        When there is no such segment, it has parts already, a name is taken, or the household would have faults.
    """
    tables = read_strategy_tables(folder)
    segment = tables.segments.get(under)
    if segment is None or segment.target_pct is None or any(each.parent == under for each in tables.segments.values()):
        expected = "a segment of household.toml that states its target and has no parts"
        raise InputFaults([Fault((), repr(under), expected, where="--under")])
    taken = sorted(set(scheme.segments) & set(tables.segments))
    if taken:
        raise InputFaults([Fault((), f"the segment {taken[0]!r} already", "names that are free", where=str(folder / TOML))])
    known = set(tables.securities)
    funds = {name: _two(part, known) for name, part in scheme.segments.items()}
    text = (folder / TOML).read_text("utf-8-sig")
    whole = [symbol for symbol, each in tables.securities.items() if each.segment == under]
    market = {name: part.market_pct for name, part in scheme.segments.items() if part.market_pct}
    looked = list(whole) if len(market) == len(scheme.segments) else []
    for symbol in looked:
        text, is_done = _looked_through(text, symbol, under, market)
        if not is_done:
            raise InputFaults([Fault((), f"{symbol} all in {under}", "one line segment = …", where=str(folder / TOML))])
    if whole and not looked:
        parts = ", ".join(scheme.segments)
        step = f"The scheme has no market weights; give {listed(whole)} exposures_pct over {parts} first, or sell."
        raise InputFaults(
            [Fault((), f"{listed(whole)}, which is all of {under}", "funds over its parts", step, str(folder / TOML))]
        )
    text = text.rstrip("\n") + "\n" + _tables(scheme, under, segment.target_pct, funds, known)
    _refuse_old(file, funds, known, tables)
    prices, missing = _prices(folder, funds, known, file, tables.as_of)
    _refuse_faults(folder, text, prices, missing)
    kept = folder / f"{TOML}.before-{under}"
    write_together({kept: (folder / TOML).read_text("utf-8-sig"), folder / TOML: text, folder / PRICES: prices})
    return _told(scheme, folder, under, looked, missing, kept, file)


def _two(part: SchemeSegment, known: set[str]) -> list[SchemeFund]:
    """The first fund and the first on another index; what the household has already comes first."""
    order = sorted(part.funds, key=lambda fund: fund.ticker not in known)
    first = order[0]
    return [first, next(fund for fund in order if fund.ticker in part.stand_ins(first.ticker))]


def _tables(scheme: Scheme, under: str, target: Decimal, funds: dict[str, list[SchemeFund]], known: set[str]) -> str:
    """The segments and securities as TOML, the target shared equally to the last ten-thousandth."""
    each = (target / len(funds)).quantize(PLACES)
    shares = [each] * len(funds)
    shares[0] += target - sum(shares)
    lines = [
        "",
        f"# {scheme.name}, under {under}. Targets are equal; change them, or leave them out and let [targets] share them out.",
    ]
    for name, share in zip(funds, shares, strict=True):
        label = scheme.segments[name].name
        lines += [
            "",
            f"[segments.{_key(name)}]",
            f'parent = "{under}"',
            f'name = "{label}"',
            f"target_pct = {share.normalize():f}",
        ]
        for fund in funds[name]:
            if fund.ticker not in known:
                comment = f"# {fund.index}, {fund.expense_pct} % a year in {scheme.as_of}"
                lines += ["", f"[securities.{_key(fund.ticker)}]", f'segment = "{name}"  {comment}']
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'


def _looked_through(text: str, symbol: str, under: str, market: dict[str, Decimal]) -> tuple[str, bool]:
    """The text with `segment = "under"` of one security replaced by the scheme's market weights, scaled to 100."""
    total = sum(market.values(), Decimal(0))
    shares = {name: (part * HUNDRED / total).quantize(PLACES) for name, part in market.items()}
    largest = max(shares, key=lambda name: shares[name])
    shares[largest] += HUNDRED - sum(shares.values(), Decimal(0))
    inner = ", ".join(f"{_key(name)} = {share.normalize():f}" for name, share in shares.items())
    own = rf"(\[securities\.\"?{re.escape(symbol)}\"?\][^\[]*?)"
    line = rf"segment\s*=\s*[\"']{re.escape(under)}[\"']"
    inline = rf"(^{re.escape(symbol)}\s*=\s*\{{[^\n]*?)"
    for pattern in (own + line, inline + line):
        found, count = re.subn(pattern, lambda m: f"{m[1]}exposures_pct = {{ {inner} }}", text, count=1, flags=re.MULTILINE)
        if count:
            return found, True
    return text, False


def _prices(
    folder: Path, funds: dict[str, list[SchemeFund]], known: set[str], file: PriceFile | None, as_of: date
) -> tuple[str, list[str]]:
    """prices.csv with a row for every new fund whose price is known on the day, and those whose price is not."""
    text = (folder / PRICES).read_text("utf-8-sig").rstrip("\n")
    header = [cell.strip().lower() for cell in text.split("\n")[0].split(",")]
    missing = []
    history = None if file is None else file.history
    for fund in (fund for pair in funds.values() for fund in pair):
        if fund.ticker in known:
            continue
        price = None
        if history is not None and fund.ticker in history.symbols:
            rows = history.upto(as_of).only([fund.ticker]).close[:, 0]
            price = next((float(each) for each in rows[::-1] if isfinite(each)), None)
        if price is None:
            missing.append(fund.ticker)
            continue
        cells = {"symbol": fund.ticker, "price": f"{price:.4f}".rstrip("0").rstrip(".")}
        text += "\n" + ",".join(cells.get(column, "") for column in header)
    return text + "\n", missing


def _refuse_old(file: PriceFile | None, funds: dict[str, list[SchemeFund]], known: set[str], tables: HouseholdTables) -> None:
    """Refuse last prices that are older than the household allows; what is traded at them would be wrong."""
    if file is None:
        return
    history = file.history.upto(tables.as_of)
    new = [fund.ticker for pair in funds.values() for fund in pair if fund.ticker not in known and fund.ticker in history.symbols]
    faults = []
    for symbol in new:
        rows = np.flatnonzero(np.isfinite(history.only([symbol]).close[:, 0]))
        if not rows.size:
            continue
        last = history.dates[rows[-1]].astype(object)
        if tables.as_of - last > timedelta(days=tables.max_price_age_days):
            found = f"a last price of {symbol} of {last}, {(tables.as_of - last).days} days old"
            expected = f"at most {tables.max_price_age_days} days before {tables.as_of} (as_of)"
            step = "Bring the prices up to date, or leave --prices out and write prices.csv yourself."
            faults.append(Fault((), found, expected, step, "--prices"))
    if faults:
        raise InputFaults(faults)


def _refuse_faults(folder: Path, text: str, prices: str, missing: list[str]) -> None:
    """Read the household as it would be; faults other than the missing prices stop everything."""
    with tempfile.TemporaryDirectory() as place:
        trial = Path(place) / "household"
        shutil.copytree(folder, trial, ignore=shutil.ignore_patterns("ledger.db*"))
        (trial / TOML).write_text(text, "utf-8")
        stand_ins = "".join(f"{symbol},1{',' * (prices.split(chr(10))[0].count(',') - 1)}\n" for symbol in missing)
        (trial / PRICES).write_text(prices + stand_ins, "utf-8")
        read_household(trial)


def _told(
    scheme: Scheme, folder: Path, under: str, looked: list[str], missing: list[str], kept: Path, file: PriceFile | None
) -> str:
    lines = [f"{under} has {len(scheme.segments)} parts now, each with an equal part of its target and two funds."]
    if looked:
        verb = "counts" if len(looked) == 1 else "count"
        weights = f"by market weights of {scheme.as_of}; bring exposures_pct up to date."
        lines.append(f"{listed(looked)} {verb} in all of them, {weights}")
    if file is not None:
        lines.append(f"Prices of new funds are the last ones of the file{_as_quoted(file)}; compare them with a quote.")
    lines.append("Yields, volatilities and half-spreads of the new funds are not stated; add those you know.")
    if missing:
        lines.append(f"{PRICES} still needs a row for each of {', '.join(missing)}.")
    lines.append(f"What household.toml was before is in {kept.name}. Then: bandwise check {folder}")
    return "\n".join(lines)


def _as_quoted(file: PriceFile) -> str:
    """What a wide table cannot say: whether its prices are closes, or closes adjusted for later dividends."""
    return "" if file.history.has_dividends else ", which may be adjusted closes and so lie below what was paid"
