"""The recorder looks and touches nothing: how often it looks is nothing to the run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import OUTCOMES, Collaboration, Region, RenewalModel, SamspelError, load_parameters
from sim.recording.record import record
from sim.recording.recorder import Recorder
from sim.world.world import World
from tests.conftest import Make

Contents = Callable[[World], bytes]
LIVELY = {"clause_places": 2.0, "haggling": 0.0, "confidence_start": 1.0, "condition_decline": 0.02}


def run(region: Region, preset: str, every: int, years: int = 4) -> RenewalModel:
    """A finished run that records every so many quarters."""
    p = load_parameters().replace(LIVELY)
    preset_of = Collaboration.preset(preset)
    return RenewalModel(region, preset_of, 3, parameters=p, years=years, record_every=every).run()


@pytest.mark.parametrize("preset", ["siloed", "local", "regional", "national", "emergent"])
def test_recording_seldom_or_never_changes_no_bit_of_a_run(
    tiny_region: Region, contents: Contents, preset: str
) -> None:
    always = run(tiny_region, preset, 1)
    for every in (4, 3, 0):
        seldom = run(tiny_region, preset, every)
        assert seldom.books.history.tobytes() == always.books.history.tobytes()
        for one, other in (
            (seldom.residents, always.residents),
            (seldom.buildings, always.buildings),
            (seldom.world.neighbourhoods, always.world.neighbourhoods),
        ):
            for column in one.fields:
                assert getattr(one, column).tobytes() == getattr(other, column).tobytes(), column
        assert contents(seldom.world) == contents(always.world)
        quarters = np.flatnonzero(seldom.recorder.recorded)
        assert quarters.tolist() == [q for q in range(16) if every and (q + 1) % every == 0]
        assert np.array_equal(seldom.recorder.data[quarters], always.recorder.data[quarters], equal_nan=True)


@pytest.mark.parametrize("preset", ["regional", "emergent"])
def test_recording_changes_the_recorder_and_nothing_of_the_world(make: Make, contents: Contents, preset: str) -> None:
    model = make(preset, years=3, parameters=LIVELY)
    for _ in range(model.quarters - 1):
        model.step()
    before = contents(model.world)
    other = Recorder(model.region, model.quarters)
    record(model.world, other)
    record(model.world, other)
    assert contents(model.world) == before
    assert np.isfinite(other.data[model.quarter]).any() and other.recorded.tolist() == [False] * 11 + [True]
    model.world.neighbourhoods.reputation[0] += 1e-12
    assert contents(model.world) != before, "the comparison sees a change of any bit"


def test_events_are_no_part_of_what_acts_either(small_region: Region, make: Make, contents: Contents) -> None:
    plain = make("regional", years=3).run()
    kept = RenewalModel(small_region, Collaboration.preset("regional"), 1, years=3, events=True).run()
    assert contents(plain.world) != contents(kept.world), "a world with events holds them"
    kept.world.events = None
    assert contents(plain.world) == contents(kept.world)


def test_curves_hold_the_quarters_that_were_recorded(tiny_region: Region) -> None:
    yearly, never = run(tiny_region, "regional", 4, years=2), run(tiny_region, "regional", 0, years=2)
    assert yearly.curves()["quarter"].tolist() == [3, 7]
    assert set(yearly.outcomes()["quarter"]) == {3, 7}
    wide = yearly.curves(detail=True)
    assert wide["area"].tolist() == [name for name, _ in yearly.areas()] * 2
    assert never.curves().empty and never.outcomes().empty
    assert list(never.curves().columns[3:]) == [outcome.name for outcome in OUTCOMES]


def test_what_is_kept_of_a_quarter_is_all_that_was_recorded(tiny_region: Region) -> None:
    model = run(tiny_region, "regional", 1, years=1)
    pages = []
    for quarter in range(4):
        model.world.quarter = model.world.books.quarter = quarter
        other = Recorder(tiny_region, 4)
        record(model.world, other)
        pages.append((other.page(quarter), other.now, other.data[quarter]))
        assert np.isnan(other.data[[q for q in range(4) if q != quarter]]).all()
    for kept, now, of_all in pages:
        assert kept.tobytes() == now.tobytes() == of_all.tobytes()


def test_recording_every_minus_one_quarters_is_refused(tiny_region: Region) -> None:
    with pytest.raises(SamspelError, match="record_every: got -1; expected 0 or more"):
        RenewalModel(tiny_region, Collaboration.preset("siloed"), record_every=-1)


def test_what_is_seen_of_neighbourhoods_is_what_the_closing_counted(make: Make) -> None:
    model = make("regional", years=4, parameters=LIVELY).run()
    wide = model.curves(detail=True)
    last = wide[(wide.area_kind == "neighbourhood") & (wide.quarter == model.quarter - 1)]
    seen = model.world.neighbourhoods
    for name in ("reputation", "satisfaction", "employment", "renovated_share"):
        assert getattr(seen, name) == pytest.approx(last[name].to_numpy()), name
    assert (seen.renovated_share > 0.0).any()
