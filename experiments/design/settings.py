"""What a user may set, from the command line and from a configuration file, checked in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    ValidationError,
    create_model,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from experiments.design.arms import NAMED_ARMS, Arm, choose_arms
from experiments.design.plan import split_settings
from experiments.engine.design_file import parse_cell
from sim.errors import SamspelError, clip, quoted, unknown
from sim.inputs.arguments import Scale, Seed, Truth, Whole, Years, within
from sim.inputs.collaboration import MOST_COST
from sim.inputs.dated import Dated, read_dated, undated, with_value
from sim.inputs.injections import Injection, read_injection
from sim.inputs.problems import InputError, Problem
from sim.inputs.shocks import fit_shocks
from sim.inputs.text import hidden, look, tidy
from sim.inputs.toml_text import read_toml
from sim.vocabulary import Partner, Practice


def _scalar(value: object) -> object:
    if isinstance(value, bool | int | str) or (isinstance(value, float) and isfinite(value)):
        return value
    raise ValueError(f"got {quoted(value)}; expected a number, true or false, or text in quotes")


def _dated(value: object) -> object:
    """A value, or a table of it with its years."""
    if not isinstance(value, Mapping):
        return _scalar(value)
    read = read_dated(value, "value")
    return with_value(read, _scalar(undated(read)))


def _strength(value: object) -> object:
    """A practice's strength, or a table of it with its years."""
    if not isinstance(value, Mapping):
        return _share(value)
    read = read_dated(value, "strength")
    try:
        return with_value(read, _share(undated(read)))
    except PydanticCustomError as error:
        raise ValueError(f"strength: got {quoted(undated(read))}; {error}") from None


def _injections(value: object) -> object:
    """What owners' owners put in, as tables say it."""
    if not isinstance(value, list | tuple) or not all(isinstance(one, Mapping) for one in value):
        raise ValueError(
            f"got {quoted(value)}; expected tables of owner, year and sek, such as [[arms.NAME.injections]]"
        )
    return tuple(map(read_injection, value))


_share = within(0, 1)
Scalar = Annotated[bool | int | float | str, PlainValidator(_scalar)]
Value = Annotated[bool | int | float | str | Dated, PlainValidator(_dated)]

LONGEST_NAME = 100


