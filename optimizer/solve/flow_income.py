"""What the orders' flows mean for the year's income, account by account: withdrawals that are taxed, contributions deducted."""

from dataclasses import dataclass

from lots.accounts import AccountKind
from lots.units import ZERO, Money
from optimizer.model.facts import Facts
from optimizer.problem import AccountFacts, Problem
from optimizer.solve.rounding import Orders


@dataclass(frozen=True)
class AccountFlow:
    """One account's ordinary income from withdrawals, the penalty on them, and contributions deducted, dollars."""

    kind: AccountKind
    taxable: Money
    penalty: Money
    deducted: Money


def account_flows(problem: Problem, facts: Facts, orders: Orders) -> list[AccountFlow]:
    """Every account's flows by the law's rule for its kind and its owner's age."""
    return [_flow_of(problem, facts, orders, account) for account in problem.accounts]


def flow_income(problem: Problem, facts: Facts, orders: Orders) -> tuple[Money, Money]:
    """Ordinary income that withdrawals and deductible contributions add to the year, and penalties, in dollars."""
    flows = account_flows(problem, facts, orders)
    income = sum((flow.taxable - flow.deducted for flow in flows), ZERO)
    return income, sum((flow.penalty for flow in flows), ZERO)


def _flow_of(problem: Problem, facts: Facts, orders: Orders, account: AccountFacts) -> AccountFlow:
    taxable = penalty = deducted = ZERO
    drawn = sum((flow.amount for flow in orders.withdrawals if problem.accounts[flow.account].id == account.id), ZERO)
    if drawn > 0:
        balance = _balance(problem, account.id)
        taxable, penalty = facts.withdrawal_rules[account.id].split(drawn, account.contributions_made, balance)
    if account.contribution_deductible:
        deducted = sum((flow.amount for flow in orders.contributions if problem.accounts[flow.account].id == account.id), ZERO)
    return AccountFlow(account.kind, taxable, penalty, deducted)


def _balance(problem: Problem, account_id: str) -> Money:
    price = {s.symbol: s.price for s in problem.securities}
    held = sum((lot.shares * price[lot.symbol] for lot in problem.lots if lot.account == account_id), ZERO)
    cash = next(a.cash for a in problem.accounts if a.id == account_id)
    return held + cash + sum((i.amount for i in problem.income if i.account == account_id), ZERO)
