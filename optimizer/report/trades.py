"""The trades, account by account: one block per security, its lots line by line, the reason beside those it holds for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from textwrap import wrap

from rich.cells import chop_cells, set_cell_size
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from lots.accounts import AccountKind
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.report.figures import cents, change, dollars, listed, plain, plural, share_places, shares
from optimizer.report.lines import Block, Line, accounts_of, blocks_of, moved

REASON_CELLS = 30
"""Columns of text a reason needs to stand beside the figures; with less it stands under them."""

TITLE_CELLS = 20
"""Columns of text after which a symbol goes on in the next line."""

MOST_BLOCKS, LISTED_BLOCKS = 60, 20
"""An account with more trades than the first number shows as many as the second, the largest, and the sum of the others."""

WASHED = "Washed"
"""Heads the column of losses that the wash-sale rule takes; the notes say where they go."""

INDENT = 2
GAP = 2

KINDS = {
    AccountKind.TAXABLE: "taxable",
    AccountKind.TRADITIONAL_IRA: "traditional IRA",
    AccountKind.ROTH_IRA: "Roth IRA",
    AccountKind.TRADITIONAL_401K: "401(k)",
    AccountKind.ROTH_401K: "Roth 401(k)",
    AccountKind.HSA: "HSA",
    AccountKind.COLLEGE_529: "529 plan",
    AccountKind.DONOR_ADVISED: "donor-advised fund",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths of the columns of figures, the same in all accounts, so that the page lines up."""

    title: int
    acquired: int
    shares: int
    amount: int
    washed: int
    """0 where the wash-sale rule takes nothing."""
    gain: int
    term: int
    places: int
    """Decimals of the shares."""

    @property
    def width(self) -> int:
        """Columns of text that the figures take together, gaps included."""
        whole = self.title + self.acquired + self.shares + self.amount + self.gain + self.term + 5 * GAP
        return whole + self.washed + GAP if self.washed else whole


def trades_section(plan: Plan, problem: Problem | None, width: int) -> Iterator[RenderableType]:
    """A block per account with its trades, their totals and its cash, and the totals of the household."""
    names = {account.id: account.name for account in problem.accounts} if problem else {}
    columns = _columns(plan)
    for account in accounts_of(plan):
        blocks = blocks_of(plan, account)
        yield _heading(plan, account, names.get(account, ""))
        if blocks:
            yield _captions(columns, width)
        shown = _largest(blocks)
        for block in shown:
            yield _printed(block, columns, width)
        if len(shown) < len(blocks):
            yield Padding(Text(_smaller([block for block in blocks if block not in shown])), (0, 0, 0, INDENT))
        yield Padding(Text(_totals(plan, account), style="dim"), (0, 0, 1, INDENT))
    if len(plan.cash) > 1:
        yield Text(f"All accounts: {moved(plan)}.", style="bold")


def _largest(blocks: Sequence[Block]) -> list[Block]:
    """The blocks an account's page lists: all of them, or of a hundred small ones the largest, in their order."""
    if len(blocks) <= MOST_BLOCKS:
        return list(blocks)
    least = sorted((abs(block.sum.amount) for block in blocks), reverse=True)[LISTED_BLOCKS - 1]
    return [block for block in blocks if abs(block.sum.amount) >= least]


def _smaller(blocks: Sequence[Block]) -> str:
    """What the blocks that are not listed come to, by what they do."""
    sums: dict[str, tuple[int, Decimal]] = {}
    for block in blocks:
        verb = block.title.split(" ")[0]
        count, dollars_so_far = sums.get(verb, (0, Decimal(0)))
        sums[verb] = count + 1, dollars_so_far + block.sum.amount
    parts = [f"{verb} {plural(count, 'name')} for {dollars(amount)}" for verb, (count, amount) in sums.items()]
    return f"And smaller ones: {listed(parts)}. The ticket (--trades) has every one."


def width_needed(plan: Plan) -> int:
    """Columns of text below which figures would not fit on a line."""
    return INDENT + _columns(plan).width


