"""What payers may offer, what it is worth to an owner, and how what is won is shared, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_parameters
from sim.rules.appraisal import Offer, savings
from sim.rules.deals import agreement_years, increments, offers, part_to_pay, spans, worth_to_owner, yearly
from sim.rules.instruments import AID, BY_RESULTS, INSTRUMENTS, lawful
from sim.rules.social import COUNTY, LEARNED, MUNICIPALITY, PAYERS, STATE, Gain, Neighbours, believed, gains

P = load_parameters()
ONE = np.ones(1)


def forecasts(**gains: float) -> np.ndarray:  # type: ignore[type-arg]
    """Forecasts of one building (5, 3, 1, 9) that are nothing but for the state's gains from the second option."""
    found = np.zeros((len(Gain), PAYERS, 1, 9))
    for kind, sek in gains.items():
        found[Gain[kind], STATE, 0, 1] = sek
    return found


def test_nobody_pays_for_what_the_owner_would_build_anyway() -> None:
    found = forecasts(CLIMATE=10.0)
    assert increments(found, np.array([1]))[Gain.CLIMATE, STATE, 0, 1] == 0.0
    assert increments(found, np.array([0]))[Gain.CLIMATE, STATE, 0, 1] == 10.0
    assert increments(found, np.array([-1]))[Gain.CLIMATE, STATE, 0, 1] == 10.0


def test_doubt_shrinks_what_is_hoped_for_and_never_what_is_certain() -> None:
    found = forecasts(JOBS=10.0, SUPPORT=-10.0)
    counted = believed(found, np.full((LEARNED, PAYERS, 1), 0.25))
    assert counted[Gain.JOBS, STATE, 0, 1] == 2.5 and counted[Gain.SUPPORT, STATE, 0, 1] == -10.0


def test_what_several_spans_of_years_give_at_once_is_what_each_gives_by_itself() -> None:
    draw = np.random.default_rng(1).random
    n, alone = 4, np.array([-1, 0, 3, 8])
    o = Offer(1e5 * draw((n, 9)), savings(P), 100.0 * draw((n, 9)), draw((n, 9)), draw(n), draw((n, 9)), draw(n))
    known = Neighbours(
        draw(n), draw(n), draw(n), 1e5 * draw((3, n)), 1e-6, 0.5, 100.0 * draw(n), 70.0 * draw(n), draw(n)
    )
    both, confidence = spans(agreement_years(1.0, P), P), draw((LEARNED, PAYERS, n))
    within, in_all = (
        increments(believed(gains(o, known, P, span, (np.full(n, 0.5), 0.5)), confidence), alone) for span in both
    )
    found = increments(believed(gains(o, known, P, both, (np.full(n, 0.5), 0.5)), confidence), alone)
    assert np.array_equal(found[0], within) and np.array_equal(found[1], in_all)
    assert (found[..., 1, 0] == 0.0).all() and (found[..., 2, 3] == 0.0).all(), "what is built anyway"
    assert (found[0, Gain.SUPPORT, MUNICIPALITY, 0] <= 0.0).all() and found[0, Gain.JOBS, STATE, 0].all()


def test_a_payer_offers_what_it_gains_net_and_may_pay_for_and_no_more_than_in_the_end() -> None:
    def offered(within: dict[str, float], in_all: dict[str, float], flexible: bool = True) -> tuple[float, float]:
        found = offers(forecasts(**within), forecasts(**in_all), lawful(flexible), ONE)
        assert found.by_kind.sum() == pytest.approx(found.may.sum())
        return float(found.worth[STATE, 0, 1]), float(found.may[STATE, 0, 1])

    assert offered({"CLIMATE": 10.0}, {"CLIMATE": 30.0}) == (10.0, 10.0)
    assert offered({"CLIMATE": 10.0}, {"CLIMATE": 30.0}, flexible=False) == (10.0, 0.0), "no ordinance"
    assert offered({"WORKS": 10.0}, {"WORKS": 10.0}) == (10.0, 0.0), "tax that comes in is no ground to pay"
    # Allowances go on when the agreement is over: they count whole.
    assert offered({"CLIMATE": 10.0, "SUPPORT": -2.0}, {"CLIMATE": 30.0, "SUPPORT": -25.0}) == (5.0, 5.0)
    assert offered({"CLIMATE": 10.0, "SUPPORT": -2.0}, {"CLIMATE": 30.0, "SUPPORT": -40.0}) == (0.0, 0.0)


def test_half_a_shared_calculation_offers_half() -> None:
    full, half = (offers(forecasts(JOBS=8.0), forecasts(JOBS=8.0), lawful(True), k * ONE) for k in (1.0, 0.5))
    assert half.may[STATE, 0, 1] == 0.5 * full.may[STATE, 0, 1] == 4.0
    assert half.joint[0, 1] == 0.5 * full.joint[0, 1]


def test_every_instrument_is_lawful_and_the_state_has_none_without_flexible_funding() -> None:
    for row in INSTRUMENTS:
        assert lawful(True)[row.payer, row.gain] and row.law
    assert not lawful(False)[STATE].any() and lawful(False)[MUNICIPALITY].any()
    assert set(np.flatnonzero(lawful(True)[COUNTY])) == {Gain.HEALTH}
    assert not AID[MUNICIPALITY, Gain.JOBS] and AID[MUNICIPALITY, Gain.CLIMATE]
    assert not BY_RESULTS[MUNICIPALITY].any() and BY_RESULTS[COUNTY, Gain.HEALTH]


def test_flexible_funding_lets_the_state_bind_itself_for_longer() -> None:
    assert agreement_years(0.0, P).tolist() == [10.0, 5.0, 3.0]
    assert agreement_years(1.0, P).tolist() == [10.0, 5.0, 10.0]


def test_an_owner_discounts_promises_at_its_return_and_by_missing_trust() -> None:
    years, sure = np.array([1.0, 1.0, 10.0]), P.replace({"promise_doubt": 0.3})
    at_social = worth_to_owner(years, sure.social_discount_rate * ONE, ONE, sure)
    assert at_social[:, 0] == pytest.approx([1.0, 1.0, 1.0])
    dear = worth_to_owner(years, 0.1 * ONE, ONE, sure)[:, 0]
    assert dear[0] == pytest.approx(1.035 / 1.1) and dear[2] < dear[0]
    assert worth_to_owner(years, sure.social_discount_rate * ONE, 0.0 * ONE, sure)[0, 0] == pytest.approx(0.7)
    assert yearly(np.array([[1.035, 0.0, 0.0]]), years, sure)[0, 0] == pytest.approx(1.035**2)


@pytest.mark.parametrize(("share", "paid"), [(0.0, 60.0), (0.5, 80.0), (1.0, 100.0)])
def test_partners_pay_the_loss_and_a_part_of_what_is_beyond(share: float, paid: float) -> None:
    p = P.replace({"owner_surplus_share": share})
    assert part_to_pay(np.array([100.0]), np.array([60.0]), p)[0] * 100.0 == pytest.approx(paid)
    assert part_to_pay(np.zeros(1), np.zeros(1), p)[0] == 0.0
