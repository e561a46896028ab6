"""Tables of single events: kept where a design asks for them, taken over, and changing no other number."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.engine.design import Design, World, make_design
from experiments.engine.experiment import Execution, Experiment
from experiments.engine.identity import digests
from experiments.engine.points import Treatment
from experiments.engine.results import Results
from sim import EVENT_TABLES, Collaboration, RenewalModel, SamspelError, load_region
from sim.recording.work_spells import packed_work

REGIONAL = Treatment("regional", Collaboration.preset("regional"), {"clause_places": 0.2}, {})


def design(events: bool = True, replicates: int = 1) -> Design:
    """Full collaboration with many training places, three years."""
    return make_design(World("botkyrka", 0.02, 3, False, events=events), [REGIONAL], replicates, 1)


def ran(out: Path, asked: Design) -> Results:
    """A design, run into a folder."""
    with Experiment(out, "run", (), Execution(1, show_progress=False)) as experiment:
        return experiment.run(asked)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Such a run with its events."""
    return ran(tmp_path_factory.mktemp("events") / "kept", design())


def test_every_table_of_events_stands_in_the_results_with_its_columns(kept: Results) -> None:
    for name, columns in EVENT_TABLES.items():
        assert list(kept.table(name).columns) == ["run", "arm", "replicate", *columns]
    assert len(kept.table("moves")) and len(kept.table("tenders")) and len(kept.table("work"))


def test_a_design_that_asks_for_no_events_keeps_none_and_all_else_to_the_bit(kept: Results, tmp_path: Path) -> None:
    without = ran(tmp_path / "without", design(events=False))
    assert not any(without.has_table(name) for name in EVENT_TABLES)
    pd.testing.assert_frame_equal(without.curves(), kept.curves())
    with pytest.raises(SamspelError, match="holds no moves"):
        without.table("moves")


def test_runs_with_and_without_events_are_different_runs_and_those_without_are_called_as_ever() -> None:
    assert digests(design()) != digests(design(events=False))
    plain = World("botkyrka", 0.02, 3, False)
    assert digests(design(events=False)) == digests(replace(design(events=False), world=plain))


def test_a_stored_design_asks_for_its_events_again(kept: Results) -> None:
    assert kept.design.world.events


def test_events_of_finished_results_are_taken_over(
    kept: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "again"
    before = {name: len(kept.table(name)) for name in EVENT_TABLES}
    ran(out, design())
    first = {path.name: path.read_bytes() for path in out.glob("*.parquet")}
    monkeypatch.setattr(RenewalModel, "run", lambda _: pytest.fail("a finished run was run again"))
    again = ran(out, design())
    assert {name: len(again.table(name)) for name in EVENT_TABLES} == before
    assert {path.name: path.read_bytes() for path in out.glob("*.parquet")} == first


def test_spells_of_work_are_the_bits_of_every_quarter() -> None:
    model = RenewalModel(load_region("botkyrka", 0.02), Collaboration("none"), 1, years=3, events=True).run()
    assert model.events is not None
    spells, n = model.event_tables()["work"], model.residents.n
    columns = (spells[name].to_numpy() for name in EVENT_TABLES["work"])
    assert np.array_equal(packed_work(*columns, model.quarters, n), model.events.work.packed)
    last = np.unpackbits(model.events.work.packed[-1], count=n).astype(bool)
    r = model.residents
    here = r.occupied & (r.household < n)
    assert np.array_equal(last[r.household[here]], (r.work[here] == 1) | (r.programme[here] == 3))


def test_a_model_without_events_has_no_tables_of_them() -> None:
    assert RenewalModel(load_region("botkyrka", 0.02), Collaboration("none"), 1, years=1).event_tables() == {}
