"""What a recovery test found: every truth, whether it is kept, and how far each parameter narrowed around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest

from experiments.analysis.intervals import Interval
from experiments.engine.reading import read_csv
from experiments.engine.results import Results
from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.matching.ruling_out import Rules
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.recover.recovering import Recovered, narrowed, observed
from experiments.reporting.summary import Headline

Array = NDArray[Any]

RECOVERY, INTERVALS, SEEN = "recovery.csv", "intervals.csv", "observed.csv"
WORDS = ("ruled_out_by", "cut_offs")  # columns of words
SAYS = 0.1  # by how much narrower nine tenths of what is left are where the measures say something of a parameter


@dataclass(frozen=True)
class Tested:
    """A recovery test as stored. space: what was varied; truths: one row each; intervals: one row a truth and
    parameter, with the true value, the ends of the middle nine tenths of what is left, and by how much narrower they
    are than those of the whole range; seen: one row a truth and measure, as it came out and as it was matched."""

    results: Results
    space: Space
    rules: Rules
    truths: pd.DataFrame
    intervals: pd.DataFrame
    seen: pd.DataFrame

    @property
    def coverage(self) -> Interval:
        """Share of the truths that are kept, with its 95 % interval."""
        return share_of(int(self.truths["kept"].sum()), len(self.truths))

    @cached_property
    def told(self) -> pd.DataFrame:
        """One row a parameter, the most narrowed first: median narrowing and the ends of its middle nine tenths over
        truths; in how many truths it narrowed; how many intervals hold the truth, of how many; that as a share with its
        95 % interval."""
        rows = []
        for place, (name, own) in enumerate(self.intervals.groupby("parameter", sort=False)):
            known = own[own["low"].notna()]
            low, middle, high = np.quantile(known["narrowed"], (0.05, 0.5, 0.95)) if len(known) else (np.nan,) * 3
            share = share_of(int(known["holds"].sum()), len(known))
            rows.append(
                {
                    "parameter": name, "place": place, "narrowed": middle, "narrowed_low": low, "narrowed_high": high,
                    "narrowed_in": int((known["narrowed"] >= SAYS).sum()), "holds": int(known["holds"].sum()),
                    "of": len(known), "share": share.mean, "share_low": share.low, "share_high": share.high,
                }
            )  # fmt: skip
        return pd.DataFrame(rows).sort_values(["narrowed", "place"], ascending=[False, True], ignore_index=True)

    @property
    def never(self) -> list[str]:
        """Parameters that narrowed around no truth."""
        return [str(name) for name in self.told.loc[self.told["narrowed_in"] == 0, "parameter"]]

    @property
    def cut_offs(self) -> list[list[float]] | None:
        """Cut-offs in use by truth and wave; none in a world that was not searched. None in results of versions that
        did not keep them."""
        if "cut_offs" not in self.truths:
            return None
        return [[float(one) for one in words.split()] for words in self.truths["cut_offs"]]

    @property
    def mostly(self) -> list[str]:
        """Parameters that narrowed around half of the truths or more, the most narrowed first."""
        told = self.told
        return [str(name) for name in told.loc[(2 * told["narrowed_in"] >= told["of"]) & (told["of"] > 0), "parameter"]]

    @property
    def holding(self) -> float:
        """Share of all parameters' intervals that hold their truth; NaN where nothing is left of any."""
        known = self.intervals[self.intervals["low"].notna()]
        return float(known["holds"].mean()) if len(known) else float("nan")


def share_of(hits: int, count: int) -> Interval:
    """A share with its 95 % interval (Clopper and Pearson 1934), the one that is never too narrow."""
    if not count:
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    found = binomtest(hits, count).proportion_ci(0.95)
    return Interval(hits / count, float(found.low), float(found.high), count)


def options_of(space: Space, rules: Rules) -> dict[str, Any]:
    """What a reader needs to know beside the tables, for the manifest."""
    ranges = {n: [low, high] for n, low, high in zip(space.names, space.low.tolist(), space.high.tolist(), strict=True)}
    return {"recovery": {"ranges": ranges, "rules": asdict(rules)}}


def write(
    folder: Path, space: Space, targets: Sequence[Target], unit: Array, seen: Array, found: Sequence[Recovered]
) -> None:
    """The tables of truths, of parameters around each, and of what was observed."""
    rows, spans, measures = [], [], []
    for number, (point, values, one) in enumerate(zip(unit, seen, found, strict=True), 1):
        value, low, high = space.values(point), np.array(one.low), np.array(one.high)
        rows.append(
            {
                "truth": number, "kept": int(one.kept), "share_left": one.share, "measures": one.measures,
                "inside": one.inside, "ruled_out_in_wave": one.wave, "ruled_out_by": " ".join(one.ruled_out_by),
                "cut_offs": " ".join(f"{cut_off:.4g}" for cut_off in one.cut_offs),
            }
        )  # fmt: skip
        span = {"value": value, "low": low, "high": high, "narrowed": narrowed(low, high, space)}
        holds = ((low <= value) & (value <= high)).astype(int)
        spans.append(pd.DataFrame({"truth": number, "parameter": space.names, **span, "holds": holds}))
        ranges = {target.name: target for target in observed(targets, values)}
        measures += [
            {"truth": number, "measure": target.name, "value": value}
            | ({"low": ranges[target.name].low, "high": ranges[target.name].high} if target.name in ranges else {})
            for target, value in zip(targets, values.tolist(), strict=True)
        ]
    pd.DataFrame(rows).to_csv(folder / RECOVERY, index=False)
    pd.concat(spans).to_csv(folder / INTERVALS, index=False)
    pd.DataFrame(measures, columns=["truth", "measure", "value", "low", "high"]).to_csv(folder / SEEN, index=False)


def read(folder: Path) -> Tested:
    """What stored results of a recovery test hold. Raises SamspelError."""
    results = Results(folder)
    about: Mapping[str, Any] = results.made.options["recovery"]
    truths = read_csv(folder / RECOVERY)
    # A column without a word is read as one of unknown numbers, one of single numbers as numbers.
    words = {name: truths[name].astype(object).fillna("").astype(str) for name in WORDS if name in truths}
    return Tested(
        results=results,
        space=Space.of({name: (low, high) for name, (low, high) in about["ranges"].items()}),
        rules=Rules(**(about["rules"] | {"cut_offs": tuple(about["rules"]["cut_offs"])})),
        truths=truths.assign(**words),
        intervals=read_csv(folder / INTERVALS),
        seen=read_csv(folder / SEEN),
    )


def headline(found: Tested) -> Headline:
    """The share of truths that are kept."""
    return Headline.of("truths_kept", found.coverage, "share", 1)


def verdicts(found: Tested) -> dict[str, Any]:
    """For summary.json: truths and how many are kept, how far what is left narrows, and which parameters do."""
    return {
        "truths": len(found.truths),
        "kept": int(found.truths["kept"].sum()),
        "share_left": float(found.truths["share_left"].median()),
        "intervals_holding": found.holding,
        "narrowed": {str(name): float(value) for name, value in found.told[["parameter", "narrowed"]].to_numpy()},
        "never_narrowed": found.never,
    }
