"""What all figures share: style sheet, colours and lines of arms, the line of purpose, and how to save."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.ticker import MultipleLocator
from PIL import Image

from experiments.engine.results import Results
from experiments.reporting.numbers import PURPOSE

SHEET = Path(__file__).with_name("samspel.mplstyle")
WIDTH = 12.0
PANELS_A_ROW = 4
INK = "#303030"
GAIN, LOSS = "#0072B2", "#D55E00"

Dashes = Literal["solid"] | tuple[float, tuple[float, ...]]

# Okabe and Ito's colours, told apart with every common colour blindness; lines differ as well.
ARM_STYLES: dict[str, tuple[str, Dashes]] = {
    "siloed": ("#4D4D4D", (0, (4, 1))),
    "coordinated": ("#0072B2", "solid"),
    "siloed-same-money": ("#E69F00", (0, (6, 1, 1, 1))),
    "coordinated-triple-cost": ("#CC79A7", (0, (1, 1))),
    "national": ("#D55E00", (0, (8, 2))),
    "emergent": ("#56B4E9", (0, (2, 1))),
    "local": ("#009E73", (0, (3, 1, 1, 1, 1, 1))),
    "regional": ("#0072B2", "solid"),
}
SPARE: tuple[tuple[str, Dashes], ...] = (
    ("#009E73", (0, (3, 1, 1, 1, 1, 1))),
    ("#D55E00", (0, (8, 2))),
    ("#56B4E9", (0, (2, 1))),
    ("#000000", (0, (1, 2))),
)


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib in the style of the house, whatever the user's own settings."""
    with matplotlib.style.context(["default", str(SHEET)]):
        yield


def arm_style(results: Results, arm: str) -> tuple[str, Dashes]:
    """Colour and dashes of an arm; arms of the user's own take spare ones in their order."""
    if arm in ARM_STYLES:
        return ARM_STYLES[arm]
    own = [name for name in results.arms if name not in ARM_STYLES]
    return SPARE[own.index(arm) % len(SPARE)]


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """An empty figure that belongs to no window."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def panel_grid(count: int) -> tuple[Figure, list[Axes]]:
    """A figure with a panel for each of `count` outcomes, and the panels in reading order."""
    columns = min(PANELS_A_ROW, max(count, 1))
    rows = -(-count // columns)
    figure = new_figure(1.1 + 2.15 * rows if rows > 1 else 4.4, WIDTH if columns > 2 else 7.5)
    grid = figure.subplots(rows, columns, squeeze=False)
    panels = list(grid.flat)
    for axes in panels[count:]:
        axes.set_visible(False)
    return figure, panels


def head(
    figure: Figure, title: str, results: Results, note: str = "", arms: Sequence[str] = (), columns: int = 150
) -> None:
    """A title and a legend of arms at the top; at the bottom what the figure is for and made from."""
    source = results.source
    if not arms:
        put_head(figure, title, note, source, columns)
        return
    top = put_head(figure, title, note, source, columns, below=0.27)
    _arm_legend(figure, results, arms, top)


def put_head(figure: Figure, title: str, note: str, source: str, columns: int = 150, below: float = 0.0) -> float:
    """The same for any figure: title and note at the top, purpose and source at the bottom. `below`: inches left free
    under the note, for a legend. Returns where that begins, as a share of the height."""
    height = figure.get_figheight()
    lines = textwrap.wrap(note, columns)
    top = 0.40 + 0.17 * len(lines)
    figure.text(0.008, 1 - 0.10 / height, title, fontsize=13, fontweight="bold", va="top", color=INK)
    figure.text(0.008, 1 - 0.38 / height, "\n".join(lines), fontsize=9, va="top", color="#505050")
    text = textwrap.wrap(f"{PURPOSE}. {source}.", columns)
    figure.text(0.008, 0.06 / height, "\n".join(text), fontsize=8, va="bottom", color="#606060")
    engine, foot = figure.get_layout_engine(), 0.12 + 0.14 * len(text)
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(0.006, foot / height, 0.99, 1 - (top + below + foot) / height))
    return 1 - top / height


def _arm_legend(figure: Figure, results: Results, arms: Sequence[str], top: float) -> None:
    handles = []
    for arm in arms:
        colour, dashes = arm_style(results, arm)
        handles.append(Line2D([], [], color=colour, linestyle=dashes, label=results.label(arm)))
    legend = figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.0, top), ncols=len(handles), handlelength=3.2
    )
    legend.set_in_layout(False)


def year_axis(axes: Axes, results: Results) -> None:
    """Whole calendar years along x, at round ones."""
    years = results.years
    span = len(years)
    axes.set_xlim(years[0], max(years[-1], years[0] + 1))
    axes.xaxis.set_major_locator(MultipleLocator(10 if span > 20 else 5 if span > 8 else 2 if span > 3 else 1))


def flat_axis(axes: Axes) -> None:
    """Where nothing ever differs from one value, an axis that says so instead of magnifying nothing."""
    low, high = axes.dataLim.intervaly
    if high - low < 1e-9 * max(1.0, abs(high)):
        axes.set_ylim(low - 0.05, low + 1)


def wrapped(text: str, width: int) -> str:
    """Text on as many lines as its place needs."""
    return "\n".join(textwrap.wrap(text, width))


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write the figure as PNG and SVG, without dates or random names; returns the files."""
    # Images need the palette for themselves; lines and areas do with 256 colours, in a third of the space.
    has_images = any(axes.images for axes in figure.axes)
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}.png", folder / f"{name}.svg"]
    # Laying out is slow and comes out the same for both files.
    figure.align_ylabels()
    engine = figure.get_layout_engine()
    if engine is not None:
        for _ in range(2 if has_images else 1):
            engine.execute(figure)
        figure.set_layout_engine("none")
    for axes in figure.axes:
        # The solver's last bits depend on where objects lie in memory; files must not.
        axes.set_position(tuple(round(edge, 6) for edge in axes.get_position().bounds))
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    if not has_images:
        small = io.BytesIO()
        Image.open(buffer).convert("RGB").quantize(256).save(small, format="png", optimize=True)
        buffer = small
    files[0].write_bytes(buffer.getvalue())
    figure.savefig(files[1], format="svg", metadata={"Date": None})
    return files
