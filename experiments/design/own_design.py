"""A user's own design in a TOML file: arms, what varies, and how; points may be a CSV table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import click
from pydantic import ConfigDict, Field, ValidationError

from experiments.design.arms import DEFAULT_ARMS
from experiments.design.plan import treatments_of
from experiments.design.settings import Settings, Strict, Value, read_settings, read_toml
from experiments.engine import sampling
from experiments.engine.design import Design, World, make_design
from experiments.engine.design_file import parse_cell, read_design
from sim import SamspelError
from sim.inputs.numbers_text import Decimals, NotANumberError, excel
from sim.inputs.problems import Problem, clip, stop_if
from sim.inputs.tables_text import read_bytes, read_table_text

USUAL = {"region": "stockholm-county", "scale": 1.0, "years": 30, "replicates": 10, "out": "results/run"}

NUMERIC = "0123456789+-−.,"
TRUTHS = {"true": True, "false": False, "sant": True, "falskt": False}


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
        points, notes = points_and_notes(path.parent / own.points)
        for note in notes:
            click.echo(f"note: {note}", err=True)
        return points
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
    return points_and_notes(path)[0]


def points_and_notes(path: Path) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The same, and what was assumed to read the table. Raises SamspelError with all that is wrong in it."""
    table = read_table_text(str(path), read_bytes(path, str(path), "missing; expected a table of points (CSV)"))
    problems = list(table.problems)
    points: list[dict[str, Any]] = [{} for _ in table.rows]
    for point, (row, cells) in zip(points, table.rows, strict=True):
        for name, cell in zip(table.header, cells, strict=True):
            try:
                point[name] = _value(cell, table.decimals)
            except NotANumberError as error:
                what = f'"{clip(cell)}" {error}' if cell else str(error)
                problems.append(Problem(table.file, what, row, column=name))
    if not table.rows and not problems:
        problems.append(Problem(table.file, "no points; expected names of settings, and a row for each point"))
    stop_if(problems)
    return points, table.notes


def _value(cell: str, decimals: Decimals) -> bool | int | float | str:
    """A cell as what it is: a number, a truth value (Excel may say it in Swedish) or a word."""
    if not cell:
        raise NotANumberError("blank; expected a value for each setting")
    if cell.lower() in TRUTHS:
        return TRUTHS[cell.lower()]
    try:
        return parse_cell(decimals.number(cell))
    except NotANumberError:
        # A word stays one; what looks like a number, or came of one in Excel, does not.
        if excel(cell) or cell[0] in NUMERIC or not isinstance(parse_cell(cell), str):
            raise
        return cell


def _values(one: Span | list[Value]) -> list[Any]:
    return sampling.spaced(one.low, one.high, one.steps) if isinstance(one, Span) else one


def _range(name: str, one: Span | list[Value], path: Path) -> tuple[float, float]:
    if not isinstance(one, Span):
        raise SamspelError(f"{path}: vary.{name}: a sample needs a range, such as {{ from = 0.0, to = 1.0 }}")
    return one.low, one.high
