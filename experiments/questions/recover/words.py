"""Whether calibration finds parameters that are known, in words and tables."""

from __future__ import annotations

import math

from experiments.questions.recover.recovering import HALF
from experiments.questions.recover.result import SAYS, Tested
from experiments.reporting.numbers import MINUS, listed, percent
from experiments.reporting.tables import markdown_table

NAMED = 5
AGREED = 0.95  # of truths that are to be kept


def title(found: Tested) -> str:
    """For the summary's heading."""
    return "whether calibration finds parameters that are known"


def said(found: Tested) -> list[str]:
    """The answer in a few sentences."""
    count, size = len(found.truths), found.space.size
    kept = int(found.truths["kept"].sum())
    shares = found.truths["share_left"]
    between = f"{percent(found.coverage.low)} to {percent(found.coverage.high)}"
    lines = [
        f"**{kept} of {count} invented truth{'s' * (count != 1)} {'are' if kept != 1 else 'is'} kept** "
        f"({percent(found.coverage.mean)}; 95 % interval {between}): {_verdict(found)}",
        f"What is left is {_left(shares.median())} of the space of {size} parameters in the median (from "
        f"{_left(shares.min())} to {_left(shares.max())}), and the middle nine tenths of a parameter there hold its "
        f"truth in {percent(found.holding)} of cases.",
    ]
    blind = int((found.truths["measures"] == 0).sum())
    if blind:
        lines.append(f"In {blind} of the worlds none of the measures exists: they are kept whole, which says nothing.")
    mostly, never = found.mostly, found.never
    known = f"In half of the worlds or more, {len(mostly)} of {size} parameters narrow by {percent(SAYS)} or more"
    lines.append(f"{known}{': ' + _names(mostly) if mostly else ''}.")
    lines.append(
        f"**Narrowed in no world, though the model is right, in {_waves(found)}: {len(never)} of "
        f"{size} parameters**, {listed([f'`{name}`' for name in never])}. More waves with lower cut-offs may narrow "
        "some of them still, as calibration goes on for longer: that these patterns cannot identify them is not said "
        "by it."
        if never
        else "Every parameter narrows around some truth."
    )
    return lines


def _waves(found: Tested) -> str:
    """How many waves at most, and at which cut-offs."""
    count = found.rules.waves
    return f"{count} wave{'s' * (count != 1)} of this test ({_planned(found)})"


def _planned(found: Tested) -> str:
    count = found.rules.waves
    planned = listed([f"{found.rules.cut_off_of(wave + 1):g}".replace("-", MINUS) for wave in range(count)])
    return f"cut-off{'s' * (count != 1)} {planned}"


def used(found: Tested) -> str:
    """Whether cut-offs were raised, by wave: in how many worlds, and to what."""
    why = "raised where no point meets it, as nothing would be left"
    if found.cut_offs is None:
        return f"A cut-off is {why}; these results do not keep whether that happened."
    told = []
    for wave in range(found.rules.waves):
        planned = found.rules.cut_off_of(wave + 1)
        higher = [one[wave] for one in found.cut_offs if len(one) > wave and one[wave] > planned]
        if higher:
            low, high = (f"{end:.2g}".replace("-", MINUS) for end in (min(higher), max(higher)))
            to = low if low == high else f"{low} to {high}"
            told.append(f"that of wave {wave + 1} in {len(higher)} of {len(found.cut_offs)} worlds, to {to}")
    return f"A cut-off is {why}: {'; '.join(told) if told else 'here none was'}."


def _verdict(found: Tested) -> str:
    """What the coverage says of the procedure."""
    share = found.coverage
    if share.high < AGREED:
        return (
            f"the procedure loses truths (fewer than {percent(AGREED)} kept), and what it leaves is not to be trusted."
        )
    if share.mean < AGREED:
        return f"so few truths do not tell whether {percent(AGREED)} of many would be."
    if share.low < AGREED:
        return f"as it should be, though of many truths up to {percent(1.0 - share.low)} might be lost."
    return "the procedure keeps what is true."


