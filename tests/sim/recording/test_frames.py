"""Frames that a model gives can be taken elsewhere: no column is without a type, however little happened."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim import PRESETS, TABLES, Region, RenewalModel, load_parameters
from sim.world.notes import Payment, ProgrammeYear


def frames(model: RenewalModel) -> Iterator[tuple[str, pd.DataFrame]]:
    """All frames that a model gives."""
    yield "curves", model.curves()
    yield "curves of all areas", model.curves(detail=True)
    yield "outcomes", model.outcomes()
    assert model.events is not None
    yield "moves", model.events.moves()
    yield "works", model.events.works()
    yield "tenders", model.events.tenders()
    yield "places", model.events.places.frame()
    yield from model.tables().items()


def run(region: Region, preset: str, years: int, every: int) -> dict[str, pd.DataFrame]:
    """Frames of a run; without years, of one that has not begun."""
    parameters = load_parameters().replace({"clause_places": 2.0} if preset != "siloed" else {})
    model = RenewalModel(
        region, PRESETS[preset], 1, parameters=parameters, years=max(years, 1), events=True, record_every=every
    )
    if years:
        model.run()
        model.world.programme_years.append(ProgrammeYear("Owner", "Estate", 2011, 12.0, 8.0, 0.0, "hands", 2021, 0.5))
        model.world.payments_made.append(Payment(3, "state", "Owner", "Estate 2011", "energy", 2.5e6))
    return dict(frames(model))


CASES = pytest.mark.parametrize(
    ("preset", "years", "every"), [("siloed", 0, 1), ("siloed", 1, 0), ("siloed", 1, 1), ("national", 4, 4)]
)


@CASES
def test_no_column_is_without_a_type(tiny_region: Region, preset: str, years: int, every: int) -> None:
    for name, frame in run(tiny_region, preset, years, every).items():
        schema = pa.Table.from_pandas(frame).schema
        assert [field.name for field in schema if pa.types.is_null(field.type)] == [], name
        assert not any(pd.api.types.is_object_dtype(kind) for kind in frame.dtypes), name


def test_columns_have_the_same_types_whatever_happened(tiny_region: Region) -> None:
    little, much = run(tiny_region, "siloed", 0, 1), run(tiny_region, "national", 8, 1)
    assert all(len(frame) == 0 for frame in little.values())
    assert all(len(frame) > 0 for frame in much.values())
    for name in little:
        assert little[name].dtypes.equals(much[name].dtypes), name


@pytest.mark.filterwarnings("ignore::pandas.errors.InvalidColumnName")
@CASES
def test_frames_go_to_stata_and_parquet_and_come_back(tiny_region: Region, preset: str, years: int, every: int) -> None:
    for name, frame in run(tiny_region, preset, years, every).items():
        file = io.BytesIO()
        frame.to_parquet(file)
        pd.testing.assert_frame_equal(pq.read_table(file).to_pandas(), frame)
        if len(frame):
            file = io.BytesIO()
            frame.to_stata(file, write_index=False)
            back = pd.read_stata(io.BytesIO(file.getvalue()))
            back.columns = frame.columns  # some words are Stata's own
            for column in frame.select_dtypes("number").columns:
                assert np.allclose(back[column], frame[column], equal_nan=True), (name, column)


def test_what_phases_write_down_is_shown_under_the_names_of_its_columns(tiny_region: Region) -> None:
    model = RenewalModel(tiny_region, PRESETS["siloed"], 1, years=1)
    assert {name: list(frame) for name, frame in model.tables().items()} == {
        name: list(columns) for name, columns in TABLES.items()
    }
    assert len(model.programmes()) == len(model.payments()) == 0
    model.world.programme_years.append(ProgrammeYear("Owner", "Estate", 2011, 12.0, 8.0, 0.0, "hands", 2021, 0.5))
    model.world.payments_made.append(Payment(3, "state", "Owner", "Estate 2011", "energy", 2.5e6))
    assert model.programmes().iloc[0].to_dict() == {
        "owner": "Owner", "estate": "Estate", "year": 2011, "planned_flats": 12.0, "begun_flats": 8.0,
        "finished_flats": 0.0, "cause": "hands", "target_year": 2021, "slipped_years": 0.5,
    }  # fmt: skip
    assert model.payments().iloc[0].to_dict() == {
        "quarter": 3, "payer": "state", "payee": "Owner", "programme": "Estate 2011", "basis": "energy", "sek": 2.5e6,
    }  # fmt: skip
