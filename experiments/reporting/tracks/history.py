"""What was observed beside the runs of an arm: scored, in words and as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.engine.results import Results
from experiments.reporting.names import drawn_label, label
from experiments.reporting.numbers import number, percent
from experiments.reporting.tables import markdown_table
from experiments.reporting.tracks.bands import LeftOut, beside
from experiments.reporting.tracks.score import Coverage, Held, Scored, coverage, score
from experiments.reporting.tracks.series import Array

HEADERS = ("Series", "Area", "Years", "Inside", "Outside by, widths", "No change: inside", "No change: outside by")


@dataclass(frozen=True)
class Bands:
    """What bands are of, in words. whose: how runs count; inside: when a number is; title: begins that of the figure;
    drawn: what is seen there, of so many members; alone: one of them, which makes no band."""

    whose: str
    inside: str
    title: str
    drawn: str
    alone: str


CHANCE = Bands(
    whose="",
    inside="the band of nine runs in ten of its year holds it",
    title="The band of nine runs in ten holds",
    drawn="{arm}: median and the middle 90 % of replicates.",
    alone="a single replicate",
)
SET = Bands(
    whose=", in all members of the set that the evidence leaves open, which count by their fit",
    inside="the band of nine tenths of the set holds it in its year",
    title="Nine tenths of what the evidence leaves open hold",
    drawn="{arm}: median (line) and middle 90 % (grey) of {members} versions of the model that the evidence leaves "
    "open, which count by how well they fit.",
    alone="a single member",
)


@dataclass(frozen=True)
class History:
    """Observed series beside the baseline's runs, and what is left out. runs: how many there are; bands: of what."""

    results: Results
    found: tuple[Scored, ...]
    left: tuple[LeftOut, ...]
    runs: int
    bands: Bands = CHANCE

    @property
    def drawn(self) -> str:
        """What is drawn, in words."""
        members = self.runs // self.results.made.replicates
        return self.bands.drawn.format(arm=drawn_label(self.results, self.arm), members=members)

    @property
    def arm(self) -> str:
        """The arm whose runs they are."""
        return self.results.baseline

    def held(self, fitted: bool) -> list[Held]:
        """All numbers that chose something in the model, or none of it."""
        return [held for one in self.found if one.fitted is fitted for held in one.held]


def history_of(results: Results, weights: Array | None = None) -> History:
    """What was observed beside the baseline's runs; nothing where no curves were kept. weights: by point, of members of
    a set."""
    bands = CHANCE if weights is None else SET
    runs = results.made.replicates * (1 if weights is None else int(np.count_nonzero(weights)))
    if not results.outcomes:
        return History(results, (), (), runs, bands)
    tracks, left = beside(results, results.baseline, weights=weights)
    return History(results, tuple(score(tracks)), left, runs, bands)


def section(history: History) -> list[str]:
    """The section of summary.md; nothing where no observed number belongs to this region and these years."""
    if not history.found:
        return []
    free, fitted = (history.held(which) for which in (False, True))
    results, bands = history.results, history.bands
    arm = label(results, history.arm)
    parts = [
        f"Observed numbers of `seeds/tracks.csv` beside the runs of *{arm}*{_near(results)}{bands.whose}. A "
        f"number is inside where {bands.inside}; outside, the gap to the nearer end "
        "of what it may be is told in widths of that band. No change: the band of the first year, kept. Money is that "
        "of 2011. What is told against its first observed year is a ratio: no change is 1, with a band as wide, by its "
        "middle, as the one that it stands beside.",
        " ".join([*_free_words(free), *_fitted_words(fitted, "that did" if free else "that chose something in it")]),
    ]
    if history.runs == 1:
        parts.append(f"With {bands.alone} bands have no width, and nothing can be said of them.")
    told = [markdown_table(HEADERS, [_cells(one, results.areas("region")) for one in history.found], left=3)]
    return ["## What was observed", *parts, *told, *_left_out(history.left)]


