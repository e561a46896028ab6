"""Both bounds of every parameter: a value that is not refused makes a world in which the laws hold.

In short some parameters at a time stand at a bound; `--size 1` or more tries each alone, and for longer.
"""

from __future__ import annotations

from collections import Counter

import pytest

from sim import PRESETS, Levers, Region, RenewalModel, SamspelError, load_parameters
from tests.laws import run_lawfully

RECORDS = load_parameters().records
TOGETHER = 12  # parameters at a bound at a time
# So that places are given, rents are disputed, flats are sold and partners pay in a short run too.
LIVELY = {
    "clause_places": 2.0, "refusal": 0.9, "appeal_chance": 0.5, "sale_chance": 1.0, "sale_shortfall": 0.0,
    "haggling": 0.0, "confidence_start": 1.0, "due_condition": 0.65, "site_quarters": 1.0,
    "apprenticeship_quarters": 2.0, "offer_chance": 1.0, "sale_majority": 1.0, "distress_years": 1.0,
}  # fmt: skip
GRANTS = {"grant_rate": 0.5, "grant_energy_only": False}


def groups(alone: bool) -> list[list[str]]:
    """Parameters that stand at a bound together: each alone, or some that are far apart in the file."""
    names = list(RECORDS)
    step = len(names) // TOGETHER
    return [[name] for name in names] if alone else [names[i::step] for i in range(step)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every parameter at each of its bounds."""
    if "at_bounds" in metafunc.fixturenames:
        alone = bool(metafunc.config.getoption("--size", None))
        cases = [{name: RECORDS[name].bounds[end] for name in group} for group in groups(alone) for end in (0, 1)]
        metafunc.parametrize("at_bounds", cases, ids=lambda case: "-".join(f"{n}={case[n]:g}" for n in list(case)[:2]))
        metafunc.parametrize("years", [6 if alone else 2])


def lawful(region: Region, preset: str, parameters: dict[str, float], years: int, seed: int = 1) -> list[str]:
    """What does not hold in a run with these parameters."""
    changed = load_parameters().replace(LIVELY | parameters)
    levers = Levers.checked(**GRANTS)
    return run_lawfully(RenewalModel(region, PRESETS[preset], seed, parameters=changed, levers=levers, years=years))


def test_at_its_bounds_a_parameter_breaks_no_law(
    tiny_region: Region, at_bounds: dict[str, float], years: int, tried: Counter[str]
) -> None:
    tried["parameters at a bound"] += len(at_bounds)
    assert lawful(tiny_region, "national", at_bounds, years) == []


@pytest.mark.parametrize("alone", [True, False])
def test_every_parameter_stands_at_its_bounds(alone: bool) -> None:
    assert sorted(name for group in groups(alone) for name in group) == sorted(RECORDS)


# Found by hard use: each broke a run, or made numbers that cannot be.
@pytest.mark.parametrize(
    "parameters",
    [
        {"job_years_per_job": 0.0},
        {"start_condition": 1.0, "start_condition_spread": 0.9},
        {"start_condition": 0.1, "start_condition_spread": 0.9},
        {"condition_decline": 0.1},
        {"health_start": 1.0, "health_work": 0.5},
        {"health_mean": 0.1, "health_cost_slope": 20.0},
        {"economy_losing": 50.0, "unemployment_least": -0.1, "losing_unemployment_least": -0.05},
        {"economy_losing": 50.0, "loss_low": 0.5, "unemployment_volatility": 0.02, "unemployment_most": 0.3},
        {"find_health": 10.0, "health_burden": 1.0, "health_disturbance": 0.3},
        {"poaching": 1.0, "shortage_start": 0.01, "retirement": 0.1},
        {"absence": 2.0, "shortage_start": 0.01},
        {"scarcity_slope": 5.0, "shortage_start": 0.9, "labour_share": 0.95, "slump_chance": 1.0},
        {"bid_cost": 0.0, "bid_fixed": 0.0},
        {"queue_newcomers": 1.0},
        {"mover_drain": -0.5, "move_base": 0.6, "loss_low": 0.001, "loss_middle": 0.001, "loss_high": 0.001},
        {"queue_size": 0.1},
        {"county_low": 0.5, "county_high": 0.5},
        {"labour_share": 0.25, "learning_cost": 0.2, "lot_flats": 1.0},
        {"letting": 0.05, "move_base": 0.6, "demand_shortage": 0.0},
    ],
    ids=lambda parameters: next(iter(parameters)),
)
def test_values_that_broke_a_run_break_no_law(tiny_region: Region, parameters: dict[str, float]) -> None:
    assert lawful(tiny_region, "national", parameters, 4) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("labour_share", 0.05), ("learning_cost", 0.4), ("loss_low", 0.0), ("loss_trade", 0.0), ("county_low", 1.0)],
)
def test_values_without_a_meaning_are_refused(name: str, value: float) -> None:
    with pytest.raises(SamspelError, match=f"{name} is {value:g}; expected"):
        load_parameters().replace({name: value})


def test_nobody_is_sent_whom_the_queue_does_not_have(small_region: Region) -> None:
    parameters = {"find_high": 1.7, "loss_high": 0.008, "queue_size": 0.5}
    changed = load_parameters().replace(parameters)
    assert changed.notes() == [], "all of it is plausible"
    assert run_lawfully(RenewalModel(small_region, PRESETS["national"], 192267, parameters=changed, years=8)) == []
