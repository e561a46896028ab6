"""The queue for flats chooses, from the households that it has."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from sim import RenewalModel
from sim.phases.planning import choosing
from sim.phases.queue import Households, Offer, look, next_offer
from sim.rules import mixture
from sim.vocabulary import Standard
from sim.world.homes import worth_and_extra_rent
from sim.world.world import World

Make = Callable[..., RenewalModel]
# The queue alone: nobody takes another flat of the region.
MAXI = {"standard_choice": "forced", "forced_standard": "maxi", "destinations": "queue"}


def looking(world: World, rows: np.ndarray, choosing: float, looks: int = 1, offer: Offer | None = None) -> Households:
    """Who takes these flats, if such a share of those who look at them chooses, and so many look at each."""
    offer, newcomers = offer or next_offer(world, worth_and_extra_rent(world)), world.elsewhere.newcomers
    who = look(world, rows, np.full(len(rows), looks), np.full(world.buildings.n, choosing), offer)
    world.elsewhere.newcomers = newcomers  # as if nobody had looked
    return who


def newcomers(model: RenewalModel, full: bool) -> np.ndarray:
    """Wishes of newcomers who live in flats of full standard, or in others, SEK/month."""
    r = model.residents
    standard = model.buildings.standard[r.building]
    here = r.occupied & (r.household >= r.n) & ~r.upgraded
    # Of buildings renovated long ago only: who moved in before that did not choose the standard.
    since = r.since >= model.buildings.renovated[r.building]
    return r.wish[here & since & ((standard == Standard.MAXI) == full)]


def run(make: Make, sorting: float, **parameters: float) -> RenewalModel:
    changes = {"queue_sorting": sorting, "queue_rent": 0.0, **parameters}
    return make("siloed", years=14, levers=MAXI, parameters=changes).run()


@pytest.fixture(scope="module")
def by_sorting(make: Make) -> dict[float, RenewalModel]:
    return {sorting: run(make, sorting) for sorting in (0.0, 0.5, 1.0)}


def test_where_the_queue_takes_anything_a_newcomers_wish_says_nothing_of_the_flat(
    by_sorting: dict[float, RenewalModel],
) -> None:
    full, other = newcomers(by_sorting[0.0], True), newcomers(by_sorting[0.0], False)
    error = np.hypot(full.std() / np.sqrt(len(full)), other.std() / np.sqrt(len(other)))
    assert min(len(full), len(other)) > 100 and abs(full.mean() - other.mean()) < 2.5 * error


def test_the_more_the_queue_chooses_the_more_those_in_full_flats_wish_for_them(
    by_sorting: dict[float, RenewalModel],
) -> None:
    means = [newcomers(model, True).mean() for model in by_sorting.values()]
    assert all(more > 1.05 * less for less, more in pairwise(means))
    gap = newcomers(by_sorting[1.0], True).mean() - newcomers(by_sorting[1.0], False).mean()
    assert gap > 100.0


def test_who_chooses_moves_into_no_flat_that_is_worse_for_it_than_its_next_offer(
    by_sorting: dict[float, RenewalModel],
) -> None:
    world = by_sorting[1.0].world
    r, b, p = world.residents, world.buildings, world.p

    def worth_and_rent(row: int) -> tuple[float, float]:
        house = r.building[row]
        full = b.standard[house] == Standard.MAXI
        worth = p.home_worth_single if r.upgraded[row] else p.home_worth_maxi if full else 0.0
        single = p.turnover_rent * b.rent[house] * r.upgraded[row]
        return worth, b.area[house] / 12.0 * (b.rent_chosen[house] + single)

    of_all = np.array([worth_and_rent(row) for row in range(r.n)])
    rows = np.arange(0, r.n, 7)
    # Those who look first, whether they choose or not.
    who, chose = looking(world, rows, 0.0), looking(world, rows, 1.0)
    assert np.array_equal(who.row, rows)
    taken = np.isin(rows, chose.row)
    assert taken.any() and not taken.all()
    expected = np.array([of_all[world.municipality_of == m].mean(axis=0) for m in range(len(world.municipalities))])
    better = of_all[rows] - expected[world.municipality_of[rows]]
    gain = who.wish * world.pay_level**p.home_worth_income * better[:, 0] - better[:, 1]
    assert np.array_equal(taken, gain >= -1e-6)


def test_more_households_to_offer_a_flat_to_shift_no_draw_where_the_first_takes_it(make: Make) -> None:
    few, many = (run(make, 0.0, queue_offers=n).curves() for n in (1.0, 9.0))
    assert few.equals(many)


def test_who_looks_at_a_flat_first_is_the_same_whoever_else_may_look_at_it(make: Make) -> None:
    world = make("siloed", years=2, parameters={"queue_rent": 0.0}).world
    rows = np.arange(50)
    # Everybody keeps out of a flat of the basic standard if the next is a better one at no rent.
    world.residents.standard[:] = Standard.NONE
    better = next_offer(world, (np.ones(world.buildings.n) * world.buildings.flats, np.zeros(world.buildings.n)))
    first = looking(world, rows, 0.0, 1, better)
    few, many = (looking(world, rows, 0.5, looks, better) for looks in (1, 9))
    assert np.array_equal(first.row, rows) and 0 < len(few.row) < len(many.row)
    assert np.array_equal(few.wish, first.wish[few.row]) and np.array_equal(few.skill, first.skill[few.row])
    # Who takes a flat in a later turn is told after these, and is somebody else.
    assert np.array_equal(many.wish[: len(few.row)], few.wish)
    later = many.row[len(few.row) :]
    assert not np.isin(later, few.row).any() and not (many.wish[len(few.row) :] == first.wish[later]).any()


def test_a_queue_that_sorts_fully_sends_the_same_households_to_look_at_dear_and_cheap_flats(make: Make) -> None:
    rows = np.arange(400)
    for sorting, same in ((1.0, True), (0.0, False)):
        world = make("siloed", years=1, parameters={"queue_sorting": sorting, "queue_rent": 2.0}).world
        cheap = looking(world, rows, 0.0)
        world.residents.rent[:] = 1.4 * world.plain_rent
        dear = looking(world, rows, 0.0)
        assert np.array_equal(cheap.employed, dear.employed) == same
        assert np.array_equal(cheap.wish, dear.wish) == same


def test_what_nobody_takes_stays_empty(make: Make) -> None:
    nobody_cares = {"home_worth_midi": 0.0, "queue_offers": 2.0, "queue_sorting": 1.0}
    model = make("siloed", years=14, levers=MAXI | {"turnover_renovation": False}, parameters=nobody_cares).run()
    r = model.residents
    full = model.buildings.standard[r.building] == Standard.MAXI
    assert r.occupied[full].mean() < r.occupied[~full].mean() - 0.02


def test_tenants_vote_by_wishes_that_have_grown_with_pay(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one round of planning: which houses a run renovates in the end hangs on much besides."""

    def upgraded(factor: float) -> dict[int, float]:
        """The mean standard of the flats of each building that is planned first, from 0, basic, to 2, full."""
        monkeypatch.setattr(choosing, "pay_factor", lambda *_: factor)
        model = make("siloed", levers={"standard_choice": "tenants"}, parameters={"vote_error": 0.0})
        model.step()
        ladder = np.arange(9.0) // 3
        return {
            int(key): value
            for q in model.world.projects
            for key, value in zip(q.keys, mixture.mean(ladder, q.options, q.mix).tolist(), strict=True)
        }

    low, same, high = upgraded(0.1), upgraded(1.0), upgraded(10.0)
    assert low.keys() == same.keys() == high.keys() and len(low) > 10
    assert all(low[key] <= same[key] <= high[key] for key in low)
    assert sum(low.values()) < sum(same.values()) < sum(high.values())