def data(history: History) -> dict[str, Any]:
    """For summary.json: the score, every compared number, and what is left out and why."""
    return {
        "arm": history.arm,
        "chose_nothing": _counted(history.held(False)),
        "chose_something": _counted(history.held(True)),
        "series": [_told(one) for one in history.found],
        "left_out": [
            {"series": one.series.name, "areas": list(one.areas), "numbers": one.numbers, "reason": one.reason}
            for one in history.left
        ],
    }


def _near(results: Results) -> str:
    """How near to history the baseline is."""
    if results.made.arm(results.baseline).preset == "siloed":
        return ", which history is nearest to"
    return ", though history had little of such collaboration"


def _free_words(held: Sequence[Held]) -> list[str]:
    """How those are held that chose nothing, and how many of them nobody had looked at while the model was built."""
    new = sum(one.dot.observed.use == "predict" for one in held)
    return [_said(held, f"that chose nothing in the model, {new} of which nobody had looked at before")] if held else []


def _fitted_words(held: Sequence[Held], which: str) -> list[str]:
    """How those are held that chose something, which is no evidence."""
    return [f"{_said(held, which)} Those are no evidence."] if held else []


def _said(held: Sequence[Held], which: str) -> str:
    """The score of all these numbers in a sentence."""
    of = coverage(held)
    inside, unchanged = (round(share * of.numbers) for share in (of.inside, of.inside_unchanged))
    return (
        f"Of {of.numbers} {which}, {inside} {'lies' if inside == 1 else 'lie'} inside ({percent(of.inside)}), and on "
        f"average they lie {_widths(of.outside)} outside; had nothing changed, {unchanged} would "
        f"({percent(of.inside_unchanged)}), at {_widths(of.outside_unchanged)}."
    )


def _cells(one: Scored, region: Sequence[str]) -> list[str]:
    of = one.coverage
    years = [str(held.dot.year) for held in one.held]
    return [
        one.track.series.label + " (fitted)" * one.fitted,
        "whole region" if one.track.area in region else one.track.where,
        years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}",
        f"{round(of.inside * of.numbers)} of {of.numbers}",
        number(of.outside, 2) if math.isfinite(of.outside) else "–",
        f"{round(of.inside_unchanged * of.numbers)} of {of.numbers}",
        number(of.outside_unchanged, 2) if math.isfinite(of.outside_unchanged) else "–",
    ]


def _left_out(left: Sequence[LeftOut]) -> list[str]:
    if not left:
        return []
    reasons: dict[str, list[str]] = {}
    for one in left:
        reasons.setdefault(one.reason, []).append(f"{one.series.label.lower()} ({one.numbers})")
    lines = [f"- {', '.join(names)}: {reason}." for reason, names in reasons.items()]
    return ["Not compared, with how many numbers:", "\n".join(lines)]


def _widths(value: float) -> str:
    return f"{number(value, 2)} widths" if math.isfinite(value) else "a distance that nobody can tell (no width)"


def _counted(held: Sequence[Held]) -> dict[str, Any] | None:
    return _coverage(coverage(held)) if held else None


def _coverage(of: Coverage) -> dict[str, Any]:
    return {
        "numbers": of.numbers,
        "share_inside": of.inside,
        "widths_outside": of.outside,
        "no_change": {"share_inside": of.inside_unchanged, "widths_outside": of.outside_unchanged},
    }


def _told(one: Scored) -> dict[str, Any]:
    series = one.track.series
    about: dict[str, Any] = {"series": series.name, "label": series.label, "area": one.track.area}
    about |= {"unit": series.shown[0], "fitted": one.fitted, "against_year": one.track.base}
    return about | _coverage(one.coverage) | {"points": [_point(held, series.shown[1]) for held in one.held]}


def _point(held: Held, factor: float) -> dict[str, Any]:
    dot = held.dot
    observed = {"value": dot.value * factor, "low": dot.low * factor, "high": dot.high * factor}
    runs = {"low": held.low * factor, "median": held.median * factor, "high": held.high * factor}
    about = {"use": dot.observed.use, "grade": dot.observed.grade, "source": dot.observed.source}
    return {"year": dot.year, "observed": observed, "runs": runs, "inside": held.inside} | about
