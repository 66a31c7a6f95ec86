"""The plan as figures: functions from plan and question to Plotly figures, without a word about where they are shown.

A figure brings no background and no colour of its writing; whoever shows it sets both for a dark or a light page. Text
from a file passes :func:`optimizer.report.charts.style.label`, since the charting library reads some tags in texts.
"""

from optimizer.report.charts.bands import bands_figure
from optimizer.report.charts.dates import calendar_figure
from optimizer.report.charts.frontier import frontier_figure
from optimizer.report.charts.levers import ladder_figure
from optimizer.report.charts.lots import lot_map_figure
from optimizer.report.charts.placement import placement_figure
from optimizer.report.charts.plots import Plots

__all__ = ["Plots", "bands_figure", "calendar_figure", "frontier_figure", "ladder_figure", "lot_map_figure", "placement_figure"]
