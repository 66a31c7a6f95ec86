"""Trades as the files that brokers take: one row an order, or one row a lot where the shape has room for lots.

Orders are market orders for the day. Gifts and payments are no orders and stand in none of these files; they are in our
own ticket and in the letter. Nothing here names lots to a broker whose shape has no column for them: our own ticket does.
"""
