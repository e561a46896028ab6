"""Work leaves traces: spells, histories, fragile first jobs, what a place leaves behind, and years of work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import Collaboration, RenewalModel, load_parameters, load_region
from sim.phases.work import advance
from sim.rules.history import (
    drawn,
    ends_of,
    find_by_history,
    lengthened,
    longest,
    loss_by_history,
    settled,
    settled_losing,
    spell_of,
)
from sim.rules.rivals.long_spells import LONG_SPELLS
from sim.rules.training import Programme, readiness, ready_by_history
from sim.vocabulary import Skill, Work
from sim.world.histories import Histories
from sim.world.seekers import job_seekers
from sim.world.state import NATIVE

Make = Callable[..., RenewalModel]
Array = np.ndarray[Any, Any]
SCAR, SELECT = LONG_SPELLS["scar"], LONG_SPELLS["select"]
# Nobody gets a place, builds or moves: only finding and losing work go on.
STILL = {"levers": {"renovation": False}, "years": 2}


def quarter(idle: Array, at_work: Array, find: Array, lose: Array) -> tuple[Array, Array]:
    """Shares by history a quarter later, person by person as the phase does it: work first, then the history."""
    out, up = idle * (1 - find) + at_work * lose, idle * find + at_work * (1 - lose)
    idle, at_work = np.zeros_like(out), np.zeros_like(up)
    idle[..., :-1] += out[..., 1:]
    idle[..., 0] += out[..., 0]
    at_work[..., 1:] += up[..., :-1]
    at_work[..., -1] += up[..., -1]
    return idle, at_work


# --- rules


def test_the_chance_to_find_work_falls_with_a_spell_to_a_floor_and_losing_falls_with_tenure() -> None:
    p = load_parameters()
    find, lose = find_by_history(p), loss_by_history(p)
    assert len(find) == longest(p) + 1 and (np.diff(find) > 0).all() and (np.diff(lose) < 0).all()
    assert find[0] == pytest.approx(p.find_no_history) and find[-1] == 1.0
    assert lose[0] == pytest.approx(p.loss_no_history) and lose[-1] == 1.0
    assert find[-1] - find[-4] > find[3] - find[0], "the first quarters out of work do most of the harm"
    assert lose[0] - lose[3] > lose[-4] - lose[-1], "the first quarters at work do most of the good"
    history = np.array([0, 1, longest(p)], dtype=np.int8)
    assert lengthened(history, np.array([False, True, True]), longest(p)).tolist() == [0, 2, longest(p)]


@pytest.mark.parametrize("name", sorted(LONG_SPELLS))
def test_at_the_start_employment_and_mean_losses_are_what_they_are_to_be(name: str) -> None:
    p, rule = load_parameters(), LONG_SPELLS[name]
    employment, loss = np.array([0.2, 0.55, 0.9]), np.array([0.03, 0.02, 0.012])
    lose = settled_losing(employment, loss, rule, p)
    full, (idle, at_work) = settled(employment, lose, rule, p)
    assert at_work.sum(axis=1) == pytest.approx(employment, abs=1e-4)
    assert (idle + at_work).sum(axis=1) == pytest.approx(1.0)
    assert (at_work * lose).sum(axis=1) / employment == pytest.approx(loss, rel=2e-3)
    finds = (idle * full[:, None] * find_by_history(p)).sum(axis=1)
    assert finds == pytest.approx((at_work * lose).sum(axis=1), rel=1e-3), "as many find work as lose it"


def test_histories_of_the_start_stay_as_they_are_quarter_after_quarter() -> None:
    p = load_parameters()
    lose = settled_losing(np.array([0.55]), np.array([0.02]), SCAR, p)
    full, (idle, at_work) = settled(np.array([0.55]), lose, SCAR, p)
    later = quarter(idle, at_work, full[:, None] * find_by_history(p), lose)
    assert later[0] == pytest.approx(idle) and later[1] == pytest.approx(at_work)


def test_histories_are_drawn_as_often_as_they_occur_and_spells_fit_them() -> None:
    p, n = load_parameters(), 20_000
    shares = np.array([[0.5, 0.25, 0.0], [0.0, 0.1, 0.3]])
    group = np.repeat([0, 1], n)
    u = np.tile((np.arange(n) + 0.5) / n, 2)
    history = np.array([drawn(ends, one) for ends, one in zip(ends_of(shares)[group], u, strict=True)])
    assert np.bincount(history[:n], minlength=3) / n == pytest.approx([2 / 3, 1 / 3, 0.0], abs=1e-3)
    assert np.bincount(history[n:], minlength=3) / n == pytest.approx([0.0, 0.25, 0.75], abs=1e-3)
    ladder = np.arange(longest(p) + 1, dtype=np.int8)
    spells = spell_of(ladder, np.full(len(ladder), 0.999), 12.0, p)
    assert (spells[1:-1] <= longest(p) - ladder[1:-1]).all() and spells[0] > longest(p)


def path(history: int, at_work: bool, quarters: int, employment: float = 0.55) -> Array:
    """Chance to be at work in each of the coming quarters, from a history and a state of work."""
    p = load_parameters()
    lose = settled_losing(np.array([employment]), np.array([0.025]), SCAR, p)
    full, _ = settled(np.array([employment]), lose, SCAR, p)
    idle, working = np.zeros((1, longest(p) + 1)), np.zeros((1, longest(p) + 1))
    (working if at_work else idle)[0, history] = 1.0
    found = []
    for _ in range(quarters):
        idle, working = quarter(idle, working, full[:, None] * find_by_history(p), lose)
        found.append(float(working.sum()))
    return np.array(found)


def test_what_a_job_gives_somebody_far_from_work_fades_as_others_catch_up() -> None:
    placed, others = path(2, True, 80), path(0, False, 80)
    more = placed - others
    assert (more > 0).all() and (np.diff(more) < 0).all(), "always something, and less each quarter"
    assert more[60] < 0.1 * more[0]
    assert others[3] < others[23] < others[79] and placed[23] < placed[0]
    practised = path(2, False, 80) - others
    assert (practised >= 0).all() and practised[3] > practised[-1], "practice alone helps, for a while"


# --- named people


def rate_of(model: RenewalModel, row: int) -> float:
    rows, weight = job_seekers(model.world)
    return float(weight[np.flatnonzero(rows == row)[0]])


def seeker(model: RenewalModel) -> int:
    """A resident out of work with no work history left."""
    r = model.residents
    return int(np.flatnonzero((r.work == Work.OUT_OF_WORK) & (r.history == 0) & r.occupied)[0])


def test_a_long_spell_alone_makes_a_named_person_find_work_less_easily(make: Make) -> None:
    model = make(**STILL)
    who = seeker(model)
    long = rate_of(model, who)
    model.residents.history[who] = longest(model.world.p)
    assert long == pytest.approx(model.world.p.find_no_history * rate_of(model, who))
    model.residents.spell[who] = 1
    assert long == pytest.approx(model.world.p.find_no_history * rate_of(model, who)), "by the history alone"
    closed = make(**STILL, parameters={"find_no_history": 1.0})
    before = rate_of(closed, seeker(closed))
    closed.residents.history[seeker(closed)] = longest(closed.world.p)
    assert before == pytest.approx(rate_of(closed, seeker(make(**STILL, parameters={"find_no_history": 1.0}))))


def test_a_named_person_finds_work_in_this_quarter_or_not_by_the_history(make: Make) -> None:
    for floor, differs in ((0.2, True), (1.0, False)):
        kept = {"parameters": {"find_no_history": floor}, **STILL}
        full, none = make(**kept), make(**kept)
        out = np.flatnonzero((full.residents.work == Work.OUT_OF_WORK) & full.residents.occupied)
        full.residents.history[out], none.residents.history[out] = longest(full.world.p), 0
        advance(full.world), advance(none.world)  # nobody moves
        works = [set(np.flatnonzero(m.residents.work[out] == Work.EMPLOYED).tolist()) for m in (full, none)]
        assert works[1] <= works[0] and (works[0] != works[1]) is differs, "who finds in spite of it finds anyway"


def test_those_who_are_new_in_work_lose_it_first(make: Make) -> None:
    for new, differs in ((5.0, True), (1.0, False)):
        kept = {"parameters": {"loss_no_history": new}, **STILL}
        old, fresh = make(**kept), make(**kept)
        rows = np.flatnonzero(old.residents.work == Work.EMPLOYED)
        old.residents.history[rows], fresh.residents.history[rows] = longest(old.world.p), 0
        advance(old.world), advance(fresh.world)
        lost = [set(np.flatnonzero(m.residents.work[rows] == Work.OUT_OF_WORK).tolist()) for m in (old, fresh)]
        assert lost[0] <= lost[1] and (lost[0] != lost[1]) is differs


def placed(model: RenewalModel, who: int) -> None:
    """A named resident is in the last quarter of a placement that nobody follows."""
    r = model.residents
    r.work[who], r.programme[who], r.builder[who] = Work.TRAINEE, Programme.PLACEMENT, 0
    r.programme_since[who], r.placed[who], r.coached[who] = -10, 0, False


@pytest.mark.parametrize(("rule", "leaves"), [("scar", True), ("select", False)])
def test_a_placement_without_a_job_leaves_a_trace_only_where_being_out_of_work_harms(
    make: Make, rule: str, leaves: bool
) -> None:
    kept: dict[str, Any] = {"levers": {"renovation": False, "long_spells": rule}, "years": 2}
    kept["parameters"] = {"placement_to_job_uncoached": 0.0, "move_base": 0.01, "finding_most": 0.1}
    twin, model = make(**kept), make(**kept)
    r = model.residents
    # Too young to be old, and at home: nothing else happens to this person.
    who = int(np.flatnonzero((r.work == Work.OUT_OF_WORK) & (r.history == 0) & r.occupied & (r.born > -4 * 45))[0])
    for one in (twin, model):
        one.world.start_rate = one.world.start_rate * 1e-9
    placed(model, who)
    r.history[who] = 2 if leaves else 0
    for step in range(4):
        twin.step(), model.step()
        if step == 0:
            assert r.work[who] == Work.OUT_OF_WORK and r.programme[who] == Programme.NONE
            more = rate_of(model, who) / rate_of(twin, who)
            assert (more > 1.0) is leaves
    assert r.history[who] == twin.residents.history[who], "and the trace fades with the next spell"


# --- movers


def test_who_moves_in_has_a_history_as_people_of_that_work_have_and_newcomers_none(make: Make) -> None:
    model = make("siloed", years=6)
    start = model.residents.household.copy()
    model.run()
    r = model.residents
    came = (r.household > r.n) & (r.household >> 32 >= model.quarter - 8)
    out = (r.work == Work.OUT_OF_WORK) & r.occupied
    assert (
        came.sum() > 50 and r.history[came & ~out & (r.work != Work.RETIRED)].mean() > r.history[came & out].mean() + 3
    )
    new = came & (r.arrival >= model.quarter - 2)
    assert (r.history[new] <= 3).all() and (start != r.household).any()


def test_who_has_left_is_followed_with_the_history_taken_along(make: Make) -> None:
    """The same leavers with a full history and with none: who had one finds work more often elsewhere."""
    found = []
    for history in (0, longest(load_parameters())):
        model = make(**STILL)
        c = model.world.cohort
        away = np.flatnonzero(c.lived)
        c.away[away], c.employed[away], c.skill[away], c.history[away] = True, False, Skill.MIDDLE, history
        model.residents.occupied[:] = False
        model.residents.work[:] = Work.OUT_OF_WORK
        c.born[away] = -4 * 30
        advance(model.world)
        found.append(c.employed.mean())
        assert (c.history[c.employed] > 0).all()
    assert found[1] > 1.2 * found[0] > 0


# --- years of work


def test_years_of_work_are_the_quarters_that_the_people_of_2011_worked_wherever_they_live(make: Make) -> None:
    region = load_region("botkyrka", 0.05)
    model = RenewalModel(region, Collaboration.preset("regional"), 1, years=6, events=True).run()
    c = model.world.cohort
    spells = model.event_tables()["work"]
    quarters = np.bincount(spells["household"], spells["to_quarter"] - spells["from_quarter"], minlength=len(c.worked))
    assert np.abs(quarters - c.worked).sum() < 0.01 * c.worked.sum()
    wide = model.curves()
    assert wide.work_years_started_here.iloc[-1] == pytest.approx(c.worked.sum() / 4.0 / c.of_age.sum())
    assert (np.diff(wide.work_years_started_here) >= 0).all() and (c.worked[~c.of_age] == 0).all()


def test_years_of_work_are_told_by_who_took_a_place(make: Make) -> None:
    off, on = (make(name, years=6, parameters={"clause_places": 2.0}).run() for name in ("siloed", "regional"))
    assert off.curves().work_years_placed.isna().all()
    last, c = on.curves().iloc[-1], on.world.cohort
    took = c.took_place & c.of_age
    assert took.sum() > 10
    assert last.work_years_placed == pytest.approx(c.worked[took].mean() / 4.0)
    assert last.work_years_not_placed == pytest.approx(c.worked[c.of_age & ~took].mean() / 4.0)


# --- who gets places


def newcomers_places(make: Make, rule: str) -> tuple[float, float]:
    """Share of places that newcomers got who had never worked, and the mean history of those placed."""
    model = make("regional", years=6, levers={"places_go_to": rule}, parameters={"clause_places": 1.0}).run()
    curves = model.curves()
    return curves.newcomer_places.sum() / curves.placements.sum(), curves.first_jobs.sum()


def test_places_go_to_newcomers_where_a_rule_says_so_and_newcomers_find_more_first_jobs(make: Make) -> None:
    near, new = newcomers_places(make, "nearest"), newcomers_places(make, "newcomers")
    assert new[0] > near[0] + 0.2
    assert new[1] > near[1]


def test_a_job_after_a_place_is_a_first_job_too(make: Make) -> None:
    model = make("regional", years=2, seed=2)
    r = model.residents
    who = int(np.flatnonzero((r.work == Work.OUT_OF_WORK) & r.occupied & (r.born > -4 * 45))[0])
    r.arrival[who], r.ever_worked[who] = -8, False
    placed(model, who)
    model.world.p = model.world.p.replace({"placement_to_job_uncoached": 1.0})
    model.step()
    assert r.ever_worked[who] and model.curves().first_jobs.iloc[0] >= 1.0


def test_somebody_with_no_history_goes_from_a_placement_to_a_job_less_often_than_somebody_with_one() -> None:
    p = load_parameters()
    ready = ready_by_history(p)
    none, usual, full = readiness(ready[[0, round(p.placement_history), longest(p)]], np.full(3, np.inf), p)
    assert none < usual < full and usual == pytest.approx(1.0)
    new = readiness(ready[:1], np.array([0.0]), p)
    assert new[0] == pytest.approx(none * p.newcomer_start)


def test_the_start_is_level_under_either_reading_of_long_spells(make: Make) -> None:
    for rule in LONG_SPELLS:
        model = make(years=2, levers={"long_spells": rule, "renovation": False})
        start = float((model.residents.work == Work.EMPLOYED).mean())
        model.run()
        assert float((model.residents.work == Work.EMPLOYED).mean()) == pytest.approx(start, abs=0.03)
    assert isinstance(model.world.histories, Histories) and NATIVE < 0
