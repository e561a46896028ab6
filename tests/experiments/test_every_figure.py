"""Every figure of every command, opened at small size: what stands in it can be read, on a page and on a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from experiments.engine.manifest import read_manifest
from experiments.questions.kinds import answer_of
from experiments.questions.question import Drawing, View
from experiments.reporting.style import house_style
from tests.legible import faults
from tests.test_fingerprint import COMMANDS

# Figures that are hard to read and known to be.
KNOWN = {
    ("calibrate", "parameters"), ("calibrate", "measures"),
}  # fmt: skip


def drawings(folder: Path) -> Iterator[Drawing]:
    """The figures of some results."""
    answer = answer_of(read_manifest(folder).kind, str(folder))
    yield from answer.draw(answer.read(folder), View())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_figure_of_a_command_can_be_read(name: str, asked_small: Callable[[str], Path]) -> None:
    found: dict[str, list[str]] = {}
    for drawing in drawings(asked_small(name)):
        with house_style():
            found[drawing.name] = faults(drawing.make())
    assert found
    told = {figure: lines for figure, lines in found.items() if lines and (name, figure) not in KNOWN}
    assert told == {}
    assert not {figure for figure, lines in found.items() if not lines and (name, figure) in KNOWN}, "cured"
