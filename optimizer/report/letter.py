"""The letter that tells a broker which shares to give: exactly these lots, in kind, to the charity's account.

What a household does not write down (the charity, its account, the broker's address) stands in square brackets to be
filled in by hand.
"""

from dataclasses import dataclass

from lots.lot import Term
from optimizer.errors import Fault, InputFaults
from optimizer.plan import GiftRow, Plan
from optimizer.problem import Problem
from optimizer.report.figures import cents, day, plain
from optimizer.report.tables.allocation import account_names


@dataclass(frozen=True, slots=True)
class GivenLot:
    """One lot of the letter, written out."""

    symbol: str
    name: str
    shares: str
    acquired: str
    basis: str
    value: str
    term: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What is asked of one broker."""

    account: str
    owner: str
    lots: tuple[GivenLot, ...]
    total: str
    short_term: bool
    """Whether a lot is not held long-term yet, which the letter must ask about."""


def letters_of(plan: Plan, problem: Problem | None = None) -> list[Letter]:
    """One letter for each account that gives shares."""
    names = account_names(plan, problem)
    owners = {account.id: account.owner or "" for account in problem.accounts} if problem else {}
    titles = {security.symbol: security.name for security in problem.securities} if problem else {}
    found = []
    for account in dict.fromkeys(gift.account for gift in plan.gifts):
        gifts = [gift for gift in plan.gifts if gift.account == account]
        found.append(
            Letter(
                names.get(account, plain(account)),
                plain(owners.get(account, "")) or plain(plan.household),
                tuple(_given(gift, titles.get(gift.symbol, "")) for gift in gifts),
                cents(sum((gift.value for gift in gifts), start=gifts[0].value * 0)),
                any(gift.term is not Term.LONG for gift in gifts),
            )
        )
    return found


def letter_text(plan: Plan, problem: Problem | None = None) -> str:
    """The letters as plain text, one after the other.

    Raises
    ------
    InputFaults
        If the plan gives no shares.
    """
    from jinja2 import PackageLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    made = SandboxedEnvironment(  # plain text: there is nothing to escape, and names have lost their control characters
        loader=PackageLoader("optimizer.report.html"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return made.get_template("letter.txt.j2").render(letters=_some(plan, problem), day=day(plan.as_of))


def letter_page(plan: Plan, problem: Problem | None = None) -> str:
    """The letters as an HTML document to print, a sheet each; raises as :func:`letter_text` does."""
    from optimizer.report.html.page import content_policy, environment, text_of

    page = environment().get_template("letter.html.j2")
    style = text_of("page.css")
    return page.render(letters=_some(plan, problem), day=day(plan.as_of), style=style, policy=content_policy(()))


def _some(plan: Plan, problem: Problem | None) -> list[Letter]:
    letters = letters_of(plan, problem)
    if not letters:
        step = "Ask for a gift under [[donations]] and leave the donations lever on."
        raise InputFaults([Fault((), "a plan that gives no shares", "a gift of shares to write about", step, "--letter")])
    return letters


def _given(gift: GiftRow, name: str) -> GivenLot:
    return GivenLot(
        plain(gift.symbol),
        plain(name),
        f"{gift.shares.normalize():,f}",
        "on a date to be looked up" if gift.acquired is None else gift.acquired.isoformat(),
        cents(gift.cost_basis),
        cents(gift.value),
        gift.term,
    )
