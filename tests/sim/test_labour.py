"""Work: who finds it, who loses it, what a vacancy is, and what a programme adds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import numpy as np
import pytest

from sim import Collaboration, Levers, RenewalModel, load_parameters, load_region
from sim.inputs.collaboration import REGIONAL
from sim.rules.employment import age_factor, cell_weights, loss_rates, newcomer_factor, start_propensity, tightness
from sim.rules.training import Programme, coached, drop_out, placement_success, supervision
from sim.vocabulary import Skill, Work
from sim.world.county_labour import CountyLabour
from sim.world.programme import programme_jobs
from sim.world.seekers import job_seekers
from sim.world.tallies import Tally
from sim.world.world import World

Make = Callable[..., RenewalModel]
Watch = Callable[..., AbstractContextManager[None]]


# --- the same quarter, with a higher chance to find work


def with_parameters(model: RenewalModel, changes: dict[str, float]) -> None:
    """Change parameters of a model under way, and nothing that was worked out from them before."""
    model.world.p = model.p.replace(changes)


def raise_start_rate(model: RenewalModel) -> None:
    model.world.start_rate = model.world.start_rate * 1.5


RAISED: dict[str, Callable[[RenewalModel], None]] = {
    "find_low": lambda model: with_parameters(model, {"find_low": 1.5 * model.p.find_low}),
    "find_high": lambda model: with_parameters(model, {"find_high": 1.5 * model.p.find_high}),
    "start_rate": raise_start_rate,
    "address_penalty": lambda model: with_parameters(model, {"address_penalty": 0.0}),
}


def work_after_the_phase(model: RenewalModel, watch: Watch) -> np.ndarray:
    """A quarter; everybody's work when the phase of work is over and nobody has moved yet."""
    seen: list[np.ndarray] = []

    def after(phase: str, at: World) -> None:
        if phase == "work and training":
            seen.append(at.residents.work.copy())

    with watch(after=after):
        model.step()
    return seen[0]


@pytest.mark.parametrize("raised", RAISED)
@pytest.mark.parametrize("preset", ["siloed", "regional"])
@pytest.mark.parametrize("quarters", [0, 7])
def test_with_vacancies_fixed_a_higher_finding_rate_never_loses_anybody_a_job(
    make: Make, watch: Watch, raised: str, preset: str, quarters: int
) -> None:
    gained = 0
    for seed in (1, 2, 3):
        usual, better = (
            make(preset, seed=seed, levers={"vacancies": "fixed"}, parameters={"clause_places": 2.0}) for _ in range(2)
        )
        for _ in range(quarters):
            usual.step(), better.step()
        assert np.array_equal(usual.residents.work, better.residents.work)
        RAISED[raised](better)
        without, with_more = work_after_the_phase(usual, watch), work_after_the_phase(better, watch)
        had, has = without == Work.EMPLOYED, with_more == Work.EMPLOYED
        assert not (had & ~has).any()
        gained += int((has & ~had).sum())
    assert gained > 0, "nobody gained either: the rate does nothing"


@pytest.mark.parametrize("skill", [Skill.LOW, Skill.MIDDLE])
def test_a_lower_losing_rate_never_loses_anybody_a_job(make: Make, watch: Watch, skill: Skill) -> None:
    kept = 0
    for seed in (1, 2, 3):
        usual, better = (make(seed=seed, levers={"vacancies": "fixed"}) for _ in range(2))
        losing = better.world.histories.losing.copy()
        losing[skill] *= 0.3
        better.world.histories = replace(better.world.histories, losing=losing)
        had, has = (work_after_the_phase(model, watch) == Work.EMPLOYED for model in (usual, better))
        assert not (had & ~has).any()
        kept += int((has & ~had).sum())
    assert kept > 0


# --- the order of asking


@pytest.mark.parametrize("preset", ["regional", "national"])
def test_the_order_in_which_rows_are_looked_at_does_not_matter(make: Make, watch: Watch, preset: str) -> None:
    found, asked = np.flatnonzero, 0

    def backwards(values: np.ndarray) -> np.ndarray:
        nonlocal asked
        asked += 1
        return found(values)[::-1]

    def before(phase: str, world: World) -> None:
        if phase in ("work and training", "everyday life"):
            np.flatnonzero = backwards

    def after(phase: str, world: World) -> None:
        np.flatnonzero = found

    # Sums in another order differ in the last bit; with fixed vacancies nobody's chance is such a sum.
    settings = {"years": 4, "levers": {"vacancies": "fixed"}, "parameters": {"clause_places": 2.0}}
    forwards, reverse = make(preset, **settings).run(), make(preset, **settings)
    try:
        with watch(before, after):
            reverse.run()
    finally:
        np.flatnonzero = found
    assert asked > 16 * 4
    assert forwards.curves().placements.sum() > 10
    for column in ("work", "skill", "programme", "household", "occupied", "builder", "practice", "born", "spell"):
        assert np.array_equal(getattr(forwards.residents, column), getattr(reverse.residents, column)), column


