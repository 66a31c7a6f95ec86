"""Facts and law of a household's tax lots, in exact decimals.

This package knows what happened to every share and what the tax law makes of it. It holds no forecast, no preference
and no floating-point number; those belong to :mod:`optimizer`, which imports this package and is never imported back.
"""
