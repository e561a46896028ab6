"""What a hindcast found: an episode, its runs, and how each of its measures came out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.design.members import DEFAULT, SET, Members
from experiments.engine.reading import check
from experiments.engine.results import Results
from experiments.questions.hindcast.episode.model import About
from experiments.questions.hindcast.episode.reading import read_episode
from experiments.questions.hindcast.errors import interval
from experiments.questions.hindcast.measuring.runs import StoredRuns
from experiments.questions.hindcast.no_change import BESIDE, Beside
from experiments.questions.hindcast.over import PRIOR, over_of
from experiments.questions.hindcast.score import NARROWER, VERDICTS, Prior, Scored, Verdict, score
from experiments.reporting.summary import Headline, plain

EPISODE, DATA, TOLD = "episode.toml", "hindcast.json", "hindcast.md"
SCHEMA = 3


@dataclass(frozen=True)
class Hindcast:
    """An episode with its scores, in the order of its measures. over: the members of the set that were run, each once;
    None where all runs have the defaults. alike: whether what was thought possible before varies what members differ
    in, and nothing else; results of before it did vary all uncertain parameters."""

    results: Results
    episode: About
    scored: tuple[Scored, ...]
    over: Members | None = None
    alike: bool = True

    @property
    def source(self) -> str:
        """Region, size and years, and what was run: for the foot of a figure."""
        return self.results.source if self.over is None else f"{self.results.made.title}, {self.ran}"

    @property
    def ran(self) -> str:
        """What was run, in words."""
        if self.over is None:
            count = self.results.made.replicates
            return f"{count} replicate{'s' * (count != 1)} of the defaults"
        return f"{len(self.over)} of {self.over.of} members of the set that is not ruled out, a seed each"

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many measures came out how."""
        counted = Counter(one.verdict for one in self.scored)
        return {verdict: counted[verdict] for verdict in VERDICTS}

    @property
    def beside(self) -> dict[Beside, int]:
        """In how many measures runs are less wrong than "no change", as wrong, and more wrong."""
        counted = Counter(one.beside for one in self.scored)
        return {word: counted[word] for word in BESIDE}


def read(folder: Path, prior: Prior | None = None) -> Hindcast:
    """What stored results of a hindcast hold. prior: what was thought possible before, by the measure's name, where
    that is known better than the episode says. Raises SamspelError."""
    path = folder / EPISODE
    check(path)
    results, episode = Results(folder), read_episode(path)
    over = over_of(results.made.options)
    weights, before, alike = None, None, True
    if over is not None:
        thought = results.at(PRIOR)
        weights, before, alike = over.weights, StoredRuns(thought), set(thought.varied) == set(results.varied)
    found = score(StoredRuns(results), episode.measure, prior, weights, before)
    return Hindcast(results, episode, tuple(found), over, alike)


def headline(found: Hindcast) -> Headline:
    """How many measures lie inside."""
    return Headline("measures_inside", float(found.counts["inside"]), None, None, f"of {len(found.scored)} measures", 1)


def as_data(found: Hindcast) -> dict[str, Any]:
    """What hindcast.json holds."""
    made = found.results.made
    return {
        "schema": SCHEMA,
        "kind": "hindcast",
        "title": found.episode.title,
        "source": found.episode.source,
        "quick": made.quick,
        "region": {"name": made.region.name, "scale": made.region.scale, "digest": made.region.digest},
        "first_year": made.first_year,
        "years": made.years,
        "seed": made.seed,
        "replicates": made.replicates,
        "over": {"parameters": DEFAULT}
        if found.over is None
        else {
            "parameters": SET,
            **found.over.about(),
            "worth_of_equal_weight": found.over.effective,
        },
        "uninformative_from": NARROWER,
        "arms": list(found.results.arms),
        "failed_runs": sorted(made.failed),
        "counts": found.counts,
        "beside_no_change": found.beside,
        "measures": [_measure(one) for one in found.scored],
    }


def _measure(one: Scored) -> dict[str, Any]:
    m = one.measure
    observed = {key: getattr(m, key) for key in ("observed", "low", "high", "unit", "source", "grade", "note")}
    about = m.model_dump(mode="json", exclude_none=True, exclude={*observed, "prior_low", "prior_high", "no_change"})
    return about | {
        "unit": m.unit,
        "observed": {"value" if key == "observed" else key: value for key, value in observed.items()},
        "predicted": {"low_90": one.low, "median": one.median, "high_90": one.high,
                      "runs": int((one.values == one.values).sum()), "values": one.values.tolist()},
        "sign": one.sign or None,
        "verdict": one.verdict,
        "inside": one.inside,
        "distance_in_intervals": one.distance,
        "error": one.error,
        "no_change": {"value": one.no_change, "error": one.error_of_no_change, "runs_are": one.beside},
        "prior": _prior(one),
        "width_over_prior": one.width,
        "narrower_in": one.narrower_in,
        "informative": one.informative if one.known else None,
        "uninformative": not one.informative if one.known else None,
    }  # fmt: skip


def _prior(one: Scored) -> dict[str, Any] | None:
    """What was thought possible before: of runs over plausible ranges, or as the file says."""
    if one.prior is None:
        return None
    said = {"low_90": one.prior[0], "high_90": one.prior[1], "from": "file" if one.before is None else "runs"}
    if one.before is None:
        return said
    return said | {
        "median": interval(one.before, np.ones(len(one.before)))[1],
        "error": one.error_before,
        "values": one.before.tolist(),
    }


def write_data(folder: Path, found: Hindcast) -> None:
    """Write hindcast.json."""
    text = json.dumps(plain(as_data(found)), indent=2, ensure_ascii=False)
    (folder / DATA).write_text(text + "\n", encoding="utf-8")
