"""Regions that start in trouble: debts in SEK, empty flats, another year, a map. Each changes what one owner does, and
nothing where it is not told or its channel is closed.

The world is planted: a company's house with a dozen flats, one of a private landlord, and houses of the company that
need nothing yet.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import PRESETS, Levers, Region, RenewalModel, load_region
from sim.inputs.dated import Dated
from sim.inputs.region_tables import empty_in_turn
from sim.phases.finance.distress import RECEIVERSHIP
from sim.sums import total
from sim.vocabulary import Standard, Work
from sim.world.books import Flow
from tests.laws import run_lawfully
from tests.worlds import random_world, write_region

from .planted import PLANTED
from .test_deals import ORIGIN, TABLES, county

HOUSE = TABLES["neighbourhoods"]
PLACES = (
    HOUSE,
    HOUSE | {"neighbourhood": "Private", "municipal_share": 0.0},
    HOUSE | {"neighbourhood": "Rest", "flats": 60, "renovated_share": 1.0},
)
TOWN = {name: value for name, value in TABLES["municipalities"].items() if name != "company_loan_to_value"}
LANDLORD = {"landlord": "Landlord", "municipality": "Town", "neighbourhoods": "Private", "required_yield": 0.055,
            "strategy": "hold"}  # fmt: skip
BUYER = LANDLORD | {"landlord": "Buyer", "neighbourhoods": "Rest"}
# Owners who know no more than the model, tenants who consent, nobody who buys or sells without need.
PLAIN = {
    "appraisal_error": 0.0, "refusal": 0.0, "appeal_chance": 0.0, "price_ceiling": 5.0, "programme_share": 1.0,
    "news_chance": 0.0, "sale_chance": 0.0, "sale_politics": 0.0, "offer_chance": 0.0, "distress_years": 30.0,
}  # fmt: skip
SOON = {"distress_years": 1.0, "injection_chance": 0.0}

Plant = Callable[..., Region]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Plant:
    """The planted region with changes: of all neighbourhoods, the company, the private landlord, the region."""

    def planted(
        places: Mapping[str, object] | None = None,
        town: Mapping[str, object] | None = None,
        landlord: Mapping[str, object] | None = None,
        start_year: int | None = None,
        by_place: Mapping[str, Mapping[str, object]] | None = None,
        scale: float = 1.0,
    ) -> Region:
        folder = tmp_path_factory.mktemp("planted") / "trouble"
        folder.mkdir()
        each = by_place or {}
        rows = [row | dict(places or {}) | dict(each.get(str(row["neighbourhood"]), {})) for row in PLACES]
        write(folder / "neighbourhoods.csv", rows)
        write(folder / "municipalities.csv", [TOWN | dict(town or {"company_loan_to_value": 0.1})])
        write(folder / "builders.csv", [TABLES["builders"]])
        write(folder / "landlords.csv", [LANDLORD | dict(landlord or {}), BUYER])
        year = "" if start_year is None else f"start_year = {start_year}\n"
        (folder / "region.toml").write_text(year + county(), encoding="utf-8")
        return load_region(folder, scale)

    return planted


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    columns = list(dict.fromkeys([*(name for row in rows for name in row), *ORIGIN]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(row | ORIGIN for row in rows)


def model(region: Region, years: int = 16, seed: int = 1, **changes: Any) -> RenewalModel:
    levers = {name: changes.pop(name) for name in list(changes) if name in Levers.model_fields}
    p, chosen = PLANTED.replace(PLAIN | changes), Levers.checked(**levers)
    return RenewalModel(region, PRESETS["siloed"], seed, parameters=p, levers=chosen, years=years)


def ended(region: Region, years: int = 16, **changes: Any) -> RenewalModel:
    """A run of it, lawful in every quarter."""
    made = model(region, years, **changes)
    assert run_lawfully(made) == []
    return made


def value(region: Region, owner: str) -> float:
    """Market value of an owner's buildings at the start, SEK."""
    return next(x.value for x in model(region, 1).world.owners if x.name == owner)


def renovated(made: RenewalModel) -> bool:
    """Whether the company's house has been renovated."""
    return bool(made.buildings.renovated[0] >= 0)


def same_numbers(one: RenewalModel, other: RenewalModel) -> bool:
    """Whether two runs recorded the same, to the last bit."""
    return one.curves(detail=True).equals(other.curves(detail=True)) and np.array_equal(
        one.books.history, other.books.history
    )


