"""What all figures share: colours that carry on dark and light, an empty frame, and text that holds no tags."""

from html import escape
from typing import TYPE_CHECKING

from optimizer.report.figures import plain

if TYPE_CHECKING:
    import plotly.graph_objects as go

BLUE, ORANGE, GREEN, RED, GREY = "#3b82c4", "#d1700f", "#2b9358", "#d64545", "#84898f"
"""Each has a contrast of 3:1 or more against white and against the page's dark ground (WCAG 2.2, 1.4.11)."""
BAND = "rgba(132,137,143,0.32)"

LABEL_LENGTH = 28


def label(text: str, length: int = LABEL_LENGTH) -> str:
    """Text from a file as the charting library may draw it: no control characters, no tags, cut short."""
    clean = plain(text)
    return escape(clean if len(clean) <= length else f"{clean[: length - 1]}…", quote=False)


def empty_figure(height: int) -> "go.Figure":
    """A frame of `height` pixels without a template, so that it takes the colours of the page."""
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.update_layout(
        template="none",
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
        showlegend=False,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0, "xanchor": "left", "itemsizing": "constant"},
        hoverlabel={"align": "left"},
        font={"size": 13},
    )
    figure.update_xaxes(automargin=True, zeroline=False, fixedrange=True)
    figure.update_yaxes(automargin=True, zeroline=False, fixedrange=True)
    return figure
