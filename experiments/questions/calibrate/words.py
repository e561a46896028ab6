"""What the patterns leave of the parameters' space, in words and tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from experiments.questions.calibrate.matching.headlines import Headline
from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.result import Calibrated
from experiments.reporting.names import markdown
from experiments.reporting.numbers import MINUS, amount, listed, short
from experiments.reporting.tables import markdown_table

FEW = 10  # members below which the set is too small to speak of


def title(found: Calibrated) -> str:
    """For the summary's heading."""
    return f"what the patterns leave of {found.space.size} uncertain parameters"


def said(found: Calibrated) -> list[str]:
    """The answer in a few sentences."""
    rules, waves = found.rules, len(found.waves)
    largest = "second largest" if rules.rank == 2 else "largest"
    lines = [
        f"**{_percent(found.share)} of the space of {found.space.size} parameters is left** after "
        f"{waves} wave{'s' * (waves > 1)}, where the {largest} implausibility over "
        f"{len(found.targets)} measures of {_patterns(found)} is at most {rules.cut_off:g}. Of "
        f"{len(found.points):,} points simulated, the model itself does not rule out {int(found.accepted.sum()):,}."
    ]
    lines.append(_ended(found))
    hard = hardest(found)
    if hard:
        lines.append("Hardest to meet: " + "; ".join(hard) + ".")
    if 0 < len(found.members) < FEW:
        lines.append(
            f"{len(found.members)} members are too few to describe a set: more --points or --waves are needed."
        )
    if found.over:
        lines.append(_wins(found.over))
    return lines


def _ended(found: Calibrated) -> str:
    if found.share == 0.0:
        return (
            "Nothing is left: no value of these parameters brings the model near all patterns at once. Vary more "
            "parameters, let each point miss its worst measure (--second), or take it as a finding about the model."
        )
    if found.stable:
        return f"The last wave changed what is left by less than {100 * found.rules.stable:.0f} %: it is stable."
    return "What is left had not settled when the waves were over: more --waves would say whether it shrinks further."


def hardest(found: Calibrated, most: int = 3) -> list[str]:
    """The measures that rule out most of the first wave's points, in words."""
    first = found.by_target[found.wave_of == 1]
    with np.errstate(invalid="ignore"):
        shares = (first > found.rules.cut_off).mean(axis=0)
    order = [int(k) for k in np.argsort(-shares, kind="stable")[:most] if shares[k] > 0]
    return [f"{found.targets[k].name} rules out {_percent(float(shares[k]))} of the first wave" for k in order]


def _wins(over: Sequence[Headline]) -> str:
    """How robust the answer is over the set."""
    clear = [one for one in over if one.clear]
    account = over[0]
    return (
        f"**Over {account.members} members of the set, nine in ten agree on {len(clear)} of {len(over)} headline "
        f"results.** Coordination wins in {_percent(account.wins)} of them on {account.quantity.label}."
    )


def sections(found: Calibrated) -> list[str]:
    """The rest of the summary."""
    parts = ["## What is left, wave by wave", _waves(found)]
    if len(found.members):
        parts += ["## The parameters", _parameters(found)]
    parts += ["## The measures", _measures(found)]
    if found.over:
        parts += ["## In which share of the set does coordination win?", _headlines(found)]
    return [*parts, "## How it was done", _how(found)]


def _waves(found: Calibrated) -> str:
    rows = [
        (str(number), str(int(points)), _percent(share), _percent(own))
        for number, points, share, own in found.waves.itertuples(index=False)
    ]
    head = ("wave", "points", "of the space left after it", "of its points not ruled out by the model itself")
    return markdown_table(head, rows)


def _parameters(found: Calibrated) -> str:
    """Ranges before and after, and the member near the middle."""
    space, members = found.space, found.members
    middle = members[members["middle"] == 1].iloc[0]
    rows = []
    for name, low, high in zip(space.names, space.low, space.high, strict=True):
        setting = found.results.setting(name)
        values = members[name]
        ends = (f"{short(low)} to {short(high)}", f"{short(values.min())} to {short(values.max())}")
        places = (float(values.median()), found.default(name), float(middle[name]))
        rows.append((f"{setting.label}, `{name}`", *ends, *(short(place) for place in places)))
    head = ("parameter", "plausible", "members", "their median", "default", "member near the middle")
    return markdown_table(head, rows)


def _measures(found: Calibrated) -> str:
    """Every measure: range, first wave, members."""
    first = found.runs[found.wave_of == 1]
    rows = []
    for k, target in enumerate(found.targets):
        before = first[:, :, k][np.isfinite(first[:, :, k])]
        known = found.members[target.name].dropna()
        rows.append((target.name, range_of(target), _spread(before), _spread(known.to_numpy())))
    head = ("measure", "range", "first wave, middle 90 %", "members, middle 90 %")
    return markdown_table(head, rows)


def _headlines(found: Calibrated) -> str:
    """One row a quantity."""
    rows = [
        (one.quantity.title, _percent(one.wins), _percent(one.ties), amount(one.mean, one.quantity.unit_of_difference),
         f"{short(one.spread[0], True)} to {short(one.spread[1], True)}")
        for one in found.over
    ]  # fmt: skip
    head = (
        "outcome or account",
        "coordination wins in",
        "no difference in",
        "mean difference (95 % interval)",
        "middle 90 % of members",
    )
    note = (
        "Each member is a set of parameters that the patterns do not rule out; both arms run in it "
        f"({markdown(found.where)}) paired on common random numbers, and the sign is that of the mean over replicates, "
        "so that a share near one half may be chance."
    )
    return f"{note}\n\n{markdown_table(head, rows)}"


def _how(found: Calibrated) -> str:
    """The rules, for a reviewer."""
    lines = [
        f"Fitted: {_patterns(found)} of `seeds/patterns.toml`, tests of medians whose number is not itself an input. "
        "Patterns marked for checking were not looked at.",
        "Implausibility: the distance outside the range over the square root of three variances: of the emulator, of "
        "chance (between seeds, of a point's mean), and of the model's discrepancy. The latter's standard deviation is "
        "a third of the way from the range to where the scoreboard's “near” ends (1.5 times beyond a bound). Every "
        "value inside a range fits equally well.",
        "Emulators: one a measure, a regression and a Gaussian process of its residuals, the variance raised where "
        "points left out lie further away than promised. A measure that does not exist at a point says nothing there.",
        "After the last wave, points near the middle of what is left are simulated that the emulators expect inside "
        "every range.",
        "Members are simulated points; their implausibility comes from their own runs, without an emulator. The member "
        "near the middle is, of the eight nearest the median of every parameter that lie inside every range (or, where "
        "none does, in the tenth that fit best), the one that scores best at full size, on all patterns for fitting.",
    ]
    return "\n".join(f"- {line}" for line in lines)


def range_of(target: Target) -> str:
    """A target's range in words."""
    low, high = (f"{value:g}".replace("-", MINUS) for value in (target.low, target.high))
    if math.isinf(target.low):
        return f"at most {high}"
    return f"at least {low}" if math.isinf(target.high) else f"{low} to {high}"


def _spread(values: np.ndarray) -> str:
    if len(values) == 0:
        return "–"
    low, high = np.quantile(values, [0.05, 0.95])
    return f"{short(float(low))} to {short(float(high))}"


def _percent(share: float) -> str:
    return f"{short(100 * share)} %"


def _patterns(found: Calibrated) -> str:
    return listed([pattern.key for pattern in found.patterns])
