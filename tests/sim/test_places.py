"""Places that people can refuse: who looks, what stands empty, and what empty flats do to owners, buyers and lenders.

The world is planted: a house of the company where flats stand empty, and another of its houses that needs nothing yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from sim import PRESETS, Levers, Region, RenewalModel, load_region
from sim.phases import closing
from sim.phases.finance.distress import RECEIVERSHIP
from sim.rules import appraisal
from sim.vocabulary import Standard
from sim.world.books import Flow
from sim.world.demand import attractiveness, looking
from sim.world.homes import worth_and_extra_rent
from sim.world.household_money import set_incomes
from sim.world.world import World
from tests.laws import run_lawfully

from .planted import PLANTED
from .test_deals import TABLES, county
from .test_regions_in_trouble import LANDLORD, PLAIN, TOWN, write

Plant = Callable[..., Region]
Change = Callable[[RenewalModel], None]

# Nothing wears, nobody renovates, no news: a place at rest.
REST = PLAIN | {"condition_decline": 0.001, "rent_growth": 0.0}
STILL = {"renovation": False}
# Works bring no rent: they can pay by filling flats alone.
NO_RISE = {"use_value_mini": 0.0, "use_value_midi": 0.0, "use_value_maxi": 0.0, "cost_mini": 150_000.0}
CARE = {"home_worth_worn": 6.0, "demand_home": 10.0}  # nobody wants a worn home


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Plant:
    """The planted region, so many of whose house's flats stand empty."""

    def planted(empty: float = 0.3, flats: int = 12, town: Mapping[str, object] | None = None, **place: Any) -> Region:
        folder = tmp_path_factory.mktemp("planted") / "weak"
        folder.mkdir()
        house = TABLES["neighbourhoods"] | {"flats": flats, "empty_share": empty, "calm": 0.5}
        rest = house | {"neighbourhood": "Rest", "flats": 60, "renovated_share": 1.0, "empty_share": 0.0}
        write(folder / "neighbourhoods.csv", [house | place, rest])
        write(folder / "municipalities.csv", [TOWN | dict(town or {"company_loan_to_value": 0.1})])
        write(folder / "builders.csv", [TABLES["builders"]])
        write(folder / "landlords.csv", [LANDLORD | {"neighbourhoods": "*"}])
        (folder / "region.toml").write_text(county(), encoding="utf-8")
        return load_region(folder)

    return planted


def model(
    region: Region, years: int = 8, seed: int = 1, levers: Mapping[str, Any] | None = None, **p: float
) -> RenewalModel:
    parameters = PLANTED.replace(PLAIN | p)
    return RenewalModel(
        region, PRESETS["siloed"], seed, parameters=parameters, levers=Levers(**(levers or {})), years=years
    )


def empty(made: RenewalModel) -> float:
    """Share of the house's flats that stand empty now."""
    return float(1.0 - made.residents.occupied[: made.region.neighbourhoods.flats[0]].mean())


def test_who_moves_into_an_empty_flat_pays_its_rent_out_of_its_own_income_at_once(plant: Plant) -> None:
    made = model(plant(empty=0.5, flats=48), levers=STILL, **REST)
    nobodys = ~made.residents.occupied
    made.step()
    r = made.residents
    came = nobodys & r.occupied
    income, burden = r.income[came], r.burden[came]
    set_incomes(made.world)
    assert came.any() and income == pytest.approx(r.income[came], rel=0.01)
    assert burden == pytest.approx(r.burden[came], rel=0.01)


# --- who looks


def calmer(made: RenewalModel) -> None:
    made.world.neighbourhoods.calm[0] = 1.0


def better_name(made: RenewalModel) -> None:
    made.world.neighbourhoods.reputation[0] = 0.9


def cheaper(made: RenewalModel) -> None:
    b = made.buildings
    b.rent[b.neighbourhood == 0] = 0.8 * b.rent_plain[b.neighbourhood == 0]


def mended(made: RenewalModel) -> None:
    b = made.buildings
    b.condition[b.neighbourhood == 0] = 1.0


def modern(made: RenewalModel) -> None:
    b = made.buildings
    b.standard[b.neighbourhood == 0] = Standard.MIDI


CHANNELS = pytest.mark.parametrize(
    ("change", "closed"),
    [
        (calmer, {"demand_calm": 0.0}),
        (better_name, {"demand_reputation": 0.0}),
        (cheaper, {"demand_home": 0.0}),
        (mended, {"home_worth_worn": 0.0}),
        (modern, {"home_worth_midi": 0.0}),
    ],
)