def _columns(plan: Plan) -> Columns:
    blocks = [block for account in accounts_of(plan) for block in blocks_of(plan, account)]
    lines = [line for block in blocks for line in (*block.lines, block.sum)]
    places = share_places(line.shares for line in lines if line.shares is not None)
    return Columns(
        title=min(max([len(plain(block.title)) for block in blocks], default=0), TITLE_CELLS),
        acquired=max([len(_count(block)) for block in blocks] + [10]),
        shares=max([len(shares(line.shares, places)) for line in lines if line.shares is not None] + [6]),
        amount=max([len(dollars(line.amount)) for line in lines] + [6]),
        washed=max([max(len(WASHED), len(cents(line.disallowed))) for line in lines if line.disallowed], default=0),
        gain=max([len(change(line.gain)) for line in lines if line.gain is not None] + [4]),
        term=5,
        places=places,
    )


def _printed(block: Block, columns: Columns, width: int) -> Text:
    """The block's lots, each reason once beside or under the lots it holds for, and the sum when there are several.

    The lines are set by hand: a table of the console's library for every reason takes seconds with thousands of lots.
    """
    page = Text(no_wrap=True, overflow="ignore")
    titles = chop_cells(plain(block.title), columns.title)
    for run in block.runs:
        rows = [_figures(line, columns, _first(line, columns)) for line in run.lines]
        _put(page, titles, rows, plain(run.reason), columns, width)
        titles = []
    if len(block.lines) > 1:
        page.append(_margin("", columns) + _figures(block.sum, columns, _count(block)) + "\n", style="bold")
    page.right_crop(1)
    return page


def _put(page: Text, titles: list[str], rows: list[str], reason: str, columns: Columns, width: int) -> None:
    """Add one run: title to the left, figures line by line, the reason to the right or, on a narrow page, underneath."""
    room = width - INDENT - columns.width - GAP
    beside = room >= REASON_CELLS
    words = wrap(reason, room, break_on_hyphens=False) if beside else []
    blank = " " * (columns.width - columns.title - GAP)
    for title, figures, words_beside in zip_longest(titles, rows, words):
        page.append(_margin(title or "", columns), style="bold")
        page.append(f"{figures or blank}{' ' * GAP}{words_beside or ''}\n")
    if not beside:
        for line in wrap(reason, width - 2 * INDENT, break_on_hyphens=False):
            page.append(f"{' ' * 2 * INDENT}{line}\n")


def _margin(title: str, columns: Columns) -> str:
    return " " * INDENT + set_cell_size(title, columns.title) + " " * GAP


def _first(line: Line, columns: Columns) -> str:
    """The day a lot was acquired, or the security that paid an income, as far as there is room for its name."""
    if line.acquired:
        return line.acquired.isoformat()
    return chop_cells(plain(line.paid_by), columns.acquired)[0] if line.paid_by else ""


def _figures(line: Line, columns: Columns, first: str) -> str:
    """The line's figures, each in its column."""
    count = "" if line.shares is None else shares(line.shares, columns.places)
    gain = "" if line.gain is None else change(line.gain)
    cells = (
        first.ljust(columns.acquired),
        count.rjust(columns.shares),
        dollars(line.amount).rjust(columns.amount),
        *([] if not columns.washed else [("" if not line.disallowed else cents(line.disallowed)).rjust(columns.washed)]),
        gain.rjust(columns.gain),
        (line.term or "").ljust(columns.term),
    )
    return (" " * GAP).join(cells)


def _count(block: Block) -> str:
    return plural(len(block.lines), block.noun)


def _captions(columns: Columns, width: int) -> Text:
    cells = (
        "Acquired".ljust(columns.acquired),
        "Shares".rjust(columns.shares),
        "Amount".rjust(columns.amount),
        *([WASHED.rjust(columns.washed)] if columns.washed else []),
        "Gain".rjust(columns.gain),
        "Term".ljust(columns.term),
        "Why" if width - INDENT - columns.width - GAP >= REASON_CELLS else "",
    )
    return Text(_margin("", columns) + (" " * GAP).join(cells), style="dim", no_wrap=True, overflow="ignore")


def _heading(plan: Plan, account: str, name: str) -> Text:
    kind = next((KINDS[cash.kind] for cash in plan.cash if cash.account == account), "")
    return Text.assemble((plain(name or account), "bold"), (f"  {kind}", "dim"))


def _totals(plan: Plan, account: str) -> str:
    done = moved(plan, account)
    cash = [f" Cash {cents(row.before)} before, {cents(row.after)} after." for row in plan.cash if row.account == account]
    return f"{done[:1].upper()}{done[1:]}.{''.join(cash)}"
