"""manifest.json: what results were made from, with which versions, and how long it took; one schema for all kinds."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from experiments.analysis.value import discount_rate
from experiments.engine.dates import plain
from experiments.engine.design import Design
from experiments.engine.json_file import parsed, read_json, read_text, shown, validated
from experiments.engine.layout import FIGURES, MANIFEST
from experiments.engine.points import Treatment
from experiments.engine.runs import parameters_of, peak_memory_mb, region_of
from experiments.engine.settings import Setting
from sim import Region, SamspelError
from sim.errors import unknown
from sim.vocabulary import FIRST_YEAR

# 1 was without this number, and each kind of results had keys of its own; 2 had no seals; 3 had other accounts.
SCHEMA = 4
BEFORE = {3: " (from before society had one account)"}
EXPECTED = "the manifest of a folder of results"
SEAL = 16
PACKAGES = ("samspel", "numpy", "numba", "mesa", "pandas", "pyarrow", "scipy", "matplotlib", "pydantic")


class Part(BaseModel):
    """A part of the manifest: unknown keys are left alone, so that later versions may add some."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class RegionMade(Part):
    """The region that was run, as its tables named it.

    digest: a hash of the tables and the scale. The tables themselves lie in the results (see `inputs`).
    """

    name: str
    title: str
    scale: float = Field(gt=0, le=1)
    digest: str


class SourceMade(Part):
    """What results were made from: the region, or a file of the user's.

    given: its name or path as it was typed. digest: a hash of the region's tables and the scale, or of a file's bytes.
    """

    kind: str
    given: str
    digest: str


class ArmMade(Part):
    """One arm: what it is called, which collaboration it ran, and what was set in it alone."""

    name: str
    label: str
    meaning: str = ""
    preset: str = ""
    same_money_as: str | None = None
    collaboration: dict[str, Any] = Field(default_factory=dict)
    parameters: dict[str, Any] = Field(default_factory=dict)
    levers: dict[str, Any] = Field(default_factory=dict)
    injections: tuple[dict[str, Any], ...] = ()


class StageMade(Part):
    """One design of an experiment: how many runs, over how many points, what varies, whether curves were kept, and how
    many years it ran (None: as long as the main one, in results of versions that could do nothing else)."""

    runs: int = Field(ge=1)
    points: int = Field(ge=1)
    replicates: int = Field(ge=1)
    varied: tuple[str, ...]
    arms: tuple[str, ...]
    detail: bool
    curves: bool
    years: int | None = Field(None, ge=1)