def new_trainees(make: Make, watch: Watch, additionality: str) -> tuple[np.ndarray, np.ndarray]:
    """Work history, quarters, of those who got a place, and of all who were out of work, when places were given."""
    histories: list[np.ndarray] = []
    everybody: list[np.ndarray] = []
    start: dict[str, np.ndarray] = {}

    def before(phase: str, world: World) -> None:
        r = world.residents
        start.update(work=r.work.copy(), history=r.history.copy())
        start["tally"] = world.tallies.of(Tally.PLACEMENTS).copy()

    def after(phase: str, world: World) -> None:
        if phase != "work and training":
            return
        r = world.residents
        places = (Programme.PLACEMENT, Programme.HIRE, Programme.APPRENTICE)
        new = np.flatnonzero((r.programme_since == world.quarter) & np.isin(r.programme, places))
        assert len(new) == (world.tallies.of(Tally.PLACEMENTS) - start["tally"]).sum(), "one place each"
        assert r.occupied[new].all() and ((world.quarter - r.born[new]) / 4.0 < world.p.trainee_age_limit + 0.25).all()
        jobless = start["work"] == Work.OUT_OF_WORK
        if len(new):
            histories.append(start["history"][new[jobless[new]]])
            everybody.append(start["history"][jobless])

    model = make("regional", years=6, levers={"additionality": additionality}, parameters={"clause_places": 2.0})
    with watch(before, after):
        model.run()
    return np.concatenate(histories).astype(float), np.concatenate(everybody).astype(float)


def test_places_go_to_those_nearest_to_work_unless_additionality_is_full(make: Make, watch: Watch) -> None:
    near, everybody = new_trainees(make, watch, "emergent")
    far, _ = new_trainees(make, watch, "full")
    assert len(near) > 20 and len(far) > 20
    assert near.mean() > everybody.mean() > far.mean()


# --- the address


def test_the_address_counts_only_against_a_foreign_background(make: Make) -> None:
    model = make()
    rows, without = job_seekers(model.world)
    with_parameters(model, {"address_penalty": 0.0})
    same, free = job_seekers(model.world)
    assert np.array_equal(rows, same)
    foreign = model.residents.foreign[rows]
    assert foreign.any() and not foreign.all()
    assert np.array_equal(without[~foreign], free[~foreign])
    assert (without[foreign] < free[foreign]).all(), "every estate has a poor name at the start"


def test_a_better_name_helps_those_against_whom_it_counted() -> None:
    p = load_parameters()
    weights = cell_weights(np.array([0.05, 0.3, 1.0]), p).reshape(3, 4, 2)
    assert np.array_equal(weights[0, :, 0], weights[2, :, 0])
    assert (np.diff(weights[:, :, 1], axis=0) > 0).all()
    assert np.allclose(weights[2, :, 1], weights[2, :, 0])
    assert weights[0, 0, 1] / weights[0, 0, 0] == pytest.approx(
        1.0 - p.address_penalty * (p.reputation_ordinary - 0.05) / p.reputation_ordinary
    )


def test_newcomers_and_those_over_fifty_find_work_less_easily() -> None:
    p = load_parameters()
    years = newcomer_factor(np.array([0.0, 2.0, p.settled_years, 40.0]), p)
    assert years[0] == p.newcomer_start and years[2] == years[3] == 1.0 and (np.diff(years[:3]) > 0).all()
    age = age_factor(np.array([25.0, 50.0, 57.0, 65.0]), p)
    assert age[0] == age[1] == 1.0 and (np.diff(age[1:]) < 0).all()
    assert age[3] == pytest.approx(1.0 - p.find_age_penalty)


# --- the start


