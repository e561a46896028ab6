"""Figures from stored results, and lists of what can be set."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from experiments.cli import status
from experiments.design.arms import NAMED_ARMS
from experiments.engine.manifest import read_manifest
from experiments.engine.ours import check_replaceable
from experiments.engine.results import Results
from experiments.questions.compare.figures import draw
from experiments.questions.compare.result import read
from experiments.questions.question import View
from experiments.reporting.style import house_style
from experiments.tools.list import TOPICS, listing
from sim import OUTCOMES, Levers, load_parameters

FIGURES = {"cash", "curves", "differences", "members", "neighbourhoods", "society", "stock", "turns", "who-gains"}


def test_a_comparison_draws_every_figure_twice_and_none_is_large(results: Results) -> None:
    files = {path.name: path.stat().st_size for path in (results.folder / "figures").iterdir()}
    assert set(files) == {f"{name}.{kind}" for name in FIGURES for kind in ("png", "svg")}
    assert all(10_000 < size < 600_000 for size in files.values())


def test_figures_say_what_they_are_for_and_carry_no_date(results: Results) -> None:
    text = (results.folder / "figures" / "stock.svg").read_text()
    assert "dc:date" not in text
    assert "Samspel: exploration, not prediction for an estate" in text


def test_plot_draws_chosen_outcomes_and_arms_without_running(
    results: Results, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = [
        "--outcome",
        "trust",
        "--outcome",
        "rent",
        "--arms",
        "siloed,coordinated",
        "--out",
        str(tmp_path / "mine"),
    ]
    assert status(["plot", str(results.folder), *chosen]) == 0
    drawn = {path.name for path in (tmp_path / "mine").iterdir()}
    assert drawn == {f"{name}-trust-rent.{kind}" for name in ("curves", "differences") for kind in ("png", "svg")}
    assert all(str(tmp_path) in line for line in capsys.readouterr().out.splitlines())


def test_all_arms_and_all_outcomes_are_drawn_when_asked_for_and_no_figure_has_more_than_six_panels(
    results: Results,
) -> None:
    found = read(results.folder)

    def drawn(view: View) -> dict[str, Figure]:
        with house_style():
            return {one.name: one.make() for one in draw(found, view)}

    usual, every = drawn(View()), drawn(View(arms=("all",)))
    assert set(usual) == FIGURES and set(every) == FIGURES | {"neighbourhoods-by-year"}
    assert len(usual["curves"].axes) == len(every["curves"].axes) == 6
    arms = [len(one["curves"].axes[0].lines) for one in (usual, every)]
    assert arms == [2, len(results.arms)] == [2, 5]
    pages = {one.name for one in draw(found, View(outcomes=("all",)))}
    count = -(-len(results.outcomes) // 6)
    assert len(pages) == 2 * count and {"curves-all", f"curves-all-{count}", f"differences-all-{count}"} <= pages


def test_what_is_drawn_into_results_is_known_as_ours_and_what_is_put_there_is_not(
    results: Results, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(results.folder, folder)
    before = (folder / "manifest.json").read_bytes()
    chosen = ["plot", str(folder), "--outcome", "rent", "--arms", "siloed,coordinated"]
    assert status([*chosen, "--out", str(tmp_path / "mine")]) == 0
    assert (folder / "manifest.json").read_bytes() == before
    assert status([*chosen, "--out", str(folder / "figures" / ".." / "figures")]) == 0
    made = read_manifest(folder)
    assert {f"{name}-rent.{kind}" for name in ("curves", "differences") for kind in ("png", "svg")} <= set(
        made.made["figures"]
    )
    check_replaceable(folder)
    shutil.copy(folder / "figures" / "curves.png", folder / "figures" / "holiday.png")
    capsys.readouterr()
    assert status(["compare", "--region", "botkyrka", "--scale", "0.02", "--years", "1", "--out", str(folder)]) == 2
    assert "not ours (figures/holiday.png)" in capsys.readouterr().err
    assert (folder / "figures" / "holiday.png").is_file()


def test_plot_draws_a_neighbourhood_with_the_outcomes_recorded_there(results: Results, tmp_path: Path) -> None:
    place = results.areas("neighbourhood")[0]
    assert status(["plot", str(results.folder), "--area", place, "--out", str(tmp_path)]) == 0
    assert (tmp_path / f"curves-{place.lower()}.png").is_file()


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (["--outcome", "employmnt"], 'unknown outcome "employmnt"; did you mean "employment"'),
        (["--arms", "siloedd"], 'unknown arm "siloedd"; did you mean "siloed"'),
        (["--area", "Nowhere"], 'unknown area "Nowhere"'),
    ],
)
def test_plot_tells_names_that_the_results_do_not_hold(
    results: Results, tmp_path: Path, chosen: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["plot", str(results.folder), *chosen, "--out", str(tmp_path / "mine")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


def test_list_names_everything_that_can_be_set_chosen_or_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["list"]) == 0
    text = capsys.readouterr().out
    names = [
        *load_parameters().records,
        *Levers.model_fields,
        *NAMED_ARMS,
        *(o.name for o in OUTCOMES),
        "botkyrka",
    ]
    assert [name for name in names if name not in text] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_lists_fit_a_terminal(topic: str) -> None:
    assert max(len(line) for line in listing(topic).splitlines()) <= 110


def test_help_is_quick_because_nothing_heavy_is_loaded_for_it() -> None:
    heavy = ("mesa", "matplotlib", "numpy", "pandas", "sim")
    code = f"import experiments.cli, sys; print([m for m in {heavy} if m in sys.modules])"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "[]"
