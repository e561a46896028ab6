"""The verdict as a file, verdict.json: what it says, what it was made from, and the one that comes with Samspel."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from experiments.design.arms import NAMED_ARMS, Arm
from experiments.design.kept_set import kept_set
from experiments.design.plan import split_settings, treatments_of
from experiments.engine.dates import named, plain
from experiments.engine.identity import code_digest, treatment_as_run
from experiments.engine.json_file import read_model
from experiments.engine.runs import region_of
from sim import SamspelError, load_parameters

FILE = "verdict.json"
EXPECTED = "what samspel compare --over set wrote"
SHIPPED = "results/reference/verdict.json"
LENGTH = 16
# What a verdict was made from, in words, in the order in which a change is told.
MADE_FROM = {
    "model": "the model",
    "parameters": "the parameters",
    "region": "the region's tables",
    "set": "the set that is not ruled out",
    "arms": "the arms",
}


class Verdict(BaseModel):
    """Two arms over the set, in one account.

    share_better: weighted share of the set in which the first of `arms` is better than the second. median, low_90,
    high_90: of the difference, in `unit`; the ends between which nine tenths of the set lie. rank_of_default: share of
    the set whose difference lies below that of the default parameters; None where these are not known. turns_at: by
    parameter, the value at which the odds are even. members: of the set, as many as were run. digest: of what it was
    made from (MADE_FROM).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str
    share_better: float = Field(ge=0, le=1)
    median: float
    low_90: float
    high_90: float
    rank_of_default: float | None = Field(ge=0, le=1)
    turns_at: dict[str, float] = Field(default_factory=dict)
    unit: str
    members: int = Field(ge=1)
    arms: tuple[str, str]
    region: str
    scale: float = Field(gt=0, le=1)
    years: int = Field(ge=1)
    digest: dict[str, str]

    def with_turns(self, turns_at: Mapping[str, float]) -> Verdict:
        """The same with the values at which the odds are even."""
        return self.model_copy(update={"turns_at": dict(turns_at)})

    def write(self, folder: Path) -> None:
        """Into a folder of results."""
        text = json.dumps(self.model_dump(mode="json"), indent=2, ensure_ascii=False)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    def changed(self) -> list[str]:
        """What it was made from that is another here, or may be, in words; nothing where it stands."""
        now = self._here()
        return [
            words if key in self.digest else f"perhaps {words} (it does not say what they were)"
            for key, words in MADE_FROM.items()
            if now[key] != self.digest.get(key)
        ]

    def _here(self) -> dict[str, str]:
        try:
            return made_from(self.region, self.scale, self._named())
        except SamspelError:  # no such region here
            return made_from(None, self.scale, self._named())

    def _named(self) -> list[Arm]:
        """Arms of these names that come with Samspel; a user's file cannot give the names to others."""
        return [NAMED_ARMS[name] for name in self.arms if name in NAMED_ARMS]


def made_from(region: str | None, scale: float, arms: Sequence[Arm], settings: Mapping[str, Any] | None = None,
              shocks: Mapping[str, Any] | None = None) -> dict[str, str]:  # fmt: skip
    """Digests of what a verdict is made from here: the source of the model, all parameters (with what is set of them,
    of levers and of the surroundings), the region's tables, the set, and the arms."""
    parameters, levers = split_settings(settings or {}, "--set")
    digest = load_parameters().replace(parameters).digest
    if levers or shocks:
        said = json.dumps({**plain(levers), **named(shocks or {})}, sort_keys=True, ensure_ascii=False)
        digest = sha256(f"{digest}\n{said}".encode()).hexdigest()
    return {
        "model": code_digest()[:LENGTH],
        "parameters": digest[:LENGTH],
        "region": "" if region is None else region_of(region, scale).digest[:LENGTH],
        "set": kept_set().digest[:LENGTH],
        "arms": arms_digest(arms),
    }


def arms_digest(arms: Sequence[Arm]) -> str:
    """A digest of what arms do, by name: the same name may stand for something else in another version. What is set in
    all arms is none of it, nor what an arm sets to what holds everywhere."""
    usual = load_parameters().values
    does = {
        one.arm: treatment_as_run(one) | {"parameters": {k: v for k, v in one.parameters.items() if v != usual[k]}}
        for one in treatments_of(arms, {})
    }
    return sha256(json.dumps(does, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:LENGTH]


def read_verdict(folder: Path) -> Verdict | None:
    """The verdict in a folder, if there is one. Raises SamspelError where it is none that samspel wrote."""
    path = folder / FILE
    return read_model(path, Verdict, EXPECTED) if path.is_file() else None


def shipped_verdict() -> Verdict | None:
    """The one that comes with Samspel: of a checkout, or in an installed copy. Raises SamspelError."""
    package = Path(__file__).resolve().parents[2]
    for folder in (package.parent / "results" / "reference", package / "_reference"):
        if (found := read_verdict(folder)) is not None:
            return found
    return None
