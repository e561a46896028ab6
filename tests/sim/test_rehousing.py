"""Works that nobody can live through: households are housed elsewhere at their owner's cost, and come back or not.

The planted house of a dozen flats again, which is built deep and to the full standard.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import Collaboration, Levers, Region, RenewalModel, load_parameters
from sim.rules.rehousing import expected_cost, must_move, stays_away
from sim.vocabulary import Away, Site
from sim.world.books import Flow
from sim.world.homes import empty_flats
from tests.laws import broken_laws
from tests.sim.test_deals import PLAIN
from tests.sim.test_deals import dozen as dozen

P = load_parameters()
# Nobody moves for anything but the rehousing, and that takes three quarters.
STILL = PLAIN | {
    "excess_move": 0.0, "move_base": 0.01, "move_dissatisfied": 0.0, "move_success": 0.0, "move_burden": 0.0,
    "inside_energy_deep": 2.0, "rehousing_lost": 0.4, "letting": 1.0, "cost_energy_deep": 0.0,
}  # fmt: skip
YEARS = 7
STAY_IN = {"rehousing_from": 10.0}
DEEP = {"standard_choice": "forced", "forced_standard": "maxi", "forced_energy": "deep", "leaving": "disturbance"}


def house(
    region: Region, look: Callable[[RenewalModel], None] = lambda model: None, years: int = YEARS, **parameters: float
) -> RenewalModel:
    """A run of the house, lawful and looked at in every quarter."""
    p = P.replace(STILL | parameters)
    model = RenewalModel(region, Collaboration("silo"), 1, parameters=p, levers=Levers.checked(**DEEP), years=years)
    while model.quarter < model.quarters:
        model.step()
        look(model)
        assert broken_laws(model) == []
    return model


def left(model: RenewalModel) -> set[int]:
    """Households of the start that have left the house."""
    return set(np.flatnonzero(model.residents.household[:12] != np.arange(12)).tolist())


def paid(model: RenewalModel) -> float:
    """SEK of rehousing over the run."""
    return float(model.books.history[:, Flow.REHOUSING_COMPANIES.row].sum())


def test_nobody_has_to_move_out_for_basic_works_and_all_have_for_deep_and_full_ones() -> None:
    assert must_move(P).tolist() == [False] * 8 + [True]
    assert expected_cost(P)[8] > 3 * P.rehousing_rent > 0.0 == expected_cost(P)[:8].max()


def test_rehoused_households_stay_one_household_pay_their_rent_and_some_come_back(dozen: Region) -> None:
    seen: list[tuple[int, int, int]] = []

    def look(model: RenewalModel) -> None:
        r, b = model.residents, model.buildings
        away = r.away[:12] != Away.HOME
        seen.append((int(b.site[0]), int(away.sum()), int(r.occupied[:12].sum())))
        # They live somewhere, are at work, and pay: nobody is lost while works go on.
        assert (r.rent[:12][away] > 0.0).all()

    model = house(dozen, look)
    during = [(away, living) for site, away, living in seen if site == Site.ON_SITE]
    assert (
        during
        and max(away for away, _ in during) == 12
        and not any(away for site, away, _ in seen if site != Site.ON_SITE)
    )
    lost, curves = left(model), model.curves()
    assert 0 < curves.not_back.sum() <= len(lost) < 12
    assert curves.moves_caused.sum() > 0 and curves.rehoused.max() == 12
    # Who did not come back lives elsewhere in the county or in another house of the town.
    assert all(model.world.cohort.away[row] or row in model.residents.household[12:] for row in lost)


def test_where_works_can_be_lived_through_the_same_households_stay(dozen: Region) -> None:
    stay = house(dozen, **STAY_IN)
    assert left(stay) < left(house(dozen)) and paid(stay) == 0.0
    assert stay.buildings.renovated[0] >= 0 and stay.curves().rehoused.sum() == 0


def test_the_owner_pays_for_each_quarter_and_each_removal(dozen: Region) -> None:
    away: list[int] = []
    model = house(dozen, lambda model: away.append(int((model.residents.away[:12] != Away.HOME).sum())))
    back = 12 - float(model.curves().not_back.sum())
    # The quarter in which the house is finished counts too: its households come back at the end of it.
    quarters = sum(away) + 12
    assert paid(model) == pytest.approx(quarters * P.rehousing_rent + (12 + back) * P.rehousing_removal / 2.0)


def test_who_would_never_come_back_and_who_always_does(dozen: Region) -> None:
    never = {"rehousing_lost": 1.0, "rehousing_ties": 0.0, "unwanted_share": 0.0}
    always = {"rehousing_lost": 0.0, "rehousing_rise": 0.0}
    assert left(house(dozen, **never)) == set(range(12))
    assert left(house(dozen, **always)) <= left(house(dozen, **STAY_IN))


def test_ties_bring_back_and_a_dear_rent_or_an_unwanted_standard_keep_away() -> None:
    ones = np.ones(2)
    ties = stays_away(np.array([0.0, 1.0]), 0.3 * ones, ones, P)
    rent = stays_away(ones, np.array([0.0, 0.5]), ones, P)
    unwanted = stays_away(ones, 0.3 * ones, np.array([0.7, 1.6]), P)
    assert ties[1] < ties[0] and rent[0] < rent[1] and unwanted[0] < unwanted[1]


def test_an_empty_flat_is_not_let_while_nobody_can_live_in_the_house(dozen: Region) -> None:
    model = RenewalModel(
        dozen, Collaboration("silo"), 1, parameters=P.replace(STILL), levers=Levers.checked(**DEEP), years=YEARS
    )
    while not model.buildings.emptied[0]:
        assert 5 not in empty_flats(model.world)
        model.step()
    model.residents.occupied[5] = False
    assert 5 not in empty_flats(model.world)
    while model.buildings.emptied[0]:
        model.step()
        assert not model.residents.occupied[5] or not model.buildings.emptied[0]
    assert model.residents.occupied[5]


def test_owners_reckon_with_what_rehousing_costs(dozen: Region) -> None:
    cheap = house_of_owner(dozen, 0.0)
    dear = house_of_owner(dozen, 200_000.0)
    assert cheap.buildings.energy_level[0] == 2 > dear.buildings.energy_level[0]


def house_of_owner(region: Region, rent: float) -> RenewalModel:
    """The house of an owner who would build deep measures, with homes elsewhere at such a cost a quarter."""
    p = P.replace(STILL | {"rehousing_rent": rent, "rehousing_from": 2.0})
    return RenewalModel(region, Collaboration("silo"), 1, parameters=p, years=YEARS).run()
