"""Each practice can do harm, and does nothing but cost where its channel is closed. (More of it: test_scope.py.)"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from sim import Collaboration, RenewalModel
from sim.inputs.collaboration import NATIONAL
from sim.vocabulary import Practice

Make = Callable[..., RenewalModel]

OFF = Collaboration("off", partners=NATIONAL)


def only(practice: Practice) -> Collaboration:
    """One practice on, with national partners."""
    return OFF.replace(**{practice.value: 1.0})


def mean(model: RenewalModel, name: str) -> float:
    """An outcome of the region, mean over the run."""
    return float(np.nanmean(model.curves()[name]))


def same(one: RenewalModel, other: RenewalModel, *names: str) -> bool:
    """Whether outcomes are the same in every quarter."""
    a, b = one.curves()[list(names)], other.curves()[list(names)]
    return bool(pd.DataFrame.equals(a, b))


def test_free_state_money_takes_ordinary_jobs_from_others_as_far_as_service_jobs_displace_them(make: Make) -> None:
    many = {"service_share": 0.3}
    ordinary = []
    for displacement in (0.0, 1.0):
        model = make(
            only(Practice.FREE_STATE_MONEY), years=8, parameters=many | {"service_displacement": displacement}
        ).run()
        ordinary.append(mean(model, "vacancies"))
        assert model.curves()["service_jobs"].sum() > 20
    assert ordinary[1] < ordinary[0]


def test_free_state_money_does_nothing_where_no_transfer_becomes_a_wage_and_no_year_is_carried_over(make: Make) -> None:
    closed = {"service_share": 0.0, "transfers_into_wages": 0.0}
    off, on = (make(c, years=5, parameters=closed).run() for c in (OFF, only(Practice.FREE_STATE_MONEY)))
    assert same(off, on, "employment", "renovated_share", "net_state", "net_municipalities")


def test_image_work_costs_and_changes_no_name_where_it_reaches_nobody(make: Make) -> None:
    closed = {"image_reach": 0.0}
    off, on = (make(c, years=4, parameters=closed).run() for c in (OFF, only(Practice.IMAGE_WORK)))
    assert same(off, on, "reputation", "employment", "renovated_share")
    assert mean(on, "net_municipalities") < mean(off, "net_municipalities")


def test_image_work_that_succeeds_draws_better_off_people_in_instead_of_those_in_the_queue(make: Make) -> None:
    strong = {"image_reach": 0.5, "image_credence": 1.0, "queue_reputation": 1.0}
    off, on = (make(c, years=10, parameters=strong).run() for c in (OFF, only(Practice.IMAGE_WORK)))
    assert mean(on, "reputation") > mean(off, "reputation") + 0.02
    assert mean(on, "in_mover_employment") > mean(off, "in_mover_employment") + 0.01


def test_training_gives_nobody_a_place_and_costs_nothing_where_the_clause_asks_for_none(make: Make) -> None:
    closed = {"clause_places": 0.0, "clause_aversion": 0.0}
    off, on = (make(c, years=5, parameters=closed).run() for c in (OFF, only(Practice.TRAINING)))
    assert same(off, on, "employment", "renovated_share", "net_municipalities", "price_index")


def test_supervising_trainees_delays_the_works(make: Make) -> None:
    slow = {"clause_places": 2.0, "supervision": 0.9}
    delays = [mean(make(only(Practice.TRAINING), years=8, parameters=slow | x).run(), "delay") for x in (
        {}, {"supervision": 0.0},
    )]  # fmt: skip
    assert delays[0] > delays[1]


def test_a_vote_can_choose_a_lower_standard(make: Make) -> None:
    # Nobody refuses, so that the same is built with and without a vote.
    busy = {
        "due_condition": 0.65, "programme_share": 0.2, "programme_least": 1e5, "turnout_base": 0.8,
        "home_worth_midi": 20.0, "refusal": 0.0,
    }  # fmt: skip
    above = []
    for collaboration in (OFF, only(Practice.PARTICIPATION)):
        ends = [make(collaboration, years=8, seed=seed, parameters=busy).run().curves().iloc[-1] for seed in (1, 2, 3)]
        above.append(sum(end.renovated_midi + end.renovated_maxi for end in ends))
    assert above[1] < 0.8 * above[0]


def test_a_dialogue_to_which_nobody_comes_changes_no_standard(make: Make) -> None:
    closed = {"turnout_base": 0.0, "turnout_settled": 0.0, "dialogue_quarters": 0.0, "tribunal_grants": 1.0}
    closed |= {"refusal": 0.0}
    off, on = (make(c, years=4, parameters=closed).run() for c in (OFF, only(Practice.PARTICIPATION)))
    assert same(off, on, "renovated_mini", "renovated_midi", "renovated_maxi", "rent")
    assert mean(on, "coordination_cost") > mean(off, "coordination_cost")
