"""The verdict that every comparison tells first, and what the comparison itself is beside it: an illustration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.engine.manifest import Manifest
from experiments.questions.over.sentences import MISSING, out_of_date, region_words, two_sentences, whole_share
from experiments.questions.over.turns.varied import VARIED_BY_NAME
from experiments.questions.over.turns.words import said
from experiments.questions.over.verdict import Verdict, shipped_verdict
from experiments.reporting.names import markdown
from experiments.reporting.numbers import listed
from sim import load_parameters

KEY = "verdict"  # of a comparison's options in its manifest


@dataclass(frozen=True)
class Beside:
    """The verdict as it stood when a comparison was run. changed: what it was made from that was another by then, in
    words; nothing where it stood. None of it where there was no verdict."""

    verdict: Verdict | None
    changed: tuple[str, ...] = ()

    def data(self) -> dict[str, Any] | None:
        """For the manifest and summary.json."""
        return None if self.verdict is None else {**self.verdict.model_dump(mode="json"), "changed": list(self.changed)}


def verdict_now() -> Beside:
    """The one that comes with Samspel, and whether it is out of date. Raises SamspelError where it cannot be read."""
    verdict = shipped_verdict()
    return Beside(None) if verdict is None else Beside(verdict, tuple(verdict.changed()))


def verdict_then(made: Manifest) -> Beside | None:
    """As it stood when results were made; None for results of versions that knew of none."""
    if KEY not in made.options:
        return None
    stored: Mapping[str, Any] | None = made.options[KEY]
    if stored is None:
        return Beside(None)
    about = {key: value for key, value in stored.items() if key != "changed"}
    return Beside(Verdict.model_validate(about), tuple(stored["changed"]))


def first_of_all(made: Manifest) -> list[str]:
    """The verdict in two sentences, whether it is out of date or of another place, and what the run is beside it."""
    beside = verdict_then(made)
    if beside is None:
        return []
    if beside.verdict is None:
        return [MISSING, f"{_illustration(made)}."]
    verdict = beside.verdict
    lines = [f"**The verdict.** {two_sentences(verdict)}{where_even(verdict)}"]
    if beside.changed:
        lines.append(out_of_date(list(beside.changed)))
    rank = verdict.rank_of_default
    where = "" if rank is None else (
        f" In the verdict's account the default parameters lie above {whole_share(rank)} of the set."
    )  # fmt: skip
    return [*lines, f"{_illustration(made)}.{where}{_elsewhere(made, verdict)}"]


def where_even(verdict: Verdict) -> str:
    """At which values of what was varied the odds are even, to go on after two sentences; nothing where at none."""
    if not verdict.turns_at:
        return ""
    what = {name: VARIED_BY_NAME[name].what if name in VARIED_BY_NAME else name for name in verdict.turns_at}
    each = [f"{what[name]}, at {said(value)}" for name, value in verdict.turns_at.items()]
    return f" Of what was varied, the odds turn with {'; '.join(each)}."


def _illustration(made: Manifest) -> str:
    own = [name for name in made.set if name.partition(".")[0] in load_parameters().records]
    but = f", but for {listed([markdown(name) for name in own])}" if own else ""
    return f"**What follows is an illustration**: what differs at one set of parameters, the default one{but}"


def _elsewhere(made: Manifest, verdict: Verdict) -> str:
    """That the run is of another region, length or size than the verdict, or of other arms or settings; nothing where
    it is not."""
    place, same_scale = made.region.name, made.region.scale == verdict.scale
    if (place, made.years) != (verdict.region, verdict.years):
        here = f"{region_words(place, made.region.scale)} over {_years(made.years)}"
        there = f"{region_words(verdict.region, verdict.scale)} over {_years(verdict.years)}"
        return f" This run is of {here}; the verdict is of {there}, and says nothing of other places and times."
    if not set(verdict.arms) <= {arm.name for arm in made.arms}:
        return f" The verdict is of {listed(list(verdict.arms))}, which this run does not compare."
    if made.set:
        return " Something is set in this run, of which the verdict says nothing."
    if not same_scale:
        return (
            f" This run is at scale {made.region.scale:g}, the verdict at {verdict.scale:g}: chance weighs otherwise."
        )
    return ""


def _years(years: int) -> str:
    return f"{years} year{'s' * (years != 1)}"
