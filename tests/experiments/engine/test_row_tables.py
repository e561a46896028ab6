"""Tables of single rows beside runs and curves: stored as sealed, found again, taken over, and told where harmed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.engine import finals, part_file
from experiments.engine.experiment import Experiment
from experiments.engine.packed_tables import pack_tables, unpack_tables
from experiments.engine.results import Results
from sim import TABLES, RenewalModel, SamspelError
from sim.recording.tables import frame

from .conftest import QUIET, fingerprints, run, small
from .test_room_and_trust import Full, _Unhindered


class Telling(RenewalModel):
    """A model that counts its kind and has rows to tell, others for each seed and length."""

    made = 0

    def tables(self) -> dict[str, pd.DataFrame]:
        """Some programmes, and payments where the seed is even."""
        Telling.made += 1
        owners = [f"Ägare {number}" for number in range(2 + self.seed % 5)]
        programmes = [
            (owner, "Fittja, norra", 2011, 12.5, 8.0, float(self.quarters), "hands", 2021, 0.5) for owner in owners
        ]
        payments = [(3, "state", owner, "Fittja 2011", "energy", self.seed / 3) for owner in owners]
        talks = [(0, "Fittja", "state", "Fittja 2011", 5.0, 3.0, 2.0 * self.seed, "short", "not_worth_it")]
        budgets = [(2011, "Fittja", "state", self.seed / 7)]
        few = payments * (self.seed % 2)
        rows = {"programmes": programmes, "payments": few, "talks": talks, "budgets": budgets}
        return {name: frame(rows[name], columns) for name, columns in TABLES.items()}


@pytest.fixture(autouse=True)
def telling(monkeypatch: pytest.MonkeyPatch) -> None:
    """All runs here have rows to tell."""
    monkeypatch.setattr("sim.RenewalModel", Telling)
    Telling.made = 0


def test_tables_come_out_as_they_were_packed_however_few_rows_they_have() -> None:
    rows = {
        "programmes": [
            ("Å", "B \N{SNOWMAN}", 2011, 0.1, 1e9, 0.0, "none", 2020, 0.0),
            ("Å", "", 2012, 0.2, 0.0, 0.0, "hands", 2021, 0.5),
        ]
    }
    frames = {name: frame(rows.get(name, ()), columns) for name, columns in TABLES.items()}
    packed = pack_tables(frames)
    found = unpack_tables(packed)
    assert list(found) == list(TABLES)
    for name, table in found.items():
        assert table.num_rows == len(rows.get(name, ()))
        assert [table.schema.field(one).type for one in TABLES[name]] == [
            finals.CELLS[k] for k in TABLES[name].values()
        ]
        assert [tuple(row.values()) for row in table.to_pylist()] == list(rows.get(name, ()))
    assert pack_tables({name: table.to_pandas() for name, table in found.items()}) == packed


def test_every_run_stores_its_rows_and_they_join_on_the_run(tmp_path: Path) -> None:
    results = run(tmp_path / "out", small(points=[{"grant_rate": 0.2}]))
    for name in TABLES:
        table = results.table(name)
        assert list(table) == ["run", "point", "arm", "replicate", *TABLES[name]] and results.has_table(name)
        for _, one in results.runs.iterrows():
            kept = table[table["run"] == one["run"]]
            owners, odd = len([*range(2 + one["seed"] % 5)]), one["seed"] % 2
            expected = {"programmes": owners, "payments": owners * odd, "talks": 1, "budgets": 1}[name]
            assert len(kept) == expected and set(kept["arm"]) <= {one["arm"]}
    assert list(results.table("programmes", ["run", "cause"])) == ["run", "cause"]


def test_where_nothing_happened_a_table_without_rows_has_its_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Telling, "tables", lambda _: {name: frame((), columns) for name, columns in TABLES.items()})
    results = run(tmp_path / "out", small())
    for name, columns in TABLES.items():
        schema = pq.read_schema(tmp_path / "out" / f"{name}.parquet")
        assert [schema.field(one).type for one in columns] == [finals.CELLS[kind] for kind in columns.values()]
        assert results.table(name).empty


def test_with_end_outcomes_alone_no_rows_are_kept_which_is_told(tmp_path: Path) -> None:
    results = run(tmp_path / "out", small(curves=False))
    assert not results.has_table("payments") and Telling.made == 0
    with pytest.raises(
        SamspelError, match=r"holds no payments\.parquet; it is kept only where outcomes are kept by qu"
    ):
        results.table("payments")
    with pytest.raises(SamspelError, match=r'unknown table "payment".*did you mean "payments"'):
        results.table("payment")


def test_each_stage_has_tables_of_its_own(tmp_path: Path) -> None:
    with Experiment(tmp_path / "out", "test", ["test"], QUIET) as experiment:
        experiment.run(small("siloed", replicates=1))
        experiment.run(small("siloed", replicates=2), "second")
    first = Results(tmp_path / "out")
    assert set(first.table("programmes")["run"]) == {"siloed/1"}
    assert set(first.at("second").table("programmes")["run"]) == {"siloed/1", "siloed/2"}


def test_a_further_stage_has_only_tables_with_rows_and_is_taken_over_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Telling.tables
    monkeypatch.setattr(
        Telling, "tables", lambda self: told(self) | {n: frame((), TABLES[n]) for n in ("payments", "talks", "budgets")}
    )
    for again in (False, True):
        Telling.made = 0
        with Experiment(tmp_path / "out", "test", ["test"], QUIET) as experiment:
            experiment.run(small("siloed"), "second")
        assert (Telling.made == 0) == again
        assert {path.name for path in (tmp_path / "out").glob("*s-second.parquet")} == {
            "runs-second.parquet", "curves-second.parquet", "programmes-second.parquet",
        }  # fmt: skip
    assert capsys.readouterr().err == ""


def test_runs_are_taken_over_with_their_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path / "whole", small(replicates=3))
    run(tmp_path / "out", small(replicates=1))
    Telling.made = 0
    run(tmp_path / "out", small(replicates=3))
    assert Telling.made == 4 and capsys.readouterr().err == ""
    assert fingerprints(tmp_path / "out") == fingerprints(tmp_path / "whole")


NUMBERS = {"programmes": "begun_flats", "payments": "sek", "talks": "short_sek"}


def changed(path: Path) -> None:
    """A programme began more flats than it did."""
    table = pq.read_table(path)
    place = table.schema.get_field_index(name := NUMBERS[path.stem])
    values = [table[name][0].as_py() + 1.0, *table[name].to_pylist()[1:]]
    pq.write_table(table.set_column(place, table.field(name), pa.array(values, pa.float64())), path)


HARM = {
    "changed": changed, "gone": lambda path: path.unlink(), "empty": lambda path: path.write_bytes(b""),
    "rows left out": lambda path: pq.write_table(pq.read_table(path).slice(1), path),
    "another table": lambda path: pq.write_table(pa.table({"run": ["siloed/1"]}), path),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("name", list(NUMBERS))
def test_a_run_whose_rows_do_not_hold_is_told_and_computed_again(
    name: str, harm: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path / "whole", small(replicates=3))
    shutil.copytree(tmp_path / "whole", tmp_path / "out")
    HARM[harm](tmp_path / "out" / f"{name}.parquet")
    with pytest.raises(SamspelError, match=rf"{name}\.parquet: (damaged|is gone)"):
        Results(tmp_path / "out").table(name)
    Telling.made = 0
    run(tmp_path / "out", small(replicates=3))
    assert f"warning: {tmp_path / 'out' / name}.parquet: " in capsys.readouterr().err
    assert Telling.made >= 1
    assert fingerprints(tmp_path / "out") == fingerprints(tmp_path / "whole")


def test_a_full_disk_names_the_table_that_it_has_no_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finals.pq, "ParquetWriter", Full)
    monkeypatch.setattr(part_file, "pq", _Unhindered())
    Full.room = 2  # runs and curves
    with pytest.raises(OSError, match="No space left on device") as caught:
        run(tmp_path / "out", small())
    assert str(caught.value.filename).endswith("programmes.parquet")
