"""A user's own design in a TOML file: arms, what varies, and how; points may be a CSV table."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from experiments.design.arms import DEFAULT_ARMS
from experiments.design.plan import treatments_of
from experiments.design.settings import Settings, Strict, Value, read_settings, read_toml
from experiments.engine import sampling
from experiments.engine.design import Design, World, make_design
from experiments.engine.design_file import parse_cell, read_design
from sim import SamspelError

USUAL = {"region": "stockholm-county", "scale": 1.0, "years": 30, "replicates": 10, "out": "results/run"}


class Span(Strict):
    """A range: `steps` values of it where all combinations run."""

    model_config = ConfigDict(populate_by_name=True)

    low: float = Field(alias="from")
    high: float = Field(alias="to")
    steps: int = Field(5, ge=2)


class Sample(Strict):
    """How ranges are sampled."""

    method: Literal["factorial", "latin-hypercube", "sobol", "morris", "saltelli"] = "factorial"
    n: int = Field(64, ge=1)
    seed: int = Field(1, ge=0)


class Own(Strict):
    """What a design has beside the settings of a comparison."""

    vary: dict[str, Span | list[Value]] = Field(default_factory=dict)
    sample: Sample = Sample()
    points: str | None = None
    curves: bool = True
    record: bool = True
    shared_seeds: bool = True
    seed_by_point: bool = False


def read_own_design(path: Path) -> tuple[Design, Settings | None]:
    """A design of a user's, or one that samspel wrote (then without settings). Raises SamspelError."""
    if path.is_dir() or path.suffix == ".csv":
        return read_design(path.with_suffix(".toml") if path.suffix == ".csv" else path), None
    tables = read_toml(path)
    if "runs" in tables:
        return read_design(path), None
    given = {name: tables.pop(name) for name in Own.model_fields if name in tables}
    try:
        own = Own.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise SamspelError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    settings, _ = read_settings(path, {}, USUAL, Own.model_fields)
    arms = settings.chosen_arms(DEFAULT_ARMS)
    world = World(settings.region, settings.scale, settings.years, own.record, own.curves)
    treatments = treatments_of(arms, settings.set)
    points = _points(own, path)
    return (
        make_design(world, treatments, settings.replicates, settings.seed, own.shared_seeds, points, own.seed_by_point),
        settings,
    )


def _points(own: Own, path: Path) -> list[dict[str, Any]]:
    if own.points is not None:
        return read_points(path.parent / own.points)
    if not own.vary:
        return [{}]
    method, n, seed = own.sample.method, own.sample.n, own.sample.seed
    if method == "factorial":
        return sampling.factorial({name: _values(one) for name, one in own.vary.items()})
    ranges = {name: _range(name, one, path) for name, one in own.vary.items()}
    samplers: dict[str, Callable[..., list[dict[str, Any]]]] = {
        "latin-hypercube": sampling.latin_hypercube,
        "sobol": sampling.sobol_sequence,
        "morris": sampling.morris,
        "saltelli": sampling.saltelli,
    }
    return samplers[method](ranges, n, seed)


def read_points(path: Path) -> list[dict[str, Any]]:
    """Points from a CSV table: a column a setting, a row a point. Raises SamspelError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            return [{name: parse_cell(value) for name, value in _checked(row, path).items()} for row in rows]
    except (OSError, UnicodeDecodeError) as error:
        raise SamspelError(f"{path}: cannot be read ({error}); expected a table of points (CSV)") from None


def _checked(row: Mapping[Any, Any], path: Path) -> Mapping[str, str]:
    if None in row or None in row.values() or "" in row.values():
        raise SamspelError(f"{path}: a row has not one value for each column: {list(row.values())}")
    return row


def _values(one: Span | list[Value]) -> list[Any]:
    return sampling.spaced(one.low, one.high, one.steps) if isinstance(one, Span) else one


def _range(name: str, one: Span | list[Value], path: Path) -> tuple[float, float]:
    if not isinstance(one, Span):
        raise SamspelError(f"{path}: vary.{name}: a sample needs a range, such as {{ from = 0.0, to = 1.0 }}")
    return one.low, one.high
