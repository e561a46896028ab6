"""What an owner builds depends on what is on offer only as far as somebody wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import Collaboration, Levers, Parameters, Region, RenewalModel, SamspelError, load_parameters, load_region
from sim.inputs.collaboration import NATIONAL
from sim.phases import tender
from sim.phases.finance import grants
from sim.phases.lots import Lots
from sim.phases.planning import planning
from sim.phases.planning.case import Case
from sim.rules import choice, menu
from sim.rules.appraisal import LEVELS, STANDARDS
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.projects import Contract
from sim.world.world import World

Make = Callable[..., RenewalModel]

SILOED = Collaboration.preset("siloed")
POOLED = Collaboration("pooled", partners=NATIONAL).replace(pooled_procurement=1.0)
# Worlds in which somebody wants most options, but not all.
WORLDS = {
    "siloed": (SILOED, {}, {}),
    "pooled": (POOLED, {}, {}),
    "regional": (Collaboration.preset("regional"), {}, {}),
    "pooled, errors apart and yearly": (POOLED, {"appraisal_correlation": 0.0, "appraisal_yearly": 1.0}, {}),
    "landlords look at cash": (SILOED, {}, {"landlords_maximise": "cash-return"}),
    "grants for energy": (POOLED, {}, {"grant_rate": 0.5}),
}


def forbid(patch: pytest.MonkeyPatch, option: int) -> None:
    """Nobody may build an option."""
    usual = planning.appraise

    def forbidding(world: World, keys: Ints) -> Case:
        case = usual(world, keys)
        case.allowed[:, option] = False
        return case

    patch.setattr(planning, "appraise", forbidding)


@pytest.mark.parametrize("name", WORLDS)
def test_an_option_that_nobody_wants_changes_no_bit_by_being_on_offer(
    make: Make, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    collaboration, parameters, levers = WORLDS[name]

    def run() -> pd.DataFrame:
        curves = make(collaboration, years=8, parameters=parameters, levers=levers).run().curves()
        # What deep measures lack is told of all of them that may be built.
        return curves.drop(columns=["deep_short", "deep_offered"])

    wanted, usual = set[int](), choice.best_option

    def noting(*given: Floats) -> tuple[Ints, Floats]:
        pick, seen = usual(*given)
        wanted.update(pick.tolist())
        return pick, seen

    monkeypatch.setattr(choice, "best_option", noting)
    everything = run()
    monkeypatch.setattr(choice, "best_option", usual)
    unwanted = [option for option in range(choice.OPTIONS) if option not in wanted]
    assert unwanted, "everybody's taste is met here; expected an option that nobody wants"
    for option in (unwanted[0], unwanted[-1]):
        with monkeypatch.context() as patch:
            forbid(patch, option)
            pd.testing.assert_frame_equal(run(), everything, check_exact=True)
    # And what somebody does want changes the run by being forbidden.
    with monkeypatch.context() as patch:
        forbid(patch, next(iter(sorted(wanted))))
        assert not run().equals(everything)


def test_who_gets_a_grant_is_not_who_thinks_worst_of_an_option(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    mixed, usual = [], grants._first_come

    def noting(world: World, keys: Ints) -> Ints:
        granted = usual(world, keys)
        error, missed = world.known_to_owners[keys, 0], ~np.isin(keys, granted)
        if missed.any() and not missed.all():
            mixed.append(error[missed].min() < error[~missed].max())
        return granted

    monkeypatch.setattr(grants, "_first_come", noting)
    scarce = {"grant_rate": 0.4, "grant_energy_only": False, "grant_budget_per_year": 5e7}
    make(SILOED, years=8, levers=scarce).run()
    assert len(mixed) > 2 and np.mean(mixed) > 0.6


def test_energy_levels_come_with_any_standard(make: Make) -> None:
    tempting = {"heat_price": 2.5, "appraisal_error": 80_000.0}
    b = make(SILOED, years=10, parameters=tempting).run().world.buildings
    built = {(int(s), int(e)) for s, e in zip(b.standard, b.energy_level, strict=True) if s > 0}
    assert len({e for _, e in built}) > 1 and built <= set(zip(STANDARDS.tolist(), LEVELS.tolist(), strict=True))


def test_those_who_buy_a_new_package_pay_for_its_design_and_nobody_else(make: Make) -> None:
    booked = []
    for collaboration in (SILOED, POOLED):
        books = make(collaboration, years=6).run().world.books
        booked.append(books.history[:, Flow.FRAMEWORK_DESIGN.row].sum(axis=1).reshape(6, 4).sum(axis=1))
    assert not booked[0].any()
    scale, design = make(POOLED, years=1).world.region.scale, load_parameters().package_design
    packages = booked[1] / (design * scale)
    assert packages == pytest.approx(packages.round()) and packages[0] >= 1.0
    # What is designed serves for four years.
    assert packages[:4].sum() <= 9.0 and packages[1:4].sum() < 3.0 * packages[0] + 1.0


def test_what_is_no_package_is_tendered_alone(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, usual = [], planning.announce

    def noting(world: World, case: Case) -> None:
        chosen = case.pooled & (case.pick >= 0)
        assert case.menu[case.pick[case.joint]].all()
        alone.append(int((chosen & ~case.joint).sum()))
        usual(world, case)
        own = [q for q in world.projects if q.decided == world.quarter and not q.pooled]
        assert sum(len(q.keys) for q in own) >= alone[-1] * 0.5  # some are denied by tribunals

    monkeypatch.setattr(planning, "announce", noting)
    make(POOLED, years=6, parameters={"appraisal_error": 80_000.0}, levers={"framework_packages": 1}).run()
    assert sum(alone) > 0


def test_how_many_packages_members_may_pick_matters_as_far_as_tastes_differ(
    make: Make, tiny_region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of those who know the same of their buildings nearly all want one package; of others some want a second."""
    picked, usual = list[int](), menu.chosen_menu

    def noting(w: menu.Wishes, design: Floats, most: int, p: Parameters) -> Bools:
        packages = usual(w, design, most, p)
        picked.append(int(packages.sum()))
        return packages

    monkeypatch.setattr(menu, "chosen_menu", noting)

    def ends(most: int, error: float, seed: int) -> pd.DataFrame:
        taste, levers = {"appraisal_error": error, "package_design": 0.0}, {"framework_packages": most}
        return make(POOLED, seed=seed, years=6, region=tiny_region, parameters=taste, levers=levers).run().curves()

    further, differ = dict[float, int](), dict[float, int]()
    for error in (0.0, 150_000.0):
        differ[error] = sum(not ends(1, error, seed).equals(ends(9, error, seed)) for seed in (1, 2))
        further[error] = sum(packages - 1 for packages in picked if packages > 1)
        picked.clear()
    assert differ[0.0] < differ[150_000.0] and further[0.0] < further[150_000.0]


