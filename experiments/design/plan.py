"""Settings told apart and checked, and arms as the treatments that they are for the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.design.arms import Arm
from experiments.engine.dates import DATES, of_nothing, refuse_yearless, whose, with_years
from experiments.engine.points import Treatment
from sim import Dated, Levers, load_parameters
from sim.errors import SamspelError, unknown
from sim.vocabulary import Practice


def split_settings(settings: Mapping[str, Any], where: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """Parameters and levers, told apart by name, each checked against its bounds and as the model takes it, levers with
    their years; `where` they stand, for messages. Raises SamspelError."""
    records = load_parameters().records
    for name in settings:
        _refuse_unknown(name, where)
    parameters = {name: value for name, value in settings.items() if name in records}
    levers = {name: value for name, value in settings.items() if name not in records}
    dated = next((name for name, value in parameters.items() if isinstance(value, Dated)), None)
    if dated is not None:
        raise SamspelError(f"{where}: {dated}: a parameter has no years; expected a number")
    taken = load_parameters().replace(parameters, where or "parameters.toml").values
    try:
        if wrong := of_nothing(levers, levers):
            raise SamspelError(wrong)
        levers = Levers.fit(**with_years({}, levers, keep=False))
    except SamspelError as error:
        raise SamspelError(f"{where}: {error}" if where else str(error)) from None
    return {name: taken[name] for name in parameters}, levers


def _refuse_unknown(name: str, where: str) -> None:
    """Raises SamspelError for what is no parameter or lever, and no year of a lever."""
    try:
        Levers.refuse_gone(name)
    except SamspelError as error:
        raise SamspelError(f"{where}: {error}" if where else str(error)) from None
    if whose(name) in list(Practice):
        such = f"{whose(name)} is a practice; expected it as a key of a table [arms.NAME] of a file"
        raise SamspelError(f"{where + ': ' if where else ''}{name}: {such}")
    refuse_yearless(name, where)
    known = (*load_parameters().records, *Levers.model_fields)
    if name not in known and not (name in DATES and whose(name) in known):
        raise unknown("parameter or lever", name, known, where)


def treatments_of(arms: Sequence[Arm], everywhere: Mapping[str, Any]) -> tuple[Treatment, ...]:
    """The arms with what is set in all of them (`--set`). Raises SamspelError."""
    return tuple(_treatment(arm, everywhere) for arm in arms)


def _treatment(arm: Arm, everywhere: Mapping[str, Any]) -> Treatment:
    shared, own = split_settings(everywhere, "--set"), split_settings(arm.settings, f"arms.{arm.name}.set")
    parameters, levers = ({**a, **b} for a, b in zip(shared, own, strict=True))
    return Treatment(
        arm.name,
        arm.collaboration(),
        parameters,
        levers,
        arm.same_money_as,
        arm.label,
        arm.meaning,
        arm.preset,
        arm.injections,
    )
