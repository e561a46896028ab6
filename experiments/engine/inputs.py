"""What results were made from lies in them: the region's tables and the values of all parameters, in OUT/inputs.

Whoever runs stored results again, from wherever, runs these and not what has become of the originals; where an original
is another now, `changed_since` says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from pydantic import ConfigDict, RootModel, ValidationError

from experiments.engine.json_file import explained
from experiments.engine.layout import INPUTS, REGION, VALUES
from experiments.engine.manifest import Manifest, SourceMade
from experiments.engine.runs import region_of
from sim import SamspelError, load_parameters, load_region
from sim.inputs.files import read_bytes
from sim.inputs.parameters import digest_of
from sim.inputs.problems import clip
from sim.inputs.region import region_files, region_folder, shipped_regions
from sim.inputs.toml_text import read_toml_text

SHOWN = 3
TABLES = "region"  # the kind of source that a region is


class _Values(RootModel[dict[str, float]]):
    """Parameters by name."""

    model_config = ConfigDict(strict=True)


def store_inputs(folder: Path, region: str, scale: float) -> SourceMade:
    """Put a region's tables, and the values of all parameters, into results. Raises SamspelError where the tables are
    others by now than those that this process has read. The region as the manifest remembers it."""
    used = region_of(region, scale)
    place = _place(folder, used.name)
    if not place.is_dir():
        place.mkdir(parents=True)
        for original in region_files(region):
            (place / original.name).write_bytes(read_bytes(original, str(original)))
    if load_region(place, scale).digest != used.digest:
        raise SamspelError(f"region {region}: its tables were changed while they were read; run the command again")
    values = load_parameters().values
    lines = ["# The values of all parameters that these results were made with."]
    lines += [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    (folder / INPUTS / VALUES).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return SourceMade(kind=TABLES, given=region, digest=used.digest)


def region_beside(file: Path, name: str, scale: float, digest: str) -> str:
    """The region of a design, as a name or folder to be read: the tables stored beside the design's file, where they
    are those that its digest names. A shipped region that is still the same goes by its name. Raises SamspelError."""
    place = _place(file.parent, name)
    stored = place.is_dir()
    if not digest:
        return str(place) if stored else name
    if name in shipped_regions() and load_region(name, scale).digest == digest:
        return name
    if stored and load_region(place, scale).digest == digest:
        return str(place)
    beside = place if stored else f"the region {clip(name)} of this version"
    advice = "put its tables back" if stored else f"put its tables into {place}"
    raise SamspelError(
        f"{file}: region_digest: {beside} is not what the design was made with; {advice}, or delete the line "
        "region_digest to run with what is there"
    )


def base_changes(file: Path, digest: str) -> Mapping[str, float]:
    """Parameters whose values, where a design was made, were others than they are here: those at which it runs. Raises
    SamspelError where they are not known."""
    here = load_parameters()
    if not digest or here.digest == digest:
        return {}
    path = file.parent / INPUTS / VALUES
    if not path.is_file():
        raise SamspelError(
            f"{file}: parameters_digest: the parameters of this version have other values than the design was made "
            f"with, and {path} is not there; put it back, or delete the line parameters_digest to run with today's"
        )
    stored = stored_parameters(path)
    if digest_of(stored) != digest:
        raise SamspelError(
            f"{path}: not the values that {file.name} was made with; put them back, or delete the line "
            "parameters_digest there to run with those of today"
        )
    if gone := [name for name in stored if name not in here.values]:
        raise SamspelError(f"{path}: {clip(gone[0])} is no parameter any more; the design needs the version it is from")
    return {name: value for name, value in stored.items() if value != here.values[name]}


def stored_parameters(path: Path) -> dict[str, float]:
    """The values of all parameters that results were made with. Raises SamspelError."""
    tables, _ = read_toml_text(str(path), read_bytes(path, str(path)))
    try:
        return _Values.model_validate(tables).root
    except ValidationError as error:
        raise SamspelError(explained(str(path), error)) from None


def source_of(kind: str, path: Path) -> SourceMade:
    """A user's file as the manifest remembers it. `kind`: what it was for."""
    return SourceMade(kind=kind, given=str(path), digest=sha256(path.read_bytes()).hexdigest())


def changed_since(made: Manifest, folder: Path) -> list[str]:
    """A line on each original that is another now than when results in `folder` were made: the region, the parameters,
    a user's own files. One that cannot be found from here is not missed: what results need lies in them."""
    return [*_changed_region(made, folder), *_changed_sources(made.sources), *_changed_parameters(folder)]


def given_region(made: Manifest) -> str:
    """The region that was asked for, as it was typed."""
    return next((source.given for source in made.sources if source.kind == TABLES), made.region.name)


def _changed_region(made: Manifest, folder: Path) -> Iterator[str]:
    given = given_region(made)
    try:
        if load_region(given, made.region.scale).digest != made.region.digest:
            yield f"region {clip(given, 200)}: its tables here are not those of {_place(folder, made.region.name)}"
    except SamspelError as error:
        try:
            region_folder(given)
        except SamspelError:
            return
        yield f"region {clip(given, 200)}: its tables here cannot be read any more ({str(error).splitlines()[0]})"


def _changed_sources(sources: Sequence[SourceMade]) -> Iterator[str]:
    for source in (one for one in sources if one.kind != TABLES):
        path = Path(source.given)
        try:
            same = not path.is_file() or source_of(source.kind, path).digest == source.digest
        except OSError:
            continue
        if not same:
            yield f"{clip(source.given, 200)}: the {source.kind} was changed since"


def _changed_parameters(folder: Path) -> Iterator[str]:
    path = folder / INPUTS / VALUES
    if not path.is_file():
        return
    stored, here = stored_parameters(path), load_parameters().values
    names = [name for name in {**stored, **here} if stored.get(name) != here.get(name)]
    if names:
        first = [f"{name} was {_said(stored, name)}, is {_said(here, name)}" for name in names[:SHOWN]]
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        yield f"seeds/parameters.toml: other values here ({', '.join(first)}{more})"


def _said(values: Mapping[str, float], name: str) -> str:
    return f"{values[name]:g}" if name in values else "not there"


def _place(folder: Path, name: str) -> Path:
    return folder / INPUTS / REGION / name
