"""A small episode from file to verdict."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.cli import status
from experiments.design.arms import choose_arms
from experiments.engine.manifest import read_manifest
from experiments.engine.results import Results
from experiments.questions.hindcast.measuring.runs import StoredRuns
from experiments.questions.hindcast.result import read
from experiments.questions.hindcast.score import score
from experiments.questions.hindcast.words import document
from sim import Collaboration, RenewalModel, load_region

from ...conftest import small
from .episodes import changed, written
from .planted import measure

DEFAULT = ["--over", "default", "--jobs", "1"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small episode, run."""
    place = tmp_path_factory.mktemp("hindcast")
    out = place / "out"
    assert status(["hindcast", str(written(place)), "--out", str(out), *DEFAULT]) == 0
    return out


def data(folder: Path) -> dict[str, Any]:
    """hindcast.json."""
    found: dict[str, Any] = json.loads((folder / "hindcast.json").read_text(encoding="utf-8"))
    return found


def again(folder: Path, place: Path, *changes: tuple[str, str]) -> dict[str, Any]:
    """The episode with other words, asked into a copy of the results, which has all runs; nothing is run."""
    out = place / "copy"
    shutil.copytree(folder, out)
    assert status(["hindcast", str(written(place, changed(*changes))), "--out", str(out), *DEFAULT]) == 0
    return data(out)


def test_results_tell_what_runs_foretell_beside_what_was_observed(folder: Path) -> None:
    found = data(folder)
    assert (found["schema"], found["kind"], found["arms"]) == (3, "hindcast", ["siloed", "clauses"])
    rent = found["measures"][0]
    results = Results(folder)
    place = results.areas("municipality").index("Botkyrka")
    expected = results.quarterly("rent", "siloed", "municipality")[:, 4:12, place].mean(axis=1)
    assert rent["predicted"]["values"] == pytest.approx(expected.tolist())
    low, median, high = (float(x) for x in np.quantile(expected, [0.05, 0.5, 0.95]))
    assert (rent["predicted"]["low_90"], rent["predicted"]["median"], rent["predicted"]["high_90"]) == pytest.approx(
        (low, median, high)
    )
    assert rent["observed"] == {
        "value": 950, "low": 900, "high": 1000, "unit": "SEK per m² and year", "source": "invented",
        "grade": "invented", "note": "",
    }  # fmt: skip
    places = found["measures"][1]
    assert places["verdict"] == "inside" and places["predicted"]["median"] == 50 * np.median(
        [len(rows) for rows in _places(results)]
    ), "at the region's full size"


def _places(results: Results) -> list[Any]:
    table = results.table("places")
    return [table[table["run"] == f"clauses/{number}"] for number in (1, 2)]


def test_a_planted_number_inside_is_inside_and_one_outside_is_not(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RenewalModel, "run", lambda _: pytest.fail("a finished run was run again"))
    rent = data(folder)["measures"][0]["predicted"]
    alone = ("low = 900\nhigh = 1000\n", "")
    inside = again(folder, tmp_path, ("observed = 950", f"observed = {rent['median']!r}"), alone)
    assert inside["measures"][0]["verdict"] == "inside" and inside["counts"]["inside"] == 2
    (tmp_path / "far").mkdir()
    far = again(folder, tmp_path / "far", ("observed = 950", "observed = 5000"), alone)
    assert far["measures"][0]["verdict"] == "far" and not far["measures"][0]["inside"]
    nothing = far["measures"][0]["no_change"]
    assert nothing["runs_are"] == ("less wrong" if rent["median"] > nothing["value"] else "more wrong")
    assert far["measures"][1]["sign"] == 1 and far["measures"][1]["no_change"]["runs_are"] == "less wrong"
    counted = [one["no_change"]["runs_are"] for one in far["measures"]]
    assert far["beside_no_change"] == {word: counted.count(word) for word in ("less wrong", "as wrong", "more wrong")}


