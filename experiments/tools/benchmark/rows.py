"""What a benchmark says: one figure a row, what it is compared with, and whether that is good enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

COLUMNS = ("part", "name", "value", "unit", "baseline", "ratio", "target", "met")

PARTS = {
    "a": "Against an ordinary Mesa model of the same rules",
    "b": "Against what the machine can do",
    "c": "As the region grows",
    "d": "Where the time goes",
    "e": "Sweeps and starting up",
    "f": "Against an earlier commit",
}
NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Target:
    """What a row's ratio, or its value, shall reach."""

    of: Literal["ratio", "value"]
    sign: Literal[">=", "<="]
    limit: float

    def __str__(self) -> str:
        return f"{self.of} {self.sign} {self.limit:g}"

    @classmethod
    def read(cls, text: str) -> Target:
        """From its words.

        >>> Target.read("ratio >= 60")
        Target(of='ratio', sign='>=', limit=60.0)
        """
        of, sign, limit = text.split()
        assert of in ("ratio", "value") and sign in (">=", "<=")
        return cls("ratio" if of == "ratio" else "value", ">=" if sign == ">=" else "<=", float(limit))

    def met(self, found: float) -> bool:
        """Whether a figure reaches it."""
        return found >= self.limit if self.sign == ">=" else found <= self.limit


@dataclass(frozen=True)
class Row:
    """One figure. Its ratio says how many times better it is than the baseline: twice as fast, half of the memory and
    twice as many runs a minute are all 2, whatever the unit.

    part : letter of `PARTS`.
    name : what was measured, in words that need no code.
    value : None where it was not measured.
    unit : of value and baseline.
    baseline : what it is compared with, in the same unit; None where there is nothing.
    against : what the baseline is: "an ordinary Mesa model", "one worker".
    better : whether less (a cost) or more (a gain) is better.
    note : what else there is to say of it, such as its share of a run.
    """

    part: str
    name: str
    value: float | None
    unit: str
    baseline: float | None = None
    against: str = ""
    better: Literal["less", "more"] = "less"
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better than the baseline; None where either is unknown."""
        if not self.value or not self.baseline:
            return None
        return self.baseline / self.value if self.better == "less" else self.value / self.baseline

    @property
    def met(self) -> str:
        """Of the target: "yes", "no" or "not measured"; empty where there is none."""
        if self.target is None:
            return ""
        found = self.ratio if self.target.of == "ratio" else self.value
        if found is None:
            return NOT_MEASURED
        return "yes" if self.target.met(found) else "no"

    def written(self) -> dict[str, Any]:
        """As it stands in a file: `COLUMNS` first."""
        return {
            "part": self.part,
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "baseline": self.baseline,
            "ratio": self.ratio,
            "target": "" if self.target is None else str(self.target),
            "met": self.met,
            "against": self.against,
            "better": self.better,
            "note": self.note,
        }

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Row:
        """From a file."""
        target = Target.read(found["target"]) if found["target"] else None
        kept = ("part", "name", "value", "unit", "baseline", "against", "better", "note")
        return cls(**{name: found[name] for name in kept}, target=target)
