"""One wish or rule a file: its data, its costs in dollars, its labelled constraints, and why it is convex."""
