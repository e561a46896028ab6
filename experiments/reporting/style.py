"""What all figures share: style sheet, colours and lines of arms, the line of purpose, and how to save."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.ticker import MultipleLocator
from PIL import Image

from experiments.engine.results import Results
from experiments.reporting.arms import arm_style
from experiments.reporting.finding import BLUE, ORANGE
from experiments.reporting.finding import INK as INK
from experiments.reporting.names import LABEL, drawn, drawn_label
from experiments.reporting.numbers import PURPOSE

SHEET = Path(__file__).with_name("samspel.mplstyle")
WIDTH = 12.0
PANELS_A_ROW = 4
MOST_LINES = 5  # of a note, and at the foot
DIGITS = 4  # of a position, as a share of the figure's size: a thousandth of an inch
GAIN, LOSS = BLUE, ORANGE


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib in the style of the house, whatever the user's own settings."""
    with matplotlib.style.context(["default", str(SHEET)]):
        yield


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
    top = put_head(figure, title, note, source, columns, below=legend_height(figure, len(arms)))
    arm_legend(figure, results, arms, top)


def put_head(figure: Figure, title: str, note: str, source: str, columns: int = 150, below: float = 0.0) -> float:
    """The same for any figure: title and note at the top, purpose and source at the bottom. `below`: inches left free
    under the note, for a legend. Returns where that begins, as a share of the height."""
    height = figure.get_figheight()
    title = drawn(title, int(9 * figure.get_figwidth()))
    lines = textwrap.wrap(drawn(note), columns)[:MOST_LINES]
    top = 0.40 + 0.17 * len(lines)
    figure.text(0.008, 1 - 0.10 / height, title, fontsize=13, fontweight="bold", va="top", color=INK)
    figure.text(0.008, 1 - 0.38 / height, "\n".join(lines), fontsize=9, va="top", color="#505050")
    text = textwrap.wrap(drawn(f"{PURPOSE}. {source}."), columns)[:MOST_LINES]
    figure.text(0.008, 0.06 / height, "\n".join(text), fontsize=8, va="bottom", color="#606060")
    engine, foot = figure.get_layout_engine(), 0.12 + 0.14 * len(text)
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(0.006, foot / height, 0.99, 1 - (top + below + foot) / height))
    return 1 - top / height


def legend_height(figure: Figure, arms: int) -> float:
    """Inches that a legend of so many arms takes under the note."""
    return 0.27 + 0.19 * (-(-arms // _legend_columns(figure)) - 1)


def arm_legend(figure: Figure, results: Results, arms: Sequence[str], top: float) -> None:
    """The arms by colour and dashes, from `top` (a share of the height) down, on as many lines as they need."""
    columns = _legend_columns(figure)
    room = int(13 * figure.get_figwidth() / min(columns, len(arms))) - 10
    handles = []
    for arm in arms:
        colour, dashes, marker = arm_style(results, arm)
        label = drawn_label(results, arm, min(LABEL, room))
        handles.append(Line2D([], [], color=colour, linestyle=dashes, marker=marker, markersize=5, label=label))
    legend = figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.0, top), ncols=min(columns, len(arms)), handlelength=3.2
    )
    legend.set_in_layout(False)


def _legend_columns(figure: Figure) -> int:
    return max(2, int(figure.get_figwidth() // 2.9))


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
    """Write the figure as PNG and SVG, without dates or random names; returns the files. Each is written whole or not
    at all, and neither is where the figure cannot be drawn."""
    # Images need the palette for themselves; lines and areas do with 256 colours, in a third of the space.
    has_images = any(axes.images for axes in figure.axes)
    _lay_out(figure, 2 if has_images else 1)
    png, svg = io.BytesIO(), io.BytesIO()
    figure.savefig(png, format="png")
    if not has_images:
        small = io.BytesIO()
        Image.open(png).convert("RGB").quantize(256).save(small, format="png", optimize=True)
        png = small
    figure.savefig(svg, format="svg", metadata={"Date": None})
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}.png", folder / f"{name}.svg"]
    for file, drawn_file in zip(files, (png, svg), strict=True):
        new = file.with_name(f".{file.name}.new")
        try:
            new.write_bytes(drawn_file.getvalue())
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)
    return files


def _lay_out(figure: Figure, times: int) -> None:
    """Lay out once for both files, as it is slow and comes out the same."""
    figure.align_ylabels()
    engine = figure.get_layout_engine()
    if engine is not None:
        for _ in range(times):
            engine.execute(figure)
        figure.set_layout_engine("none")
    for axes in figure.axes:
        # The solver's last bits depend on where objects lie in memory; files must not. Four digits keep what lies
        # halfway between two edges clear of where the six digits of an SVG are rounded up or down.
        axes.set_position(tuple(round(edge, DIGITS) for edge in axes.get_position().bounds))
