"""Wishes, forecasts and decisions: from a household's lots to a plan that is proven to cost least.

The whole question is a :class:`~optimizer.problem.Problem`, the whole answer a :class:`~optimizer.plan.Plan`, and
:func:`~optimizer.rebalance.rebalance` leads from one to the other. Facts and law come from :mod:`lots`.
"""
