"""A user's own design in a TOML file: arms, what varies, and how; points may be a table."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, ValidationError, model_validator
from pydantic_core import ErrorDetails

from experiments.design.arms import DEFAULT_ARMS
from experiments.design.plan import treatments_of
from experiments.design.points_table import LIMITS, read_points, unfit, unheard_of
from experiments.design.settings import Scalar, Settings, Strict, read_settings, told_at, told_of
from experiments.engine import sampling
from experiments.engine.dates import DATES, ENDS
from experiments.engine.design import Design, World, check_calendar, make_design
from experiments.engine.design_file import read_design
from experiments.engine.points import as_taken
from sim import Levers
from sim.errors import unknown
from sim.inputs.arguments import Number, Truth, Whole
from sim.inputs.problems import InputError, Problem, refused, stop_if
from sim.inputs.region import region_folder
from sim.inputs.toml_text import read_toml

USUAL = {"region": "stockholm-county", "scale": 1.0, "years": 30, "replicates": 10, "out": "results/run"}

MOST_POINTS = LIMITS.rows
RANGE, VALUES = "a range", "values"


class Span(Strict):
    """A range: `steps` values of it where all combinations run."""

    model_config = ConfigDict(populate_by_name=True)

    low: Number = Field(alias="from")
    high: Number = Field(alias="to")
    steps: Whole = Field(5, ge=2, le=MOST_POINTS)

    @model_validator(mode="after")
    def _wide(self) -> Span:
        if not self.low < self.high:
            raise ValueError(f"from {self.low:g} is not below to {self.high:g}; expected a range, or a list of values")
        return self


# Told apart first, so that what is wrong is told of the one that was meant.
Varied = Annotated[
    Annotated[Span, Tag(RANGE)] | Annotated[list[Scalar], Tag(VALUES)],
    Discriminator(lambda value: RANGE if isinstance(value, dict | Span) else VALUES),
]


class Sample(Strict):
    """How ranges are sampled."""

    method: Literal["factorial", "latin-hypercube", "sobol", "morris", "saltelli"] = "factorial"
    n: Whole = Field(64, ge=1, le=MOST_POINTS)
    seed: Whole = Field(1, ge=0, le=2**32 - 1)


class Own(Strict):
    """What a design has beside the settings of a comparison."""

    vary: dict[str, Varied] = Field(default_factory=dict)
    sample: Sample = Sample()
    points: str | None = None
    curves: Truth = True
    record: Truth = True
    shared_seeds: Truth = True
    seed_by_point: Truth = False


_KNOWN: dict[str, Any] = {"vary": Span.model_fields, "sample": Sample.model_fields}


def read_own_design(path: Path) -> tuple[Design, Settings | None]:
    """A design of a user's, or one that samspel wrote (then without settings). Raises SamspelError."""
    if path.is_dir() or path.suffix == ".csv":
        return read_design(path.with_suffix(".toml") if path.suffix == ".csv" else path), None
    file = str(path)
    tables, _ = read_toml(path, file, "a design")
    if "runs" in tables:
        return read_design(path), None
    if not tables:
        raise refused(file, 'sets nothing; expected a design, with a key or more, such as region = "botkyrka"')
    own = _own({name: tables.pop(name) for name in Own.model_fields if name in tables}, file)
    settings, _ = read_settings(path, {}, USUAL, Own.model_fields)
    with told_at(file if settings.select is None else f"{file}, key select"):
        arms = settings.chosen_arms(DEFAULT_ARMS)
    with told_at(f"{file}, key region"):
        region_folder(settings.region)
    world = World(settings.region, settings.scale, settings.years, own.record, own.curves, shocks=settings.shocks)
    treatments = treatments_of(arms, settings.set)
    check_calendar(world, treatments, file)
    if own.points is not None:
        points, notes = read_points(path.parent / own.points)
        settings.noted(*notes)
    else:
        points = _varied(own, file)
    with told_at(file):
        design = make_design(
            world, treatments, settings.replicates, settings.seed, own.shared_seeds, points, own.seed_by_point
        )
    return design, settings


def _own(given: Mapping[str, Any], file: str) -> Own:
    """What varies, if it hangs together. Raises SamspelError with all that does not."""
    try:
        own = Own.model_validate({**given, "vary": _flat(given["vary"])} if "vary" in given else given)
    except ValidationError as error:
        raise InputError(_problem(one, file) for one in error.errors()) from None
    problems = [Problem(file, what, column=key, word="key") for key, what in _contradictions(own, given)]
    stop_if([*problems, *_unfit(own, file)])
    return own


