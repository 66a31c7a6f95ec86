"""What people read: the plan as a page for the terminal and as a ticket of trades.

This room only sets figures in words, rows and columns. Every figure comes from the plan; none is worked out here but
sums of rows shown and differences of figures shown.
"""
