"""What cannot be is not recorded: a missing number, a share above one or an infinite price ends the run."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim import OUTCOMES, RenewalModel, SamspelError
from sim.errors import OutcomeError
from sim.recording.outcomes import LARGEST
from sim.recording.record import record
from sim.recording.recorder import Recorder
from tests.conftest import Make


@pytest.fixture(scope="module")
def stopped(make: Make) -> RenewalModel:
    """A run of some quarters, only to be read."""
    model = make("regional", years=3)
    for _ in range(9):
        model.step()
    return model


def recorded(model: RenewalModel) -> Recorder:
    """A recorder that holds the latest quarter of a sound run."""
    model.world.quarter -= 1
    recorder = Recorder(model.region, model.quarters)
    record(model.world, recorder)
    model.world.quarter += 1
    return recorder


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_price_that_is_no_number_ends_the_run_and_is_named(make: Make, value: float) -> None:
    model = make(years=1, levers={"renovation": False})
    model.step()
    model.world.price_index = value  # nothing is awarded that would set another
    with pytest.raises(OutcomeError) as raised:
        model.step()
    assert str(raised.value).startswith(
        f"outcome price_index of botkyrka in quarter 1: the model computed {value:g}; expected 0 or more (1 = start)"
    )
    assert "an error of samspel itself" in str(raised.value) and isinstance(raised.value, SamspelError)


def test_a_share_above_one_is_told_with_its_area_and_what_else_is_wrong(make: Make) -> None:
    model = make(years=1)
    model.buildings.condition[:] = 1.22
    model.residents.health[:] = 3.0
    with pytest.raises(OutcomeError, match=r"outcome condition of botkyrka in quarter 0: the model computed 1\.2.*; "
                       r"expected 0 to 1 \(0-1\); also health"):  # fmt: skip
        model.step()


def test_one_cell_of_one_neighbourhood_is_enough(stopped: RenewalModel) -> None:
    recorder = recorded(stopped)
    recorder.close()
    place = len(recorder.names) - 1
    for index, outcome in enumerate(OUTCOMES):
        if outcome.level != "all":
            continue
        kept = recorder.now[index, place]
        below = outcome.limits[0] - 0.5 if outcome.limits[0] > -LARGEST else -math.inf
        for wrong in (math.nan, math.inf, below):
            recorder.now[index, place] = wrong
            may_be_none = outcome.missing and math.isnan(wrong) and math.isnan(kept)
            if not may_be_none:
                with pytest.raises(OutcomeError, match=f"{outcome.name} of {recorder.names[place][0]} in quarter 8"):
                    recorder.close()
        recorder.now[index, place] = kept
    recorder.close()


def test_where_something_happened_its_mean_must_be_a_number(stopped: RenewalModel) -> None:
    recorder = recorded(stopped)
    recorder.region("bids_per_tender", math.nan)
    with pytest.raises(OutcomeError, match=r"bids_per_tender .* computed nan; .* or none when there was no tender"):
        recorder.close()


@pytest.mark.parametrize("bottom", [math.nan, -1.0])
def test_a_mean_is_missing_only_where_there_is_nothing_to_take_it_of(stopped: RenewalModel, bottom: float) -> None:
    recorder = recorded(stopped)
    nobody = np.zeros(len(stopped.neighbourhoods))
    recorder.ratio("in_mover_employment", nobody, nobody)
    recorder.close()
    recorder.close()
    assert np.isnan(recorder.now[[o.name for o in OUTCOMES].index("in_mover_employment")]).all()
    recorder.ratio("in_mover_employment", nobody, nobody + bottom)
    with pytest.raises(OutcomeError, match="in_mover_employment"):
        recorder.close()
    recorder.ratio("in_mover_employment", nobody, nobody)
    recorder.close()
    recorder.ratio("rent", nobody, nobody)
    with pytest.raises(OutcomeError, match="rent of botkyrka"):
        recorder.close()


@pytest.mark.parametrize("value", [-5.0, math.inf])
def test_where_there_may_be_none_a_number_must_be_possible_all_the_same(stopped: RenewalModel, value: float) -> None:
    recorder = recorded(stopped)
    nobody = np.zeros(len(stopped.neighbourhoods))
    recorder.ratio("in_mover_employment", nobody, nobody)
    recorder.close()
    recorder.now[[o.name for o in OUTCOMES].index("in_mover_employment"), 1] = value
    with pytest.raises(OutcomeError, match="in_mover_employment"):
        recorder.close()


def test_a_number_where_there_can_be_none_is_an_error(stopped: RenewalModel) -> None:
    recorder = recorded(stopped)
    names = [outcome.name for outcome in OUTCOMES]
    yearly = next(outcome.name for outcome in OUTCOMES if outcome.yearly and outcome.level == "all")
    for name, area in (("price_index", 1), ("trust", len(recorder.names) - 1), (yearly, 0)):
        recorder.now[names.index(name), area] = 0.5
        with pytest.raises(OutcomeError, match=f"{name} of .* in quarter 8"):
            recorder.close()
        recorder.now[names.index(name), area] = math.nan
    recorder.close()


def test_every_outcome_says_what_it_can_be() -> None:
    for outcome in OUTCOMES:
        low, high = outcome.limits
        assert low < high and outcome.unit in outcome.expected
    shares = [outcome for outcome in OUTCOMES if outcome.limits == (0.0, 1.0)]
    assert len(shares) > 25 and all(o.unit == "0-1" or o.unit.startswith("share") for o in shares)
