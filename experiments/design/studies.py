"""Studies that would tell of uncertain parameters: which parameters each would settle, and how."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from sim import SamspelError, load_parameters
from sim.errors import unknown
from sim.inputs.seeds_folder import seeds_folder
from sim.inputs.toml_text import read_toml

FILE = "studies.toml"


class Study(BaseModel):
    """One study. asks: what it would find out; by: how; settled_by: whether that is a study at all, or a decision how
    to count, or time; parameters: of which it would tell."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asks: str
    by: str
    settled_by: Literal["study", "decision", "time"]
    parameters: tuple[str, ...]


@lru_cache(maxsize=4)
def load_studies(path: Path | None = None) -> dict[str, Study]:
    """The table of studies (the shipped one by default). Raises SamspelError for a record that lacks something, and for
    a parameter that does not exist or belongs to two studies."""
    file = path or seeds_folder() / FILE
    tables, _ = read_toml(file, str(file), "a table of studies")
    found = {name: _study(file.name, name, table) for name, table in tables.items()}
    owner: dict[str, str] = {}
    for name, study in found.items():
        for parameter in study.parameters:
            if parameter not in load_parameters().records:
                raise unknown("parameter", parameter, load_parameters().records, f"{file.name}, [{name}], parameters")
            if parameter in owner:
                said = f"{parameter} stands in [{owner[parameter]}] too; expected it in one study"
                raise SamspelError(f"{file.name}, [{name}], parameters: {said}")
            owner[parameter] = name
    return found


def studies_of(names: Iterable[str]) -> dict[str, tuple[Study, tuple[str, ...]]]:
    """The studies that would tell of some of these parameters, with which of them. One that no study names stands by
    itself."""
    left, found = list(names), {}
    for key, study in load_studies().items():
        told = tuple(name for name in left if name in study.parameters)
        if told:
            found[key] = (study, told)
    named = {name for _, told in found.values() for name in told}
    for name in left:
        if name not in named:
            record = load_parameters().records.get(name)
            note = name if record is None else record.note
            found[name] = (Study(asks=note, by="", settled_by="study", parameters=(name,)), (name,))
    return found


def _study(file: str, name: str, table: object) -> Study:
    try:
        return Study.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        raise SamspelError(f"{file}, [{name}], {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
