"""Policies side by side through time on the same prices, lot by lot and after tax: does rebalancing pay?"""
