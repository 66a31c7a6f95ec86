"""Segments, targets and bands: where each slice should be, how far it may drift, and where a trade brings it back to."""

from optimizer.targets import dynamic, fixed  # the policies that come with the program register themselves

__all__ = ["dynamic", "fixed"]
