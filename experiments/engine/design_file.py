"""A design as files: TOML for what all runs share and for the arms, and a CSV table with one row a run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from experiments.engine.dates import plain
from experiments.engine.design import Design, World, check_calendar
from experiments.engine.design_rows import parse_cell, read_rows, write_rows
from experiments.engine.inputs import base_changes, region_beside
from experiments.engine.json_file import explained
from experiments.engine.points import Treatment
from experiments.engine.runs import region_of
from sim import Collaboration, Dated, Levers, SamspelError, load_parameters
from sim.errors import unknown
from sim.inputs.collaboration import KEYS
from sim.inputs.dated import read_dated, undated
from sim.inputs.files import read_bytes
from sim.inputs.injections import read_injection
from sim.inputs.shocks import Shocks, fit_shocks
from sim.inputs.toml_text import read_toml_text
from sim.vocabulary import Partner, Practice

__all__ = ["design_name", "parse_cell", "read_design", "write_design"]

Value = bool | int | float | str


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


class _File(_Table):
    """What a design's TOML file holds. The digests say which tables and parameters it was made with; without them it is
    run with those of today."""

    region: str
    region_digest: str = ""
    parameters_digest: str = ""
    scale: float = Field(gt=0, le=1)
    years: int = Field(ge=1, le=1000)
    detail: bool
    curves: bool
    events: bool = False
    shocks: dict[str, dict[str, int | float]] = Field(default_factory=dict)
    runs: str = Field(pattern=r"^[^/\\]+\.csv$")
    arms: dict[str, dict[str, Any]] = Field(min_length=1)


class _About(_Table):
    """What an arm has beside its collaboration."""

    same_money_as: str | None = None
    label: str = ""
    meaning: str = ""
    preset: str = ""
    parameters: dict[str, int | float]
    levers: dict[str, Value | dict[str, Value]]
    injections: list[dict[str, Value]] = Field(default_factory=list)


def design_name(stage: str, suffix: str) -> str:
    """The name of a design's file: design.toml, or design-STAGE.toml."""
    return f"design-{stage}{suffix}" if stage else f"design{suffix}"


def write_design(folder: Path, design: Design, stage: str = "") -> None:
    """Write design.toml and design.csv, from which `read_design` makes the same design."""
    rows, world = folder / design_name(stage, ".csv"), design.world
    write_rows(rows, design)
    region = region_of(world.region, world.scale)
    lines = ["# A design of samspel; run it again with: samspel run <this file>"]
    shared = {
        "region": region.name,
        "region_digest": region.digest,
        "parameters_digest": load_parameters().digest,
        "scale": world.scale,
        "years": world.years,
        "detail": world.detail,
        "curves": world.curves,
        **({"events": True} if world.events else {}),
        "runs": rows.name,
    }
    if world.shocks:
        shared["shocks"] = world.shocks
    lines += [f"{name} = {_toml(value)}" for name, value in shared.items()]
    for treatment in design.treatments:
        lines += _arm_lines(treatment)
    (folder / design_name(stage, ".toml")).write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_design(path: Path, stage: str = "") -> Design:
    """Read what `write_design` wrote: a folder, or the TOML file itself. It runs with the tables and parameters that it
    was made with, which lie beside it. Raises SamspelError."""
    file = path / design_name(stage, ".toml") if path.is_dir() else path
    tables, _ = read_toml_text(str(file), read_bytes(file, str(file), "missing; expected a design that samspel wrote"))
    try:
        found = _File.model_validate(tables)
    except ValidationError as error:
        raise SamspelError(f"{explained(str(file), error)}; expected a design that samspel wrote") from None
    base = base_changes(file, found.parameters_digest)
    treatments = {name: _treatment(name, table, base, f"{file}: arms.{name}") for name, table in found.arms.items()}
    for name, treatment in treatments.items():
        _check_money(name, treatment, treatments, str(file))
    region = region_beside(file, found.region, found.scale, found.region_digest)
    shocks = _shocks(found.shocks, file)
    world = World(region, found.scale, found.years, found.detail, found.curves, found.events, shocks)
    check_calendar(world, tuple(treatments.values()), str(file))
    return Design(world, tuple(treatments.values()), tuple(read_rows(file.parent / found.runs, treatments)))


