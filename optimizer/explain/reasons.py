"""A reason for every trade in plain words, read off the plan and the facts behind it.

A reason names the wish or rule the trade serves first: a band, a loss worth taking, a place where holding costs less, money
that has to come or go. It speaks of this trade only; prices of wishes and runners-up are another matter.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from lots.lot import Term
from lots.units import ZERO, Money, to_float
from optimizer.explain.compare import Step
from optimizer.model.assemble import Model
from optimizer.model.axes import Mask
from optimizer.model.cases import TaxCase, smallest
from optimizer.model.facts import WashGroup
from optimizer.plan import YearTax
from optimizer.problem import AccountFacts, Lever, SecurityFacts
from optimizer.solve.off_benchmark import standing
from optimizer.solve.replay import tax_without_plan
from optimizer.solve.rounding import BuyTrade, Flow, LotTrade
from optimizer.targets.drift import Drift, drifts_of, household_value

POINT = Decimal("0.01")
VISIBLE = Decimal("0.05")
"""Points from which one decimal tells them from nothing."""
ROUNDING = Decimal(1)
"""Dollars outside a band that rounding to shares leaves, such as after the trades of December."""
MAIN = Decimal("0.5")
"""Weight from which a security is bought for the sake of one segment."""
NOTICEABLE = 0.001
"""Yearly tax drag, as a fraction, from which a difference between two holdings explains a trade."""


@dataclass(frozen=True)
class Reasons:
    """The words for one plan."""

    model: Model
    step: Step

    @cached_property
    def drifts(self) -> dict[str, Drift]:
        """Where each segment stood."""
        return {drift.segment.id: drift for drift in drifts_of(self.model.problem)}

    @cached_property
    def harvested(self) -> tuple[WashGroup, ...]:
        """Groups of which the plan sells something at a loss."""
        sold = {self.model.problem.lots[sale.lot].id for sale in self.step.orders.sales}
        at_loss = self.model.facts.loss_lots
        return tuple(g for g in self.model.facts.wash_groups if sold & at_loss & {*g.loss_lots, *g.recent_lots})

    @cached_property
    def _securities(self) -> dict[str, SecurityFacts]:
        return {s.symbol: s for s in self.model.problem.securities}

    @cached_property
    def _marginal(self) -> dict[Term, float]:
        """Tax on one more dollar of each kind of gain at the plan, this year."""
        optimum = self.step.optimum
        if optimum is None:
            return {Term.SHORT: 0.0, Term.LONG: 0.0}
        if self.step.replayed.tax.marginal:
            by_kind = {row.kind: to_float(row.federal + row.state) for row in self.step.replayed.tax.marginal}
            return {Term.SHORT: by_kind["short gain"], Term.LONG: by_kind["long gain"]}
        cases = tuple(case for case in self.model.cases if isinstance(case, TaxCase))
        here = smallest(cases, optimum.amounts.z)
        rates = {}
        for place, term in enumerate((Term.SHORT, Term.LONG)):
            more = optimum.amounts.z.copy()
            more[place] += 1.0
            rates[term] = smallest(cases, more) - here
        return rates

    @cached_property
    def _without_plan(self) -> YearTax:
        """The year's tax without any trade."""
        return tax_without_plan(self.model.problem, self.model.facts)

    @cached_property
    def _gift_counts(self) -> str:
        """What of a gift of long-term shares the return deducts, in words."""
        tax = self.step.replayed.tax
        if not tax.lines:
            return "its full value is deducted"
        on_return = sum((line.amount for line in tax.lines if (line.form, line.number) == ("Schedule A", "14")), ZERO)
        if not on_return:
            return "the return takes the standard deduction, so its value is not deducted,"
        if on_return >= tax.deduction:
            return "its full value is deducted"
        return f"{on_return:,.2f} of the year's gifts is deducted"

    @cached_property
    def _active(self) -> dict[str, str]:
        """Words for where each security stands against its target in the benchmark; empty without one."""
        names = standing(self.model, None)
        if names is None:
            return {}
        words = {}
        for security, weight in zip(self.model.problem.securities, names.active.tolist(), strict=True):
            side = "over" if weight > 0 else "under"
            words[security.symbol] = f"{abs(weight) * 1e4:.1f} bp {side} its target in the benchmark"
        return words

    def of_sale(self, sale: LotTrade, gain: Money | None, term: Term | None, disallowed: Money = ZERO) -> str:
        """Why these shares are sold; `gain` is what the year's tax sees, after the loss that is `disallowed`."""
        lot = self.model.problem.lots[sale.lot]
        account = self._account(lot.account)
        above = self._standing(lot.symbol, "above") or self._active.get(lot.symbol, "")
        companion = self._companion(lot.id)
        if companion and (gain is None or gain >= 0):
            return f"bought {lot.acquired}, it would replace the {companion} sold at a loss and wash it; sold with it"
        if gain is None:
            return self._sheltered_sale(account, above)
        if gain < 0:
            return self._loss(term, "" if self.model.problem.scope.only == "harvest" else above)
        cost = "its loss is disallowed this year" if disallowed > 0 else self._cost_of_gain(gain, term)
        if above:
            return f"{above}; {cost}"
        if self._drag(lot.symbol) > self._drag_bought(lot.account) + NOTICEABLE:
            yearly = f"{self._drag(lot.symbol):.2%}"
            if self._bought_in_shelter(lot.symbol):
                return f"moves to a sheltered account, because holding it here costs {yearly} in tax a year; {cost}"
            return f"gives way to what is taxed less here, because holding it costs {yearly} in tax a year; {cost}"
        if self._leaves_in_cash(account):
            return f"raises cash for {self._leaves_in_cash(account)}; {cost}"
        return f"makes room for what costs less tax to hold here; {cost}"

    def of_gift(self, gain: Money, cost_basis: Money) -> str:
        """Why these shares are given."""
        up = f", up {gain / cost_basis:.0%}" if cost_basis > 0 else ""
        return f"held long-term{up}: {self._gift_counts} and its gain is never taxed"

    def of_buy(self, buy: BuyTrade) -> str:
        """Why this is bought here."""
        problem = self.model.problem
        security, account = problem.securities[buy.security], problem.accounts[buy.account]
        where = self._where(account)
        below = self._standing(security.symbol, "below", MAIN) or self._active.get(security.symbol, "")
        if below:
            return f"{below}; {where}"
        replaced = [g for g in self.harvested if self._shares_segment(g, security)]
        if replaced:
            sold = " and ".join("/".join(g.symbols) for g in replaced)
            return f"in place of {sold}, sold at a loss, without being substantially identical; {where}"
        segment = self.drifts[self._main(security)].segment
        if security.exposures[segment.id] < MAIN:
            return f"spreads over {len(security.exposures)} segments that have room in their bands; {where}"
        return f"{segment.name or segment.id} has room in its band; {where}"

    def of_contribution(self, flow: Flow) -> str:
        """Why the money enters here."""
        account = self.model.problem.accounts[flow.account]
        if account.kind.is_taxable:
            if not any(buy.account == flow.account for buy in self.step.orders.buys):
                return "enters as cash: nothing is bought with it in this account"
            return "buys what is under target with new money, so that less has to be sold"
        return "room in a sheltered account: what it buys here is not taxed each year"

    def of_withdrawal(self, flow: Flow) -> str:
        """Why the money leaves from here."""
        account = self.model.problem.accounts[flow.account]
        reason = self.model.facts.withdrawal_rules[account.id].reason
        if Lever.WITHDRAWALS not in self.model.problem.levers:
            return f"taken from the first account named: {reason}"
        return f"costs least from here: {reason}"

    def of_cash_gift(self, flow: Flow, in_kind: Money) -> str:
        """Why cash is given, and from here."""
        if not self.model.problem.accounts[flow.account].kind.is_taxable:
            return "straight from the IRA to the charity: neither income nor a deduction (IRC 408(d)(8))"
        return (
            "completes the gift of shares"
            if in_kind
            else "no lot is worth more to give than cash, or giving shares is switched off"
        )

    def of_breach(self, drift: Drift, breach: Money, ends_above: bool) -> str:
        """What keeps a segment above or below its band after the plan."""
        if not breach:
            return ""
        name, axes = drift.segment.id, self.model.axes
        row = next(n for n, s in enumerate(self.model.problem.segments) if s.id == name)
        weight = axes.exposure[[row]].toarray().ravel()
        scoped = self.model.problem.scope.max_sales is not None
        if ends_above and scoped:
            return "selling more of it is not part of this question"
        if ends_above:
            held = weight[axes.lots.security] > 0
            if not (held & axes.lots.may_sell).any():
                return "nothing of it may be sold"
            if self.model.whole is not None and breach < self._largest_step(weight[axes.buy_security] > 0):
                return "one share less would cost more than the dollars that are too many"
            return "all that may be sold of it under these wishes is sold"
        buys = weight[axes.buy_security] > 0
        if not buys.any():
            banned = self.model.facts.banned_until
            until = f" before {max(banned.values())}, after a sale at a loss" if banned else ""
            return f"no account may buy it{until}"
        sold = {symbol for group in self.harvested for symbol in group.symbols}
        if all(self.model.problem.securities[s].symbol in sold for s in axes.buy_security[buys]):
            return "what holds it is sold at a loss by this plan and may not be bought beside it"
        if self.model.whole is not None and breach < self._largest_step(buys):
            return "one share more would cost more than the dollars that are missing, or more cash than is there"
        if scoped:
            return "the money at hand does not reach, and selling for it is not part of this question"
        return "accounts that may buy it have no more money under these wishes"

    def _largest_step(self, buys: Mask) -> Money:
        """Dollars of the largest step in which some of these purchases can be made."""
        problem, axes = self.model.problem, self.model.axes
        pairs = zip(axes.buy_account[buys].tolist(), axes.buy_security[buys].tolist(), strict=True)
        return max((problem.accounts[a].share_step * problem.securities[s].price for a, s in pairs), default=ZERO)

    def _account(self, account: str) -> AccountFacts:
        return next(a for a in self.model.problem.accounts if a.id == account)

    def _main(self, security: SecurityFacts) -> str:
        return max(security.exposures, key=lambda segment: security.exposures[segment])

    def _bought_in_shelter(self, symbol: str) -> bool:
        """Whether a sheltered account buys something of the same main segment."""
        problem, main = self.model.problem, self._main(self._securities[symbol])
        return any(
            not problem.accounts[buy.account].kind.is_taxable and self._main(problem.securities[buy.security]) == main
            for buy in self.step.orders.buys
        )

    def _drag(self, symbol: str) -> float:
        """Yearly tax on a dollar of the security in a taxable account."""
        place = next(n for n, s in enumerate(self.model.problem.securities) if s.symbol == symbol)
        return float(self.model.prices.drag[place])

    def _drag_bought(self, account: str) -> float:
        """The same for the average dollar the plan buys in an account; nothing where it buys nothing."""
        problem = self.model.problem
        bought = [buy for buy in self.step.orders.buys if problem.accounts[buy.account].id == account]
        dollars = [to_float(buy.shares * problem.securities[buy.security].price) for buy in bought]
        drags = [float(self.model.prices.drag[buy.security]) for buy in bought]
        return sum(d * x for d, x in zip(drags, dollars, strict=True)) / sum(dollars) if bought else 0.0

    def _standing(self, symbol: str, standing: str, least: Decimal = ZERO) -> str:
        """Words for the segment of this security that is out of its band on one side and weighs most; empty when none is."""
        exposures = self._securities[symbol].exposures
        out = [(w, self.drifts[g]) for g, w in exposures.items() if w > least and self._is_out(self.drifts[g], standing)]
        if not out:
            return ""
        weight, drift = max(out, key=lambda pair: pair[0])
        edge = drift.segment.trigger.upper if standing == "above" else drift.segment.trigger.lower
        points = abs(drift.weight - edge) / POINT
        name = drift.segment.name or drift.segment.id
        part = "" if weight == 1 else f" ({weight:.0%} of this fund)"
        told = f"{points:.1f}" if points >= VISIBLE else f"{points:.2g}"
        return f"{name}{part} is {told} points {standing} its band"

    def _is_out(self, drift: Drift, standing: str) -> bool:
        """Whether a segment is out on a side by more than rounding to shares explains, which is no reason for a trade."""
        edge = drift.segment.trigger.upper if standing == "above" else drift.segment.trigger.lower
        dollars = abs(drift.weight - edge) * (drift.value / drift.weight if drift.weight else household_value(self.model.problem))
        return drift.standing == standing and dollars > ROUNDING

    def _companion(self, lot: str) -> str:
        """The group whose loss a recently bought lot would wash, if the plan sells it for that."""
        for group in self.harvested:
            if lot in group.recent_lots:
                return "/".join(group.symbols)
        return ""

    def _cost_of_gain(self, gain: Money, term: Term | None) -> str:
        if term is None:
            return "no tax in this account"
        rate, words = self._marginal[term], "long-term" if term is Term.LONG else "short-term"
        rates = self.model.problem.taxpayer.rates
        if rates is None:
            owed = f"one more dollar of {words} gain owes {rate:.1%}"
            return owed if rate > 1e-6 else f"its {words} gain owes nothing this year"
        stated = to_float(rates.long_term if term is Term.LONG else rates.ordinary)
        if rate < 1e-6:
            return f"losses offset its {words} gain"
        if rate > stated + 1e-6:
            return f"its {words} gain uses up losses worth {rate:.1%}"
        return f"its {words} gain is taxed at {rate:.1%}"

    @cached_property
    def _lost(self) -> Money:
        """Losses of the plan's taxable sales, dollars."""
        return -sum((d.gain for d in self.step.replayed.book.disposals if d.is_taxable and d.gain < 0), ZERO)

    def _loss(self, term: Term | None, above: str) -> str:
        """What the losses of the plan save this year on average; a further dollar may save nothing until later years."""
        lead = f"{above}; its loss" if above else "a loss that"
        lost = self._lost
        after, before = self.step.replayed.tax, self._without_plan
        more = [tax.short_carryforward + tax.long_carryforward for tax in (after, before)]
        carried = min(lost, max(ZERO, more[0] - more[1]))
        if carried >= lost:
            return f"{lead} is carried to later years"
        rate = self._marginal[term or Term.LONG]
        if carried > 0:
            return (
                f"{lead} is part of {lost:,.0f} of losses: {lost - carried:,.0f} count this year, {carried:,.0f} in later years"
            )
        return f"{lead} saves {rate:.1%} of itself this year" if rate > 1e-6 else f"{lead} saves no tax this year"

    def _sheltered_sale(self, account: AccountFacts, above: str) -> str:
        if above:
            return f"{above}; no tax in this account"
        if self._leaves_in_cash(account):
            return f"raises cash for {self._leaves_in_cash(account)}; no tax in this account"
        return "makes room here for what is better held in this account; no tax"

    def _leaves_in_cash(self, account: AccountFacts) -> str:
        """What cash leaves this account for, in words."""
        words = []
        for flows, word in ((self.step.orders.withdrawals, "the withdrawal"), (self.step.orders.cash_gifts, "the gift")):
            if any(self.model.problem.accounts[flow.account].id == account.id for flow in flows):
                words.append(word)
        return " and ".join(words)

    def _where(self, account: AccountFacts) -> str:
        return "paid from the cash of this account" if account.kind.is_taxable else "no yearly tax in this account"

    def _shares_segment(self, group: WashGroup, security: SecurityFacts) -> bool:
        return any(self._main(self._securities[symbol]) == self._main(security) for symbol in group.symbols)
