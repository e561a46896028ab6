"""Every figure of every command, opened at small size: what stands in it can be read, on a page and on a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from experiments.analysis.intervals import Interval
from experiments.analysis.prim import Box, Check, Limit
from experiments.engine.manifest import read_manifest
from experiments.questions.discover import result as discover
from experiments.questions.discover.figures import draw_box
from experiments.questions.kinds import answer_of
from experiments.questions.question import Drawing, View
from experiments.reporting.over_figure import draw_headlines
from experiments.reporting.over_set import Over
from experiments.reporting.quantity import quantity_of
from experiments.reporting.style import house_style, new_figure, put_head
from tests.legible import faults
from tests.test_fingerprint import COMMANDS, SMALL, ask

# What else is drawn: from one replicate, from a design over points, and over many arms.
OTHERS = {
    "alone": ["compare", *SMALL, "--years", "2", "--replicates", "1"],
    "quick": ["sweep", "trust_start=0.1:0.9:3", *SMALL, "--years", "2", "--replicates", "1", "--outcome", "rent"],
    "over": ["compare", "--over", "set", "--members", "4", *SMALL, "--years", "3"],
    "practices": ["factorial", *SMALL, "--years", "1", "--replicates", "1", "--outcome", "npv_society"],
}
MAPPED = ["compare", "--region", "estate-in-distress", "--scale", "0.05", "--seed", "7", "--jobs", "1", "--years", "2",
          "--replicates", "2", "--no-turns"]  # fmt: skip
DESIGN = """region = "botkyrka"
scale = 0.02
years = 2
replicates = 2
jobs = 1
select = ["siloed", "coordinated"]
[vary]
boom_demand = [1.0, 1.2, 1.4]
"""


def drawings(folder: Path) -> Iterator[Drawing]:
    """The figures of some results."""
    answer = answer_of(read_manifest(folder).kind, str(folder))
    yield from answer.draw(answer.read(folder), View())


def read(folder: Path) -> dict[str, list[str]]:
    """What is hard to read, by figure."""
    found = {}
    for drawing in drawings(folder):
        with house_style():
            found[drawing.name] = faults(drawing.make())
    assert found
    return {name: lines for name, lines in found.items() if lines}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_figure_of_a_command_can_be_read(name: str, asked_small: Callable[[str], Path]) -> None:
    assert read(asked_small(name)) == {}


@pytest.mark.parametrize("name", OTHERS)
def test_so_can_those_from_one_replicate(name: str, tmp_path: Path) -> None:
    assert read(ask(OTHERS[name], tmp_path / "out")) == {}


def test_so_can_a_schematic_map_which_there_is_where_the_tables_have_one(
    tmp_path: Path, asked_small: Callable[[str], Path]
) -> None:
    made = ask(MAPPED, tmp_path / "out")
    assert "map" in {drawing.name for drawing in drawings(made)} and read(made) == {}
    assert read_manifest(made).tile_of == {"Tallmon": (0, 0), "Granmon": (1, 0), "Björkmon": (1, 1)}
    assert "map" not in {drawing.name for drawing in drawings(asked_small("compare"))}


def test_so_can_those_of_a_design_over_points(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(DESIGN)
    assert read(ask(["run", str(tmp_path / "mine.toml")], tmp_path / "out")) == {}


def test_so_can_a_box_with_limits(asked_small: Callable[[str], Path]) -> None:
    found = discover.read(asked_small("discover"))
    names = [found.inputs.columns[0], "mean_interest", found.inputs.columns[3]]
    limits = tuple(Limit(name, float(found.pairs[name].median()), place < 2, 0.01) for place, name in enumerate(names))
    box = Box(limits, 0.7, 0.8, 0.3, 0.5, ((1.0, 0.5), (0.9, 0.6), (0.3, 0.9)))
    with house_style():
        assert faults(draw_box(replace(found, box=box, check=Check(0.6, 0.5, {(names[0], True): 0.7})))) == []


def test_so_can_results_over_members_of_a_set() -> None:
    names = ("npv_society", "npv_private_landlords_closing", "rent", "employment", "moves_caused")
    values = (Interval(6.0, 4.9, 7.2, 6), Interval(-0.4, -1.3, 0.5, 6), Interval(0.0, 0.0, 0.0, 6))
    over = [
        Over(quantity_of(name, 100), 6, share, 1.0 - share if not share else 0.0, values[place % 3])
        for place, (name, share) in enumerate(zip(names, (1.0, 0.5, 0.0, 0.0, 2 / 3), strict=True))
    ]
    with house_style():
        assert faults(draw_headlines(over, "A source")) == []


# --- what makes a figure hard to read is found


def good() -> Figure:
    made = new_figure(3.0)
    put_head(made, "Rent is better", "How to read it.", "A source")
    axes = made.subplots()
    axes.plot([0, 1], [0, 1])
    axes.set_xlabel("SEK a flat")
    axes.set_ylabel("% of flats")
    return made


def beyond(figure: Figure) -> None:
    figure.text(0.98, 0.5, "runs over the edge")


def over(figure: Figure) -> None:
    figure.axes[0].text(0.5, 0.5, "one text", ha="center", va="center")
    figure.axes[0].text(0.51, 0.52, "another", ha="center", va="center")


def over_turned(figure: Figure) -> None:
    figure.axes[0].text(0.5, 0.5, "a text that is long enough", ha="center", va="center", rotation=45)
    figure.axes[0].text(0.52, 0.55, "another", ha="center", va="center", rotation=45)


def tiny(figure: Figure) -> None:
    figure.axes[0].text(0.2, 0.8, "tiny", fontsize=8.5)


def unnamed(figure: Figure) -> None:
    figure.axes[0].set_ylabel("")


def powers(figure: Figure) -> None:
    figure.axes[0].plot([0, 1], [0, 4e6])


def cut(figure: Figure) -> None:
    figure.axes[0].set_title("Words that go on and\N{HORIZONTAL ELLIPSIS}")


def untitled(figure: Figure) -> None:
    figure.texts[0].set_text("Rent by year")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (beyond, "beyond the edge"),
        (over, "lies over"),
        (over_turned, "lies over"),
        (tiny, "points in print"),
        (unnamed, "and no words"),
        (powers, "in units of 1e6"),
        (cut, "is cut"),
        (untitled, "does not say what was found"),
    ],
)
def test_what_is_hard_to_read_is_found(spoil: Callable[[Figure], None], told: str) -> None:
    with house_style():
        assert faults(good()) == []
        made = good()
        spoil(made)
        found = faults(made)
    assert len(found) == 1 and told in found[0]


def test_turned_texts_whose_boxes_alone_meet_are_apart() -> None:
    with house_style():
        made = good()
        for shift in (0.0, 0.1):
            made.axes[0].text(0.4 + shift, 0.5, "texts in parallel", ha="center", va="center", rotation=45)
        assert faults(made) == []