def test_employment_starts_at_the_tables_and_stays_near_it_for_the_first_quarters() -> None:
    region = load_region("botkyrka", 0.3)
    start, later = [], []
    for seed in (1, 2, 3):
        model = RenewalModel(region, Collaboration.preset("siloed"), seed, years=2)
        r, places = model.residents, model.region.neighbourhoods
        of_age = model.world.flats_by_neighbourhood.sum(r.work != Work.RETIRED)
        table = places.employment
        start.append(model.world.flats_by_neighbourhood.sum(r.work == Work.EMPLOYED) - table * of_age)
        model.run()
        wide = model.curves(detail=True)
        later.append(wide[wide.area_kind == "neighbourhood"].employment.to_numpy().reshape(8, -1) - table)
    assert np.abs(start).max() <= 1.5, "persons, in each neighbourhood"
    drift = np.mean(later, axis=0)
    assert np.abs(drift.mean(axis=1)).max() < 0.02, "points of employment, all neighbourhoods"
    assert np.abs(drift).max() < 0.08, "points of employment, the unluckiest neighbourhood"


def test_chances_at_the_start_have_the_tables_employment_as_their_mean() -> None:
    p = load_parameters()
    cells = np.array([[0.2, 0.2, 0.1, 0.2, 0.1, 0.2], [0.05, 0.45, 0.05, 0.3, 0.05, 0.1]])
    employment = np.array([0.7, 0.5])
    chance = start_propensity(employment, cells, p)
    assert np.allclose((chance * cells).sum(axis=1), employment)
    assert (chance[:, 4] > chance[:, 0]).all(), "more schooling, more work"
    assert (chance[:, 0] >= chance[:, 1]).all() and ((chance > 0) & (chance < 1)).all()


# --- the rest of the county


def pool(make: Make) -> CountyLabour:
    """The rest of the county at the start of a run."""
    return make().world.pool


def quarter(labour: CountyLabour, finds: float, slack: float = 0.0, fixed: bool = False) -> float:
    """A quarter of the pool alone, with so many jobs found from the estates; returns the tightness it opened with."""
    p = load_parameters()
    seekers = labour.start_seekers - float((labour.unemployed * labour.find).sum())
    labour.open_quarter(seekers, slack, fixed, p)
    labour.close_quarter(finds, slack, p)
    return labour.tightness


def balanced(labour: CountyLabour) -> float:
    """Jobs that the estates find a quarter when the market is in balance."""
    p = load_parameters()
    return float(labour.openings - p.vacancy_lapse * labour.vacancies - (labour.unemployed * labour.find).sum())


def test_the_pool_starts_in_balance_and_stays_there(make: Make) -> None:
    labour = pool(make)
    start, vacancies = labour.employed.copy(), labour.vacancies
    assert labour.unemployed.sum() / (labour.unemployed.sum() + start.sum()) == pytest.approx(0.08, abs=0.05)
    finds = balanced(labour)
    for _ in range(8):
        assert quarter(labour, finds) == pytest.approx(1.0)
    assert np.allclose(labour.employed, start, rtol=1e-6) and labour.vacancies == pytest.approx(vacancies)


def test_a_hire_takes_a_vacancy_and_makes_work_harder_to_find_for_the_next(make: Make) -> None:
    usual, more, programme = pool(make), pool(make), pool(make)
    finds = balanced(usual)
    programme.taken = 5.0
    for labour, extra in ((usual, 0.0), (more, 5.0), (programme, 0.0)):
        quarter(labour, finds + extra)
    assert usual.vacancies - more.vacancies == pytest.approx(5.0)
    assert usual.vacancies - programme.vacancies == pytest.approx(5.0) and programme.taken == 0.0
    assert quarter(more, finds) < quarter(usual, finds) == pytest.approx(1.0)
    assert quarter(more, finds, fixed=True) == 1.0, "fixed vacancies: only the economy counts"


def test_found_jobs_leave_fewer_vacancies_in_a_run_with_finite_ones(make: Make) -> None:
    usual, eager = (make(years=1, levers={"renovation": False}) for _ in range(2))
    eager.world.start_rate = eager.world.start_rate * 2.0
    usual.step(), eager.step()
    found = [(model.residents.work == Work.EMPLOYED).sum() for model in (usual, eager)]
    assert found[1] > found[0] and eager.world.pool.vacancies < usual.world.pool.vacancies


def test_vacancies_make_work_easier_to_find_and_seekers_harder() -> None:
    p = load_parameters()
    assert tightness(1.0, 1.0, p) == 1.0
    assert tightness(0.5, 1.0, p) < 1.0 < tightness(2.0, 1.0, p)
    assert tightness(2.0, 2.0, p) == pytest.approx(1.0)
    assert tightness(2.0, 1.0, p) == pytest.approx(2.0**p.matching_elasticity)