def _left(share: float) -> str:
    """The share of the space left, which in many dimensions is told by its power of ten."""
    return f"{100 * share:.3g} %"


def _names(names: list[str]) -> str:
    """The first of them as code."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    shown = [f"`{name}`" for name in names[:NAMED]]
    return (", ".join(shown) if more else listed(shown)) + more


def sections(found: Tested) -> list[str]:
    """The rest of the summary."""
    parts = ["## Recovered, parameter by parameter", table(found), "## Truth by truth", _truths(found)]
    return [*parts, "## How it was done", _how(found)]


def table(found: Tested) -> str:
    """The table that the documentation shows: parameters, the most narrowed first."""
    rows = [
        (
            f"{found.results.setting(one['parameter']).brief}, `{one['parameter']}`",
            f"{percent(one['narrowed'])} ({percent(one['narrowed_low'])} to {percent(one['narrowed_high'])})",
            f"{one['narrowed_in']} of {one['of']}",
            f"{one['holds']} of {one['of']}",
        )
        for one in found.told.to_dict("records")
    ]
    kept = f"{int(found.truths['kept'].sum())} of {len(found.truths)}"
    rows.append(("all parameters at once: the truth is in what is left", "–", "–", kept))
    head = (
        "parameter",
        "narrower by, median (nine worlds in ten)",
        f"narrower by {percent(SAYS)} or more in",
        "holds the truth in",
    )
    return markdown_table(head, rows)


def _truths(found: Tested) -> str:
    rows = []
    for one in found.truths.to_dict("records"):
        own = found.intervals[(found.intervals["truth"] == one["truth"]) & found.intervals["low"].notna()]
        named = own[own["narrowed"] >= SAYS].sort_values("narrowed", ascending=False, kind="stable")["parameter"]
        lost = f"no, ruled out in wave {one['ruled_out_in_wave']} by {_by(one['ruled_out_by'])}"
        rows.append(
            (
                str(one["truth"]),
                "yes" if one["kept"] else lost,
                _left(one["share_left"]),
                f"{int(own['holds'].sum())} of {len(own)}" if len(own) else "nothing left",
                _names([str(name) for name in named]) or "none",
                str(one["measures"]),
            )
        )
    head = ("truth", "kept", "of the space left", "intervals that hold it", "narrowed most", "measures matched")
    return markdown_table(head, rows)


def _by(names: str) -> str:
    return listed([f"`{name}`" for name in names.split()]) if names else "all measures together"


def _how(found: Tested) -> str:
    """The rules, for a reviewer."""
    rules = found.rules
    fresh = f", and {rules.points_later} fresh points in what is left of each for every later one"
    later = fresh if rules.waves > 1 else ""
    lines = [
        "Truths are drawn evenly from the plausible ranges. Each is run once, on a seed of its own, and what the "
        "fitted measures come out as in that run, chance included, is taken for observed.",
        "A measure's range is the pattern's own, moved so that its middle is the value that came out. Where only one "
        f"end or a sign is observed in reality, both ends are given, {HALF:g} standard deviations of the discrepancy "
        "to each side: the plan makes a range five of them wide. That tells more than the real patterns do. What could "
        "not be measured in a world says nothing there.",
        f"Then the plan of `seeds/matching.toml` is followed for up to {rules.waves} wave"
        f"{'s' * (rules.waves != 1)} with {_planned(found)}: a first wave of "
        f"{rules.points_first} points that all truths share{later}. A truth is kept where the emulators of no wave "
        "rule it out.",
        used(found),
        "Intervals are the middle nine tenths of points drawn evenly in what is left, which are neither run nor "
        f"weighted by fit. They count as narrower from {percent(SAYS)} on, by which they differ from those of the "
        "whole range. The intervals of one world are not independent of one another.",
        "The discrepancy is granted but none is there: the model that is matched is the one that made the worlds. "
        "Keeping the truth is what a sound procedure must do; it says nothing of how right the model is.",
    ]
    if math.isnan(found.holding):
        lines.append("Of no truth anything is left, and there are no intervals.")
    return "\n".join(f"- {line}" for line in lines)
