"""The record of single events: it sees what the tallies see, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import Collaboration, Levers, Region, RenewalModel, load_parameters
from sim.rules.training import Programme
from sim.vocabulary import Partner, Site, Work
from sim.world.tallies import RegionTally, Tally
from tests.conftest import Make

CLAUSES = Collaboration("clauses", training=1.0, partners=frozenset(Partner))
Recorded = Callable[..., RenewalModel]


@pytest.fixture(scope="module")
def recorded(small_region: Region) -> Recorded:
    """Makes a small model that keeps events."""

    def made(collaboration: Collaboration, years: int = 6, seed: int = 1, **parameters: float) -> RenewalModel:
        p = load_parameters().replace(parameters)
        return RenewalModel(small_region, collaboration, seed, parameters=p, years=years, events=True)

    return made


@pytest.fixture(scope="module")
def watched(recorded: Recorded) -> tuple[RenewalModel, list[dict[str, Any]]]:
    """A finished run with many places, and its tallies of every quarter."""
    model = recorded(CLAUSES, clause_places=2.0)
    tallies = []
    while model.quarter < model.quarters:
        model.step()
        counts = {tally.name.lower(): float(model.world.tallies.of(tally).sum()) for tally in Tally}
        counts |= {tally.name.lower(): model.world.tallies.region(tally) for tally in RegionTally}
        tallies.append(counts | {"caused": float(model.world.tallies.caused.sum())})
    return model, tallies


@pytest.mark.parametrize("preset", ["siloed", "regional", "emergent"])
def test_keeping_events_changes_no_bit(preset: str, make: Make, small_region: Region) -> None:
    plain = make(preset, years=4).run()
    kept = RenewalModel(small_region, Collaboration.preset(preset), 1, years=4, events=True).run()
    assert plain.recorder.data.tobytes() == kept.recorder.data.tobytes()
    assert plain.books.history.tobytes() == kept.books.history.tobytes()
    assert plain.residents.household.tobytes() == kept.residents.household.tobytes()


def test_without_being_asked_for_no_event_is_kept(make: Make) -> None:
    assert make().events is None


@pytest.mark.parametrize("what", ["moves", "caused", "tenders", "bids", "single_bids", "placements"])
def test_events_agree_with_the_tallies_of_every_quarter(
    what: str, watched: tuple[RenewalModel, list[dict[str, Any]]]
) -> None:
    model, tallies = watched
    assert model.events is not None
    moves, tenders = model.events.moves(), model.events.tenders()
    quarters = {
        "moves": moves["quarter"],
        "caused": moves["quarter"][moves["caused"]],
        "tenders": tenders["quarter"],
        "bids": tenders["quarter"].repeat(tenders["bids"]),
        "single_bids": tenders["quarter"][tenders["bids"] == 1],
        "placements": model.events.places.frame()["start"],
    }[what]
    # Tenders are events one by one, of which each counts by the scale of the region.
    each = model.region.scale if what in ("tenders", "bids", "single_bids") else 1.0
    counted = [tally[what] / each for tally in tallies]
    assert np.bincount(quarters, minlength=model.quarters).tolist() == pytest.approx(counted)
    assert sum(counted) > 0


def test_a_finished_work_tells_what_its_house_has_become(recorded: Recorded) -> None:
    model = recorded(Collaboration.preset("siloed"), 8)
    while model.quarter < model.quarters:
        model.step()
    assert model.events is not None
    works, b = model.events.works(), model.buildings
    assert len(works) > 5
    last = works.drop_duplicates("building", keep="last")
    rows = last["building"].to_numpy()
    assert (b.renovated[rows] == last["finished"]).all()
    assert (b.standard[rows] == last["standard"]).all() and (b.energy_level[rows] == last["energy_level"]).all()
    assert (works["rent_after"] > works["rent_before"]).all()
    assert (works["energy_after"] < works["energy_before"]).all()
    assert (works["announced"] < works["start"]).all() and (works["start"] <= works["finished"]).all()
    assert (works["cost"] > 50_000).all()


def test_households_at_risk_are_all_households(watched: tuple[RenewalModel, list[dict[str, Any]]]) -> None:
    model, _ = watched
    assert model.events is not None
    homes = model.events.at_risk.sum(axis=(1, 2))
    assert (homes > 0.9 * model.residents.n).all() and (homes <= model.residents.n).all()
    fifths = model.events.at_risk.sum(axis=1)[::4]
    assert np.abs(fifths / fifths.sum(axis=1, keepdims=True) - 0.2).max() < 0.05
    disturbed = ((model.events.site != Site.IDLE) * model.buildings.flats).sum(axis=1)
    assert (model.events.at_risk[:, 1].sum(axis=1) <= disturbed).all()


def test_hires_who_are_all_kept_and_hardly_lose_a_job_are_at_work_a_year_after_the_contract(recorded: Recorded) -> None:
    safe = dict.fromkeys(("loss_low", "loss_middle", "loss_high", "loss_trade"), 0.001)
    model = recorded(CLAUSES, 10, clause_places=2.0, hire_retained=1.0, follow_firm=1.0, follow_cycle=0.0, **safe).run()
    assert model.events is not None
    places = model.events.places.frame()
    hires = places[places["kind"] == Programme.HIRE]
    ended = hires[~hires["outcome"].isin(["open", "moved away", "retired"])]
    assert len(ended) > 10 and (ended["outcome"] == "job").all()
    assert (ended["end"] - ended["start"] == load_parameters().subsidy_quarters).all()
    followed = hires[hires["later"].notna() & ~hires["outcome"].isin(["moved away", "retired"])]
    assert len(followed) >= 10 and followed["later"].mean() > 0.9


def test_placements_that_never_succeed_end_out_of_work(recorded: Recorded) -> None:
    model = recorded(CLAUSES, clause_places=2.0, placement_to_job_uncoached=0.0, placement_to_job_coached=0.0).run()
    assert model.events is not None
    places = model.events.places.frame()
    ended = places[(places["kind"] == Programme.PLACEMENT) & (places["end"] >= 0)]
    assert len(ended) > 10 and not (ended["outcome"] == "job").any()


def test_nobody_is_looked_at_before_a_year_after_the_contract(
    watched: tuple[RenewalModel, list[dict[str, Any]]],
) -> None:
    model, _ = watched
    assert model.events is not None
    places = model.events.places.frame()
    early = (places["contract_end"] < 0) | (places["contract_end"] + 4 >= model.quarters)
    assert early.any() and not early.all()
    assert places["later"][early].isna().all()


def test_without_renovation_there_are_moves_but_no_works_tenders_or_places(small_region: Region) -> None:
    levers = Levers(renovation=False, turnover_renovation=False)
    model = RenewalModel(small_region, CLAUSES, 1, levers=levers, years=2, events=True).run()
    assert model.events is not None
    assert len(model.events.moves()) > 0 and not model.events.moves()["caused"].any()
    assert model.events.works().empty and model.events.tenders().empty and model.events.places.frame().empty
    assert (model.residents.work != Work.TRAINEE).all()


def test_what_is_written_down_is_what_the_market_does_not_give_back_for_what_was_spent(recorded: Recorded) -> None:
    off = ("yield_reputation", "yield_interest", "repair_slope", "phase_in_years")
    plain = dict.fromkeys(off, 0.0)
    model = recorded(Collaboration.preset("siloed"), 8, **plain).run()
    assert model.events is not None
    p, works = model.p, model.events.works()
    saved = (works["energy_before"] - works["energy_after"]) * works["heat_price"]
    income = ((works["rent_after"] - works["rent_before"]) * (1.0 - p.void_base) + saved) * works["area"]
    cost = works["cost"] * works["flats"]
    lost = np.clip(1.0 - income / p.market_yield / works["cost"], 0.0, 1.0) * cost
    by_quarter = lost.groupby(works["finished"]).sum() / cost.groupby(works["finished"]).sum()
    shown = model.curves().set_index("quarter")["write_down"].dropna()
    assert len(shown) > 3 and 0.1 < shown.mean() < 0.7
    assert shown.to_numpy() == pytest.approx(by_quarter.to_numpy())
