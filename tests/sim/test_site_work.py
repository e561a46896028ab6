"""Site work: the loop over contracts does what the rules say of each of them."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_region
from sim.phases.progress import work_on
from sim.rules.training import supervision
from sim.world.tallies import RegionTally

from ..conftest import Make


@pytest.mark.parametrize("scale", [0.05, 1.0])
@pytest.mark.parametrize("practice", ["siloed", "regional"])
def test_a_quarter_on_site_is_what_the_rules_say_of_each_contract(make: Make, practice: str, scale: float) -> None:
    model = make(practice, region=load_region("botkyrka", scale), years=9)
    while len([c for c in model.world.contracts if c.progress > 0.0]) < 3:
        model.step()
    world, p, firms = model.world, model.world.p, model.world.firms
    sites = [c for c in world.contracts if c.progress > 0.0]
    world.tallies.clear()
    world.trainees_by_builder[:] = 1.0
    before, owed, made = [c.progress for c in sites], firms.places_owed.copy(), [c.finished for c in sites]
    debt, practised = sum(x.debt for x in world.owners), firms.experience.sum()
    spent, paid, finished = work_on(world, sites)
    price, works, private, later = 0.0, 0.0, 0.0, owed.copy()
    for c, then in zip(sites, before, strict=True):
        trainees = c.crew / max(firms.busy[c.builder], 1e-9)
        shown = supervision(trainees / world.region.scale, c.crew / world.region.scale, p)
        most = c.crew / 4.0 * (1.0 - shown) * c.pace / (c.labour * (1.0 + c.change))
        step = c.progress - then
        assert 0.0 < step <= most * (1.0 + 1e-9) or c.progress == 1.0
        modelled = c.cost_shares * c.modelled
        price += c.total * step * modelled.sum()
        private += c.total * step * modelled[c.owners >= len(world.municipalities)].sum()
        works += c.works * step * c.modelled_cost
        later[c.builder] += c.places * step
        assert c.finished == np.searchsorted(c.ends, c.progress + 1e-9, side="right")
    assert paid.sum() == pytest.approx(price) and paid[1].sum() == pytest.approx(private)
    assert spent[0].sum() == pytest.approx(works) and (spent[1:3].sum() > 0.0) == (works > 0.0)
    assert np.allclose(firms.places_owed, later)
    assert sum(x.debt for x in world.owners) - debt == pytest.approx(private)
    count = sum(len(done) for _, done in finished)
    assert count == sum(c.finished for c in sites) - sum(made)
    assert world.tallies.region(RegionTally.FINISHED) == pytest.approx(count * world.region.scale)
    flats = sum(float(c.flats[done].sum()) for c, done in finished)
    assert firms.experience.sum() - practised == pytest.approx(flats / p.lot_flats)


def test_without_sites_nothing_is_spent(make: Make) -> None:
    world = make("siloed", years=1).world
    spent, paid, finished = work_on(world, [])
    assert not spent.any() and not paid.any() and finished == []
