"""The box in which coordination loses, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import spearmanr

from experiments.analysis.prim import Limit, strongest
from experiments.questions.discover.result import SURROUNDINGS, Found
from experiments.reporting.names import treatment
from experiments.reporting.numbers import listed, number, percent, short
from experiments.reporting.tables import markdown_table

MOST = 0.85
LISTED = 12


def title(found: Found) -> str:
    """For the summary's heading."""
    return f"when {treatment(found.results)} {found.find}"


def limit_words(found: Found, limit: Limit) -> str:
    """A limit in words: the parameter's note, low or high, with its value, unit and name."""
    seen = found.input(limit.name)
    low, high = found.span(limit.name)
    side, level = ("below", "low") if limit.upper else ("above", "high")
    place = (limit.value - low) / (high - low) if high > low else 0.5
    if limit.upper and place > 0.75:
        level = "not the highest"
    if not limit.upper and place < 0.25:
        level = "not the lowest"
    name = "" if limit.name in SURROUNDINGS else f"{limit.name}, "
    of = f"; {seen.setting.unit}" if seen.setting.unit else ""
    ends = f"{short(low * seen.factor)} to {short(high * seen.factor)}"
    return f'"{seen.setting.words}" is {level}: {side} {short(limit.value * seen.factor)} ({name}from {ends}{of})'


def said(found: Found) -> list[str]:
    """The question answered in sentences."""
    share, mean = float(found.cases.mean()), float(found.pairs["difference"].mean())
    unit, label = found.quantity.unit_of_difference, found.quantity.label
    low, high = np.percentile(found.pairs["difference"], [5, 95])
    told = [
        f"**How often?** {_capital(treatment(found.results))} {found.find} in {percent(share)} of {len(found.cases):,} "
        f"draws of everything uncertain, in {label}; on average it makes {short(mean, True)} {unit} of difference, in "
        f"nine draws of ten {short(float(low), True)} to {short(float(high), True)}."
    ]
    if share > MOST:
        other = "gains" if found.find == "loses" else "loses"
        told.append(f"That is nearly everywhere: where it {other} is the better question, see --find {other}.")
    return [*told, _box(found), *_check(found)]


def sections(found: Found) -> list[str]:
    """The rest of the summary."""
    rows = [_moved(found, name) for name in strongest(found.inputs, found.cases, LISTED)] if found.cases.any() else []
    chance, about = 2 / np.sqrt(len(found.cases)), treatment(found.results)
    return [
        f"{len(found.cases):,} pairs of runs over the whole plausible ranges of "
        f"{found.inputs.shape[1] - len(SURROUNDINGS)} parameters, each pair with random numbers of its own.",
        "## What moves it",
        f"The inputs that differ most between the draws in which {about} {found.find} and the others, with "
        f"the rank correlation between input and difference (a correlation below {chance:.2f} in size may be chance).",
        markdown_table(["Input", "name", "correlation", "range"], rows),
        "## How the box was found",
        f"PRIM (Bryant and Lempert 2010) peels the runs towards those in which {about} {found.find}, over those "
        "inputs of the table that differ by more than looking at so many explains (Holm 1979). Of the boxes on its way "
        "the one is kept that holds most of them minus the share of all other runs (Youden 1950), without limits that "
        "chance would explain one time in twenty. Coverage: the share of all such runs that lie in the box. Density: "
        "their share of the runs in the box.",
    ]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _box(found: Found) -> str:
    box, verb, name = found.box, found.find, treatment(found.results)
    if not box.limits:
        if not found.cases.any():
            return f"**When?** In none of the draws: {name} never {verb}."
        return (
            f"**When?** No box holds better than the whole: {name} {verb} here and there, with no pattern in the "
            "inputs."
        )
    when = listed([limit_words(found, limit) for limit in box.limits])
    return (
        f"**When?** {_capital(name)} {verb} most when {when}. There it {verb} in {percent(box.density)} of the draws "
        f"(density; {percent(box.base)} over all), and {percent(box.coverage)} of all draws in which it {verb} are "
        f"there (coverage; the box holds {percent(box.mass)} of the draws)."
    )


def _check(found: Found) -> list[str]:
    if found.check is None:
        return []
    again = [
        f"{'below' if upper else 'above'} for {name.removeprefix('mean_')} in {percent(share)}"
        for (name, upper), share in found.check.again.items()
    ]
    return [
        f"**Is it chance?** Boxes found on ten halves of the draws were looked at on the other halves: density "
        f"{percent(found.check.density)}, coverage {percent(found.check.coverage)}. Limits found again to the same "
        f"side: {listed(again)} of the halves."
    ]


def _moved(found: Found, name: str) -> list[str]:
    seen = found.input(name)
    low, high = (value * seen.factor for value in found.span(name))
    correlation: Any = spearmanr(found.pairs[name], found.pairs["difference"])
    ends = f"{short(low)} to {short(high)} {seen.setting.unit}"
    return [seen.setting.words, name, number(float(correlation.statistic), 2, signed=True), ends]
