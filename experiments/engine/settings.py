"""What differs from point to point, in words, as it stood when it was run: a parameter, a lever or a practice.

Results are told and drawn from this record in their manifest, so that a later change of the seeds changes neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from experiments.engine.dates import DATES, ENDS
from sim import Levers, load_parameters
from sim.vocabulary import Practice


class Setting(BaseModel):
    """A setting as a reader sees it.

    words: a parameter's note, a lever's description, a practice's name. unit: empty where there is none. default: where
    it stands if nothing sets it; None where that is no number. plausible: a parameter's plausible range.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    words: str
    unit: str = ""
    default: float | None = None
    plausible: tuple[float, float] | None = None

    @property
    def label(self) -> str:
        """Words and unit, for an axis."""
        return f"{self.words} ({self.unit})" if self.unit else self.words

    @property
    def brief(self) -> str:
        """The first of its words, for rows of a figure: what follows explains."""
        return re.split(r"[;,]| \(", self.words, maxsplit=1)[0]


def describe_settings(names: Iterable[str]) -> dict[str, Setting]:
    """Settings by name, as they stand now."""
    return {name: _described(name) for name in names}


def _described(name: str) -> Setting:
    records = load_parameters().records
    if name in DATES:
        base, _, end = name.rpartition(".")
        words = next((practice.words for practice in Practice if practice == base), base)
        return Setting(words=f"{ENDS[end]} year of {words}", unit="calendar year")
    if name in records:
        record = records[name]
        unit = record.unit.replace("m2.year", "m² and year").replace("/", " per ").replace("1 = ", "1 is ")
        unit = unit.replace("0-1", "0 to 1")
        return Setting(words=record.note, unit=unit, default=load_parameters().values[name], plausible=record.plausible)
    if name in Levers.model_fields:
        field = Levers.model_fields[name]
        number = isinstance(field.default, int | float) and not isinstance(field.default, bool)
        return Setting(words=field.description or name, default=field.default if number else None)
    if name == "cost_factor":
        return Setting(words="cost of coordination", unit="times", default=1.0)
    practice = next(practice for practice in Practice if practice == name)
    return Setting(words=f"strength of {practice.words}", unit="0 to 1", default=1.0)
