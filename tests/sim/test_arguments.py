"""A model checks what it is given as the command line does, in the same words."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.cli import status
from experiments.design.settings import read_settings
from sim import Collaboration, Levers, Region, RenewalModel, SamspelError, load_parameters, load_region
from sim.inputs.arguments import LARGEST_SEED
from tests.laws import run_lawfully

SILOED = Collaboration.preset("siloed")
USUAL = {"region": "botkyrka", "scale": 0.02, "years": 1, "replicates": 1, "out": "results"}


def refusal(region: Any, **given: Any) -> str:
    """What is said of an argument that does not fit."""
    collaboration = given.pop("collaboration", SILOED)
    with pytest.raises(SamspelError) as raised:
        RenewalModel(region, collaboration, **given)
    return str(raised.value)


def refusal_of_settings(name: str, value: Any) -> str:
    """What the command line says of the same."""
    with pytest.raises(SamspelError) as raised:
        read_settings(None, {name: value}, USUAL)
    return str(raised.value)


NUMBERS = [
    ("seed", 1.7, "expected a whole number"),
    ("seed", True, "expected a whole number"),
    ("seed", np.True_, "expected a whole number"),
    ("seed", "1", "expected a whole number"),
    ("seed", float("nan"), "expected a whole number"),
    ("seed", float("inf"), "expected a whole number"),
    ("seed", [1], "expected a whole number"),
    ("seed", np.array([1, 2]), "expected a whole number"),
    ("seed", -1, "expected 0 or more"),
    ("seed", np.int64(-5), "expected 0 or more"),
    ("seed", LARGEST_SEED + 1, f"expected {LARGEST_SEED} or less"),
    ("years", 0, "expected 1 or more"),
    ("years", -1, "expected 1 or more"),
    ("years", 201, "expected 200 or less"),
    ("years", 10**12, "expected 200 or less"),
    ("years", 1.5, "expected a whole number"),
    ("years", True, "expected a whole number"),
    ("years", None, "expected a whole number"),
]


@pytest.mark.parametrize(("name", "value", "message"), NUMBERS, ids=lambda x: str(type(x).__name__))
def test_the_model_and_the_command_line_refuse_the_same_in_the_same_words(
    tiny_region: Region, name: str, value: object, message: str
) -> None:
    said = refusal(tiny_region, **{name: value})
    assert said.startswith(f"{name}: got ") and said.endswith(message) and len(said) < 150
    told = refusal_of_settings(name, value)
    assert told.startswith(f"--{name}: got ") and told.endswith(message)


@pytest.mark.parametrize("scale", [0, -0.1, 1.5, float("nan"), float("inf"), True, "half"])
def test_a_region_is_read_at_the_scales_that_the_command_line_takes(scale: Any) -> None:
    with pytest.raises(SamspelError) as raised:
        load_region("botkyrka", scale)
    assert "expected a number above 0, up to 1" in str(raised.value)
    assert refusal_of_settings("scale", scale) == f"--{raised.value}"


def test_a_seed_of_thousands_of_digits_is_refused_in_a_short_message(tiny_region: Region) -> None:
    said = refusal(tiny_region, seed=10**5000)
    assert said.startswith("seed: got ") and said.endswith(f"expected {LARGEST_SEED} or less") and len(said) < 150


def test_on_the_command_line_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path, tiny_region: Region) -> None:
    for name, value in (("seed", -1), ("years", 0), ("years", 201)):
        assert status(["compare", f"--{name}", str(value), "--out", str(tmp_path / "out")]) == 2
        assert capsys.readouterr().err == f"samspel: --{refusal(tiny_region, **{name: value})}\n"


@pytest.mark.parametrize("seed", [0, np.int64(7), np.uint8(7), np.int32(7), 7.0, LARGEST_SEED])
def test_whole_numbers_of_every_type_are_seeds(tiny_region: Region, seed: Any) -> None:
    model = RenewalModel(tiny_region, SILOED, seed, years=1)
    assert model.seed == int(seed) and type(model.seed) is int
    model.step()
    assert model.curves().equals(stepped(RenewalModel(tiny_region, SILOED, int(seed), years=1)).curves())


def stepped(model: RenewalModel) -> RenewalModel:
    """The model a quarter later."""
    model.step()
    return model


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"collaboration": "regional"}, "collaboration: got 'regional'; expected a Collaboration, such as Collab"),
        ({"collaboration": None}, "collaboration: got None; expected a Collaboration"),
        ({"parameters": {}}, "parameters: got {}; expected a Parameters, such as load_parameters().replace("),
        ({"parameters": {"heat_price": 0.8}}, "parameters: got {'heat_price': 0.8}; expected a Parameters"),
        ({"levers": {}}, "levers: got {}; expected a Levers, such as Levers.checked(grant_rate=0.3)"),
        ({"levers": load_parameters()}, "levers: got <sim.inputs.parameters.Parameters"),
        ({"rng": 1.7}, "rng: got 1.7; expected a whole number"),
        ({"rng": 1, "seed": 1}, "rng: got 1 beside seed; expected one of them"),
        ({"record_every": -1}, "record_every: got -1; expected 0 or more"),
        ({"record_every": 0.5}, "record_every: got 0.5; expected a whole number"),
        ({"events": "yes"}, "events: got 'yes'; expected true or false"),
        ({"events": 1}, "events: got 1; expected true or false"),
        ({"twins": "yes"}, "twins: got 'yes'; expected true or false"),
        ({"injections": "much", "years": 1}, "injections: got 'much'; expected a list of injections"),
        ({"shocks": "much", "years": 1}, "shocks: got 'much'; expected values by series and year"),
        ({"same_money": "much", "years": 1}, "same_money: got 'much'; expected another run's cofunding()"),
        ({"same_money": 5.0, "years": 1}, "same_money has shape (); expected (1, 3, 4)"),
        (
            {"same_money": np.full((1, 3, 4), -1e9), "years": 1},
            "same_money: holds -1e+09; expected SEK, each from 0",
        ),
        ({"same_money": np.full((1, 3, 4), 1e300), "years": 1}, "same_money: holds 1e+300; expected SEK, each from 0"),
        ({"same_money": np.full((1, 3, 4), True), "years": 1}, "same_money: got "),
        ({"same_money": np.full((1, 3, 4), "1"), "years": 1}, "same_money: got "),
        ({"same_money": np.full((1, 3, 4), np.nan), "years": 1}, "same_money: not all of it is finite; expected SEK"),
    ],
    ids=lambda x: next(iter(x)) if isinstance(x, dict) else "",
)
def test_what_is_no_argument_is_refused(tiny_region: Region, given: dict[str, Any], message: str) -> None:
    assert refusal(tiny_region, **given).startswith(message)


@pytest.mark.parametrize("region", ["botkyrka", None, Path("botkyrka")])
def test_a_region_is_loaded_first(region: Any) -> None:
    assert "expected a Region, such as load_region" in refusal(region)


def test_every_argument_has_a_test_here() -> None:
    arguments = set(inspect.signature(RenewalModel).parameters)
    source = Path(__file__).read_text(encoding="utf-8")
    assert arguments == {"region", "collaboration", "seed", "parameters", "levers", "years", "same_money", "events",
                         "twins", "record_every", "rng", "injections", "shocks"}  # fmt: skip
    assert all(f'"{name}"' in source or f"{name}: " in source for name in arguments)


def test_a_lever_that_does_not_fit_is_told_alike_however_it_is_made() -> None:
    messages = set()
    for make in (Levers, Levers.checked):
        with pytest.raises(SamspelError) as raised:
            make(grant_rate=1.5)
        messages.add(str(raised.value))
    assert len(messages) == 1 and "grant_rate" in messages.pop()
    with pytest.raises(SamspelError, match='unknown lever "grant_rte"; did you mean "grant_rate"'):
        Levers(grant_rte=0.5)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"training": 1.5}, "collaboration mine: training is 1.5; expected a share from 0 to 1"),
        ({"training": float("nan")}, "collaboration mine: training is nan; expected a share from 0 to 1"),
        ({"training": "much"}, "collaboration mine: training is 'much'; expected a share from 0 to 1"),
        ({"trainin": 1.0}, 'collaboration mine: unknown practice "trainin"; did you mean "training"?'),
        ({"cost_factor": -1.0}, "collaboration mine: cost_factor is -1.0; expected a number from 0 to 1e+12"),
        ({"cost_factor": float("inf")}, "collaboration mine: cost_factor is inf; expected a number from 0 to 1e+12"),
        ({"cost_factor": "dear"}, "collaboration mine: cost_factor is 'dear'; expected a number from 0 to 1e+12"),
        ({"cost_factor": 10**400}, "collaboration mine: cost_factor is "),
        ({"by_commitment": "no"}, "collaboration mine: by_commitment is 'no'; expected true or false"),
        ({"partners": {"buildrs"}}, 'collaboration mine: unknown partner "buildrs"; did you mean "builders"?'),
        ({"partners": "state"}, None),
        ({"partners": 5}, 'collaboration mine: unknown partner "5"'),
        ({"name": ""}, "collaboration: its name is ''; expected some text"),
        ({"name": 7}, "collaboration: its name is 7; expected some text"),
    ],
    ids=lambda x: "-".join(map(str, x))[:40] if isinstance(x, dict) else "",
)
def test_a_collaboration_that_cannot_be_is_refused(given: dict[str, Any], message: str | None) -> None:
    if message is None:
        assert Collaboration("mine", **given).partners == {"state"}
        return
    with pytest.raises(SamspelError) as raised:
        Collaboration(**{"name": "mine", **given})
    assert str(raised.value).startswith(message)


def test_a_region_without_anybody_of_working_age_is_refused(tiny_region: Region) -> None:
    places = tiny_region.neighbourhoods
    only_old = np.tile([0.0, 0.0, 0.0, 1.0], (len(places), 1))
    said = refusal(replace(tiny_region, neighbourhoods=replace(places, age_shares=only_old)), seed=1)
    assert said.startswith("botkyrka/neighbourhoods.csv, columns age_20_29, age_30_44, age_45_64: ")
    assert "nobody in the region is of working age; expected" in said and "scale 0.02" in said
    some = only_old.copy()
    some[0] = [0.25, 0.25, 0.25, 0.25]
    model = RenewalModel(replace(tiny_region, neighbourhoods=replace(places, age_shares=some)), SILOED, 1, years=1)
    assert run_lawfully(model) == [], "one place with somebody is enough"
