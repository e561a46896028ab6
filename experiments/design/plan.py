"""Settings told apart and checked, and arms as the treatments that they are for the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.design.arms import Arm
from experiments.engine.points import Treatment
from sim import Levers, load_parameters
from sim.errors import SamspelError, unknown


def split_settings(settings: Mapping[str, Any], where: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """Parameters and levers, told apart by name, each checked against its bounds and as the model takes it; `where`
    they stand, for messages. Raises SamspelError."""
    records = load_parameters().records
    known = (*records, *Levers.model_fields)
    for name in settings:
        if name not in known:
            raise unknown("parameter or lever", name, known, where)
    parameters = {name: value for name, value in settings.items() if name in records}
    levers = {name: value for name, value in settings.items() if name not in records}
    taken = load_parameters().replace(parameters, where or "parameters.toml").values
    try:
        levers = Levers.fit(**levers)
    except SamspelError as error:
        raise SamspelError(f"{where}: {error}" if where else str(error)) from None
    return {name: taken[name] for name in parameters}, levers


def treatments_of(arms: Sequence[Arm], everywhere: Mapping[str, Any]) -> tuple[Treatment, ...]:
    """The arms with what is set in all of them (`--set`). Raises SamspelError."""
    return tuple(_treatment(arm, everywhere) for arm in arms)


def _treatment(arm: Arm, everywhere: Mapping[str, Any]) -> Treatment:
    split_settings(everywhere, "--set")
    split_settings(arm.settings, f"arms.{arm.name}.set")
    parameters, levers = split_settings({**everywhere, **arm.settings})
    try:
        Levers.checked(**levers)
    except SamspelError as error:
        raise SamspelError(f"{f'arms.{arm.name}.set' if arm.settings else '--set'}: {error}") from None
    return Treatment(
        arm.name, arm.collaboration(), parameters, levers, arm.same_money_as, arm.label, arm.meaning, arm.preset
    )
