"""The letters by which a gift is made: to the broker which lots to deliver, to the charity what is on its way, to the custodian
of an IRA what to pay straight to the charity.

What a household does not write down (its names, the charity, its account, the broker's address) stands in square brackets to be
filled in by hand. No letter promises a value: what counts is the day on which the shares arrive.
"""

from dataclasses import dataclass
from decimal import Decimal

from lots.lot import Term
from optimizer.errors import Fault, InputFaults
from optimizer.plan import GiftRow, Plan, refuse_disowned
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
    """What is asked of one broker, and announced to the charity."""

    account: str
    owner: str
    lots: tuple[GivenLot, ...]
    total: str
    short_term: bool
    """Whether a lot is not held long-term yet, which the letter must ask about."""
    has_fractions: bool
    """Whether a lot is not of whole shares, which is all that one broker can deliver to another."""


@dataclass(frozen=True, slots=True)
class StraightGift:
    """What the custodian of an IRA is asked to pay to a charity."""

    account: str
    owner: str
    amount: str


def letters_of(plan: Plan, problem: Problem | None = None) -> list[Letter]:
    """One letter for each account that gives shares."""
    titles = {security.symbol: security.name for security in problem.securities} if problem else {}
    found = []
    for account in dict.fromkeys(gift.account for gift in plan.gifts):
        gifts = [gift for gift in plan.gifts if gift.account == account]
        found.append(
            Letter(
                *_named(plan, problem, account),
                tuple(_given(gift, titles.get(gift.symbol, "")) for gift in gifts),
                cents(sum((gift.value for gift in gifts), start=gifts[0].value * 0)),
                any(gift.term is not Term.LONG for gift in gifts),
                any(gift.shares != gift.shares.to_integral_value() for gift in gifts),
            )
        )
    return found


def straight_gifts_of(plan: Plan, problem: Problem | None = None) -> list[StraightGift]:
    """One letter for each IRA that pays a charity (a qualified charitable distribution)."""
    sheltered = {row.account for row in plan.cash if not row.kind.is_taxable}
    paid: dict[str, Decimal] = {}
    for flow in plan.flows:
        if flow.kind == "cash gift" and flow.account in sheltered:
            paid[flow.account] = paid.get(flow.account, flow.amount * 0) + flow.amount
    return [StraightGift(*_named(plan, problem, account), cents(amount)) for account, amount in paid.items()]


def letter_text(plan: Plan, problem: Problem | None = None) -> str:
    """The letters as plain text, one after the other.

    Raises
    ------
    InputFaults
        If the plan gives no shares and nothing straight from an IRA.
    LedgerDisagrees
        If the plan is one that must not be traded.
    """
    from jinja2 import PackageLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    made = SandboxedEnvironment(  # plain text: there is nothing to escape, and names have lost their control characters
        loader=PackageLoader("optimizer.report.html"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return made.get_template("letter.txt.j2").render(**_facts(plan, problem))


def letter_page(plan: Plan, problem: Problem | None = None) -> str:
    """The letters as an HTML document to print, a sheet each; raises as :func:`letter_text` does."""
    from optimizer.report.html.page import content_policy, environment, text_of

    page = environment().get_template("letter.html.j2")
    return page.render(**_facts(plan, problem), style=text_of("page.css"), policy=content_policy(()))


def _facts(plan: Plan, problem: Problem | None) -> dict[str, object]:
    refuse_disowned(plan)
    letters, straight = letters_of(plan, problem), straight_gifts_of(plan, problem)
    if not letters and not straight:
        step = "Ask for a gift under [[donations]] and leave the donations lever on."
        expected = "a gift of shares, or one straight from an IRA, to write about"
        raise InputFaults([Fault((), "a plan that gives neither", expected, step, "--letter")])
    return {"letters": letters, "straight": straight, "day": day(plan.as_of), "year": plan.tax_year}


def _named(plan: Plan, problem: Problem | None, account: str) -> tuple[str, str]:
    """What the account is called, and whose it is: its owner, or the household where the owners are not written down."""
    names = account_names(plan, problem)
    owner = next((each.owner for each in problem.accounts if each.id == account), None) if problem else None
    return names.get(account, plain(account)), plain(owner or plan.household)


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