class Manifest(Part):
    """All that a reader of results needs to know about how they were made.

    kind: the question or tool that wrote them. quick: whether it was a quick look. flats: in the region at its scale.
    set: values that hold in all arms. options: the question's own options. stages: its designs by name; the main one's
    name is empty. settings: all that was varied, as it stood then. notes: what a reader should be told about inputs.
    failed: what is told of runs that failed, by name; failed_figures: the same of figures. municipality_of: where each
    neighbourhood lies; tile_of: the same on a schematic map, from the west and from the north. sources: where that came
    from. files: names of the files at the top of the folder. seals: a hash of every other key, so that what was changed
    since can be told.
    """

    kind: str
    version: int = Field(SCHEMA, alias="schema")
    command: tuple[str, ...] = ()
    quick: bool = False
    region: RegionMade
    flats: int = Field(ge=1)
    first_year: int = FIRST_YEAR
    years: int = Field(ge=1)
    quarters: int = Field(ge=1)
    seed: int | None = None
    replicates: int = Field(ge=1)
    shared_seeds: bool = True
    set: dict[str, Any] = Field(default_factory=dict)
    options: dict[str, Any] = Field(default_factory=dict)
    arms: tuple[ArmMade, ...] = ()
    stages: dict[str, StageMade] = Field(default_factory=dict)
    settings: dict[str, Setting] = Field(default_factory=dict)
    discount_rate: float = Field(allow_inf_nan=False)
    parameters_digest: str
    municipality_of: dict[str, str] = Field(default_factory=dict)
    tile_of: dict[str, tuple[int, int]] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    failed: dict[str, str] = Field(default_factory=dict)
    failed_figures: dict[str, str] = Field(default_factory=dict)
    versions: dict[str, Any] = Field(default_factory=dict)
    made: dict[str, Any] = Field(default_factory=dict)
    sources: tuple[SourceMade, ...] = ()
    files: tuple[str, ...] = ()
    seals: dict[str, str] = Field(default_factory=dict)

    @property
    def title(self) -> str:
        """Region, size and length in one line, and whether it was a quick look."""
        quick = "A quick look. " if self.quick else ""
        return f"{quick}{self.region.title}: {self.flats:,} flats, {self.years} years from {self.first_year}"

    def arm(self, name: str) -> ArmMade:
        """The arm of this name. Raises SamspelError."""
        for arm in self.arms:
            if arm.name == name:
                return arm
        raise unknown("arm", name, [arm.name for arm in self.arms], MANIFEST)

    def setting(self, name: str) -> Setting:
        """What was varied, as it stood then; by its bare name where results of an earlier version do not say."""
        return self.settings.get(name) or Setting(words=name)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder of results. Raises SamspelError where there is none, it is of another schema, or it does
    not say what samspel wrote: one key changed by hand, or one letter by the disk, would make numbers wrong."""
    if not folder.is_dir():
        raise SamspelError(f"{folder}: no such folder; expected one that samspel wrote")
    path = folder / MANIFEST
    if not path.is_file():
        wanted = "expected a folder that samspel wrote"
        raise SamspelError(f"{folder}: holds no finished results (no {MANIFEST}); {wanted}")
    text = read_text(path, EXPECTED)
    tables = parsed(path, text, EXPECTED)
    if not isinstance(tables, dict):
        raise SamspelError(f"{path}: got {shown(tables)}; expected {EXPECTED}")
    found = tables.get("schema")
    if found != SCHEMA or isinstance(found, bool):
        since = BEFORE.get(found, "") if isinstance(found, int) else ""
        such = f"of schema {shown(found)}{since}" if found is not None else "of an earlier version, without a schema"
        raise SamspelError(
            f"{path}: {such}; this version reads schema {SCHEMA}: run the command again with another --out"
        )
    made = validated(path, text, Manifest)
    for key in _changed(tables):
        raise SamspelError(
            f"{path}: key {key}: damaged, or changed since samspel wrote it ({shown(tables.get(key, 'missing'))} does "
            "not fit its seal); expected it as it was: run the command again with another --out"
        )
    return made


def write_manifest(folder: Path, made: Manifest) -> None:
    """Write manifest.json."""
    tables = made.model_dump(mode="json", by_alias=True, exclude={"seals"})
    tables["seals"] = {key: _seal(value) for key, value in tables.items()}
    (folder / MANIFEST).write_text(_text(tables), encoding="utf-8")


def add_figures(folder: Path, names: Iterable[str]) -> None:
    """Have the manifest of finished results name figures that were drawn into them since, so that samspel knows them as
    its own. All else stays as it is, keys of later versions too. Raises SamspelError."""
    path = folder / MANIFEST
    tables = read_json(path, EXPECTED)
    made = tables["made"]
    known = sorted({*made.get(FIGURES, ()), *names})
    if known == made.get(FIGURES):
        return
    made[FIGURES] = known
    tables["seals"]["made"] = _seal(made)
    new = path.with_name(f".{MANIFEST}.new")
    try:
        new.write_text(_text(tables), encoding="utf-8")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _text(tables: Mapping[str, Any]) -> str:
    return json.dumps(tables, indent=2, ensure_ascii=False) + "\n"


def _changed(tables: Mapping[str, Any]) -> Iterator[str]:
    """Keys that do not fit their seals."""
    seals = tables.get("seals", {})
    for name in (field.alias or key for key, field in Manifest.model_fields.items()):
        if name != "seals" and (name not in tables or _seal(tables[name]) != seals.get(name)):
            yield name


def _seal(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:SEAL]


class Clock:
    """When an experiment was made, and what is known of its runs: seconds, and memory of their processes."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC)
        self.seconds: list[float] = []
        self.worker_peak_mb = 0.0

    def noted(self, runs: Sequence[tuple[float, float]]) -> None:
        """Remember the seconds and peak memory of runs; of runs taken over from earlier results none are known."""
        self.seconds = [seconds for seconds, _ in runs if not math.isnan(seconds)]
        self.worker_peak_mb = max((peak for _, peak in runs), default=0.0)

    def report(self, jobs: int) -> dict[str, Any]:
        """Durations, dates and memory, for the manifest."""
        now = datetime.now(UTC)
        total = sum(self.seconds)
        return {
            "started": self.started.isoformat(timespec="seconds"),
            "finished": now.isoformat(timespec="seconds"),
            "seconds": round((now - self.started).total_seconds(), 2),
            "seconds_per_run": round(total / max(1, len(self.seconds)), 3),
            "seconds_of_all_runs": round(total, 2),
            "jobs": jobs,
            "peak_memory_of_a_run_mb": round(self.worker_peak_mb),
            "peak_memory_here_mb": round(peak_memory_mb()),
        }


