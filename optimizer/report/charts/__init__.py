"""The plan as figures: functions from plan and question to Plotly figures, without a word about where they are shown.

A figure brings no background and no colour of its writing; whoever shows it sets both for a dark or a light page. Text
from a file passes :func:`optimizer.report.charts.style.label`, since the charting library reads some tags in texts.
"""
