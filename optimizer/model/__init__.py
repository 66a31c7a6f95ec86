"""The convex model: index sets, variables, blocks of costs and constraints, and the convex cases of the tax."""
