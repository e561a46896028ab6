"""Figures as files: the same bytes whatever the layout's last bits are, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from experiments.reporting import style
from experiments.reporting.style import house_style, new_figure, put_head, save


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


def test_formulas_are_off_in_the_style_of_the_house() -> None:
    with house_style():
        made = new_figure(2.0)
        text = made.text(0.5, 0.5, "$\\frac{1$")
        assert not text.get_parse_math()
        made.canvas.draw()
    assert "text.parse_math: False" in style.SHEET.read_text(encoding="utf-8")