# --- what is not told


def test_columns_that_say_what_holds_without_them_change_no_bit(plant: Plant) -> None:
    plain = plant()
    told = plant({"empty_share": 0.0, "calm": 1.0}, start_year=2011, landlord={"debt_sek": ""})
    blank = plant(
        {"empty_share": "", "calm": "", "x": "", "y": ""}, {"company_loan_to_value": 0.1, "company_debt_sek": ""}
    )
    assert plain.digest == told.digest == blank.digest
    assert same_numbers(ended(plain, 2), ended(told, 2)) and same_numbers(ended(plain, 2), ended(blank, 2))


def test_a_map_changes_in_silos_only_who_moves_where(plant: Plant) -> None:
    plain = plant()
    where = {"House": {"x": 0, "y": 0}, "Private": {"x": 3, "y": 4}, "Rest": {"x": 3, "y": 0}}
    mapped = plant(by_place=where)
    assert mapped.digest != plain.digest and mapped.neighbourhoods.mapped and not plain.neighbourhoods.mapped
    apart = mapped.neighbourhoods.tiles_apart
    assert apart[0, 1] == 5.0 and (apart == apart.T).all() and np.isnan(plain.neighbourhoods.tiles_apart).all()
    runs = [ended(one, 3, destinations="queue") for one in (plain, mapped)]
    assert same_numbers(*runs)
    near, far = (ended(one, 3).curves()["destination_km"].mean() for one in (mapped, plain))
    assert near != far


# --- debts in SEK


def test_a_company_that_owes_nearly_its_value_does_not_renovate_and_one_that_owes_little_does(plant: Plant) -> None:
    worth = value(plant(), "Town")
    poor, rich = (plant(town={"company_debt_sek": part * worth}) for part in (0.9, 0.1))
    assert model(poor).world.owners[0].loan_to_value == pytest.approx(0.9)
    assert renovated(ended(rich, 8)) and not renovated(ended(poor, 8))
    # Works that cost nothing need no loan: the debt has nothing to act through.
    assert renovated(ended(poor, 8, works_cost_factor=0.0))


def test_the_same_debt_told_as_a_share_or_in_sek_is_the_same_run(plant: Plant) -> None:
    share, worth = plant(town={"company_loan_to_value": 0.5}), value(plant(), "Town")
    sek = plant(town={"company_debt_sek": repr(0.5 * worth)})
    assert same_numbers(ended(share, 3), ended(sek, 3))


def test_a_company_whose_debts_exceed_its_value_fails_at_its_lenders_cost(plant: Plant) -> None:
    worth = value(plant(), "Town")
    broke = plant(town={"company_debt_sek": 2.0 * worth})
    fails, kept = ended(broke, 4, **SOON), ended(broke, 4)
    assert [(row.owner, row.way) for row in fails.world.rescues] == [("Town", RECEIVERSHIP)]
    lost = float(fails.books.history[:, Flow.LENDERS_LOSS_COMPANIES.row].sum())
    assert lost > 0.5 * worth and kept.world.rescues == []
    sound = ended(plant(town={"company_debt_sek": 0.5 * worth}), 4, **SOON)
    assert sound.world.rescues == []


def test_a_debt_above_the_value_does_harm(plant: Plant) -> None:
    """Dearer loans, houses that wear, and a debt that never comes down where nobody steps in."""
    worth = value(plant(), "Town")
    broke, sound = (ended(plant(town={"company_debt_sek": part * worth}), 12) for part in (1.5, 0.3))
    first = [float(x.books.of(Flow.INTEREST_COMPANIES, 0)[0]) for x in (broke, sound)]
    assert first[0] / 1.5 > 1.5 * first[1] / 0.3, "each krona owed costs more"
    worn = [float(x.buildings.condition[0]) for x in (broke, sound)]
    assert worn[0] < worn[1] - 0.2 and sound.buildings.standard[0] >= Standard.MINI
    assert broke.municipalities[0].debt > 1.5 * worth


