"""What a hindcast found: an episode, its runs, and how each of its measures came out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.engine.reading import check
from experiments.engine.results import Results
from experiments.questions.hindcast.episode.model import About
from experiments.questions.hindcast.episode.reading import read_episode
from experiments.questions.hindcast.measuring.runs import StoredRuns
from experiments.questions.hindcast.score import VERDICTS, Prior, Scored, Verdict, score
from experiments.reporting.summary import Headline, plain

EPISODE, DATA, TOLD = "episode.toml", "hindcast.json", "hindcast.md"
SCHEMA = 1


@dataclass(frozen=True)
class Hindcast:
    """An episode with its scores, in the order of its measures."""

    results: Results
    episode: About
    scored: tuple[Scored, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many measures came out how."""
        counted = Counter(one.verdict for one in self.scored)
        return {verdict: counted[verdict] for verdict in VERDICTS}

    @property
    def better(self) -> tuple[int, int]:
        """In how many measures runs are less wrong than "no change", and of how many."""
        known = [one.better for one in self.scored if one.better is not None]
        return sum(known), len(known)


def read(folder: Path, prior: Prior | None = None) -> Hindcast:
    """What stored results of a hindcast hold. prior: what was thought possible before, by the measure's name, where
    that is known better than the episode says. Raises SamspelError."""
    path = folder / EPISODE
    check(path)
    results, episode = Results(folder), read_episode(path)
    return Hindcast(results, episode, tuple(score(StoredRuns(results), episode.measure, prior)))


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
        "arms": list(found.results.arms),
        "failed_runs": sorted(made.failed),
        "counts": found.counts,
        "better_than_no_change": dict(zip(("measures", "of"), found.better, strict=True)),
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
        "verdict": one.verdict,
        "inside": one.inside,
        "distance_in_intervals": one.distance,
        "error": one.error,
        "no_change": {"value": one.no_change, "error": one.error_of_no_change, "runs_are_better": one.better},
        "prior": None if one.prior is None else {"low": one.prior[0], "high": one.prior[1]},
        "informative": one.informative if one.known else None,
    }  # fmt: skip


def write_data(folder: Path, found: Hindcast) -> None:
    """Write hindcast.json."""
    text = json.dumps(plain(as_data(found)), indent=2, ensure_ascii=False)
    (folder / DATA).write_text(text + "\n", encoding="utf-8")
