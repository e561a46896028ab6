"""Tenders: what an award takes of a firm."""

from __future__ import annotations

from typing import Any

import pytest

from sim import load_region
from sim.phases import tender

from ..conftest import Make


@pytest.mark.parametrize("scale", [0.02, 0.05])
def test_an_award_takes_its_whole_crew_from_the_winner_at_once(
    make: Make, monkeypatch: pytest.MonkeyPatch, scale: float
) -> None:
    """Also in a quarter in which every firm was idle, and where a crew is a fraction of a person."""
    taken: list[tuple[float, float]] = []
    firms: list[Any] = []
    award = tender._award

    class Firms(tender._Firms):
        """The same, known to this test."""

        def __init__(self, world: Any) -> None:
            super().__init__(world)
            firms.append(self)

    def watched(world: Any, lot: Any, rows: Any, options: Any, winner: int, *more: Any) -> None:
        before = world.builders[winner].busy
        award(world, lot, rows, options, winner, *more)
        crew = world.contracts[-1].crew
        assert world.builders[winner].busy == pytest.approx(before + crew)
        taken.append((firms[-1].busy[winner] - before, crew))

    monkeypatch.setattr(tender, "_award", watched)
    monkeypatch.setattr(tender, "_Firms", Firms)
    make("regional", region=load_region("botkyrka", scale), years=6).run()
    assert len(taken) > 3
    assert all(busy == pytest.approx(crew) for busy, crew in taken)


@pytest.mark.parametrize("scale", [0.02, 1.0])
def test_setting_up_a_lot_is_in_its_materials_at_every_scale(make: Make, scale: float) -> None:
    """A contract is one at full size: huts and cranes are no margin where few of its flats are modelled."""
    signed: list[Any] = []
    for setup in (0.0, 4_000_000.0):
        model = make("siloed", region=load_region("botkyrka", scale), years=2, parameters={"lot_setup": setup})
        while not model.world.contracts:
            model.step()
        signed.append(model.world.contracts[0])
    without, with_it = signed
    assert with_it.price - without.price == pytest.approx(4_000_000.0)
    net = 4_000_000.0 / (1.0 + model.p.vat)
    assert with_it.materials_cost - without.materials_cost == pytest.approx(net)
    assert with_it.labour_cost == pytest.approx(without.labour_cost)
