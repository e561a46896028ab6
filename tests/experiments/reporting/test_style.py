"""Figures as files: the same bytes whatever the layout's last bits are, whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from PIL import Image

from experiments.reporting import style
from experiments.reporting.finding import COLOURS
from experiments.reporting.names import width
from experiments.reporting.style import house_style, lay_out, new_figure, put_head, save


def figure() -> Figure:
    made = new_figure(5.0)
    put_head(made, "A title", "A note", "A source")
    left, right = made.subplots(1, 2, width_ratios=(1.25, 1))
    left.barh([0.5, 1.5], [3.0, 4.0])
    right.plot([0, 1], [1000.0, 1200.0])
    right.set_ylabel("a label")
    return made


def bytes_of(folder: Path) -> list[bytes]:
    with house_style():
        return [file.read_bytes() for file in save(figure(), folder, "one")]


@pytest.mark.parametrize("noise", [3e-14, -1e-9])
def test_noise_of_the_layouts_solver_does_not_reach_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noise: float
) -> None:
    expected = bytes_of(tmp_path)
    execute, moved = ConstrainedLayoutEngine.execute, []

    def noisy(self: ConstrainedLayoutEngine, drawn: Figure) -> None:
        execute(self, drawn)
        for axes in drawn.axes:
            axes.set_position(tuple(edge + noise for edge in axes.get_position().bounds))
            moved.append(axes)

    monkeypatch.setattr(ConstrainedLayoutEngine, "execute", noisy)
    assert bytes_of(tmp_path) == expected and moved


def test_a_figure_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = bytes_of(tmp_path)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        bytes_of(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.png", "one.svg"]
    assert [path.read_bytes() for path in sorted(tmp_path.iterdir())] == earlier


def test_an_image_says_what_it_shows_to_those_who_cannot_see_it(tmp_path: Path) -> None:
    with house_style():
        made = figure()
        made.texts[0].set_text("Rents <rise>\n& fall")
        made.axes[0].set_title("A panel")
        made.axes[0].set_xlabel("SEK a flat")
        files = save(made, tmp_path, "one")
    image = ElementTree.parse(files[1]).getroot()
    assert image.attrib["role"] == "img" and image.attrib["aria-labelledby"] == "one-title one-desc"
    parts = {part.attrib["id"]: part.text or "" for part in image if "id" in part.attrib}
    assert parts["one-title"] == "Rents <rise> & fall"
    assert parts["one-desc"].startswith("A note 2 panels: A panel (across: SEK a flat); up: a label.")
    with Image.open(files[0]) as picture:
        assert picture.info["Title"] == "Rents <rise> & fall"


def test_words_in_an_image_are_words(tmp_path: Path) -> None:
    with house_style():
        image = save(figure(), tmp_path, "one")[1].read_text(encoding="utf-8")
    families = set(re.findall('font-family: ([^;"]+)', image))
    assert re.search("<text [^>]*>a label</text>", image)
    assert {family.split(", ")[-1] for family in families} == {"sans-serif"}


def test_a_head_takes_no_room_from_the_panels_however_much_it_says() -> None:
    heights = []
    for times in (1, 9):
        with house_style():
            made = new_figure(3.0)
            put_head(made, "A long title that says much " * times, "A note " * 9 * times, "A source")
            made.subplots()
            lay_out(made)
        heights.append(made.axes[0].get_position().height * made.get_figheight())
        assert all(
            width(line, style.TITLE_SIZE, bold=True) < style.WIDTH for line in made.texts[0].get_text().split("\n")
        )
    assert abs(heights[0] - heights[1]) < 0.02


def test_formulas_are_off_in_the_style_of_the_house() -> None:
    with house_style():
        made = new_figure(2.0)
        text = made.text(0.5, 0.5, "$\\frac{1$")
        assert not text.get_parse_math()
        made.canvas.draw()
    assert "text.parse_math: False" in style.SHEET.read_text(encoding="utf-8")


def test_a_small_mark_keeps_the_colour_of_its_meaning_among_many_shades(tmp_path: Path) -> None:
    with house_style():
        figure = new_figure(4.0)
        axes = figure.add_subplot()
        for step in range(100):  # bands over one another, as of curves
            axes.axhspan(4 * step, 4 * step + 4, color=(0.2, 0.2 + step / 200, 0.6), alpha=0.1 + step / 200)
            axes.axvspan(step / 100, step / 100 + 0.01, color=(step / 100, 0.6, 0.2), alpha=0.3)
        for place, colour in enumerate(COLOURS.values()):
            axes.plot([0.1 + place / 10], [200], "s", color=colour, markersize=3)
        png, _ = save(figure, tmp_path, "marks")
    shown = np.unique(np.asarray(Image.open(png).convert("RGB")).reshape(-1, 3), axis=0).astype(int)
    for colour in COLOURS.values():
        wanted = np.array([round(255 * part) for part in to_rgb(colour)])
        assert np.abs(shown - wanted).sum(axis=1).min() <= 15, colour