class Strict(BaseModel):
    """Unknown keys, infinity and NaN are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _ArmTable(Strict):
    """An arm declared in a configuration file: a preset with changes."""

    preset: str = "siloed"
    label: str | None = Field(None, min_length=1, max_length=LONGEST_NAME)
    same_money_as: str | None = None
    cost_factor: Annotated[float, BeforeValidator(within(0, MOST_COST))] | None = None
    by_commitment: Truth | None = None
    partners: tuple[str, ...] | None = None
    injections: Annotated[tuple[Injection, ...], PlainValidator(_injections)] = ()
    set: dict[str, Value] = Field(default_factory=dict)

    def arm(self, name: str) -> Arm:
        """The arm that this table declares."""
        fields = (*Practice, "cost_factor", "by_commitment")
        changes = {str(key): value for key in fields if (value := getattr(self, key)) is not None}
        if self.partners is not None:
            changes["partners"] = frozenset(_partner(name, partner) for partner in self.partners)
        money = None if self.same_money_as is None else tidy(self.same_money_as)
        meaning = f"declared in the configuration file, from {self.preset}"
        label = tidy(self.label or name)
        return Arm(name, label, meaning, self.preset, changes, self.set, money, self.injections)


# One key for each practice, so that a new practice can be set in files without a further entry here.
_STRENGTHS: dict[str, Any] = {
    str(practice): (Annotated[float | Dated, PlainValidator(_strength)] | None, None) for practice in Practice
}
ArmTable: type[_ArmTable] = create_model("ArmTable", __base__=_ArmTable, **_STRENGTHS)


class Settings(Strict):
    """What every question is asked about. Keys are those of the configuration file; defaults are the question's."""

    region: str
    scale: Scale
    years: Years
    replicates: Whole = Field(ge=1, le=30000)
    select: tuple[str, ...] | None = None
    seed: Seed = 1
    jobs: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    out: str = Field(min_length=1)
    set: dict[str, Value] = Field(default_factory=dict)
    shocks: Annotated[dict[str, dict[int, float]], PlainValidator(fit_shocks)] = Field(default_factory=dict)
    arms: dict[str, ArmTable] = Field(default_factory=dict)
    _notes: tuple[str, ...] = PrivateAttr(())

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed to read the files that these settings are from."""
        return self._notes

    def noted(self, *notes: str) -> Settings:
        """The same settings with these notes beside those that there are."""
        self._notes = (*self._notes, *notes)
        return self

    def declared(self) -> dict[str, Arm]:
        """The arms of the configuration file. Raises SamspelError for a name that cannot be one."""
        for name in self.arms:
            _check_name(name)
        return {name: table.arm(name) for name, table in self.arms.items()}

    def chosen_arms(self, usual: Sequence[str]) -> tuple[Arm, ...]:
        """The arms to run: those selected, or else the usual ones and then the declared ones. Raises SamspelError."""
        declared = self.declared()
        names = self.select if self.select is not None else (*usual, *(n for n in declared if n not in usual))
        return choose_arms(tuple(map(tidy, names)), declared)


def _check_name(name: str) -> None:
    """Arms are named in lists and in names of runs, such as 17/siloed/1."""
    if not name or len(name) > LONGEST_NAME or set(name) & set(",/\\"):
        such = f"a name of up to {LONGEST_NAME} characters without comma or slash"
        raise SamspelError(f'arms.{clip(name)}: "{clip(name)}" cannot be the name of an arm; expected {such}')
    for ours in NAMED_ARMS:
        if look(name) == look(ours):
            alike = "is" if name == ours else f'looks like "{ours}",'
            raise SamspelError(f'arms.{name}: "{name}" {alike} an arm of samspel itself; choose another name')


Tables = tuple[dict[str, Any], tuple[str, ...]]  # of a file, and what was assumed to read it


def read_config(path: Path) -> Tables:
    """The tables of a configuration file. Raises InputError."""
    return read_toml(path, str(path), "a configuration file")


def read_settings(
    config: Path | None,
    given: Mapping[str, Any],
    defaults: Mapping[str, Any],
    own: Iterable[str] = (),
    read: Callable[[Path], Tables] = read_config,
) -> tuple[Settings, dict[str, Any]]:
    """Settings from a configuration file, overruled by what was given on the command line, on top of defaults; and
    the file's values for keys in `own`, a question's options, as they stand in it. `read`: how the file is read.

    Raises SamspelError, with all that is wrong in the file, for anything that is not valid.
    """
    tables, notes = ({}, ()) if config is None else read(config)
    options = {name: tables.pop(name) for name in own if name in tables}
    if config is not None:
        _check_file(_validated({**defaults, **tables}, str(config), own), str(config))
    split_settings(given.get("set", {}), "--set")
    changes = {**tables.get("set", {}), **given.get("set", {})}
    settings = _validated({**defaults, **tables, **given, "set": changes}, "--", own)
    return settings.noted(*notes), options


def _check_file(settings: Settings, file: str) -> None:
    """What is set in a file exists and fits, and its arms can be made. Raises SamspelError."""
    split_settings(settings.set, f"{file}: set")
    with told_at(file):
        for name, arm in settings.declared().items():
            split_settings(arm.settings, f"arms.{name}.set")
            arm.collaboration()


@contextmanager
def told_at(where: str) -> Iterator[None]:
    """What is refused within is told with the file, or the option, that it stands in."""
    try:
        yield
    except SamspelError as error:
        raise SamspelError(f"{where}: {error}" if where else str(error)) from None


def parse_assignments(texts: Iterable[str]) -> dict[str, Value]:
    """`name=value` texts of `--set` as a mapping; values that look like numbers or true/false become such."""
    changes: dict[str, Value] = {}
    for text in texts:
        name, equals, value = (tidy(part) for part in text.partition("="))
        if not (name and equals and value):
            raise SamspelError(f'--set {clip(text)}: expected name=value, such as "--set grant_rate=0.3"')
        if name in changes:
            raise SamspelError(f"--set {clip(name)}: set twice; expected once")
        if what := hidden(text):
            raise SamspelError(f"--set: {what}")
        changes[name] = _number_in_reach(name, value)
    return changes


def _number_in_reach(name: str, text: str) -> Value:
    value = parse_cell(text)
    if isinstance(value, float) and not isfinite(value):
        raise SamspelError(f"--set: {clip(name)} is {clip(text)}; expected a finite number")
    return value


def _validated(tables: Mapping[str, Any], where: str, own: Iterable[str] = ()) -> Settings:
    try:
        return Settings.model_validate(tables)
    except ValidationError as error:
        raise InputError(_problem(one, where, own) for one in error.errors()) from None


def _problem(error: ErrorDetails, where: str, own: Iterable[str]) -> Problem:
    """What pydantic found, told with the option (`where` is "--") or with file and key."""
    path = [str(part) for part in error["loc"]]
    if error["type"] == "extra_forbidden":
        known = ArmTable.model_fields if path[0] == "arms" else (*Settings.model_fields, *own)
        return Problem(where, str(unknown("key", path[-1], known)), column=".".join(path[:-1]), word="key")
    what = told_of(error)
    if where != "--":
        return Problem(where, what, column=".".join(path), word="key")
    option = "arms" if path[0] == "select" else path[0].replace("_", "-")
    return Problem("--" + ".".join([option, *path[1:]]), what)


def told_of(error: ErrorDetails) -> str:
    """What there is, and what pydantic would have taken, in plain words."""
    if (ours := error.get("ctx", {}).get("error")) is not None:
        return str(ours)
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
        "string_too_short": "expected some text",
        "string_too_long": "expected {max_length} characters at most",
        "too_short": "expected {min_length} or more",
        "tuple_type": 'expected a list, such as ["siloed", "coordinated"]',
        "model_type": "expected a table",
        "dict_type": "expected a table",
        "literal_error": "expected {expected}",
        "list_type": "expected a list of values, or a range, such as {{ from = 0.0, to = 1.0 }}",
    }
    said = words[error["type"]].format(**limits) if error["type"] in words else clip(error["msg"], 200)
    return f"got {quoted(error['input'])}; {said}"


def _partner(arm: str, name: str) -> Partner:
    try:
        return Partner(name)
    except ValueError:
        raise unknown("partner", name, [str(partner) for partner in Partner], f"arms.{arm}.partners") from None
