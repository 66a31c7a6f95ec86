"""Applies the wash-sale rule while a history is folded.

Purchases meet the losses that wait for them the moment they are made, those of retirement accounts once every other of
the day has; the losses of a day meet earlier purchases when the day ends, because only then it is known which shares are
still held. What the match means for basis and holding
period is in :mod:`lots.wash.adjust`, which shares match in :mod:`lots.wash.match`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from lots.accounts import Account
from lots.ledger.piece import Piece
from lots.ledger.records import WashMatch
from lots.lot import Disposal
from lots.securities import Security
from lots.units import ZERO, Money, Shares
from lots.wash.adjust import disallowed, tacked_start
from lots.wash.match import LossLeft, Matcher
from lots.wash.rules import WashRules


class Splitter(Protocol):
    """What the workings of a fold do for this module."""

    def split(self, piece: Piece, shares: Shares) -> Piece:
        """Divide a piece in two and return the part with `shares`."""

    def requeue(self, piece: Piece) -> None:
        """Let the queues know that a piece's basis changed."""


@dataclass(slots=True)
class Tally:
    """What has been disallowed of one disposal."""

    shares: Shares = ZERO
    disallowed: Money = ZERO
    lost: Money = ZERO


@dataclass(slots=True)
class Washing:
    """The wash-sale side of a fold."""

    accounts: Mapping[str, Account]
    securities: Mapping[str, Security]
    rules: WashRules
    same_group: Mapping[str, str] = field(default_factory=dict)
    matches: list[WashMatch] = field(default_factory=list)
    tallies: dict[int, Tally] = field(default_factory=dict)
    _matchers: dict[str, Matcher[Piece]] = field(default_factory=dict)
    _by_symbol: dict[str, Matcher[Piece] | None] = field(default_factory=dict)
    _today: list[LossLeft] = field(default_factory=list)
    _sheltered: list[Piece] = field(default_factory=list)
    _scaled: set[tuple[str, date]] = field(default_factory=set)

    def bought(self, splitter: Splitter, piece: Piece) -> None:
        """Let a purchase replace the losses of the last 30 days that wait for one, and note it for later losses.

        One in a retirement account waits until the others of the day are in.
        """
        kind = self.accounts[piece.account_id].kind
        if kind.loses_washed_loss:
            piece.loses_loss = True
            self._sheltered.append(piece)
        elif kind.is_taxable:
            self._meet(splitter, piece)

    def end_purchases(self, splitter: Splitter) -> None:
        """Let the day's purchases in retirement accounts replace what the taxable ones have left."""
        waiting, self._sheltered = self._sheltered, []
        for piece in waiting:
            self._meet(splitter, piece)

    def _meet(self, splitter: Splitter, piece: Piece) -> None:
        matcher = self._matcher(piece.symbol)
        if matcher is None or piece.shares <= ZERO:
            return
        matcher.expire(piece.purchased)
        for loss in matcher.waiting_for(piece):
            self._match(splitter, loss, piece)
        if not piece.has_replaced:
            matcher.purchased(piece)

    def stated(self, splitter: Splitter, piece: Piece) -> None:
        """Let a lot that a broker states as a replacement answer a loss its broker withheld, and wash nothing else."""
        matcher = self._matcher(piece.symbol)
        if matcher is None or not self.accounts[piece.account_id].kind.is_taxable:
            return
        for loss in matcher.waiting_for(piece):
            self._match(splitter, loss, piece)
        if piece.is_stated:
            matcher.purchased(piece)

    def came_apart(self, piece: Piece) -> None:
        """Note a part that was split off purchased shares for another reason than a match."""
        matcher = self._matcher(piece.symbol)
        if matcher is not None and (piece.is_stated or not piece.has_replaced):
            matcher.purchased(piece)

    def lost(self, disposal: Disposal, index: int, held_from: date, purchase_id: str) -> None:
        """Note a loss of the day, the part a broker withheld apart from the rest.

        `index` is the place of the disposal in the ledger's list, `held_from` where its holding period started.
        """
        withheld, washed = disposal.disallowed_loss, disposal.washed_shares
        parts = ((washed, withheld, disposal.account_id), (disposal.shares - washed, disposal.loss - withheld, None))
        for shares, loss, withheld_in in parts:
            if shares > ZERO:
                self._today.append(
                    LossLeft(
                        sold=disposal.disposed,
                        acquired=disposal.acquired,
                        held_from=held_from,
                        purchase_id=purchase_id,
                        symbol=disposal.symbol,
                        shares=shares,
                        loss=loss,
                        index=index,
                        shares_when_sold=shares,
                        event_id=disposal.event_id,
                        withheld_in=withheld_in,
                    )
                )

    def end_day(self, splitter: Splitter) -> None:
        """Match the day's losses with earlier purchases, in the order the sold shares were acquired.

        What a broker withheld goes first, because the shares that replace it are spoken for.
        """
        self.end_purchases(splitter)
        for loss in sorted(self._today, key=lambda each: (each.withheld_in is None, each.acquired, each.index)):
            matcher = self._matcher(loss.symbol)
            if matcher is None:
                continue
            matcher.expire(loss.sold)
            for piece in matcher.replacing(loss):
                self._match(splitter, loss, piece)
            matcher.wait(loss)
        self._today.clear()

    def scale(self, symbol: str, day: date, new: Shares, old: Shares) -> None:
        """Count waiting losses in shares after a split; brokers report one split in every account that holds shares."""
        matcher = self._matcher(symbol)
        if matcher is not None and (symbol, day) not in self._scaled:
            self._scaled.add((symbol, day))
            matcher.scale(symbol, new, old)

    def _match(self, splitter: Splitter, loss: LossLeft, piece: Piece) -> None:
        """Let as many shares of `piece` as possible replace those of `loss`.

        A lot the broker stated as a replacement is not divided: it is as the broker made it, and only marked as found.
        """
        shares = min(loss.shares, piece.shares)
        amount = disallowed(loss.loss, loss.shares, shares)
        when_sold = loss.shares_when_sold if shares == loss.shares else loss.shares_when_sold * shares / loss.shares
        replacement = piece if piece.has_replaced or shares == piece.shares else splitter.split(piece, shares)
        is_in_basis = loss.withheld_in is not None and replacement.is_stated
        replacement.has_replaced, replacement.is_stated = True, False
        is_lost = self.accounts[piece.account_id].kind.loses_washed_loss
        if not is_lost and not is_in_basis:
            replacement.cost_basis += amount
            replacement.held_from = tacked_start(replacement.held_from, loss.held_from, loss.sold, self.rules.tacking)
        splitter.requeue(replacement)
        loss.shares -= shares
        loss.shares_when_sold -= when_sold
        loss.loss -= amount
        if loss.withheld_in is None:
            self._count(loss, when_sold, amount, amount if is_lost else ZERO)
        if is_in_basis:
            return
        self.matches.append(
            WashMatch(
                disposal=loss.index,
                loss_event_id=loss.event_id,
                replacement_lot_id=replacement.lot_id,
                replacement_account_id=replacement.account_id,
                replaced_on=replacement.purchased,
                shares=when_sold,
                disallowed_loss=amount,
                is_lost=is_lost,
            )
        )

    def _count(self, loss: LossLeft, shares: Shares, amount: Money, lost: Money) -> None:
        """Add to what is disallowed of a disposal; what a broker withheld is counted there already."""
        tally = self.tallies.setdefault(loss.index, Tally())
        tally.shares += shares
        tally.disallowed += amount
        tally.lost += lost

    def _matcher(self, symbol: str) -> Matcher[Piece] | None:
        """The matcher of a symbol's substantially-identical group; None for what the rule does not reach."""
        if symbol not in self._by_symbol:
            security = self.securities.get(symbol) or Security(symbol)
            group = self.same_group.get(security.group, security.group)
            if security.kind.can_wash and group not in self._matchers:
                self._matchers[group] = Matcher(self.rules.earlier)
            self._by_symbol[symbol] = self._matchers[group] if security.kind.can_wash else None
        return self._by_symbol[symbol]