def describe_region(name: str, scale: float) -> dict[str, Any]:
    """Keys of the manifest that a region fills."""
    region = region_of(name, scale)
    places = zip(region.neighbourhoods.name, region.neighbourhoods.municipality_index, strict=True)
    return {
        "region": RegionMade(name=region.name, title=region.title, scale=region.scale, digest=region.digest),
        "flats": region.total_flats,
        "first_year": region.start_year,
        "municipality_of": {name: region.municipalities.name[index] for name, index in places},
        "tile_of": _tiles(region),
    }


def _tiles(region: Region) -> dict[str, tuple[int, int]]:
    """Where neighbourhoods lie on the schematic map, tiles from the west and from the north; none without a map."""
    places = region.neighbourhoods
    if not places.mapped:
        return {}
    return {name: (int(x), int(y)) for name, x, y in zip(places.name, places.x, places.y, strict=True)}


def describe_design(design: Design) -> dict[str, Any]:
    """Keys of the manifest that a design fills: all but what differs from one execution to the next."""
    world = design.world
    return describe_region(world.region, world.scale) | {
        "years": world.years,
        "quarters": world.years * 4,
        "replicates": design.replicates,
        "arms": tuple(_arm(treatment) for treatment in design.treatments),
    }


def describe_stage(design: Design) -> StageMade:
    """One design in the manifest."""
    return StageMade(
        runs=len(design.runs),
        points=len({run.point for run in design.runs}),
        replicates=design.replicates,
        varied=design.varied,
        arms=tuple(treatment.arm for treatment in design.treatments),
        detail=design.world.detail,
        curves=design.world.curves,
        years=design.world.years,
    )


def describe_parameters(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of the manifest that the parameters of all arms fill."""
    parameters = parameters_of(changes)
    return {"discount_rate": discount_rate(parameters.values), "parameters_digest": parameters.digest}


def versions() -> dict[str, Any]:
    """Versions of everything that numbers may depend on, and the vector instructions that numpy found."""
    found: dict[str, Any] = {"python": platform.python_version(), "machine": platform.machine()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed (run from a checkout)"
    config: Any = np.show_config(mode="dicts")
    found["numpy_dispatch"] = config.get("SIMD Extensions", {})
    return found


def _arm(treatment: Treatment) -> ArmMade:
    collaboration = plain(treatment.collaboration.settings(), "strength")
    collaboration["partners"] = sorted(str(partner) for partner in treatment.collaboration.partners)
    return ArmMade(
        name=treatment.arm,
        label=treatment.label or treatment.arm,
        meaning=treatment.meaning,
        preset=treatment.preset,
        same_money_as=treatment.same_money_as,
        collaboration=collaboration,
        parameters=dict(treatment.parameters),
        levers=plain(treatment.levers),
        injections=tuple(one.written() for one in treatment.injections),
    )
