"""Any name, wherever it is shown: no formula, no markup, no crash; and a figure that fails costs that figure only."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from experiments.cli import status
from experiments.engine.results import Results
from experiments.questions import drawing
from experiments.questions.compare import figures as compare_figures
from experiments.questions.compare import neighbourhoods
from experiments.questions.compare.areas import ROOM, row_label
from experiments.questions.sweep import figures
from experiments.reporting.names import markdown, terminal, width
from experiments.reporting.style import SIZE
from sim import SamspelError
from sim.inputs.seeds_folder import seeds_folder

TITLE = '<script>alert("1")</script> | `a` [x](y) *a* # h $\\frac{1}{0$ 😀 שלום'
AREAS = {
    "Alby": "$x^2$ & <b>Alby</b> | `c`",
    "Fittja": "Fittja \\frac{1}{ %s {0} _a_ ^",
    "Hallunda": "Hallunda 😀 東京",
    "Norsborg": "שכונה ראשונה",
    "Storvreten": "Storvreten" + " very long" * 30,
    "Botkyrka": "Bot$kyrka",
}
SWEEP = (
    "sweep", "trust_start=0.2:0.5:2", "--outcome", "rent", "--region", "botkyrka", "--scale", "0.02", "--years", "1",
    "--replicates", "1", "--jobs", "1", "--arms", "siloed,coordinated",
)  # fmt: skip
LABEL = 'My $a_$ <i>arm</i> | *x* {0} %d [l](u) 😀 "q"' + " long" * 10


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region with names that somebody may have, or may try."""
    folder = tmp_path_factory.mktemp("names") / "region"
    shutil.copytree(seeds_folder() / "botkyrka", folder)
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = list(csv.reader(file))
        kept = {"neighbourhood", "municipality", "neighbourhoods"}
        named = [
            [";".join(AREAS.get(part, part) for part in cell.split(";")) if key in kept else cell
             for key, cell in zip(head, row, strict=True)]
            for row in rows
        ]  # fmt: skip
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *named])
    about = (folder / "region.toml").read_text(encoding="utf-8")
    title = f"title = {json.dumps(TITLE, ensure_ascii=False)}"
    about = re.sub(r"^title = .*$", lambda _: title, about, count=1, flags=re.MULTILINE)
    (folder / "region.toml").write_text(about, encoding="utf-8")
    label = json.dumps(LABEL, ensure_ascii=False)
    arms = f'select = ["siloed", "mine"]\n[arms.mine]\npreset = "regional"\nlabel = {label}\n'
    (folder.parent / "mine.toml").write_text(arms, encoding="utf-8")
    return folder


def ask(place: Path, out: Path, *question: str) -> int:
    small = ["--scale", "0.02", "--years", "2", "--replicates", "1", "--jobs", "1", "--out", str(out)]
    return status([*question, "--region", str(place), "--config", str(place.parent / "mine.toml"), *small])


def markup(text: str) -> str:
    """A summary without the command, escapes, and what is ours: emphasis and code."""
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", re.sub(r"^    .*$", "", text, flags=re.MULTILINE))
    return re.sub(r"\*\*|^\*|\*$|`samspel [a-z -]+`", "", bare, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "question",
    [
        ("compare",),
        ("sweep", "trust_start=0.2:0.5:2", "--outcome", "rent"),
        ("sweep", "trust_start=0.2:0.5:2", "boom_demand=1.1:1.2:2", "--outcome", "rent"),
        ("discover", "--runs", "20"),
    ],
    ids=lambda question: f"{question[0]}-{len(question)}",
)
def test_names_are_shown_as_they_are_written(place: Path, tmp_path: Path, question: tuple[str, ...]) -> None:
    out = tmp_path / "out"
    assert ask(place, out, *question) == 0
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["failed_figures"] == {}
    summary = (out / "summary.md").read_text(encoding="utf-8")
    first = summary.splitlines()[0]
    assert "&lt;script&gt;" in first and first.startswith("# ") and "\\$\\\\frac" in first
    assert not re.search(r"[<>`$]|\]\(", markup(summary)) and "&lt;i&gt;arm" in summary
    for table in re.findall(r"(?:^\|.*\n?)+", summary, flags=re.MULTILINE):
        bars = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(bars) == 1, table
    for picture in (out / "figures").glob("*.svg"):
        assert picture.with_suffix(".png").stat().st_size > 5000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a.se/b_c?d=1", "https\\://a.se/b_c?d=1"),
        ("(HTTP://a.se)", "(HTTP\\://a.se)"),
        ("see www.a.se", "see www\\.a.se"),
        ("ftp://a.se, https://b.se", "ftp\\://a.se, https\\://b.se"),
        ("<https://a.se>", "&lt;https\\://a.se&gt;"),
        ("12:30, 1.5: a", "12:30, 1.5: a"),
    ],
)
def test_an_address_is_text_and_no_link(text: str, shown: str) -> None:
    assert markdown(text) == shown and terminal(shown) == text


LONG = ("W" * 60, "Västmanlands Södra Skärgårdskommun med ett långt namn till", "Södertälje", "שכונה " * 10)


@pytest.mark.parametrize("town", ["", *LONG])
@pytest.mark.parametrize("name", LONG)
def test_names_beside_rows_fit_into_their_room(name: str, town: str) -> None:
    text = row_label(name, town)
    assert width(text, SIZE) <= ROOM + 0.01
    assert text.startswith((town or name)[:6]) and (len(name + town) > 30 or name in text)


