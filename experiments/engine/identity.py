"""Which run is which: a digest of everything that determines a run's numbers."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import sim
from experiments.engine.dates import plain
from experiments.engine.design import Design, Run, Treatment, World
from experiments.engine.runs import parameters_of, region_of
from sim import Levers, load_parameters
from sim.vocabulary import Practice

LENGTH = 32
NUMERIC = ("numpy", "numba", "mesa")
REDUCING = ("runs", "records", "packed_tables")


@lru_cache(maxsize=1)
def source_digest() -> str:
    """A fingerprint of what computes: the model's source, what reduces a run to stored numbers and packs them, and the
    versions of the libraries that the numbers come from."""
    versions = "".join(f"\n{name} {metadata.version(name)}" for name in NUMERIC).encode()
    return sha256(_source() + versions).hexdigest()[:LENGTH]


def code_digest() -> str:
    """The same of the source alone, which does not tell one machine's libraries from another's: for numbers that travel
    with the source."""
    return sha256(_source()).hexdigest()[:LENGTH]


def _source() -> bytes:
    engine = Path(__file__).parent
    package = Path(sim.__file__).parent
    files = {path.relative_to(package).as_posix(): path for path in package.rglob("*.py")}
    files |= {
        path.name: path
        for path in (*(engine / f"{name}.py" for name in REDUCING), engine.parent / "analysis" / "value.py")
    }
    return b"".join(f"\n{name}\n".encode() + files[name].read_bytes() for name in sorted(files))


@lru_cache(maxsize=1)
def origin() -> dict[str, str]:
    """What this process computes with: where its modules come from, and the digest of their source."""
    packages = {"sim": Path(sim.__file__), "experiments": Path(__file__).parents[1] / "__init__.py"}
    return {name: os.path.realpath(path) for name, path in packages.items()} | {"source": source_digest()}


@lru_cache(maxsize=16)
def inputs_digest(region: str, scale: float) -> str:
    """A fingerprint of what a run reads beside its design: the region's tables and the usual parameters."""
    read = f"{region_of(region, scale).digest}\n{load_parameters().digest}"
    return sha256(read.encode()).hexdigest()[:LENGTH]


def digests(design: Design) -> list[str]:
    """The identity of every run, in the order of the design."""
    world = _world(design.world)
    treatments: dict[int, str] = {}
    found: dict[tuple[int, int, str], str] = {}
    for run in sorted(design.runs, key=lambda run: run.treatment.same_money_as is not None):
        key = id(run.treatment)
        if key not in treatments:
            treatments[key] = _text(treatment_as_run(run.treatment))
        partner = run.treatment.same_money_as
        money = "" if partner is None else found[(run.point, run.replicate, partner)]
        text = "\n".join((world, treatments[key], str(run.seed), money))
        found[_place(run)] = sha256(text.encode()).hexdigest()[:LENGTH]
    return [found[_place(run)] for run in design.runs]


def _place(run: Run) -> tuple[int, int, str]:
    return run.point, run.replicate, run.arm


def _world(world: World) -> str:
    region = region_of(world.region, world.scale)
    kept = {"events": True} if world.events else {}
    shared = {name: value for name, value in asdict(world).items() if name not in ("region", "events")} | kept
    return _text(shared | {"region": [region.name, region.digest], "source": source_digest()})


def treatment_as_run(treatment: Treatment) -> dict[str, Any]:
    """All of a treatment that determines numbers, as it resolves; not what it is called."""
    # What a practice can do counts, not what it is called: at full strength without partners it is off.
    practised = treatment.collaboration
    return {
        "parameters": parameters_of(treatment.parameters).digest,
        "levers": plain(Levers.checked(**treatment.levers).settings()),
        "practices": plain({str(practice): practised.practised(practice) for practice in Practice}),
        "partners": sorted(str(partner) for partner in practised.partners),
        "cost_factor": float(practised.cost_factor),
        "by_commitment": practised.by_commitment,
        "injections": [one.written() for one in treatment.injections],
    }


def _text(values: Mapping[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False)