def test_a_downturn_costs_jobs(make: Make) -> None:
    usual, bad = pool(make), pool(make)
    finds = balanced(usual)
    for _ in range(4):
        quarter(usual, finds)
        quarter(bad, finds, slack=0.04)
    assert bad.employed.sum() < usual.employed.sum() and bad.vacancies < usual.vacancies
    assert quarter(bad, finds, slack=0.04, fixed=True) < 1.0


def test_people_who_move_leave_the_pool_with_what_they_are(make: Make) -> None:
    labour = pool(make)
    before = labour.employed.sum(), labour.unemployed.sum(), labour.employed.sum(axis=0)[..., Skill.TRADE]
    labour.receive(np.array([3.0, 1.0, 0.0, 2.0]), np.array([1.0, 0.0, 0.0, 0.0]))
    labour.send(np.array([2.0, 0.0, 0.0, 0.0]), np.array([0.0, 1.0, 1.0, 0.0]))
    assert labour.employed.sum() == pytest.approx(before[0] + 4.0)
    assert labour.unemployed.sum() == pytest.approx(before[1] - 1.0)
    assert labour.employed.sum(axis=0)[..., Skill.TRADE] == pytest.approx(before[2] + 2.0)
    assert (labour.came, labour.left) == (7.0, 4.0)


def test_a_move_within_a_run_never_empties_a_class_of_the_pool(make: Make) -> None:
    model = make("regional", years=6)
    while model.quarter < model.quarters:
        model.step()
        assert (model.world.pool.employed >= 0.0).all() and (model.world.pool.unemployed >= 0.0).all()


# --- training


@pytest.mark.parametrize("more", [1.0, 1.5])
def test_as_many_of_each_schooling_are_near_the_estates_whoever_moves_and_retires(
    make: Make, watch: Watch, more: float
) -> None:
    model = make("siloed", years=6)
    with_parameters(model, {"move_base": more * model.p.move_base})
    near: list[np.ndarray] = []

    def after(phase: str, world: World) -> None:
        if phase == "work and training":
            r, pool = world.residents, world.pool
            here = np.bincount(r.skill[(r.work != Work.RETIRED) & r.occupied], minlength=len(Skill))
            people = pool.employed + pool.unemployed
            near.append((here + people[1]) / np.maximum(here + people.sum(axis=0), 1e-9))

    with watch(after=after):
        model.run()
    assert np.allclose([x[: Skill.TRADE] for x in near], model.world.pool.near[: Skill.TRADE])


def test_the_queue_and_the_county_at_large_exchange_people_as_they_are(make: Make) -> None:
    pool = make("siloed", years=1).world.pool
    before = pool.employed.sum(axis=0), pool.unemployed.sum(axis=0)
    share = pool.employed / np.maximum(pool.employed + pool.unemployed, 1e-9)
    queue = float((pool.employed + pool.unemployed)[1].sum())
    pool.settle_queue(np.zeros(len(Skill)))
    assert float((pool.employed + pool.unemployed)[1].sum()) > queue
    assert np.allclose(pool.employed.sum(axis=0), before[0]) and np.allclose(pool.unemployed.sum(axis=0), before[1])
    assert (pool.employed >= 0.0).all() and (pool.unemployed >= 0.0).all()
    # Nobody lives in the estates: more queue for them, and of those who come as many work as where they come from.
    after = pool.employed / np.maximum(pool.employed + pool.unemployed, 1e-9)
    assert np.allclose(after[0, : Skill.TRADE], share[0, : Skill.TRADE])


def test_as_many_retire_as_are_old_enough_also_of_a_schooling_that_nobody_has_left(make: Make) -> None:
    model = make("siloed", years=1)
    pool = model.world.pool
    pool.employed[:, Skill.HIGH] = pool.unemployed[:, Skill.HIGH] = 0.0
    before, old = pool.people, np.array([1.0, 1.0, 2.0, 0.0])
    pool.renew(np.zeros(4), old, np.zeros(4), model.world.p)
    assert pool.people == pytest.approx(before - old.sum())
    assert min(pool.employed.min(), pool.unemployed.min()) >= 0.0


def test_coaches_follow_the_first_of_a_year_and_a_share_of_those_beyond() -> None:
    p = load_parameters()
    draws = np.linspace(0.0, 1.0, 1001)
    capacity = np.full(1001, p.coach_capacity)
    close, beyond = (coached(number, draws, capacity, p) for number in (capacity - 1.0, capacity))
    assert close.all() and beyond.mean() == pytest.approx(p.coached_beyond, abs=2e-3)
    assert placement_success(np.array([True, False]), p.placement_to_job_coached, p) == pytest.approx([0.7, 0.03])
    assert 0.2 < placement_success(np.array(p.coached_beyond), p.placement_to_job_coached, p) < 0.3, (
        "what large programmes come near to"
    )


