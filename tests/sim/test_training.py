"""Training clauses: what they add to the price of works, who gets a place, and what more of them bring."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import pytest

from sim import Collaboration, Levers, RenewalModel, load_parameters, load_region
from sim.inputs.collaboration import LOCAL, NATIONAL
from sim.phases.sites import room, trainees
from sim.rules.clauses import PlaceCost, crew_year, kinds, place_cost, quarters_stayed
from sim.rules.training import Programme, by_quality, next_coaches
from sim.vocabulary import Work
from sim.world.books import Flow
from sim.world.candidates import candidates, seeking
from sim.world.projects import Contract
from sim.world.world import World

Make = Callable[..., RenewalModel]
Watch = Callable[..., AbstractContextManager[None]]
Differences = Callable[[RenewalModel, RenewalModel], dict[str, int]]

OFF = Collaboration("off", partners=NATIONAL)
CLAUSES = OFF.replace(training=1.0)
# Everybody suits a place, crews have room and clauses keep nobody from bidding: nothing but a place's cost is at work.
PLENTY = {"suitable_share": 1.0, "trainees_most": 5.0, "clause_aversion": 0.0}


def to_the_first_award(model: RenewalModel) -> list[Contract]:
    """Contracts of the first quarter that has some; no firm owes a part of a place before."""
    for builder in model.builders:
        builder.places_owed = 0.0
    while not model.world.contracts:
        model.step()
    return model.world.contracts


# --- what a clause costs


def test_a_clause_raises_the_winning_bid_by_the_sum_of_its_parts_and_changes_no_award(make: Make, watch: Watch) -> None:
    off, on = (make(c, parameters=PLENTY) for c in (OFF, CLAUSES))
    costs: list[PlaceCost] = []

    def look(phase: str, world: World) -> None:
        if phase == "tender and award":
            crew = crew_year(world.cost_level, world.surroundings.wage_premium(world.p), world.p)
            costs.append(place_cost(0.0, world.pay_level, crew, world.p))

    before = to_the_first_award(off)
    with watch(before=look):
        after = to_the_first_award(on)
    assert off.quarter == on.quarter and len(before) == len(after) > 0
    world, p, each = on.world, on.world.p, costs[-1]
    parts = each.administration + each.supervision + each.wages - each.subsidy - each.product
    for plain, clause in zip(before, after, strict=True):
        assert (plain.builder, plain.price, plain.works, plain.clause) == (
            clause.builder,
            clause.price,
            clause.works,
            0.0,
        )
        asked = p.clause_places * clause.price / 1e6
        assert clause.places == pytest.approx(asked * world.region.scale)
        assert clause.total - plain.total == pytest.approx(asked * parts * (1.0 + p.vat), abs=1.0)


def test_owners_pay_what_the_clause_adds_and_no_other_flow_moves_before_a_place_is_filled(make: Make) -> None:
    # Owners who had learnt the dearer price would plan otherwise, and landlords reckon with it when a tenant leaves.
    still = {"parameters": PLENTY | {"price_learning": 0.0}, "levers": {"turnover_renovation": False}}
    off, on = (make(c, **still) for c in (OFF, CLAUSES))
    to_the_first_award(off), to_the_first_award(on)
    while not abs((on.books.history - off.books.history)[off.quarter - 1]).max() > 1.0:
        off.step(), on.step()
    assert on.curves().placements.sum() == 0.0, "no whole place has fallen due yet"
    moved = (on.books.history - off.books.history)[off.quarter - 1].sum(axis=1)
    found = {flow for flow in Flow if abs(moved[flow.row]) > 1.0}
    loans = {Flow.LOANS_COMPANIES, Flow.LOANS_LANDLORDS, Flow.INTEREST_COMPANIES, Flow.INTEREST_LANDLORDS}
    works = {Flow.WORKS_COMPANIES, Flow.WORKS_LANDLORDS}
    assert works & found and Flow.WORKS_VAT in found and found <= works | loans | {Flow.WORKS_VAT}
    paid = sum(moved[flow.row] for flow in works)
    vat = on.world.p.vat
    assert moved[Flow.WORKS_VAT.row] == pytest.approx(paid * vat / (1.0 + vat))


def test_a_place_costs_what_its_parts_cost_and_nobody_gets_free_labour() -> None:
    p = load_parameters()
    crew = crew_year(1.0, 0.0, p)
    usual = place_cost(0.0, 1.0, crew, p)
    assert usual.net == pytest.approx(
        usual.administration + usual.supervision + usual.wages - usual.subsidy - usual.product
    )
    unpaid = p.replace({"wage_subsidy": 0.0, "apprentice_subsidy": 0.0, "trainee_product_share": 1.0})
    fair = place_cost(0.0, 1.0, crew, unpaid)
    assert fair.wages == pytest.approx(fair.product), "who is paid what the work is worth costs what showing costs"
    assert fair.net == pytest.approx(fair.administration + fair.supervision)
    assert place_cost(0.0, 1.0, 2.0 * crew, p).supervision == pytest.approx(2.0 * usual.supervision)
    lavish = p.replace({"wage_subsidy": 1.0, "apprentice_subsidy": 1.0, "trainee_product_share": 1.0})
    assert place_cost(0.0, 1.0, 0.0, lavish).net == 0.0, "a place that pays for itself lowers no bid"
    assert sum(kinds(0.6, p)) == pytest.approx(1.0) and kinds(0.6, p)[0] < kinds(0.0, p)[0]
    assert quarters_stayed(12.0, 0.0) == 12.0 > quarters_stayed(12.0, 0.1) > quarters_stayed(12.0, 1.0) == 1.0


def test_works_hold_the_same_crew_for_a_million_as_supervision_reckons_with() -> None:
    p = load_parameters()
    labour = p.labour_share * 1e6 / (1.0 + p.vat) / ((1.0 + p.margin_base) * (1.0 + p.risk_premium))
    assert crew_year(1.0, 0.0, p) * p.labour_intensity == pytest.approx(labour)


def test_builders_get_over_the_years_what_places_cost_them(make: Make) -> None:
    model = make(CLAUSES, years=12, parameters=PLENTY | {"clause_places": 0.5, "follow_firm": 1.0})
    world, p, scale, lent, priced = model.world, model.world.p, model.region.scale, 0.0, 0.0
    while model.quarter < model.quarters:
        if model.quarter == 32:  # no more clauses, so that all places have ended when the run does
            world.p = world.p.replace({"clause_places": 0.0})
        before = {id(c): c.progress for c in world.contracts}
        contracts = list(world.contracts)
        crew = crew_year(world.cost_level, world.surroundings.wage_premium(p), p)
        model.step()
        lent += p.supervision * crew / 4.0 * float(world.trainees_by_builder.sum())
        priced += sum((c.progress - before[id(c)]) * c.clause for c in contracts) * scale / (1.0 + p.vat)
    booked = model.books.history.sum(axis=(0, 2))
    paid = booked[[x.row for x in (Flow.PLACE_ADMINISTRATION, Flow.SITE_WAGES, Flow.SITE_PAYROLL_TAX)]].sum()
    got = booked[[x.row for x in (Flow.WAGE_SUBSIDY, Flow.TRAINEE_WORK)]].sum()
    assert priced == pytest.approx(paid + lent - got, rel=0.15)


def test_the_cost_of_a_place_is_booked_once_in_two_parts(make: Make) -> None:
    model = make(CLAUSES, years=6, parameters={"clause_places": 1.0}).run()
    p, booked = model.world.p, model.books.history.sum(axis=(0, 2))
    places = model.curves().placements.sum()
    coaching, administration = booked[Flow.COACHING.row], booked[Flow.PLACE_ADMINISTRATION.row]
    assert places > 5 and coaching + administration == pytest.approx(p.place_cost * places)
    assert administration == pytest.approx(p.place_cost_in_bid * p.place_cost * places)


def test_crews_are_paid_for_the_time_in_which_they_show_trainees_the_work(make: Make, watch: Watch) -> None:
    many = {"clause_places": 1.0}
    shown = {share: crews_beyond_their_works(make, watch, many | PLENTY | {"supervision": share}) for share in (0, 0.3)}
    assert shown[0] == pytest.approx((0.0, 0.0), abs=1e-3)
    assert shown[0.3][0] == pytest.approx(shown[0.3][1]) and shown[0.3][1] > 0.0


def crews_beyond_their_works(make: Make, watch: Watch, parameters: dict[str, float]) -> tuple[float, float]:
    """What crews of sites cost beyond what labour the works themselves have needed, and what the time costs in which
    they show trainees the work, SEK over three years."""
    model = make(CLAUSES, years=3, parameters=parameters)
    seen: dict[str, float] = {"crews": 0.0, "works": 0.0, "shown": 0.0}

    def note(world: World, sign: float) -> None:
        seen["crews"] += sign * float(world.books.of(Flow.WORKS_CREWS).sum()) * (1.0 + world.p.payroll_tax)
        for c in contracts:
            seen["works"] += sign * c.progress * c.labour_cost * (1.0 + c.change) * c.modelled_cost

    def before(phase: str, world: World) -> None:
        if phase == "site work":
            contracts[:] = world.contracts
            note(world, -1.0)

    def after(phase: str, world: World) -> None:
        if phase == "site work":
            note(world, 1.0)
            crew = crew_year(world.cost_level, world.surroundings.wage_premium(world.p), world.p)
            seen["shown"] += world.p.supervision * crew / 4.0 * float(world.trainees_by_builder.sum())

    contracts: list[Contract] = []
    with watch(before=before, after=after):
        model.run()
    return seen["crews"] - seen["works"], seen["shown"]


# --- clauses that ask for nothing, and places that nobody can fill


def test_clauses_that_ask_for_no_places_differ_in_no_bit_from_no_clauses(make: Make, differences: Differences) -> None:
    off = make(OFF, years=5).run()
    none = make(CLAUSES, years=5, levers={"training_places_factor": 0.0}).run()
    assert differences(off, none) == {} and np.array_equal(off.books.history, none.books.history)


def test_where_nobody_suits_a_place_none_is_filled_and_no_bid_holds_its_cost(make: Make) -> None:
    nobody = {"suitable_share": 0.0, "clause_aversion": 0.0, "clause_places": 0.5}
    off, on = (make(c, years=5, parameters=nobody).run() for c in (OFF, CLAUSES))
    assert np.array_equal(off.books.history, on.books.history)
    assert on.curves().placements.sum() == 0.0 < on.curves().places_unfilled.sum()


def followed(**settings: Any) -> RenewalModel:
    """A run with clauses in a small Botkyrka that remembers who took a place."""
    return RenewalModel(load_region("botkyrka", 0.1), CLAUSES, 1, events=True, **settings).run()


def test_ten_times_as_many_places_bring_falling_returns() -> None:
    filled, coached, dearer = [], [], []
    for factor in (1.0, 10.0):
        model = followed(years=8, levers=Levers(training_places_factor=factor))
        curves = model.curves()
        assert model.events is not None
        filled.append(curves.placements.sum() / (curves.placements.sum() + curves.places_unfilled.sum()))
        coached.append(model.events.places.frame()["coached"].mean())
        dearer.append(curves.price_index.mean())
    assert filled[1] < 0.8 * filled[0] and coached[1] < coached[0] - 0.1 and dearer[1] > dearer[0]


def test_candidates_are_a_part_of_those_who_seek_and_the_same_people_every_quarter(make: Make) -> None:
    model = make(OFF, years=1)
    model.step()
    some, all_of_them = candidates(model.world), seeking(model.world)
    r = model.residents
    assert np.isin(some, all_of_them).all() and (r.work[some] == Work.OUT_OF_WORK).all()
    assert len(some) / len(all_of_them) == pytest.approx(model.world.p.suitable_share, abs=0.12)
    model.step()
    later = candidates(model.world)
    stay = np.intersect1d(later, all_of_them)
    same = stay[r.since[stay] < model.quarter - 1]
    assert np.isin(same, some).all()


def test_nobody_gets_a_second_place_within_the_years_set() -> None:
    few = {"suitable_share": 0.05, "clause_places": 1.0, "trainees_most": 5.0, "placement_to_job_coached": 0.0}
    again = []
    for years in (5.0, 0.0):
        model = followed(years=7, parameters=load_parameters().replace(few | {"place_again": years}))
        assert model.events is not None
        places = model.events.places.frame().sort_values("start")
        gaps = places.groupby("household")["start"].diff().dropna()
        again.append(gaps.min() if len(gaps) else np.inf)
        assert len(places) > 3
    assert again[0] >= 20 > again[1]


def test_coaching_grows_only_where_it_was_outgrown_and_never_faster_than_it_may() -> None:
    p = load_parameters()
    grown = next_coaches(np.full(4, 10.0), np.array([0.0, 10.0, 10.2, 40.0]), p)
    assert grown.tolist() == pytest.approx([10.0, 10.0, 10.2, 10.0 * (1.0 + p.coach_growth)])


def test_places_differ_and_are_on_average_as_good_as_they_were() -> None:
    p = load_parameters()
    factor = by_quality(np.linspace(0.0, 1.0, 101), p)
    assert factor.mean() == pytest.approx(1.0) and factor[-1] - factor[0] == pytest.approx(2.0 * p.place_spread)


# --- firms without work


def with_trainees(make: Make, partners: frozenset[object] = LOCAL, **parameters: float) -> RenewalModel:
    """A world in which people are in places, none of which ends by itself this quarter."""
    long = {"placement_quarters": 12.0, "subsidy_quarters": 20.0, "clause_places": 1.0} | PLENTY | parameters
    model = make(Collaboration("clauses", partners=partners, training=1.0), years=8, parameters=long)  # type: ignore[arg-type]
    while len(trainees(model.world)) < 5:
        model.step()
    return model


@pytest.mark.parametrize("elsewhere", [0.0, 1.0])
def test_when_firms_run_out_of_work_their_trainees_are_stranded(make: Make, elsewhere: float) -> None:
    model = with_trainees(make, follow_firm=elsewhere, follow_cycle=0.0)
    world, r = model.world, model.residents
    rows = trainees(world)
    kinds_before, homes = r.programme[rows].copy(), r.household[rows].copy()
    world.contracts.clear()
    model.step()
    stranded = model.curves().stranded.iloc[-1]
    stay = r.household[rows] == homes
    short = stay & np.isin(kinds_before, (Programme.PLACEMENT, Programme.HIRE))
    if elsewhere == 1.0:
        assert stranded == 0.0
    else:
        assert stranded == len(rows), "everybody: placements and hires lose theirs, apprentices wait"
        assert (r.programme[rows[short]] == Programme.NONE).all()
        assert (r.work[rows[short & (r.occupied[rows])]] == Work.OUT_OF_WORK).any()
        waiting = stay & (kinds_before == Programme.APPRENTICE) & (r.programme[rows] == Programme.APPRENTICE)
        assert (r.waiting[rows[waiting]] == 1).all()


@pytest.mark.parametrize("most", [5.0, 0.0])
def test_another_site_takes_trainees_over_if_it_has_room(make: Make, most: float) -> None:
    model = with_trainees(make, NATIONAL, follow_firm=0.0)
    world, r = model.world, model.residents
    world.p = world.p.replace({"trainees_most": most})
    other = max((c for c in world.contracts if c.start <= world.quarter), key=lambda c: c.start + c.quarters)
    other.crew *= 4.0  # large enough for all of them
    world.contracts[:] = [other]
    rows = trainees(world)
    alone = rows[r.builder[rows] != other.builder]
    assert len(alone) and (room(world) > len(alone)) == (most > 0.0)
    on_site = (r.builder[rows] == other.builder) & (r.waiting[rows] == 0)
    assert room(world) == room(world, np.arange(r.n)) == max(most * other.crew - on_site.sum(), 0.0)
    before = r.household[alone].copy()
    model.step()
    stay = alone[r.household[alone] == before]
    firms, stranded = r.builder[stay], model.curves().stranded.iloc[-1]
    if most > 0.0:
        assert set(firms.tolist()) <= {other.builder, -1} and (firms >= 0).any() and stranded == 0.0
    else:
        assert (firms != other.builder).all() and stranded == len(alone)


def test_an_apprentice_who_waits_produces_nothing(make: Make) -> None:
    model = with_trainees(make, follow_firm=0.0, share_placements=0.0, share_hires=0.0)
    busy = model.books.history[model.quarter - 1, Flow.TRAINEE_WORK.row].sum()
    model.world.contracts.clear()
    model.step()
    idle = model.books.history[model.quarter - 1]
    assert busy > 0.0 == pytest.approx(idle[Flow.TRAINEE_WORK.row].sum()) and idle[Flow.SITE_WAGES.row].sum() > 0.0