def test_the_lever_of_old_names_its_successor() -> None:
    with pytest.raises(SamspelError, match=r'"framework_offers" is gone.*"framework_packages".*1 to 9'):
        Levers.checked(framework_offers="everything")
    with pytest.raises(SamspelError, match="framework_packages"):
        Levers.checked(framework_packages=0)


def test_pooling_alone_takes_the_full_standard_from_nobody() -> None:
    # With four packages of our choice it did: 0.08 of flats against 0.35, though members alone would have paid for it.
    # Companies ask for as little as some do, so that many of them would build fully.
    region, full = load_region("botkyrka", scale=0.1), dict[str, list[float]]()
    p = load_parameters().replace({"company_yield": 0.04})
    for seed in (1, 2, 3, 4):
        for name, collaboration in (("siloed", SILOED), ("pooled", POOLED)):
            model = RenewalModel(region, collaboration, seed, parameters=p, years=20, record_every=4)
            end = model.run().curves().iloc[-1]
            full.setdefault(name, []).append(end.renovated_maxi / end.renovated_share)
    assert np.mean(full["siloed"]) > 0.2
    assert abs(np.mean(full["pooled"]) - np.mean(full["siloed"])) < 0.15


def test_where_a_series_saves_nothing_nobody_tenders_together(make: Make) -> None:
    closed = {"learning_cost": 0.0, "lot_setup": 0.0}
    siloed, pooled = (make(c, years=8, parameters=closed).run().curves() for c in (SILOED, POOLED))
    pd.testing.assert_frame_equal(siloed, pooled, check_exact=True)