def lookers(made: RenewalModel) -> float:
    """Households expected to look at each empty flat of the house in a quarter."""
    rows = np.flatnonzero(~made.residents.occupied)
    mean = looking(made.world, rows, worth_and_extra_rent(made.world)).mean[made.residents.building[rows]]
    return float(mean[made.world.neighbourhood_of[rows] == 0].mean())


@CHANNELS
def test_more_look_at_a_place_that_is_made_better_and_none_where_the_channel_is_closed(
    plant: Plant, change: Change, closed: dict[str, float]
) -> None:
    region = plant()
    for parameters, more in (({}, True), (closed, False)):
        made = model(region, **parameters)
        before, wanted = lookers(made), attractiveness(made.world)
        change(made)
        after, now = lookers(made), attractiveness(made.world)
        assert (after > 1.02 * before and now[0] > wanted[0]) if more else after == pytest.approx(before, rel=1e-12)
        assert now[1] == wanted[1], "the other place is as it was"


def test_under_the_rival_rule_a_calmer_place_with_a_better_name_draws_nobody(plant: Plant) -> None:
    made = model(plant(), levers={"refused_for": "home"})
    before = lookers(made)
    calmer(made), better_name(made)
    assert lookers(made) == before
    cheaper(made)
    assert lookers(made) > before


def after(region: Region, change: Change | None, years: int = 8, **parameters: float) -> float:
    """Mean share empty in the last half of the years, a change held all the time."""
    made, shares = model(region, years, levers=STILL, **REST | parameters), []
    for _ in range(4 * years):
        if change is not None:
            change(made)
        made.step()
        shares.append(empty(made))
    return float(np.mean(shares[2 * years :]))


def test_a_place_at_rest_stays_as_empty_as_it_was(plant: Plant) -> None:
    at_rest = {"demand_calm": 0.0, "demand_reputation": 0.0}
    assert after(plant(0.3, flats=600), None, 12, **at_rest) == pytest.approx(0.3, abs=0.06)


def test_a_calmer_place_fills_and_one_whose_rents_are_pushed_up_empties(plant: Plant) -> None:
    def dear(made: RenewalModel) -> None:
        b = made.buildings
        b.rent[b.neighbourhood == 0] = 1.8 * b.rent_plain[b.neighbourhood == 0]

    region = plant(0.3, flats=240)
    usual = after(region, None)
    assert after(region, calmer) < usual - 0.15 and after(region, dear) > usual + 0.1
    shut = {"demand_home": 0.0, "move_burden": 0.0, "move_dissatisfied": 0.0, "phase_in_years": 0.0}
    assert after(region, dear, **shut) < usual + 0.1, "nobody minds a rent"


def test_where_the_county_is_short_of_homes_even_a_dear_place_is_full(plant: Plant) -> None:
    def dear(made: RenewalModel) -> None:
        b = made.buildings
        b.rent[:] = 1.8 * b.rent_plain

    assert after(plant(0.0, flats=240), dear) < 0.02
    assert after(plant(0.0, flats=240), dear, demand_shortage=0.01) > 0.2


def test_who_comes_to_a_place_that_has_grown_worse_is_more_often_somebody_who_takes_anything(plant: Plant) -> None:
    made = model(plant())
    rows = np.flatnonzero(~made.residents.occupied)
    where = made.residents.building[rows]
    first = looking(made.world, rows, worth_and_extra_rent(made.world)).choosing[where]
    assert first == pytest.approx(made.p.queue_sorting, abs=0.02)
    made.world.neighbourhoods.calm[:] = 0.0
    later = looking(made.world, rows, worth_and_extra_rent(made.world)).choosing[where]
    assert (later < first - 0.1).all()


def test_more_people_who_look_than_flats_let_no_more_of_them(plant: Plant) -> None:
    enough = {"queue_sorting": 0.0, "queue_offers": 12.0}
    many, more = (model(plant(0.0, flats=120), 3, demand_shortage=s, **enough).run() for s in (50.0, 100.0))
    assert np.count_nonzero(many.residents.occupied != more.residents.occupied) <= 2
    assert 0.0 < many.curves().empty_share.mean() < 0.01


# --- what empty flats do to their owner


def renovated(region: Region, **parameters: float) -> bool:
    """Whether the house is renovated within six years, before anything forces it; lawful in every quarter."""
    made = model(region, 6, **NO_RISE | parameters)
    assert run_lawfully(made) == []
    return bool(made.buildings.renovated[0] >= 0)


