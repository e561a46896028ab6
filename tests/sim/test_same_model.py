"""A change of how numbers are drawn, or of the last bits of sums, makes other runs of the same model.

``same_model.json`` has means and standard deviations over many seeds from the version before draws became hashes of
their keys, and the values of all parameters that it ran with: a default that has moved since makes no other model. Runs
of today with those must come from the same distribution. To make it anew, with the reason in the changelog:

    python tests/sim/test_same_model.py [FILE]

After a change of behaviour it has to be made anew, as the numbers of record; after one of speed alone it must not be.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from scipy import stats

from sim import PRESETS, RenewalModel, load_parameters, load_region

HERE = Path(__file__).with_name("same_model.json")
PAIR = ("siloed", "regional")
REGION, SCALE, YEARS = "botkyrka", 0.1, 10
SEEDS_THEN, SEEDS_NOW = 120, 16
UNLIKELY = 1e-5  # of one outcome among some hundred, if nothing but the draws differs


def outcomes(seed: int, values: Mapping[str, float]) -> dict[str, float]:
    """Mean over the run of every outcome of the region, in each collaboration and as their difference; values : of
    parameters."""
    region, p = load_region(REGION, SCALE), load_parameters().replace(values, HERE.name)
    one, other = (
        RenewalModel(region, PRESETS[name], seed, parameters=p, years=YEARS).run().curves().mean(numeric_only=True)
        for name in PAIR
    )
    found = {f"{name} {outcome}": float(mean[outcome]) for name, mean in zip(PAIR, (one, other), strict=True)
             for outcome in mean.index}  # fmt: skip
    return found | {f"difference {outcome}": float(other[outcome] - one[outcome]) for outcome in one.index}


def sample(seeds: range, values: Mapping[str, float]) -> dict[str, list[float]]:
    """Values of the outcomes that every seed has, with such values of parameters."""
    runs = [outcomes(seed, values) for seed in seeds]
    return {name: [run[name] for run in runs] for name in runs[0] if all(np.isfinite(run[name]) for run in runs)}


def p_values(then: dict[str, list[float]], now: dict[str, list[float]]) -> dict[str, float]:
    """Chance of means as far apart, if both come from one distribution (Welch's test); then: mean and deviation."""
    found = {}
    for name, (mean, deviation) in then.items():
        values = np.array(now[name])
        if deviation <= 1e-9 * abs(mean):  # the same in every run
            found[name] = float(np.allclose(values, mean))
            continue
        test = stats.ttest_ind_from_stats(
            mean, deviation, SEEDS_THEN, values.mean(), values.std(ddof=1), len(values), equal_var=False
        )
        found[name] = float(test.pvalue)
    return found


def reference() -> tuple[dict[str, list[float]], dict[str, float]]:
    """Mean and deviation of every outcome in the version before, and the values of parameters that it ran with."""
    stored = json.loads(HERE.read_text(encoding="utf-8"))
    return stored["outcomes"], stored["parameters"]


def test_runs_of_today_and_of_the_version_before_come_from_one_distribution() -> None:
    then, values = reference()
    chances = p_values(then, sample(range(1000, 1000 + SEEDS_NOW), values))
    far = {name: chance for name, chance in chances.items() if chance < UNLIKELY}
    assert not far, "these differ by more than chance"
    # Nor are many of them a little off. Outcomes are related, so that more than their share may be at once.
    assert np.mean([chance < 0.05 for chance in chances.values()]) < 0.15


def test_a_tenth_more_moves_would_be_seen() -> None:
    then, values = reference()
    now = sample(range(1000, 1000 + SEEDS_NOW // 2), values | {"move_base": 1.1 * values["move_base"]})
    chances = p_values({name: x for name, x in then.items() if name in now}, now)
    assert chances["siloed moves"] < UNLIKELY and chances["regional moves"] < UNLIKELY


if __name__ == "__main__":
    p = load_parameters().values
    runs = sample(range(SEEDS_THEN), p)
    table = {
        "outcomes": {name: [float(np.mean(x)), float(np.std(x, ddof=1))] for name, x in runs.items()},
        "parameters": p,
    }
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    target.write_text(json.dumps(table, indent=0, sort_keys=True) + "\n", encoding="utf-8")
