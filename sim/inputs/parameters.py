"""Every behavioural parameter, read from ``seeds/parameters.toml``: value, unit, bounds, plausible range, source."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal, NoReturn

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from sim.compiling import numbers_of
from sim.errors import SamspelError, clip, quoted, unknown
from sim.inputs.arguments import Number, number
from sim.inputs.seeds_folder import seeds_folder
from sim.inputs.toml_text import read_toml


class Parameter(BaseModel):
    """One parameter: its value and unit, what is refused, what is plausible, and where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    value: Number
    unit: str
    bounds: tuple[Number, Number]
    plausible: tuple[Number, Number]
    source: str
    grade: Literal["found", "derived", "recalled", "assumed"]
    note: str

    @property
    def uncertain(self) -> bool:
        """Whether the plausible range is wider than a point."""
        return self.plausible[0] < self.plausible[1]


class Parameters:
    """The values of all parameters, read as attributes (``parameters.rent_yield``); immutable."""

    def __init__(self, records: Mapping[str, Parameter], values: Mapping[str, float]) -> None:
        # The values are ordinary attributes: phases read them a thousand times a quarter.
        self.__dict__.update(values)
        self.__dict__["records"], self.__dict__["values"] = dict(records), dict(values)
        self.__dict__["numbers"] = numbers_of(values)

    records: dict[str, Parameter]
    values: dict[str, float]
    numbers: NDArray[np.void]  # the values as kernels read them

    def __getattr__(self, name: str) -> float:
        """Only reached for a name that is no parameter."""
        if name.startswith("__") or "values" not in self.__dict__:
            raise AttributeError(name)
        raise unknown("parameter", name, self.values, "parameters.toml")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Parameters never change; ask for a changed copy with ``replace``."""
        raise AttributeError(f"parameters are immutable; use replace({{{name!r}: {value!r}}})")

    def replace(self, changes: Mapping[str, float], where: str = "parameters.toml") -> Parameters:
        """A copy with some values changed; `where` they are set, for messages.

        Raises
        ------
        SamspelError : a name is unknown, or a value is not a number or lies outside its hard bounds.
        """
        values = dict(self.values)
        for name, value in changes.items():
            if name not in self.records:
                raise unknown("parameter", name, self.records, where)
            values[name] = _inside(name, value, self.records[name], where)
        return Parameters(self.records, values)

    def notes(self) -> list[str]:
        """One line for each value outside its plausible range."""
        return [
            f"{name} = {value:g} lies outside its plausible range "
            f"{record.plausible[0]:g} to {record.plausible[1]:g} ({record.unit})"
            for name, record in self.records.items()
            if not record.plausible[0] <= (value := self.values[name]) <= record.plausible[1]
        ]

    def changed(self) -> dict[str, float]:
        """The values that differ from the file's."""
        return {n: v for n, v in self.values.items() if v != self.records[n].value}

    @property
    def digest(self) -> str:
        """A fingerprint of all values (sha256, hex)."""
        return digest_of(self.values)


def digest_of(values: Mapping[str, float]) -> str:
    """A fingerprint of values by name (sha256, hex)."""
    return sha256(repr(sorted(values.items())).encode()).hexdigest()


@lru_cache(maxsize=8)
def load_parameters(path: Path | None = None) -> Parameters:
    """Read a parameter file (the shipped one by default).

    Raises
    ------
    SamspelError : the file is missing or not TOML, or a record lacks a key or contradicts itself.
    """
    file = path or seeds_folder() / "parameters.toml"
    tables, _ = read_toml(file, str(file), "a parameter file")
    records = {name: _record(file.name, name, table) for name, table in tables.items()}
    return Parameters(records, {name: record.value for name, record in records.items()})


def _record(file: str, name: str, table: object) -> Parameter:
    """One checked record."""
    try:
        record = Parameter.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        raise SamspelError(f"{file}, [{name}], {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    low, high = record.bounds
    if not low <= record.plausible[0] <= record.plausible[1] <= high:
        raise SamspelError(f"{file}, [{name}]: the plausible range must lie inside the bounds")
    _inside(name, record.value, record, file)
    return record


def _inside(name: str, value: object, record: Parameter, where: str) -> float:
    """The value as a float, if it is a number inside the hard bounds."""
    low, high = record.bounds
    given = number(value)
    if given is None:
        raise SamspelError(f"{where}: {name} is {quoted(value)}; expected a number ({record.unit})")
    if not low <= given <= high:
        said = f"{given:g}" if isinstance(given, float) else clip(given)
        raise SamspelError(f"{where}: {name} is {said}; expected {low:g} to {high:g} ({record.unit})")
    return float(given)
