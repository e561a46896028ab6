"""What was assumed to read a person's files is said once, in words, and stored with the results."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

from experiments.cli import status
from experiments.engine.manifest import read_manifest
from sim.inputs.problems import InputError, Problem
from sim.inputs.seeds_folder import seeds_folder


def test_what_was_assumed_is_said_once_and_stored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    builders = Path(shutil.copytree(seeds_folder() / "botkyrka", "mine")) / "builders.csv"
    builders.write_text(builders.read_text("utf-8").replace(";", "/").replace(",", ";"), encoding="cp1252")
    Path("points.csv").write_text("training;grant_rate\n0,5;0,1\n")
    settings = 'region = "mine"\nscale = 0.02\nyears = 1\nreplicates = 1\nselect = ["siloed", "södra"]\n'
    design = f'points = "points.csv"\n{settings}[arms."södra"]\npreset = "local"\n'
    Path("design-of-mine.toml").write_text(design, encoding="cp1252")
    assert status(["run", "design-of-mine.toml", "--out", "out", "--jobs", "1", "--no-figures"]) == 0
    notes = read_manifest(Path("out")).notes
    assert [note.partition(": read as ")[0] for note in notes] == [
        "design-of-mine.toml",
        "points.csv",
        "mine/builders.csv",
    ]
    said = capsys.readouterr().err
    assert all(said.count(note) == 1 for note in notes)


def test_problems_pass_between_processes() -> None:
    error = InputError([Problem("mine.csv", "wrong", 2, "Alby", "flats")])
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) and again.problems == error.problems
