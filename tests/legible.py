"""What makes a figure hard to read, found by drawing it: texts beyond the edge, over one another or too small to print,
axes that do not say what is along them, and a title that finds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray

from experiments.reporting.described import ACROSS, title_of
from experiments.reporting.names import ELLIPSIS
from experiments.reporting.style import lay_out

PRINTED, LEAST = 6.3, 7.0  # inches across a printed page; points of the smallest letters on it
MOST_PANELS = 6  # not counting keys and scales of colours
OVERLAP = 1.5  # pixels by which boxes around texts may lie over one another: letters do not fill them
EDGE = 1.0
_NUMBER = re.compile(r"[−+-]?[\d,.]+(?:e[−+-]?\d+)?(?: ?%)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
# A title that says what was found has one of these; "Rent by year" has none.
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|does|do|can|cannot|gains?|loses?|lost|differs?|holds?|flips?|moves?|raises?|lowers?|"
    r"raised|lowered|adds?|depends?|decides?|wins?|pays?|paid|leaves?|leave|reproduces?|turns?|goes|go|says?|rises?|"
    r"falls?|stays?|costs?|makes?|matters?|rules?|passes?|misses|settled?|comes?|renovates?|follows?|ends?|begins?|needs?|"
    r"departs?|finds?|found|foretells?|know|known|explains?|carries|carry|reach|reaches|works?|stands?|changes?)\b"
)
Array = NDArray[Any]


def faults(figure: Figure) -> list[str]:
    """Everything that is hard to read in a figure, in words; empty where nothing is. The figure is laid out as it is
    when it is saved."""
    lay_out(figure)
    figure.canvas.draw()
    shown = list(texts(figure))
    boxes = [_corners(text, figure) for text in shown]
    return [
        *_beyond(figure, shown, boxes),
        *_overlapping(shown, boxes),
        *_small(figure, shown),
        *_cut(shown),
        *(fault for axes in _panels(figure) for fault in _unnamed(figure, axes)),
        *_powers(figure),
        *_title(figure),
        *_many(figure),
    ]


def texts(figure: Figure) -> Iterator[Text]:
    """All texts that are seen."""
    unseen: set[int] = set()
    for axes in figure.findobj(Axes):
        assert isinstance(axes, Axes)
        if not axes.get_visible():
            unseen |= {id(text) for text in axes.findobj(Text)}
            continue
        for axis in (axes.xaxis, axes.yaxis):
            drawn = {id(text) for text in _tick_labels(axis)} if axes.axison and axis.get_visible() else set()
            ours = {id(label) for ticks in (axis.majorTicks, axis.minorTicks) for tick in ticks
                    for label in (tick.label1, tick.label2)}  # fmt: skip
            unseen |= ours - drawn
            if not (axes.axison and axis.get_visible()):
                unseen |= {id(axis.label), id(axis.offsetText)}
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip() and id(text) not in unseen:
            yield text


def _tick_labels(axis: Axis) -> list[Text]:
    ticks = axis._update_ticks()  # type: ignore[attr-defined]  # of all ticks those within the axis's ends
    return [label for tick in ticks for label in (tick.label1, tick.label2) if label.get_visible()]


def _corners(text: Text, figure: Figure) -> Array:
    """The corners of a text's box, turned as it is, in pixels."""
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    around = Text.get_window_extent(text, renderer)
    angle = text.get_rotation()
    if angle % 90 == 0:
        return np.array(
            [[around.x0, around.y0], [around.x1, around.y0], [around.x1, around.y1], [around.x0, around.y1]]
        )
    text.set_rotation(0)
    flat = Text.get_window_extent(text, renderer)
    text.set_rotation(angle)
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [flat.width / 2, flat.height / 2]
    turn = np.radians(angle)
    middle = np.array([(around.x0 + around.x1) / 2, (around.y0 + around.y1) / 2])
    return np.asarray(half @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + middle)