def test_a_partner_of_taste_loses_by_pooling_what_series_save() -> None:
    # One member alone wants energy measures; a framework of one package builds none.
    rng = np.random.default_rng(1)
    p, flats = load_parameters(), np.full(20, 60.0)
    cost = np.tile(np.array([288e3, 445e3, 747e3, 528e3, 685e3, 987e3, 640e3, 797e3, 1099e3]), (20, 1))
    value = rng.gumbel(0.0, 5e3, (20, 9)) - 50e3
    value[:16, 0] += 100e3
    value[16:, 1] += 100e3
    w = menu.Wishes(value, value.max(axis=1), cost, flats, flats, np.zeros(9), np.full(9, 600.0))
    gains = []
    for most in (1, 2):
        buys, round_ = menu.expected_round(w, menu.chosen_menu(w, np.zeros(9), most, p), p)
        n = np.arange(20)
        joint = (value + menu.alone(w, p) - menu.joint(w, round_, p))[n, np.maximum(buys, 0)]
        gains.append(np.where(buys >= 0, joint, w.otherwise) - w.otherwise)
    assert (gains[0][16:] == 0.0).all() and (gains[0][:16] > 0.0).all()  # left out, and left alone: no worse, no better
    assert (gains[1][16:] > 0.0).all()


def test_members_reckon_with_what_joint_lots_really_save(monkeypatch: pytest.MonkeyPatch) -> None:
    region, expected, paid = load_region("botkyrka", scale=0.1), list[Floats](), list[tuple[float, bool, float]]()
    usual, award = menu.expected_round, tender._award

    def noting(w: menu.Wishes, packages: Floats, p: Parameters) -> tuple[Ints, Floats]:
        buys, flats = usual(w, packages, p)
        some = np.flatnonzero((buys >= 0) & (w.flats > 0.0))
        saved = (menu.alone(w, p) - menu.joint(w, flats, p))[some, buys[some]] / w.cost[some, buys[some]]
        expected.append(np.stack([w.flats[some], saved * w.flats[some]]))
        return buys, flats

    def signing(world: World, lots: Lots, contract: Contract, left: Any) -> None:
        rows = contract.buildings
        if world.buildings.owner[rows[0]] < len(world.municipalities):
            price = contract.price / (contract.reference * world.cost_level)
            paid.append((float(world.buildings.flats[rows].sum()), contract.pooled, price))
        award(world, lots, contract, left)

    monkeypatch.setattr(menu, "expected_round", noting)
    monkeypatch.setattr(tender, "_award", signing)
    for seed in (1, 2, 3):
        for collaboration in (SILOED, POOLED):
            RenewalModel(region, collaboration, seed, years=20, record_every=0).run()
    flats, saved = np.concatenate(expected, axis=1).sum(axis=1)
    weight, joint, price = (np.array(each) for each in zip(*paid, strict=True))
    means = [np.average(price[kind], weights=weight[kind]) for kind in (joint, ~joint)]
    # They know what series and setting up save, not what builders give for orders that they see ahead.
    # A programme's own lots lie in one estate and are alike: less is left to save than members reckon with.
    assert means[1] > means[0] and 0.01 < saved / flats < 2.5 * (means[1] - means[0]) < 0.3


def test_what_tenants_vote_for_is_built_together_where_enough_of_them_do(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, usual = [], planning.announce

    def noting(world: World, case: Case) -> None:
        if case.pooled.any():
            flats = np.bincount(case.pick[case.pooled & (case.pick >= 0)], minlength=9)
            found.append((flats, case.menu.copy()))
        usual(world, case)

    def vote_basic(world: World, case: Case) -> None:
        case.pick[case.pick >= 0] = 0

    monkeypatch.setattr(planning, "announce", noting)
    monkeypatch.setattr(planning, "tenants_choose", vote_basic)
    # Members would pick the full standard, which is nearly free here.
    make(POOLED, years=6, parameters={"cost_maxi": 300_000.0}).run()
    assert found and all(buildings[1:].sum() == 0 and not menu[1:].any() for buildings, menu in found)
    assert any(menu[0] for _, menu in found)