def test_no_more_than_the_capacity_is_followed_in_a_year_where_nobody_is_beyond_it(make: Make) -> None:
    parameters = load_parameters().replace({"clause_places": 2.0, "coached_beyond": 0.0, "coach_growth": 0.0})
    region = load_region("botkyrka", 0.1)
    regional = Collaboration.preset("regional")
    model = RenewalModel(region, regional, 1, parameters=parameters, years=6, events=True).run()
    assert model.events is not None
    places = model.events.places.frame()
    by_year = places.groupby(["municipality", places["start"] // 4])["coached"].agg(["sum", "size"])
    most = np.ceil(parameters.coach_capacity * region.scale)
    assert (by_year["size"] > most).any()
    assert (by_year["sum"] == np.minimum(by_year["size"], most)).all()


def test_waiting_makes_apprentices_give_up_and_showing_takes_hours_from_the_crew() -> None:
    p = load_parameters()
    chance = drop_out(np.array([0.0, 1.0, 4.0, 100.0]), np.full(4, 0.5), p)
    assert chance[0] == p.dropout_on_site and (np.diff(chance) > 0).all() and chance[-1] == 0.9
    assert supervision(0.0, 20.0, p) == 0.0 < supervision(2.0, 20.0, p) < supervision(4.0, 20.0, p) <= 0.5


def test_graduates_are_skilled_keep_work_longer_and_strengthen_their_firm(make: Make, watch: Watch) -> None:
    many = {"clause_places": 2.0, "share_placements": 0.1, "share_hires": 0.1, "apprenticeship_quarters": 4.0}
    workers: list[float] = []
    graduates: list[int] = []

    def before(phase: str, world: World) -> None:
        if phase == "work and training":
            workers.append(sum(x.workers for x in world.builders))

    def after(phase: str, world: World) -> None:
        if phase == "work and training":
            new = world.tallies.of(Tally.GRADUATES).sum()
            graduates.append(int(new))
            assert sum(x.workers for x in world.builders) - workers[-1] == pytest.approx(new)
            r = world.residents
            certified = r.programme == Programme.GRADUATE
            assert (r.skill[certified] == Skill.TRADE).all() and (r.work[certified] == Work.EMPLOYED).all()

    with watch(before, after):
        make("regional", years=8, parameters=many).run()
    assert sum(graduates) > 0
    rates = loss_rates(load_parameters())
    assert rates[Skill.TRADE] < rates[Skill.LOW]


# --- what a programme adds

FULL = Levers(additionality="full")


def people_at_work(model: RenewalModel) -> float:
    """People at work in the estates and in the rest of the county, apprentices included."""
    r = model.residents
    here = ((r.work == Work.EMPLOYED) | (r.programme == Programme.APPRENTICE)) & r.occupied
    return float(here.sum() + model.world.pool.employed.sum())


def additionality(setting: str) -> float:
    """Extra person-quarters at work over those that the programme reports, in paired runs."""
    region, off = load_region("botkyrka", 0.3), Collaboration("off", partners=REGIONAL)
    p = load_parameters().replace({"clause_places": 1.0})
    extra = reported = 0.0
    for seed in (1, 2):
        without, with_places = (
            RenewalModel(region, c, seed, parameters=p, years=5, levers=None if setting == "emergent" else FULL)
            for c in (off, off.replace(training=1.0))
        )
        while without.quarter < without.quarters:
            without.step(), with_places.step()
            if without.quarter > 8:
                extra += people_at_work(with_places) - people_at_work(without)
                reported += float(programme_jobs(with_places.world).sum())
        assert not programme_jobs(without.world).any()
    assert reported > 300
    return extra / reported


def test_part_of_what_a_programme_reports_would_have_happened_anyway() -> None:
    emergent = additionality("emergent")
    assert 0.1 < emergent < 0.9
    assert additionality("full") > emergent


def test_a_small_region_gives_as_many_training_places_a_flat_as_a_large_one(make: Make) -> None:
    given = []
    for scale in (0.05, 0.4):
        model = make("regional", years=12, region=load_region("botkyrka", scale))
        at_first = sum(builder.places_owed for builder in model.builders)
        owed = sum(builder.places_owed for builder in model.run().builders) - at_first
        given.append((model.curves().placements.sum() + owed) / model.residents.n)
    assert given[0] == pytest.approx(given[1], rel=0.3)
