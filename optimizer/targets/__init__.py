"""Segments, targets and bands: where each slice should be, how far it may drift, and where a trade brings it back to."""