def test_a_landlord_with_a_debt_of_its_own_must_sell_and_the_other_does_not(plant: Plant) -> None:
    worth = value(plant(), "Landlord")
    broke = plant(landlord={"debt_sek": 1.2 * worth})
    owners = model(broke, 1).world.owners
    assert owners[1].debt == pytest.approx(1.2 * worth)
    sells = ended(broke, 4, **SOON)
    assert [(row.owner, row.way) for row in sells.world.rescues] == [("Landlord", RECEIVERSHIP)]
    sales = sells.sales()
    assert set(sales.seller) == {"Landlord"} and set(sales.buyer) == {"Buyer"} and set(sales.reason) == {"distress"}
    assert sells.landlords[0].flats == 0 and sales.flats.sum() == 12
    assert len(ended(broke, 4).sales()) == 0 and len(ended(plant(), 4, **SOON).sales()) == 0


@pytest.mark.parametrize("scale", [0.5, 0.13])
def test_at_any_scale_an_owner_owes_the_same_share_of_its_value(plant: Plant, scale: float) -> None:
    """Small places keep eight flats each: what each flat owes must not shrink below what it owes at 1:1."""
    debts = {"company_debt_sek": 2e7}, {"debt_sek": 4e6}
    whole, part = (model(plant({"empty_share": 0.3}, *debts, scale=s), 1).world for s in (1.0, scale))
    for one, other in zip(whole.owners, part.owners, strict=True):
        per_flat = [x.debt / max(x.flats, 1) for x in (one, other)]
        assert per_flat[1] == pytest.approx(per_flat[0], rel=1e-9 if one.index < 2 else 0.2)


# --- empty flats


def test_empty_flats_pay_one_owner_no_rent_and_leave_the_other_owners_alone(plant: Plant) -> None:
    full, empty = plant(), plant(by_place={"Private": {"empty_share": 0.5}})
    one, other = ended(full, 1), ended(empty, 1)
    landlords, company = (
        [float(x.books.of(flow, 0).sum()) for x in (one, other)] for flow in (Flow.RENT_LANDLORDS, Flow.RENT_COMPANIES)
    )
    assert landlords[1] == pytest.approx(0.5 * landlords[0], rel=1e-9) and company[0] == company[1]
    # They are evidence of how few look for one: as long as nothing changes, they stay empty.
    assert float(other.books.of(Flow.RENT_LANDLORDS, 3).sum()) < 0.7 * landlords[0]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 1 / 3, 0.5, 0.6])
@pytest.mark.parametrize("scale", [1.0, 0.5, 0.13])
def test_the_share_that_is_empty_is_the_tables_at_every_scale(plant: Plant, share: float, scale: float) -> None:
    world = model(plant({"empty_share": share}, scale=scale), 1).world
    flats = world.flats_by_neighbourhood
    empty = flats.counts - flats.sum(world.residents.occupied)
    assert (np.abs(empty - share * flats.counts) <= 0.5 + 1e-9).all()
    by_building = world.in_building.mean(~world.residents.occupied)
    assert (np.abs(by_building - share) * world.buildings.flats <= 1.0).all(), "spread over all houses"


def test_the_households_that_are_there_are_as_the_tables_say_and_nobody_is_made_or_lost(plant: Plant) -> None:
    half = {"employment": 0.5, "age_65_plus": 0.25}
    full, empty = (model(plant({"empty_share": share} | half), 1).world for share in (0.0, 0.5))
    for world in (full, empty):
        r = world.residents
        here = r.occupied & (r.work != Work.RETIRED)
        flats = world.flats_by_neighbourhood
        assert (np.abs(flats.sum(here) - 0.75 * flats.sum(r.occupied)) <= 1.5).all()
        assert (np.abs(flats.sum(r.work == Work.EMPLOYED) - 0.5 * flats.sum(here)) <= 1.5).all()
        assert world.pool.people + here.sum() == pytest.approx(10000.0)
        assert (r.work[~r.occupied] == Work.OUT_OF_WORK).all() and (r.household[~r.occupied] == -1).all()
        assert world.cohort.lived.tolist() == r.occupied.tolist()
    assert full.start_rate.shape == empty.start_rate.shape and (empty.start_rate > 0.0).all()


def test_outcomes_of_the_first_quarter_count_the_households_that_are_there(plant: Plant) -> None:
    made = model(plant({"empty_share": 0.5}), 1, letting=0.05)
    made.step()
    row = made.curves().iloc[0]
    assert 0.4 <= row.empty_share < 0.6 and row.employment == pytest.approx(0.5, abs=0.1)
    assert row.satisfaction == pytest.approx(0.7, abs=0.02)


