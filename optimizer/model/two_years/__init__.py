"""Two tax years in one program: what is traded this year, what on the first trading day of the next, and what is held.

Both years are built from the blocks of the plan of one year. They are linked by what is left after the first trades (lots and
cash), by the wash-sale window that reaches over New Year, and by the losses that the first year carries into the second.
Prices are today's in both: a forecast of six weeks would decide more than the tax does.
"""