def _shocks(given: Mapping[str, Any], file: Path) -> Shocks:
    try:
        return fit_shocks(given)
    except SamspelError as error:
        raise SamspelError(f"{file}: {error}") from None


def _check_money(name: str, treatment: Treatment, treatments: Mapping[str, Treatment], file: str) -> None:
    source = treatment.same_money_as
    if source is None:
        return
    where = f"{file}: arms.{name}.same_money_as"
    if source not in treatments:
        raise unknown("arm", source, treatments, where)
    if treatments[source].same_money_as is not None:
        raise SamspelError(f'{where}: "{source}" itself takes another arm\'s money')


def _arm_lines(treatment: Treatment) -> list[str]:
    collaboration = treatment.collaboration
    lines = ["", f"[arms.{_toml(treatment.arm)}]"]
    for key, value in collaboration.settings().items():
        written = value.written("strength") if isinstance(value, Dated) else value
        lines.append(f"{key} = {_toml(sorted(map(str, value)) if key == 'partners' else written)}")
    for key in ("same_money_as", "label", "meaning", "preset"):
        if value := getattr(treatment, key):
            lines.append(f"{key} = {_toml(value)}")
    if treatment.injections:
        lines.append(f"injections = [{', '.join(_toml(one.written()) for one in treatment.injections)}]")
    for kind in ("parameters", "levers"):
        lines.append(f"{kind} = {_toml(plain(getattr(treatment, kind)))}")
    return lines


def _treatment(name: str, table: Mapping[str, Any], base: Mapping[str, float], where: str) -> Treatment:
    given = {key: table[key] for key in KEYS if key in table}
    if missing := [key for key in KEYS if key not in given]:
        raise SamspelError(f"{where}: key {missing[0]}: missing; expected a design that samspel wrote")
    try:
        about = _About.model_validate({key: value for key, value in table.items() if key not in KEYS})
    except ValidationError as error:
        raise SamspelError(explained(where, error)) from None
    parameters = {**base, **about.parameters}
    try:
        collaboration = _collaboration(given)
        taken = load_parameters().replace(parameters).values
        parameters = {key: taken[key] for key in parameters}
        injections = tuple(map(read_injection, about.injections))
        levers = Levers.fit(**{name: _read(value, "value") for name, value in about.levers.items()})
    except SamspelError as error:
        raise SamspelError(f"{where}: {error}") from None
    return Treatment(
        name,
        collaboration,
        parameters,
        levers,
        about.same_money_as,
        about.label,
        about.meaning,
        about.preset,
        injections,
    )


def _collaboration(given: dict[str, Any]) -> Collaboration:
    kinds = {"name": str, "partners": list, "by_commitment": bool}
    given = {key: _read(value, "strength") if key in list(Practice) else value for key, value in given.items()}
    for key, whole in given.items():
        kind, value = kinds.get(key, float), undated(whole)
        if not isinstance(value, kind | int if kind is float else kind) or (kind is float and isinstance(value, bool)):
            expected = {str: "text", list: "a list", bool: "true or false", float: "a number"}[kind]
            raise SamspelError(f"key {key}: got {json.dumps(value, default=str)[:60]}; expected {expected}")
    known = [str(partner) for partner in Partner]
    for partner in given["partners"]:
        if partner not in known:
            raise unknown("partner", str(partner)[:60], known)
    return Collaboration(**given | {"partners": frozenset(map(Partner, given["partners"]))})


def _read(value: Any, key: str) -> Any:
    """A value, or what a table says of one with its years."""
    return read_dated(value, key) if isinstance(value, dict) else value


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_toml(one)}" for name, one in value.items()) + " }" if value else "{  }"
    # Text, numbers, truth values and lists are written alike in JSON and TOML.
    return json.dumps(value, ensure_ascii=False)
