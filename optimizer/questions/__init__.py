"""Questions narrower than the whole plan: one kind of trade, one flow of money, one curve, one explanation.

Every question is a household's problem with less asked of it, so the answer is a plan like any other, proven and replayed,
and the problem document that was really asked can be written out and solved elsewhere.
"""
