"""A design as files: TOML for what all runs share and for the arms, and a CSV table with one row a run."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from experiments.engine.design import Design, Run, World
from experiments.engine.points import Treatment, apply_point, check_points
from sim import Collaboration, SamspelError
from sim.errors import unknown
from sim.inputs.collaboration import KEYS
from sim.vocabulary import Partner

FIXED = ("point", "arm", "replicate", "seed")


def design_name(stage: str, suffix: str) -> str:
    """The name of a design's file: design.toml, or design-STAGE.toml."""
    return f"design-{stage}{suffix}" if stage else f"design{suffix}"


def write_design(folder: Path, design: Design, stage: str = "") -> None:
    """Write design.toml and design.csv, from which `read_design` makes the same design."""
    rows = folder / design_name(stage, ".csv")
    with rows.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*FIXED, *design.varied])
        for run in design.runs:
            fixed = (run.point, run.arm, run.replicate, run.seed)
            writer.writerow([*fixed, *(_cell(run.values[name]) for name in design.varied)])
    lines = ["# A design of samspel; run it again with: samspel run <this file>"]
    lines += [f"{field.name} = {_toml(getattr(design.world, field.name))}" for field in fields(World)]
    lines += [f"runs = {_toml(rows.name)}"]
    for treatment in design.treatments:
        lines += _arm_lines(treatment)
    (folder / design_name(stage, ".toml")).write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_design(path: Path, stage: str = "") -> Design:
    """Read what `write_design` wrote: a folder, or the TOML file itself. Raises SamspelError."""
    file = path / design_name(stage, ".toml") if path.is_dir() else path
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        world = World(**{field.name: tables[field.name] for field in fields(World)})
        treatments = {name: _treatment(name, table) for name, table in tables["arms"].items()}
        runs = read_rows(file.parent / tables["runs"], treatments)
    except OSError as error:
        raise SamspelError(f"{error.filename}: cannot be read ({error.strerror}); expected a design") from None
    except (KeyError, TypeError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SamspelError(f"{file}: no design that samspel wrote ({type(error).__name__}: {error})") from None
    return Design(world, tuple(treatments.values()), tuple(runs))


def read_rows(path: Path, treatments: Mapping[str, Treatment]) -> list[Run]:
    """The table of runs of a design: columns point, arm, replicate, seed, then settings."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        varied = [name for name in rows.fieldnames or () if name not in FIXED]
        if missing := [name for name in FIXED if name not in (rows.fieldnames or ())]:
            raise SamspelError(f'{path}: has no column "{missing[0]}"; expected {", ".join(FIXED)}, then settings')
        runs: list[Run] = []
        applied: dict[tuple[str, str, str], tuple[Mapping[str, Any], Treatment]] = {}
        for row in rows:
            if row["arm"] not in treatments:
                raise unknown("arm", row["arm"], treatments, f"{path}, row {len(runs) + 2}")
            key = (row["point"], row["arm"], str([row[name] for name in varied]))
            if key not in applied:
                values = {name: parse_cell(row[name]) for name in varied}
                check_points([values])
                applied[key] = values, apply_point(treatments[row["arm"]], values)
            runs.append(_run(len(runs), row, *applied[key], f"{path}, row {len(runs) + 2}"))
    return runs


def _run(position: int, row: Mapping[str, str], values: Mapping[str, Any], treatment: Treatment, where: str) -> Run:
    try:
        return Run(position, treatment, int(row["replicate"]), int(row["seed"]), int(row["point"]), values)
    except ValueError as error:
        raise SamspelError(f"{where}: point, replicate and seed are whole numbers ({error})") from None


def parse_cell(text: str) -> bool | int | float | str:
    """A cell of a table as the number, truth value or text that it is."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _arm_lines(treatment: Treatment) -> list[str]:
    collaboration = treatment.collaboration
    lines = ["", f"[arms.{_toml(treatment.arm)}]"]
    for key, value in collaboration.settings().items():
        lines.append(f"{key} = {_toml(sorted(map(str, value)) if key == 'partners' else value)}")
    if treatment.same_money_as is not None:
        lines.append(f"same_money_as = {_toml(treatment.same_money_as)}")
    for kind in ("parameters", "levers"):
        pairs = (f"{name} = {_toml(value)}" for name, value in getattr(treatment, kind).items())
        lines.append(f"{kind} = {{ {', '.join(pairs)} }}")
    return lines


def _treatment(name: str, table: dict[str, Any]) -> Treatment:
    given = {key: table[key] for key in KEYS}
    given["partners"] = frozenset(Partner(partner) for partner in given["partners"])
    collaboration = Collaboration(**given)
    return Treatment(name, collaboration, table["parameters"], table["levers"], table.get("same_money_as"))


def _toml(value: Any) -> str:
    # Text, numbers, truth values and lists are written alike in JSON and TOML.
    return json.dumps(value, ensure_ascii=False)