def test_the_same_file_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    path = written(tmp_path)
    assert status(["hindcast", str(path), "--out", str(out), *DEFAULT[:2], "--jobs", "2", "--no-figures"]) == 0
    for name in ("hindcast.json", "hindcast.md", "runs.parquet", "curves.parquet", "places.parquet", "work.parquet",
                 "design.toml", "episode.toml"):  # fmt: skip
        assert (out / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_folder_holds_all_that_it_is_told_and_drawn_from(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(folder, copy)
    found = read(copy)
    assert document(found) == (copy / "hindcast.md").read_text(encoding="utf-8")
    assert status(["plot", str(copy)]) == 0
    assert (copy / "figures" / "hindcast.png").read_bytes() == (folder / "figures" / "hindcast.png").read_bytes()


def test_it_is_told_with_the_parameters_that_it_was_run_with_whatever_they_are_now(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = StoredRuns(Results(folder))
    assert [p.clause_places for p in stored.parameters("clauses")] == [0.2, 0.2]
    copy = tmp_path / "older"
    shutil.copytree(folder, copy)
    values = copy / "inputs" / "parameters.toml"
    values.write_text(values.read_text(encoding="utf-8") + "gone_since = 7.0\n", encoding="utf-8")
    assert StoredRuns(Results(copy)).parameters("siloed")[0].gone_since == 7.0
    assert document(read(copy)) == (copy / "hindcast.md").read_text(encoding="utf-8")


def test_the_manifest_names_the_episode_and_no_folder_of_a_moment(folder: Path) -> None:
    made = read_manifest(folder)
    assert made.kind == "hindcast" and made.region.name == "botkyrka-changed"
    assert [source.given.rpartition("/")[2] for source in made.sources] == ["small.toml", "small.toml"]
    assert (folder / "inputs" / "region" / "botkyrka-changed" / "neighbourhoods.csv").is_file()


def test_a_run_of_it_can_be_repeated_from_the_folder_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["rerun", "clauses/1", "--results", str(folder)]) == 0
    assert "clauses/1" in capsys.readouterr().out


def test_the_document_says_what_happened_what_was_changed_and_each_measure_in_prose(folder: Path) -> None:
    text = (folder / "hindcast.md").read_text(encoding="utf-8")
    assert text.startswith("# A small episode\n") and "Nothing that anybody knows of." in text
    assert "with changes: neighbourhoods.Alby.renovated" in text
    assert "**Rent.** Observed: 950" in text and "invented for illustration" in text


def test_without_events_in_its_measures_no_events_are_kept(tmp_path: Path) -> None:
    text = changed(("years = 3", "years = 2"), ("[2012, 2013]", "[2011, 2012]"), ("replicates = 2", "replicates = 1"))
    text = text[: text.rindex("[[measure]]")].replace('select = ["siloed", "clauses"]', 'select = ["siloed"]')
    out = tmp_path / "out"
    assert status(["hindcast", str(written(tmp_path, text)), "--out", str(out), *DEFAULT, "--no-figures"]) == 0
    assert not (out / "moves.parquet").exists() and (out / "curves.parquet").is_file()


def test_a_quick_look_takes_fewer_runs_at_a_smaller_scale_than_the_file_says(tmp_path: Path) -> None:
    text = changed(("scale = 0.02", "scale = 0.5"), ("replicates = 2", "replicates = 50"), ("years = 3", "years = 1"),
                   ("[2012, 2013]", "[2011, 2011]"))  # fmt: skip
    out = tmp_path / "out"
    command = ["hindcast", str(written(tmp_path, text)), "--out", str(out), *DEFAULT, "--quick", "--no-figures"]
    assert status([*command, "--scale", "0.02"]) == 0
    made = read_manifest(out)
    assert made.quick and made.replicates == 3 and made.region.scale == 0.02


def test_sets_of_parameters_are_scored_together_point_by_point(tmp_path: Path) -> None:
    """What a set of calibrated parameters foretells: the same measures over the points of a design."""
    arms = choose_arms(("siloed", "coordinated"), {})
    asked = small(tmp_path / "points", years=2, scale=0.02)
    points = [{"clause_places": 0.05}, {"clause_places": 0.2}]
    with asked.experiment("run") as experiment:
        experiment.run(asked.design(points, arms=arms, curves=True, detail=True, events=True))
    stored = StoredRuns(Results(asked.folder))
    rent = measure("rent", "SEK per m² and year", arm="coordinated", against="siloed", observed=1.0)
    places = measure("places.count", "places", arm="coordinated", observed=1.0)
    one, other = score(stored, [rent, places])
    assert len(one.values) == len(other.values) == 4 and one.known
    table = stored.results.table("places")
    assert [p.clause_places for p in stored.parameters("siloed")] == [0.05, 0.05, 0.2, 0.2]
    counts = [sum(table["run"] == f"{point}/coordinated/{number}") for point in (1, 2) for number in (1, 2)]
    assert other.values.tolist() == [count * 50 for count in counts]


def test_shocks_injections_and_dates_of_a_file_reach_the_runs(folder: Path, tmp_path: Path) -> None:
    text = changed(
        ("[set]", "[shocks.heat_price]\n2012 = 1.5\n[set]"),
        ("training = 1.0", "training = { strength = 1.0, from_year = 2013 }"),
        ("[[measure]]", '[[arms.clauses.injections]]\nowner = "Botkyrka"\nyear = 2012\nsek = 1e8\n\n[[measure]]'),
    )
    out = tmp_path / "out"
    assert status(["hindcast", str(written(tmp_path, text)), "--out", str(out), *DEFAULT, "--no-figures"]) == 0
    results, before = Results(out), Results(folder)
    assert results.quarterly("heat_price", "siloed")[:, 4, 0] == pytest.approx([1.5, 1.5])
    town = results.areas("municipality").index("Botkyrka")
    injected = results.quarterly("owner_injections", "clauses", "municipality")[:, :, town]
    assert injected[:, 4].min() > 0 and not results.quarterly("owner_injections", "siloed").any()
    begun, usual = results.table("places")["start"], before.table("places")["start"]
    assert len(begun) and begun.min() >= 8 > usual.min(), "contracts of earlier years ask for none"


def test_of_the_households_of_2011_are_those_who_lived_in_the_flats_that_were_not_empty(tmp_path: Path) -> None:
    """On the estate of which a third is empty; by the model's own record of who lived there at the start."""
    arms = choose_arms(("siloed", "coordinated"), {})
    asked = small(tmp_path / "estate", region="estate-in-distress", years=1, replicates=1)
    with asked.experiment("run") as experiment:
        experiment.run(asked.design(arms=arms, curves=True, detail=True, events=True))
    stored = StoredRuns(Results(asked.folder))
    (seed,) = {run.seed for run in stored.results.design.runs}
    region = load_region("estate-in-distress", 0.05)
    model = RenewalModel(region, Collaboration.preset("siloed"), seed, years=1, events=True)
    lived = model.world.cohort.lived.copy()
    assert stored.households.tolist() == np.flatnonzero(lived).tolist() and 0.25 < 1.0 - lived.mean() < 0.40
    model.run()
    assert model.world.events is not None
    work = np.unpackbits(model.world.events.work.packed, axis=1, count=len(lived))
    share = 100.0 * float(work[:, lived].mean())
    for over in ({}, {"people": "of_2011"}, {"people": "took_no_place"}):
        asked_for = measure("people.at_work", "%", arm="siloed", over=over, observed=1.0)
        assert score(stored, [asked_for])[0].values == pytest.approx([share]), over
