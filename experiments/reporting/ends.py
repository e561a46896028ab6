"""Labels at the ends of lines, pushed apart so that none lies on another: what a legend would make a reader look up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb

from experiments.reporting.style import LINE, SIZE

MOST = 4  # lines with labels; more have a legend
DARKER = 0.72  # of a line's colour, for its words: small letters need more contrast than a line


@dataclass(frozen=True)
class End:
    """Where a line ends (in the axis's numbers), what it is, and its colour."""

    at: float
    words: str
    colour: str


def label_ends(axes: Axes, ends: Sequence[End], height: float) -> None:
    """Write what each line is beside its end; `height`: of the panel in inches. The axis's limits must stand."""
    low, high = axes.get_ylim()
    ordered = sorted((end for end in ends if end.at == end.at), key=lambda end: end.at)
    shares = [min(1.0, max(0.0, (end.at - low) / (high - low))) for end in ordered]
    places = apart(shares, 1.05 * LINE / height)
    for end, share, place in zip(ordered, shares, places, strict=True):
        arrow = {
            "arrowstyle": "-",
            "color": end.colour,
            "linewidth": 0.7,
            "shrinkA": 1,
            "shrinkB": 1,
            "relpos": (0.0, 0.5),
        }
        axes.annotate(
            end.words,
            (1.0, share),
            (1.035, place),
            xycoords="axes fraction",
            textcoords="axes fraction",
            color=darkened(end.colour),
            fontsize=SIZE,
            va="center",
            arrowprops=arrow,
        )


def apart(shares: Sequence[float], gap: float) -> list[float]:
    """Heights in rising order moved as little as need be, so that neighbours are `gap` apart and, if there is room for
    all, none is outside 0 to 1.

    >>> [round(place, 2) for place in apart([0.5, 0.5, 0.98], 0.2)]
    [0.4, 0.6, 0.98]
    """
    places = list(shares)
    for _ in range(200):
        for index in range(1, len(places)):
            overlap = gap - (places[index] - places[index - 1])
            if overlap > 1e-9:
                places[index] += overlap / 2
                places[index - 1] -= overlap / 2
        if places and (len(places) - 1) * gap <= 1.0:
            places[0], places[-1] = max(places[0], 0.0), min(places[-1], 1.0)
    return places


def darkened(colour: str) -> str:
    """A colour for words beside what has that colour."""
    red, green, blue = (part * DARKER for part in to_rgb(colour))
    return str(to_hex((red, green, blue)))