def _flat(vary: Any) -> Any:
    """What varies, with years as they stand in a table of a practice's or lever's, under their own names."""
    if not isinstance(vary, Mapping):
        return vary
    found: dict[str, Any] = {}
    for name, one in vary.items():
        years = isinstance(one, Mapping) and bool(one) and set(one) <= set(ENDS)
        found |= {f"{name}.{end}": value for end, value in one.items()} if years else {name: one}
    return found


def _problem(error: ErrorDetails, file: str) -> Problem:
    place = [str(part) for part in error["loc"] if part not in (RANGE, VALUES)]
    if error["type"] == "missing":
        return Problem(file, f"missing {place[-1]}; expected from and to", column=".".join(place[:-1]), word="key")
    if error["type"] == "extra_forbidden":
        known = [field.alias or name for name, field in _KNOWN.get(place[0], {}).items()]
        return Problem(file, str(unknown("key", place[-1], known)), column=".".join(place[:-1]), word="key")
    return Problem(file, told_of(error), column=".".join(place), word="key")


def _contradictions(own: Own, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Keys of which one says what the other does not heed."""
    if own.points is not None and own.vary:
        yield "points", "stands beside vary; expected one of them"
    if "sample" in given and not own.vary:
        yield "sample", "nothing varies; expected ranges in vary"
    if own.sample.method == "factorial" and "n" in own.sample.model_fields_set:
        yield "sample.n", "a factorial takes every combination; expected steps in the ranges, or another method"
    if own.sample.method == "saltelli" and own.sample.n & (own.sample.n - 1):
        yield "sample.n", f"{own.sample.n} is no power of two, which saltelli needs"
    if own.sample.method != "factorial":
        for name, one in own.vary.items():
            if not isinstance(one, Span):
                yield f"vary.{name}", "a sample needs a range, such as { from = 0.0, to = 1.0 }"


def _unfit(own: Own, file: str) -> Iterator[Problem]:
    """Settings that do not exist, and values that they cannot have."""
    for name, one in own.vary.items():
        key = f"vary.{name}"
        if what := unheard_of(name):
            yield Problem(file, what, column=key, word="key")
            continue
        wrong = (what for value in _tried(own, one) if (what := unfit(name, value)))
        amiss = list(islice(wrong, 1) if isinstance(one, Span) else wrong)
        if isinstance(one, Span) and not amiss and own.sample.method != "factorial" and not _continuous(name):
            amiss = [f"{name} takes whole numbers; expected a list of values, or a factorial"]
        if isinstance(one, list) and not amiss and len({as_taken(name, value) for value in one}) < max(1, len(one)):
            amiss = [f"{'a value stands twice' if one else 'no values'}; expected a list of different values"]
        for what in amiss:
            yield Problem(file, what, column=key, word="key")


def _tried(own: Own, one: Span | list[Scalar]) -> list[Any]:
    """The values that must fit: all of them, or the ends of what is sampled."""
    if isinstance(one, Span) and own.sample.method != "factorial":
        return [one.low, one.high]
    return _values(one)


def _continuous(name: str) -> bool:
    """Whether a setting takes all values of a range."""
    return name not in DATES and (name not in Levers.model_fields or Levers.model_fields[name].annotation is float)


def _varied(own: Own, file: str) -> list[dict[str, Any]]:
    """The points that ranges and values come to."""
    if not own.vary:
        return [{}]
    method, n, seed = own.sample.method, own.sample.n, own.sample.seed
    many = math.prod(_size(one) for one in own.vary.values()) if method == "factorial" else n * (len(own.vary) + 2)
    if many > MOST_POINTS:
        raise refused(file, f"vary: {many:,} points; expected {MOST_POINTS:,} at most")
    if method == "factorial":
        return sampling.factorial({name: _values(one) for name, one in own.vary.items()})
    ranges = {name: (one.low, one.high) for name, one in own.vary.items() if isinstance(one, Span)}
    samplers: dict[str, Callable[..., list[dict[str, Any]]]] = {
        "latin-hypercube": sampling.latin_hypercube,
        "sobol": sampling.sobol_sequence,
        "morris": sampling.morris,
        "saltelli": sampling.saltelli,
    }
    return samplers[method](ranges, n, seed)


def _size(one: Span | list[Scalar]) -> int:
    return one.steps if isinstance(one, Span) else len(one)


def _values(one: Span | list[Scalar]) -> list[Any]:
    return sampling.spaced(one.low, one.high, one.steps) if isinstance(one, Span) else one
