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
from PIL.PngImagePlugin import PngInfo

from experiments.engine.results import Results
from experiments.reporting.arms import arm_style
from experiments.reporting.described import ACROSS, NOTE, TITLE, described, title_of
from experiments.reporting.finding import INK as INK
from experiments.reporting.names import LABEL, drawn_label, lines_of
from experiments.reporting.numbers import PURPOSE

SHEET = Path(__file__).with_name("samspel.mplstyle")
WIDTH = 8.0  # printed on a page 6.3 inches wide, 9 points are 7
SIZE, TITLE_SIZE = 9.0, 12.0  # points of all text but titles; of a figure's title
LINE, TITLE_LINE = 0.155, 0.2  # inches that a line of each takes
EDGE = 0.07  # inches free at the left and right of a figure's head
PANELS_A_ROW = 3
MOST_LINES, MOST_TITLE = 6, 3  # of a note and at the foot; of a title
DIGITS = 4  # of a position, as a share of the figure's size: a thousandth of an inch


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


def panel_grid(count: int, a_row: int = PANELS_A_ROW, height: float = 2.15) -> tuple[Figure, list[Axes]]:
    """A figure with a panel for each of `count` outcomes, so many a row, and the panels in reading order. height: of a
    row, in inches."""
    columns = 2 if count == 4 else min(a_row, max(count, 1))
    rows = -(-count // columns)
    figure = new_figure(height * rows if rows > 1 else 1.35 * height)
    grid = figure.subplots(rows, columns, squeeze=False)
    panels = list(grid.flat)
    for axes in panels[count:]:
        axes.set_visible(False)
    return figure, panels


def head(
    figure: Figure, title: str, results: Results, note: str = "", arms: Sequence[str] = (), across: str = ""
) -> None:
    """A title and a legend of arms at the top; at the bottom what the figure is for and made from."""
    source = results.source
    if not arms:
        put_head(figure, title, note, source, across=across)
        return
    top = put_head(figure, title, note, source, legend_height(figure, len(arms)), across)
    arm_legend(figure, results, arms, top)


def put_head(figure: Figure, title: str, note: str, source: str, below: float = 0.0, across: str = "") -> float:
    """The same for any figure: title and note at the top, purpose and source at the bottom. The figure grows by what
    they take, so that its height before is that of its panels. `below`: inches left free under the note, for a legend;
    across: what is along x in all panels, where they share it. Returns where that begins, as a share of the height."""
    room = figure.get_figwidth() - 2 * EDGE
    said = lines_of(title, room, TITLE_SIZE, bold=True, most=MOST_TITLE)
    read = lines_of(note, room, SIZE, most=MOST_LINES) if note else []
    made = lines_of(f"{PURPOSE}. {source}.", room, SIZE, most=MOST_LINES)
    note_top = 0.10 + TITLE_LINE * len(said) + 0.04
    top = note_top + LINE * len(read) + 0.08
    along = lines_of(across, room, SIZE) if across else []
    foot = 0.14 + LINE * len(made)
    rest = foot + (LINE * len(along) + 0.06 if along else 0.0)
    height = figure.get_figheight() + top + below + rest
    figure.set_figheight(height)
    left = EDGE / figure.get_figwidth()
    figure.text(left, 1 - 0.10 / height, "\n".join(said), fontsize=TITLE_SIZE, fontweight="bold", va="top", color=INK,
                linespacing=1.15, gid=TITLE)  # fmt: skip
    figure.text(left, 1 - note_top / height, "\n".join(read), fontsize=SIZE, va="top", color="#505050", gid=NOTE)
    figure.text(left, 0.06 / height, "\n".join(made), fontsize=SIZE, va="bottom", color="#606060")
    if along:
        figure.text(0.5, (foot + 0.04) / height, "\n".join(along), fontsize=SIZE, va="bottom", ha="center", color=INK,
                    gid=ACROSS)  # fmt: skip
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(0.006, rest / height, 0.988, 1 - (top + below + rest) / height))
    return 1 - top / height


def legend_height(figure: Figure, arms: int) -> float:
    """Inches that a legend of so many arms takes under the note."""
    return 0.25 + 0.17 * (-(-arms // _legend_columns(figure)) - 1)


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
    return max(2, int(figure.get_figwidth() // 2.6))


def year_axis(axes: Axes, results: Results, until: int | None = None) -> None:
    """Whole calendar years along x, at round ones; all that were run, or those until a year."""
    first, last = results.years[0], results.years[-1] if until is None else until
    span = last - first + 1
    axes.set_xlim(first, max(last, first + 1))
    axes.xaxis.set_major_locator(MultipleLocator(10 if span > 20 else 5 if span > 8 else 2 if span > 3 else 1))


def years_words(results: Results) -> str:
    """How long the runs are: "30 years"."""
    return f"{results.made.years} year{'s' * (results.made.years != 1)}"


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
    lay_out(figure)
    png, svg = io.BytesIO(), io.BytesIO()
    figure.savefig(png, format="png", metadata={"Title": title_of(figure)})
    if not has_images:
        small = io.BytesIO()
        # By how far colours lie apart, not by how much of them there is: small marks keep the colour of their meaning.
        few = Image.open(png).convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE)
        few.save(small, format="png", optimize=True, pnginfo=_titled(figure))
        png = small
    figure.savefig(svg, format="svg", metadata={"Date": None})
    svg = io.BytesIO(described(svg.getvalue().decode("utf-8"), figure, name).encode("utf-8"))
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


def _titled(figure: Figure) -> PngInfo:
    words = PngInfo()
    words.add_text("Title", title_of(figure))
    return words


def lay_out(figure: Figure) -> None:
    """Lay out once for both files, as it is slow and comes out the same."""
    times = 2 if any(axes.images for axes in figure.axes) else 1
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