def _beyond(figure: Figure, shown: list[Text], boxes: list[Array]) -> Iterator[str]:
    width, height = figure.get_size_inches() * figure.dpi
    for text, box in zip(shown, boxes, strict=True):
        by = max(-box[:, 0].min(), -box[:, 1].min(), box[:, 0].max() - width, box[:, 1].max() - height)
        if by > EDGE:
            yield f"{_said(text)} lies {by:.0f} pixels beyond the edge"


def _overlapping(shown: list[Text], boxes: list[Array]) -> Iterator[str]:
    ends = [(box.min(axis=0), box.max(axis=0)) for box in boxes]
    for i, j in combinations(range(len(shown)), 2):
        (low, high), (other_low, other_high) = ends[i], ends[j]
        if (low < other_high - OVERLAP).all() and (other_low < high - OVERLAP).all() and _meet(boxes[i], boxes[j]):
            yield f"{_said(shown[i])} lies over {_said(shown[j])}"


def _meet(one: Array, other: Array) -> bool:
    """Whether two turned boxes overlap: no side of either has all of the other beyond it."""
    for box in (one, other):
        for side in (box[1] - box[0], box[3] - box[0]):
            length = float(np.hypot(*side))
            along = side / length if length else side
            a, b = one @ along, other @ along
            if a.max() - OVERLAP <= b.min() or b.max() - OVERLAP <= a.min():
                return False
    return True


def _small(figure: Figure, shown: list[Text]) -> Iterator[str]:
    scale = PRINTED / figure.get_figwidth()
    for text in shown:
        if text.get_fontsize() * scale < LEAST - 0.05:
            yield f"{_said(text)} is {text.get_fontsize() * scale:.1f} points in print"


def _cut(shown: list[Text]) -> Iterator[str]:
    return (f"{_said(text)} is cut" for text in shown if text.get_text().endswith(ELLIPSIS))


def _unnamed(figure: Figure, axes: Axes) -> Iterator[str]:
    """Axes with numbers along them and no words that say of what, there or on one that shares them."""
    for way, axis, label, group in (
        ("across", axes.xaxis, axes.get_xlabel, axes.get_shared_x_axes()),
        ("up", axes.yaxis, axes.get_ylabel, axes.get_shared_y_axes()),
    ):
        if not (axes.axison and axis.get_visible()):
            continue
        seen = [text.get_text() for text in _tick_labels(axis) if text.get_text().strip()]
        if not seen or not all(_NUMBER.fullmatch(one) for one in seen) or all(_YEAR.fullmatch(one) for one in seen):
            continue
        if way == "across" and any(text.get_gid() == ACROSS for text in figure.texts):
            continue
        named = [one.get_xlabel() if way == "across" else one.get_ylabel() for one in group.get_siblings(axes)]
        if not any([label(), *named]):
            yield f'the axis {way} of "{axes.get_title(loc="left")}" has numbers ({seen[0]} …) and no words'


def _powers(figure: Figure) -> Iterator[str]:
    """Axes whose numbers are to be multiplied by one that stands at their end."""
    for axes in _panels(figure):
        for axis in (axes.xaxis, axes.yaxis):
            if axis.get_visible() and axes.axison and axis.offsetText.get_text():
                yield f'an axis of "{axes.get_title(loc="left")}" is in units of {axis.offsetText.get_text()}'


def _title(figure: Figure) -> Iterator[str]:
    title = title_of(figure)
    if not title:
        yield "there is no title"
    elif title.endswith("?") or (not title[0].isupper() and not title[0].isdigit()) or not _VERB.search(title):
        yield f'the title "{title}" does not say what was found'


def _many(figure: Figure) -> Iterator[str]:
    count = len(_panels(figure))
    if count > MOST_PANELS:
        yield f"there are {count} panels; expected at most {MOST_PANELS}"


def _panels(figure: Figure) -> list[Axes]:
    scales = {id(image.colorbar.ax) for axes in figure.axes for image in (*axes.images, *axes.collections)
              if image.colorbar is not None}  # fmt: skip
    return [axes for axes in figure.axes if axes.get_visible() and id(axes) not in scales]


def _said(text: Text) -> str:
    words = " ".join(text.get_text().split())
    return f'"{words if len(words) < 50 else words[:48] + ELLIPSIS}"'
