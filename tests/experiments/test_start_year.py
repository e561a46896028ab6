"""A region that starts in another year: whatever tells a calendar year tells that one's."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from experiments.cli import status
from experiments.engine.results import Results
from experiments.questions.validate.departures import aggregate_by_arm, departures, told
from experiments.questions.validate.measuring.measures import measure
from sim import Region, load_parameters, load_region
from sim.inputs.seeds_folder import seeds_folder


def starting(folder: Path, year: int) -> Path:
    """The estate in distress, that many years later."""
    copy = Path(shutil.copytree(seeds_folder() / "estate-in-distress", folder / f"from-{year}"))
    path = copy / "region.toml"
    path.write_text(f"start_year = {year}\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    return copy


@pytest.fixture
def later(tmp_path: Path) -> Region:
    return load_region(starting(tmp_path, 2019), 0.1)


def test_results_summary_and_tables_tell_the_years_of_the_region(tmp_path: Path) -> None:
    small = ["--scale", "0.05", "--years", "2", "--replicates", "1", "--jobs", "1", "--no-turns", "--no-figures"]
    folder, out = starting(tmp_path, 2019), tmp_path / "out"
    assert status(["compare", "--region", str(folder), *small, "--out", str(out)]) == 0
    results = Results(out)
    assert results.made.first_year == 2019 and results.years.tolist() == [2019, 2020]
    assert set(results.table("programmes", ["year"]).year) == {2019, 2020}
    summary = (out / "summary.md").read_text(encoding="utf-8")
    assert "2 years from 2019" in summary and "years from 2011" not in summary and "SEK of 2011" in summary


def test_the_benchmark_without_agents_tells_them_too(later: Region) -> None:
    aggregate = aggregate_by_arm(("siloed",), 3, later)
    found = departures({"siloed": aggregate["siloed"]}, aggregate, ["rent"], first_year=later.start_year)
    assert found[0].years.tolist() == [2019, 2020, 2021] and "Last year: 2021" in told(found)


def test_a_pattern_of_other_years_is_not_measured_where_they_are_not_run(later: Region, tmp_path: Path) -> None:
    p = load_parameters()
    late = measure(later, p, 1, ["P2", "P3", "P18"], years=13)
    assert np.isnan(late["P3.change"]) and np.isnan(late["P18.debt"])
    # With another seed the company fails and has no debt to compare.
    usual = measure(load_region("estate-in-distress", 0.1), p, 2, ["P3", "P18"], years=13)
    assert usual["P3.change"] < 0.0 and usual["P18.debt"] > 0.0
    early = measure(load_region(starting(tmp_path, 2009), 0.1), p, 1, ["P3"], years=14)
    assert early["P3.change"] < 0.0