def test_one_flat_more_empties_no_other() -> None:
    for share in (0.0, 0.07, 1 / 3, 0.5, 0.999, 1.0):
        longest = empty_in_turn(share, 200)
        assert all(np.array_equal(empty_in_turn(share, n), longest[:n]) for n in range(1, 200))
        assert longest.sum() == int(share * 200 + 0.5)


@pytest.mark.parametrize("number", range(6))
def test_any_region_may_start_with_empty_flats_and_any_debt(number: int, tmp_path: Path) -> None:
    folder = tmp_path / "any"
    folder.mkdir()
    rng = np.random.default_rng(number)
    write_region(folder, rng)
    trouble(folder, load_region(folder), rng)
    drawn = random_world(number, "plausible", years=3)
    made = RenewalModel(load_region(folder), drawn.collaboration, 1, parameters=drawn.parameters, years=3)
    assert run_lawfully(made) == []
    assert total(x.debt for x in made.world.owners) >= 0.0


def trouble(folder: Path, region: Region, rng: np.random.Generator) -> None:
    """Give a region's tables empty flats (few enough that there are people), and whoever has flats a debt in SEK."""
    places = region.neighbourhoods
    companies = {places.municipality_index[i] for i in np.flatnonzero(places.municipal_flats)}
    private = {places.landlord_index[i] for i in np.flatnonzero(places.private_flats)}
    sek = 10.0 ** rng.uniform(5, 8, 9)
    towns = {name: sek[i] * (i in companies) for i, name in enumerate(region.municipalities.name)}
    owners = {name: sek[i] * (i in private) for i, name in enumerate(region.landlords.name)}
    changes: dict[str, Callable[[dict[str, str]], Mapping[str, object]]] = {
        "neighbourhoods": lambda row: {"empty_share": rng.random() * most_empty(row)},
        "municipalities": lambda row: {"company_loan_to_value": "", "company_debt_sek": towns[row["municipality"]]},
        "landlords": lambda row: {"debt_sek": owners[row["landlord"]]},
    }
    for name, change in changes.items():
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if rows:
            write(folder / f"{name}.csv", [row | dict(change(row)) for row in rows])


def most_empty(row: Mapping[str, str]) -> float:
    """The largest share of flats that may be empty where somebody out of work must be left, 0-1."""
    seeking = int(row["flats"]) * (1.0 - float(row["age_65_plus"])) * (1.0 - float(row["employment"]))
    return max(1.0 - 2.0 / seeking, 0.0)


# --- another year


def test_a_later_start_moves_every_date_that_is_told(plant: Plant) -> None:
    worth = value(plant(), "Town")
    debts = {"company_debt_sek": 2.0 * worth}
    old, new = plant(town=debts), plant({"built_from": 1986, "built_to": 1987}, debts, start_year=2031)
    one, other = (ended(region, 6, **SOON) for region in (old, new))
    assert same_numbers(one, other), "houses that are as old do the same, twenty years later"
    assert [row.year for row in one.world.rescues] == [2012] and [row.year for row in other.world.rescues] == [2032]
    assert other.world.year == 2031 + 6 and one.world.year == 2011 + 6
    years = [frame.year.tolist() for frame in (one.programmes(), other.programmes())]
    assert years[1] == [year + 20 for year in years[0]]


def test_a_lever_of_calendar_years_acts_in_those_that_the_region_lives_through(plant: Plant) -> None:
    free = {"works_cost_factor": Dated(0.0, 2019, 2024)}
    poor = {"company_debt_sek": 0.9 * value(plant(), "Town")}
    early, late, after = (ended(plant(town=poor, start_year=year), 8, **free) for year in (2008, 2018, 2026))
    assert renovated(late) and not renovated(early) and not renovated(after)


def test_houses_are_older_where_the_start_is_later_and_wear_faster_once_their_pipes_are_past_their_life(
    plant: Plant,
) -> None:
    no_works = {"renovation": False}
    early, late = (ended(plant(start_year=year), 1, pipe_life=60.0, **no_works) for year in (2011, 2031))
    assert late.buildings.condition[0] < early.buildings.condition[0]
    closed = {"decline_past_life": 1.0}
    early, late = (ended(plant(start_year=year), 1, pipe_life=60.0, **closed, **no_works) for year in (2011, 2031))
    assert late.buildings.condition[0] == early.buildings.condition[0]
