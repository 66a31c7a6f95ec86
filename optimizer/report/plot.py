"""A small plot for the terminal: points in a frame of characters, with figures at its edges."""

from collections.abc import Sequence
from itertools import pairwise

HEIGHT = 12


def plot(
    points: Sequence[tuple[float, float]], labels: tuple[str, str, str, str], width: int, own: tuple[float, float]
) -> list[str]:
    """Lines of text: the points joined along x, the household's own plan as a star.

    Parameters
    ----------
    points : pairs of x and y.
    labels : how the lowest and the highest y, and the lowest and the highest x, are written.
    width : columns of text for the whole plot.
    own : the pair that is marked.
    """
    low, high, left, right = labels
    margin = max(len(low), len(high))
    cells = max(width - margin - 2, 20)
    everything = [*points, own]
    xs, ys = [x for x, _ in everything], [y for _, y in everything]
    grid = [[" "] * cells for _ in range(HEIGHT)]

    def at(x: float, y: float) -> tuple[int, int]:
        column = 0.0 if max(xs) == min(xs) else (x - min(xs)) / (max(xs) - min(xs))
        row = 0.0 if max(ys) == min(ys) else (y - min(ys)) / (max(ys) - min(ys))
        return HEIGHT - 1 - round(row * (HEIGHT - 1)), round(column * (cells - 1))

    ordered = sorted(points)
    for (x0, y0), (x1, y1) in pairwise(ordered):
        steps = max(abs(at(x1, y1)[1] - at(x0, y0)[1]), 1)
        for step in range(steps):
            share = step / steps
            row, column = at(x0 + share * (x1 - x0), y0 + share * (y1 - y0))
            grid[row][column] = "."
    for x, y in ordered:
        row, column = at(x, y)
        grid[row][column] = "o"
    row, column = at(*own)
    grid[row][column] = "*"
    edges = {0: high, HEIGHT - 1: low}
    lines = [f"{edges.get(n, ''):>{margin}} |{''.join(cells_of)}" for n, cells_of in enumerate(grid)]
    foot = f"{'':>{margin}} +{'-' * cells}"
    under = f"{'':>{margin}}  {left}{right:>{max(cells - len(left), len(right) + 1)}}"
    return [*(line.rstrip() for line in lines), foot, under]
