"""What is left where works are under way: buildings of a contract are built one after another."""

from __future__ import annotations

import pytest

from sim import PRESETS, RenewalModel, load_region
from sim.recording.remaining import stock
from sim.world.homes import homes_now


def test_what_is_done_of_a_contract_goes_to_its_buildings_in_turn() -> None:
    model = RenewalModel(load_region("botkyrka"), PRESETS["siloed"], 1, years=4)
    seen = 0
    while model.running:
        model.step()
        world = model.world
        expected = dict.fromkeys(range(world.buildings.n), 0.0)
        for contract in world.contracts:
            worked = contract.progress * float(contract.flats.sum())
            for i, (building, flats) in enumerate(
                zip(contract.buildings.tolist(), contract.flats.tolist(), strict=True)
            ):
                if i >= contract.finished and contract.modelled[i] and contract.progress != 0.0:
                    expected[building] = min(max(worked / flats, 0.0), 1.0)
                worked -= flats
        begun = stock(world, homes_now(world)).begun
        assert begun.tolist() == pytest.approx(list(expected.values()))
        seen += int((begun > 0.0).sum())
    assert seen
