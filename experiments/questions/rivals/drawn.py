"""What figures of rival rules share: cells of a table in colours, and the names of rules and findings beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from numpy.typing import NDArray

from experiments.questions.rivals.rules import asked, plain
from experiments.reporting.names import fitted
from experiments.reporting.quantity import Quantity
from experiments.reporting.style import INK, SIZE

NAMES, ROW = 2.75, 0.2  # inches of names at the left, and of a row
FINE = 40  # columns from which on no lines are drawn between them


def draw_cells(axes: Axes, codes: NDArray[Any], shades: Sequence[str]) -> None:
    """A cell a code, in so many shades, the middle one of which is that of 0."""
    end = len(shades) / 2
    axes.imshow(codes, cmap=ListedColormap(list(shades)), vmin=-end, vmax=end, aspect="auto", interpolation="nearest")
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for edge in range(1, codes.shape[0]):
        axes.axhline(edge - 0.5, color="white", linewidth=0.8)
    if codes.shape[1] < FINE:
        for edge in range(1, codes.shape[1]):
            axes.axvline(edge - 0.5, color="white", linewidth=0.8)


def short_name(quantity: Quantity) -> str:
    """A finding's name for narrow places."""
    words = quantity.account.brief if quantity.account else quantity.title
    return words[:1].upper() + words[1:]


def name_rules(axes: Axes, rules: Mapping[str, Sequence[str]], before: Sequence[str] = ()) -> None:
    """Each rule at its row, the first of a rivalry with what it is about; a line between rivalries."""
    labels = list(before)
    for name, found in rules.items():
        if labels:
            axes.axhline(len(labels) - 0.5, color=INK, linewidth=1.0)
        labels += [f"{asked(name)}:  {plain(found[0])}", *(plain(rule) for rule in found[1:])]
    axes.set_yticks(range(len(labels)), [fitted(label, NAMES + 0.6, SIZE) for label in labels])
    axes.tick_params(length=0)
