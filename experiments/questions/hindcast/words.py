"""What a hindcast says, in sentences and tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from experiments.questions.hindcast.episode.model import Measure
from experiments.questions.hindcast.errors import SAME
from experiments.questions.hindcast.no_change import Beside
from experiments.questions.hindcast.result import Hindcast
from experiments.questions.hindcast.score import NARROWER, Scored
from experiments.reporting.names import markdown
from experiments.reporting.numbers import listed, number, short
from experiments.reporting.tables import fitted_table, markdown_table

WIDTH = 118
GRADES = {"found": "", "derived": ", derived", "recalled": ", recalled", "assumed": ", assumed",
          "invented": ", invented for illustration"}  # fmt: skip


def title(found: Hindcast) -> str:
    """For the summary's heading."""
    return f"a hindcast. {markdown(found.episode.title)}"


def places_of(one: Scored) -> int:
    """Decimals that all numbers of a measure are told with: as many as its interval has something to say about."""
    size = max(abs(one.low), abs(one.high)) if one.known else 0.0
    sizes = [
        abs(x) for x in (one.high - one.low, one.measure.observed or 0.0) if math.isfinite(x) and abs(x) > SAME * size
    ]
    sizes = [x for x in sizes if x > 0.0]
    return max(0, min(4, 1 - math.floor(math.log10(min(sizes))))) if sizes else 1


def value(one: Scored, x: float | None) -> str:
    """A number of a measure."""
    return "–" if x is None or math.isnan(x) else number(x, places_of(one))


def predicted(one: Scored) -> str:
    """What runs foretell: the median and the interval.

    The median stands alone where there is one run.
    """
    if not one.known:
        return "–"
    return f"{value(one, one.median)} ({value(one, one.low)} to {value(one, one.high)})"


def observed(one: Scored) -> str:
    """What was observed: a number, a range, or both."""
    m = one.measure
    span = _range(one, m)
    if m.observed is None:
        return span
    return value(one, m.observed) + (f" ({span})" if span else "")


def before(one: Scored) -> str:
    """What was thought possible before."""
    if one.prior is None:
        return "–"
    return f"{value(one, one.prior[0])} to {value(one, one.prior[1])}"


def of_runs(found: Hindcast) -> str:
    """What foretells: nine tenths of the set, or nine runs in ten."""
    return "nine runs in ten" if found.over is None else "nine tenths of the set"


def _range(one: Scored, m: Measure) -> str:
    if m.low is not None and m.high is not None:
        return f"{value(one, m.low)} to {value(one, m.high)}"
    if m.low is not None:
        return f"{'more than' if one.sign else 'at least'} {value(one, m.low)}"
    return f"{'less than' if one.sign else 'at most'} {value(one, m.high)}" if m.high is not None else ""


def verdict(one: Scored) -> str:
    """The verdict, with how far outside the observed number lies."""
    if one.verdict not in ("near", "far"):
        return one.verdict
    if not math.isfinite(one.distance):
        return f"{one.verdict}, the interval has no width"
    if one.distance:
        return f"{one.verdict}, {one.distance:.1f} intervals away"
    return f"{one.verdict}, no change" if one.sign and one.still else f"{one.verdict}, ranges meet"


def said(found: Hindcast) -> list[str]:
    """The answer in two sentences."""
    counts = found.counts
    parts = [f"{counts['inside']} of {len(found.scored)} observed numbers lie inside what {of_runs(found)} foretell"]
    parts += [f"{count} {name}" for name, count in counts.items() if name != "inside" and count]
    return [f"**{markdown(found.episode.title)}.** {listed(parts)}. {_all_beside(found)} {_ran(found)}"]


def _all_beside(found: Hindcast) -> str:
    """In how many measures runs are less wrong than "no change"; where both are as wrong, that is told apart."""
    known, same = sum(found.beside.values()), found.beside["as wrong"]
    if not known:
        return "No measure can be compared with “no change”."
    ties = f", and as wrong in {same}" if same else ""
    return f"Runs are less wrong than “no change” in {found.beside['less wrong']} of {known} measures{ties}."


def _ran(found: Hindcast) -> str:
    """What was run."""
    if found.over is None:
        return f"Run: {found.ran}; the intervals are those of chance alone."
    worth = short(found.over.effective)
    return f"Run: {found.ran} (by fit worth {worth} of equal weight), and as many points of the plausible ranges."


def table(found: Hindcast) -> str:
    """The measures for a terminal."""
    rows = [
        (one.measure.name, one.measure.unit, predicted(one), before(one), observed(one), verdict(one))
        for one in found.scored
    ]
    head = ("measure", "unit", f"{_WHO[found.over is None]} (90 %)", "before", "observed", "verdict")
    return fitted_table(head, rows, WIDTH)


_WHO = {True: "runs", False: "set"}


