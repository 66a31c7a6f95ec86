"""Prices, yields and costs: what the market and the calendar do to a dollar, as floats for the model."""
