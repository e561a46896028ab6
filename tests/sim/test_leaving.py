"""Who leaves a building with works: by what is done inside, by the standard that a household gets, and when it is told.

The world is planted: one house with a dozen flats, its housing company, one builder. Hardly anybody moves for other
reasons.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import Collaboration, Levers, Region, RenewalModel, load_parameters
from sim.inputs.collaboration import NATIONAL
from sim.rules.appraisal import LEVELS, STANDARDS
from sim.rules.inside import done_inside
from sim.rules.unwanted import leaving_factor, missed
from sim.vocabulary import Site
from tests.laws import run_lawfully
from tests.sim.test_deals import PLAIN
from tests.sim.test_deals import dozen as dozen

P = load_parameters()
SILOED = Collaboration("silo")
ASKED = Collaboration("asked", partners=NATIONAL, participation=1.0)
# Works move many, and hardly anything else moves anybody.
MOVING = PLAIN | {
    "excess_move": 0.5, "move_base": 0.01, "move_dissatisfied": 0.0, "move_success": 0.0, "unwanted_share": 0.0,
    "dialogue_cost": 0.0,
}  # fmt: skip
ALIKE = {f"inside_{name}": 1.0 for name in ("basic", "intermediate", "full")}


def house(
    region: Region, collaboration: Collaboration = SILOED, years: int = 4, levers: dict[str, Any] | None = None,
    **parameters: float,
) -> RenewalModel:  # fmt: skip
    """A run of the planted house."""
    given = Levers.checked(**({"leaving": "disturbance"} | (levers or {})))
    p = P.replace(MOVING | parameters)
    model = RenewalModel(region, collaboration, 1, parameters=p, levers=given, years=years, events=True)
    assert run_lawfully(model) == []
    return model


def left(model: RenewalModel) -> set[int]:
    """Households of the start that have left the house."""
    return set(np.flatnonzero(model.world.cohort.away[:12]).tolist())


def caused(model: RenewalModel) -> int:
    """Moves out of the house that renovation caused."""
    moves = model.event_tables()["moves"]
    return int((moves.caused & (moves.building == 0)).sum())


def test_some_households_leave_full_works_and_not_basic_ones(dozen: Region) -> None:
    basic, full = (house(dozen, levers={"standard_choice": "forced", "forced_standard": x}) for x in ("mini", "maxi"))
    assert left(basic) < left(full) and caused(full) > caused(basic) > 0
    same = [house(dozen, levers={"standard_choice": "forced", "forced_standard": x}, **ALIKE) for x in ("mini", "maxi")]
    assert left(same[0]) == left(same[1])


def test_what_is_done_inside_grows_with_standard_and_energy_and_is_one_at_typical_works() -> None:
    inside = done_inside(P)
    for level in range(3):
        assert np.all(np.diff(inside[level == LEVELS]) > 0.0)
    for standard in (1, 2, 3):
        assert np.all(np.diff(inside[standard == STANDARDS]) > 0.0)
    # What silos build: a fifth basic, most full, a few with medium energy measures.
    assert 0.22 * inside[0] + 0.71 * inside[6] + 0.07 * inside[7] == pytest.approx(1.0, abs=0.05)


def test_what_is_not_wanted_is_what_the_best_standard_would_have_brought_more() -> None:
    rises = np.array([[900.0, 1800.0, 2700.0]] * 4)
    wishes = np.array([100.0, 100.0, 2000.0, 2000.0])
    lost = missed(wishes, *rises.T, np.array([1, 3, 1, 3]), P)
    assert lost[[0, 3]] == pytest.approx([0.0, 0.0]) or P.home_worth_maxi < 1.45
    assert lost[1] == pytest.approx(1800.0 - P.home_worth_maxi * 100.0) and lost[2] > 0.0
    assert leaving_factor(np.array([0.0, P.unwanted_typical, 9.0]), P) == pytest.approx(
        [1.0 - P.unwanted_share, 1.0, 1.0 + P.unwanted_share * (P.unwanted_most - 1.0)]
    )


def test_a_household_leaves_as_it_gets_what_it_did_not_want_and_another_stays_as_it_does(dozen: Region) -> None:
    levers = {"standard_choice": "forced", "forced_standard": "maxi", "leaving": "mixed"}
    still = {"move_burden": 0.0}
    heard, deaf = (house(dozen, levers=levers, unwanted_share=share, **still) for share in (1.0, 0.0))
    wish = house(dozen, levers=levers, years=1, excess_move=0.0, **still).residents.wish
    goes, stays = left(heard) - left(deaf), left(deaf) - left(heard)
    assert goes and stays
    assert max(wish[list(goes)]) < min(wish[list(stays)])
    # Where nobody counts what it gets, the wish decides nothing: the same rule without that channel.
    levers["leaving"] = "disturbance"
    assert left(house(dozen, levers=levers, unwanted_share=1.0, **still)) == left(deaf)


@pytest.mark.parametrize("quarters", [0, 1, 3])
def test_dialogue_takes_time_before_anything_is_announced_and_none_of_it_afterwards(
    dozen: Region, quarters: int
) -> None:
    p = P.replace(MOVING | {"dialogue_quarters": float(quarters)})
    model = RenewalModel(dozen, ASKED, 1, parameters=p, years=2)
    model.step()
    (project,) = model.world.projects
    assert (project.told, project.ready) == (quarters, quarters + 1)
    assert model.buildings.site[0] == (Site.DECIDED if quarters else Site.ANNOUNCED)
    for _ in range(quarters):
        model.step()
    assert model.buildings.site[0] == Site.ANNOUNCED and model.buildings.announced[0] == quarters


def test_nobody_moves_for_works_while_tenants_are_talked_with(dozen: Region) -> None:
    model = house(dozen, ASKED, years=6, dialogue_quarters=3.0)
    site = model.events.site[:, 0]
    moves = model.event_tables()["moves"]
    quarters = moves.quarter[moves.caused & (moves.building == 0)]
    talks = np.flatnonzero(site == Site.DECIDED)
    assert len(talks) >= 3 and not quarters.isin(talks).any()
    assert quarters.isin(np.flatnonzero(site == Site.ANNOUNCED)).any()