def sections(found: Hindcast) -> list[str]:
    """The rest of the summary."""
    episode = found.episode
    parts = [
        "## What happened",
        *(markdown(part) for part in episode.happened.split("\n\n")),
        f"Source: {markdown(episode.source)}.",
        *_changes(episode.region),
        "![What runs foretell, and what was observed](figures/hindcast.png)",
        "## Measure by measure",
        _table(found),
        *([] if found.over is None else [_OVER.format(drawn=_DRAWN if found.alike else _DRAWN_ONCE)]),
        _HOW,
    ]
    for one in found.scored:
        parts.append(_sentence(one))
    return parts


def _changes(region: object) -> list[str]:
    """What of the region was changed for the episode."""
    if not isinstance(region, BaseModel):
        return []
    said = region.model_dump(exclude_none=True, exclude_defaults=True, exclude={"name"})
    changes = listed([f"{key} {value}" for key, value in _flat(said)])
    return [f"The region is {markdown(str(getattr(region, 'name', '')))} with changes: {markdown(changes)}."]


def _flat(tables: Mapping[str, Any], where: str = "") -> Iterator[tuple[str, str]]:
    """Values of tables within tables, each with its key."""
    for key, value in tables.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{where}{key}.")
        else:
            yield f"{where}{key}", ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


_HOW = (
    "Runs: the median over runs or pairs of runs, and the interval that holds nine in ten of them. *Inside*: the "
    "interval holds the observed number; where only a range was observed, that holds the median; where only a sign "
    "(more or less than no change), the median has it. *Near*: outside by at most the width of the interval; *far*: by "
    "more. *Before*: what was thought possible before. *Uninformative*: the "
    f"interval is at least {NARROWER:g} times as wide as that, wherever the observed number lies; so is what the rules "
    "alone decide, whatever the parameters. Errors are in the measure's unit (continuous ranked probability score), so "
    "that those of the runs and of “no change” can be compared; 0 is perfect. A sign is told of runs or it is not: "
    "“no change” has neither, and no error."
)
_OVER = (
    "Each run is of another member of the set of parameters that the patterns do not rule out, with a seed of its own, "
    "and counts by how well that member fits. Before: {drawn} With few members both intervals are known "
    "to some tenths of their width only; how often resamples of the runs (bootstrap, each with the one of before on "
    "its seed) would say the same is told below, and `--members` asks for more."
)
_DRAWN = (
    "the interval of as many runs in which the parameters that members differ in are drawn over their whole plausible "
    "ranges (Latin hypercube) and all others stay at their default, on the same seeds."
)
_DRAWN_ONCE = (
    "the interval of as many runs with all uncertain parameters drawn over their whole plausible ranges (Latin "
    "hypercube), on the same seeds. Members differ in fewer, so that a narrower interval is no evidence by itself; "
    "asked again, the episode draws the same parameters as the set."
)


def _table(found: Hindcast) -> str:
    rows = []
    for one in found.scored:
        error = value(one, one.error_of_no_change)
        rows.append([markdown(one.measure.name), one.measure.unit, predicted(one), before(one), observed(one),
                     verdict(one), value(one, one.error), error])  # fmt: skip
    who = _WHO[found.over is None]
    head = ["measure", "unit", f"{who} (90 %)", "before", "observed", "verdict", f"error of the {who}",
            "error of “no change”"]  # fmt: skip
    return markdown_table(head, rows, left=2)


def _sentence(one: Scored) -> str:
    """A measure in prose, with where the observed number is from."""
    m = one.measure
    told = f"runs foretell {predicted(one)} {m.unit}" if one.known else "too few runs tell anything"
    note = f" {markdown(m.note)}" if m.note else ""
    return (
        f"**{markdown(m.name)}.** Observed: {observed(one)} {m.unit} ({markdown(m.source)}{_grade(m)}); {told}: "
        f"{verdict(one)}.{_learnt(one)}{_beside(one)}{note}"
    )


def _grade(m: Measure) -> str:
    """How well it is known, unless the source says it in the same words."""
    return "" if GRADES[m.grade].strip(", ") in m.source else GRADES[m.grade]


def _beside(one: Scored) -> str:
    if one.beside is None:
        return ""
    told = _SIGNS if one.sign else _ERRORS
    return f" Had nothing changed it would be {value(one, one.no_change)}; {told[one.beside]}."


_ERRORS: dict[Beside, str] = {
    "less wrong": "the runs are less wrong than that",
    "as wrong": "the runs are as wrong as that",
    "more wrong": "the runs are more wrong than that",
}
_SIGNS: dict[Beside, str] = {
    "less wrong": "the runs have the sign that was observed",
    "as wrong": "the runs have no sign either",
    "more wrong": "the runs have the other sign",
}


def _learnt(one: Scored) -> str:
    """How much narrower the interval is than what was thought possible before."""
    if one.width is None or not math.isfinite(one.width):
        return ""
    share = one.narrower_in
    sure = "" if share is None else f"; narrower in {100 * share:.0f} % of resamples of the runs"
    return f" The interval has {one.width:.2f} of the width of what was thought possible before ({before(one)}){sure}."


def document(found: Hindcast) -> str:
    """The whole of hindcast.md."""
    return "\n\n".join([f"# {markdown(found.episode.title)}", *said(found), *sections(found)]) + "\n"
