"""Why this plan: a reason for every trade, what each lever saved, what the usual rule would have cost, what collides."""