def test_no_name_beside_a_row_leaves_the_figure_or_drives_titles_together(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(place, place.with_name("long"))
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace(AREAS["Botkyrka"], "W" * 60), encoding="utf-8")
    assert ask(folder, tmp_path / "out", "compare", "--no-figures") == 0
    figures: list[Figure] = []

    def kept(results: Results, on: str, off: str) -> Figure:
        figures.append(neighbourhoods.draw_neighbourhoods(results, on, off))
        return figures[-1]

    monkeypatch.setattr(drawing, "default_jobs", lambda: 1)
    monkeypatch.setattr(compare_figures, "draw_neighbourhoods", kept)
    assert status(["plot", str(tmp_path / "out")]) == 0
    [figure] = figures
    panels = figure.axes
    assert len(panels) == 3 and any("WWW" in label.get_text() for label in panels[0].get_yticklabels())
    assert min(label.get_window_extent().x0 for label in panels[0].get_yticklabels()) > 0
    for one in panels:
        assert one.get_window_extent().width / figure.dpi > 1.6  # as wide as the longest title


@pytest.mark.parametrize("area", [AREAS["Alby"], AREAS["Storvreten"], AREAS["Botkyrka"]])
def test_an_area_of_any_name_is_drawn_by_itself(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, area: str
) -> None:
    monkeypatch.setattr(drawing, "default_jobs", lambda: 1)
    out = tmp_path / "out"
    assert ask(place, out, "compare", "--no-figures") == 0
    assert status(["plot", str(out), "--area", area, "--outcome", "reputation"]) == 0
    assert len(list((out / "figures").iterdir())) == 4


@pytest.mark.parametrize("name", ["a|b", "*a*", "$x", "<b>", "_a", "a_", "a--b", "", "`"])
def test_an_arm_is_named_so_that_it_reads_the_same_in_lists_and_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text(f"[arms.{json.dumps(name)}]\npreset = 'regional'\n", encoding="utf-8")
    assert status(["compare", "--config", str(config), "--out", str(tmp_path / "no")]) == 2
    assert "cannot be the name of an arm" in capsys.readouterr().err and not (tmp_path / "no").exists()


def defect(*_: object) -> Figure:
    raise ValueError("a defect\nof ours")


def impossible(*_: object) -> Figure:
    raise SamspelError("a wish that cannot be drawn")


def exhausted(*_: object) -> Figure:
    raise MemoryError


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (defect, "figure levels: an error of samspel itself, please report it: ValueError: a defect of ours [test_"),
        (impossible, "figure levels: a wish that cannot be drawn"),
        (exhausted, "figure levels: there was not enough memory to draw it"),
    ],
)
def test_a_figure_that_fails_costs_that_figure_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    broken: Callable[..., Figure], said: str,
) -> None:  # fmt: skip
    out = tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr(figures, "draw_levels", broken)
        assert status([*SWEEP, "--out", str(out)]) == 1
    told = capsys.readouterr()
    assert said in told.err and "Rent." in told.out
    assert {path.stem for path in (out / "figures").iterdir()} == {"sweep", "years"}
    assert (out / "runs.parquet").is_file() and (out / "curves.parquet").is_file()
    for file in ("manifest.json", "summary.json"):
        failed = json.loads((out / file).read_text(encoding="utf-8"))["failed_figures"]
        assert list(failed) == ["levels"] and failed["levels"].startswith(said), file
    assert "**Failed figures.** 1 figure could not be drawn" in (out / "summary.md").read_text(encoding="utf-8")
    # Plot tries again.
    monkeypatch.setattr(drawing, "default_jobs", lambda: 1)
    assert status(["plot", str(out)]) == 0 and (out / "figures" / "levels.png").is_file()


def test_plot_tells_a_figure_that_fails_and_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert status([*SWEEP, "--out", str(out)]) == 0
    before = {path.name: path.read_bytes() for path in (out / "figures").iterdir()}
    capsys.readouterr()
    monkeypatch.setattr(figures, "draw_levels", defect)
    monkeypatch.setattr(drawing, "default_jobs", lambda: 1)
    assert status(["plot", str(out)]) == 1
    told = capsys.readouterr()
    assert "samspel: figure levels: an error of samspel itself" in told.err and "years.png" in told.out
    assert {path.name: path.read_bytes() for path in (out / "figures").iterdir()} == before


def test_a_process_that_ends_while_it_draws_costs_its_figures_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken:
        """A pool whose processes are gone."""

        def __enter__(self) -> Broken:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing is left to end."""

        def submit(self, *_: object) -> Future[drawing.Drawn]:
            future: Future[drawing.Drawn] = Future()
            future.set_exception(BrokenProcessPool())
            return future

        def refusal(self) -> str:
            """None of them refused to begin."""
            return ""

        def ending(self) -> str:
            """How the first of them ended."""
            return "ended by SIGKILL, perhaps for want of memory"

    out = tmp_path / "out"
    assert status([*SWEEP, "--out", str(out), "--no-figures"]) == 0
    monkeypatch.setattr(drawing, "worker_pool", lambda _: Broken())
    monkeypatch.setattr(drawing, "default_jobs", lambda: 2)
    assert status(["plot", str(out)]) == 1
    assert capsys.readouterr().err.count("a worker process ended by SIGKILL, perhaps for want of memory") == 3


def test_a_defect_in_what_lists_the_figures_costs_no_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(figures, "Drawing", defect)
    assert status([*SWEEP, "--out", str(out)]) == 1
    assert "all figures: an error of samspel itself" in capsys.readouterr().err
    assert (out / "summary.md").is_file() and (out / "runs.parquet").is_file()
