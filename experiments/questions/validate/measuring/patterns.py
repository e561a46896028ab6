"""The empirical patterns: read from `seeds/patterns.toml` and checked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from experiments.questions.validate.measuring.measures import MEASURES
from sim import Levers
from sim.errors import SamspelError, quoted, unknown
from sim.inputs.seeds_folder import seeds_folder
from sim.inputs.toml_text import read_toml

Input = Literal["no", "partly", "yes"]
Use = Literal["fit", "check", "predict"]
NOTHING = "none"  # the measure of a test that the model has nothing for


class Test(BaseModel):
    """One test of a pattern: the range of a measure, and over what of the runs.

    over: median, in the range; sign, the median strictly above `low` or below `high`; share, the share of runs whose
    value is above `above`. `input` is the pattern's unless the test has its own. read_over: seeds of one set of
    parameters, or the sets that calibration does not rule out, which runs of one set show and cannot judge. What is
    not `scored` is shown alone, and needs no range.
    """

    __test__ = False  # for pytest, which takes every class of this name for its own
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    measure: str
    title: str
    unit: str
    low: float | None = None
    high: float | None = None
    over: Literal["median", "sign", "share"] = "median"
    above: float = 0.0
    input: Input | None = None
    read_over: Literal["seeds", "sets"] = "seeds"
    scored: bool = True

    @model_validator(mode="after")
    def _range(self) -> Test:
        if self.scored and self.low is None and self.high is None:
            raise ValueError("a test needs low, high or both")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low is {self.low:g} and above high, {self.high:g}")
        if self.over == "sign" and None not in (self.low, self.high):
            raise ValueError("a test over the sign has low or high, not both")
        return self


class Pattern(BaseModel):
    """One pattern; `key` is its short name, such as P5.

    use: fit, calibration may use it; check, only looked at afterwards; predict, asked before its outcome was looked at.
    evidence_where: levers at whose values its numbers emerge as `input` says; at other values they are inputs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    key: str
    name: str
    sentence: str
    strength: Literal["A", "B", "C"]
    source: str
    input: Input
    use: Use
    note: str = ""
    evidence_where: Mapping[str, str] = {}
    tests: tuple[Test, ...]

    @model_validator(mode="after")
    def _some(self) -> Pattern:
        if not any(test.scored for test in self.tests) or not self.source.strip():
            raise ValueError("a pattern needs a source and at least one test that is scored")
        for lever, value in self.evidence_where.items():
            Levers(**{lever: value})  # a lever or value that does not exist is refused
        return self

    @property
    def control(self) -> bool:
        """Whether this is a negative control: what must come out weak."""
        return self.key.startswith("C")

    @property
    def fitted(self) -> bool:
        """Whether calibration may use it: what it chose it does not score."""
        return self.use == "fit"

    def under(self, levers: Levers) -> Pattern:
        """The same as it stands with these levers: without what they make an input passing for evidence."""
        if all(levers.settings()[name] == value for name, value in self.evidence_where.items()):
            return self
        tests = tuple(test.model_copy(update={"input": "yes"}) for test in self.tests)
        return self.model_copy(update={"input": "yes", "tests": tests})

    def measure_of(self, test: Test) -> str:
        """The name of a test's measure, such as P5.excess."""
        return f"{self.key}.{test.measure}"

    def input_of(self, test: Test) -> Input:
        """Whether the test's number is also an input of the model."""
        return test.input or self.input


@lru_cache(maxsize=8)
def load_patterns(path: Path | None = None) -> tuple[Pattern, ...]:
    """Read a file of patterns (the shipped one by default), in its order.

    Raises SamspelError where the file cannot be read, or a pattern lacks a key, contradicts itself or has no measure.
    """
    file = path or seeds_folder() / "patterns.toml"
    tables, _ = read_toml(file, str(file), "a file of patterns")
    return tuple(_pattern(file.name, key, table) for key, table in tables.items())


def _pattern(file: str, key: str, table: object) -> Pattern:
    if key not in MEASURES:
        raise unknown("pattern", key, MEASURES, file)
    if not isinstance(table, dict):
        raise SamspelError(f"{file}: {key} is {quoted(table)}; expected a table [{key}]")
    try:
        return Pattern.model_validate({"key": key, **table})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SamspelError(f"{file}, [{key}]{where and f', {where}'}: {first['msg']}") from None