def test_an_owner_renovates_because_flats_stand_empty_which_works_fill(plant: Plant) -> None:
    assert renovated(plant(0.4), **CARE)
    assert not renovated(plant(0.0), **CARE), "the same house, full"
    assert not renovated(plant(0.4), **CARE | {"demand_home": 0.0}), "works would fill nothing"


def test_an_owner_leaves_alone_what_a_rise_would_empty(plant: Plant) -> None:
    """A rent that nobody is willing to pay more for: worth having where homes are scarce, and nowhere else."""
    dear = {"use_value_mini": 0.0, "use_value_midi": 450.0, "use_value_maxi": 450.0, "cost_midi": 350_000.0,
            "cost_mini": 340_000.0, "home_worth_midi": 0.0, "demand_home": 20.0, "phase_in_years": 0.0}  # fmt: skip

    def standard(empty: float, **more: float) -> int:
        made = model(plant(empty), 6, **dear | more).run()
        return int(made.buildings.standard[0])

    assert standard(0.0) == Standard.MIDI
    assert standard(0.2) < Standard.MIDI
    assert standard(0.2, demand_home=0.0) == Standard.MIDI, "nobody minds a rent"


def test_a_buyer_pays_for_no_flat_that_stands_empty(plant: Plant) -> None:
    values = [model(plant(share), 1).world.building_values[0] for share in (0.0, 0.25)]
    b, p = model(plant(), 1).buildings, PLANTED
    lost = (0.25 - p.void_base) * b.rent[0] * b.area[0] * 12.0
    yields = appraisal.market_yields(np.array([0.2]), 0.0, p)[0]
    assert values[0] - values[1] == pytest.approx(lost / yields, rel=0.01)


def test_an_owner_of_empty_flats_fails_where_one_of_let_flats_bears_the_same_debt(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The debt is all that the company's houses are worth after some years with half of the flats of one empty."""
    tight = {"distress_years": 1.0, "injection_chance": 0.0, "sale_least_buildings": 100.0}

    def after(share: float, debt: float) -> RenewalModel:
        town = {"company_loan_to_value": "", "company_debt_sek": debt}
        return model(plant(share, flats=60, town=town), 5, levers=STILL, **tight).run()

    debt = after(0.5, 0.0).municipalities[0].value

    def fails(share: float) -> bool:
        return any(one.way == RECEIVERSHIP for one in after(share, debt).world.rescues)

    assert fails(0.5) and not fails(0.0)
    usual = closing.set_values

    def blind(world: World) -> None:
        empty = world.buildings.empty.copy()
        world.buildings.empty[:] = 0.0
        usual(world)
        world.buildings.empty[:] = empty

    monkeypatch.setattr(closing, "set_values", blind)
    assert not fails(0.5), "nobody looks at what stands empty"


def test_what_stands_empty_is_seen_by_building_and_neighbourhood_and_after_a_while(plant: Plant) -> None:
    made = model(plant(0.25), 1, levers=STILL)
    world = made.world
    assert world.buildings.empty[0] == 0.25 and world.neighbourhoods.empty_share.tolist() == [0.25, 0.0]
    world.residents.occupied[:12] = False
    world.residents.work[:12] = 0
    made.step()
    seen = world.buildings.empty[0]
    assert 0.25 < seen < 0.6 and world.neighbourhoods.empty_share[0] == pytest.approx(seen)


def test_rent_not_received_is_that_of_the_empty_flats_and_is_missing_in_the_books(plant: Plant) -> None:
    full, weak = (model(plant(share, flats=60), 1, levers=STILL) for share in (0.0, 0.3))
    full.step(), weak.step()
    r = weak.residents
    row = weak.curves().iloc[0]
    assert row.voids == pytest.approx(3.0 * r.rent[~r.occupied].sum())
    paid, owed = (float(m.books.of(Flow.RENT_COMPANIES, 0).sum()) for m in (weak, full))
    assert owed - paid == pytest.approx(3.0 * 18 * r.rent[0])


# --- shipped regions


@pytest.mark.parametrize("scale", [1.0, 0.1])
def test_the_estate_in_distress_does_not_heal_by_itself(scale: float) -> None:
    made = RenewalModel(load_region("estate-in-distress", scale), PRESETS["siloed"], 1, years=5).run()
    shares = made.curves().empty_share
    assert 0.25 < shares.iloc[0] < 0.42 and 0.25 < shares.iloc[8:].mean() < 0.5


def test_where_homes_are_scarce_next_to_nothing_stands_empty() -> None:
    made = RenewalModel(load_region("botkyrka", 0.05), PRESETS["siloed"], 1, years=10).run()
    assert made.curves().empty_share.max() < 0.02
