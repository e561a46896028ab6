"""What a user may set, from the command line and from a configuration file, checked in one place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from experiments.design.arms import NAMED_ARMS, Arm, choose_arms
from experiments.engine.design_file import parse_cell
from sim.errors import SamspelError, unknown
from sim.inputs.arguments import Scale, Seed, Years
from sim.vocabulary import Partner, Practice

Value = bool | int | float | str


class Strict(BaseModel):
    """Unknown keys, infinity and NaN are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _ArmTable(Strict):
    """An arm declared in a configuration file: a preset with changes."""

    preset: str = "siloed"
    label: str | None = None
    same_money_as: str | None = None
    cost_factor: float | None = Field(None, ge=0)
    by_commitment: bool | None = None
    partners: tuple[str, ...] | None = None
    set: dict[str, Value] = Field(default_factory=dict)

    def arm(self, name: str) -> Arm:
        """The arm that this table declares."""
        fields = (*Practice, "cost_factor", "by_commitment")
        changes = {str(key): value for key in fields if (value := getattr(self, key)) is not None}
        if self.partners is not None:
            changes["partners"] = frozenset(_partner(name, partner) for partner in self.partners)
        meaning = f"declared in the configuration file, from {self.preset}"
        return Arm(name, self.label or name, meaning, self.preset, changes, self.set, self.same_money_as)


# One key for each practice, so that a new practice can be set in files without a further entry here.
_STRENGTHS: dict[str, Any] = {str(practice): (float | None, Field(None, ge=0, le=1)) for practice in Practice}
ArmTable: type[_ArmTable] = create_model("ArmTable", __base__=_ArmTable, **_STRENGTHS)


class Settings(Strict):
    """What every question is asked about. Keys are those of the configuration file; defaults are the question's."""

    region: str
    scale: Scale
    years: Years
    replicates: int = Field(ge=1, le=30000)
    select: tuple[str, ...] | None = None
    seed: Seed = 1
    jobs: int | None = Field(None, ge=1)
    out: str
    set: dict[str, Value] = Field(default_factory=dict)
    arms: dict[str, ArmTable] = Field(default_factory=dict)

    def declared(self) -> dict[str, Arm]:
        """The arms of the configuration file. Raises SamspelError where one takes a name of ours."""
        for name in self.arms:
            if name in NAMED_ARMS:
                raise SamspelError(f'arms.{name}: "{name}" is an arm of samspel itself; choose another name')
        return {name: table.arm(name) for name, table in self.arms.items()}

    def chosen_arms(self, usual: Sequence[str]) -> tuple[Arm, ...]:
        """The arms to run: those selected, or else the usual ones and then the declared ones. Raises SamspelError."""
        declared = self.declared()
        names = self.select if self.select is not None else (*usual, *(n for n in declared if n not in usual))
        return choose_arms(names, declared)


def read_settings(
    config: Path | None,
    given: Mapping[str, Any],
    defaults: Mapping[str, Any],
    own: Iterable[str] = (),
) -> tuple[Settings, dict[str, Any]]:
    """Settings from a configuration file, overruled by what was given on the command line, on top of defaults; and
    the file's values for keys in `own`, a question's options, as they stand in it.

    Raises SamspelError, with one message, for anything that is not valid.
    """
    tables = {} if config is None else read_toml(config)
    options = {name: tables.pop(name) for name in own if name in tables}
    if config is not None:
        _validated({**defaults, **tables}, f"{config}: ", own)
    changes = {**tables.get("set", {}), **given.get("set", {})}
    return _validated({**defaults, **tables, **given, "set": changes}, "--", own), options


def parse_assignments(texts: Iterable[str]) -> dict[str, Value]:
    """`name=value` texts of `--set` as a mapping; values that look like numbers or true/false become such."""
    changes: dict[str, Value] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise SamspelError(f'--set {text}: expected name=value, such as "--set grant_rate=0.3"')
        changes[name] = parse_cell(value)
    return changes


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file. Raises SamspelError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise SamspelError(f"{path}: cannot be read ({reason}); expected a configuration file") from None
    except tomllib.TOMLDecodeError as error:
        raise SamspelError(f"{path}: not valid TOML: {error}") from None


def _validated(tables: Mapping[str, Any], where: str, own: Iterable[str] = ()) -> Settings:
    try:
        return Settings.model_validate(tables)
    except ValidationError as error:
        found = error.errors()
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise SamspelError(_told(found[0], where, own) + more) from None


def _told(error: ErrorDetails, where: str, own: Iterable[str]) -> str:
    path = [str(part) for part in error["loc"]]
    if error["type"] == "extra_forbidden":
        known = ArmTable.model_fields if path[0] == "arms" else (*Settings.model_fields, *own)
        inside = f"{where}{'.'.join(path[:-1])}".rstrip(": ")
        return str(unknown("key", path[-1], known, inside))
    if where == "--":
        path = ["arms" if part == "select" else part.replace("_", "-") for part in path[:1]] + path[1:]
    return f"{where}{'.'.join(path)}: got {error['input']!r}; {_expected(error)}"


def _expected(error: ErrorDetails) -> str:
    limits = error.get("ctx", {})
    words = {
        "greater_than": "expected a number above {gt}",
        "greater_than_equal": "expected {ge} or more",
        "less_than_equal": "expected {le} or less",
        "finite_number": "expected a finite number",
        "int_from_float": "expected a whole number",
        "int_type": "expected a whole number",
        "float_type": "expected a number",
        "bool_type": "expected true or false",
        "string_type": "expected text in quotes",
        "tuple_type": 'expected a list, such as ["siloed", "coordinated"]',
        "model_type": "expected a table",
        "dict_type": "expected a table",
    }
    return words[error["type"]].format(**limits) if error["type"] in words else error["msg"]


def _partner(arm: str, name: str) -> Partner:
    try:
        return Partner(name)
    except ValueError:
        raise unknown("partner", name, [str(partner) for partner in Partner], f"arms.{arm}.partners") from None
