"""What an owner builds depends on what is on offer only as far as somebody wants it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from sim import Collaboration, RenewalModel
from sim.inputs.collaboration import NATIONAL
from sim.phases.planning import planning
from sim.phases.planning.case import Case
from sim.rules import choice
from sim.rules.appraisal import LEVELS, STANDARDS
from sim.world.columns import Floats, Ints
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
    usual = planning._appraise

    def forbidding(world: World, keys: Ints) -> Case:
        case = usual(world, keys)
        case.allowed[:, option] = False
        return case

    patch.setattr(planning, "_appraise", forbidding)


@pytest.mark.parametrize("name", WORLDS)
def test_an_option_that_nobody_wants_changes_no_bit_by_being_on_offer(
    make: Make, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    collaboration, parameters, levers = WORLDS[name]

    def run() -> pd.DataFrame:
        return make(collaboration, years=8, parameters=parameters, levers=levers).run().curves()

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
    mixed, usual = [], planning._ration_grants

    def noting(world: World, case: Case, granted: Floats) -> Ints:
        asked = np.flatnonzero(granted > 0.0)
        late = usual(world, case, granted)
        error, missed = case.error[asked, 0], np.isin(asked, late)
        if missed.any() and not missed.all():
            mixed.append(error[missed].min() < error[~missed].max())
        return late

    monkeypatch.setattr(planning, "_ration_grants", noting)
    scarce = {"grant_rate": 0.4, "grant_energy_only": False, "grant_from_year": 0, "grant_budget_per_year": 5e7}
    make(SILOED, years=8, levers=scarce).run()
    assert len(mixed) > 2 and np.mean(mixed) > 0.6


def test_energy_levels_come_with_any_standard(make: Make) -> None:
    tempting = {"heat_price": 2.5, "appraisal_error": 40_000.0}
    b = make(SILOED, years=10, parameters=tempting).run().world.buildings
    built = {(int(s), int(e)) for s, e in zip(b.standard, b.energy_level, strict=True) if s > 0}
    assert len({e for _, e in built}) > 1 and built <= set(zip(STANDARDS.tolist(), LEVELS.tolist(), strict=True))
