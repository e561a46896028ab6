"""What the patterns leave of the parameters' space, in words and tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from experiments.analysis.weighted import share_of, weighted_interval
from experiments.questions.calibrate import chance
from experiments.questions.calibrate.checked import CHOSE_NO_VALUE, told
from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.narrowing import parameters
from experiments.questions.calibrate.result import Calibrated
from experiments.questions.calibrate.together import hard_together
from experiments.reporting.names import markdown
from experiments.reporting.numbers import MINUS, amount, listed, short
from experiments.reporting.over_set import Over, rows_of, share_words
from experiments.reporting.tables import markdown_table

FEW = 10  # members of equal weight below which the set is too small to speak of


def title(found: Calibrated) -> str:
    """For the summary's heading."""
    return f"what the patterns leave of {found.space.size} uncertain parameters"


def said(found: Calibrated) -> list[str]:
    """The answer in a few sentences."""
    rules, waves, cut_off = found.rules, len(found.waves), float(found.waves["cut_off"].iloc[-1])
    largest = "second largest" if rules.rank == 2 else "largest"
    lines = [
        f"**{_left(found.share)} of the space of {found.space.size} parameters is left** after "
        f"{waves} wave{'s' * (waves > 1)}, where emulators let the {largest} implausibility over "
        f"{len(found.targets)} measures of {_patterns(found)} be at most {cut_off:.2g}. Of "
        f"{len(found.points):,} points simulated, the model itself does not rule out {int(found.accepted.sum()):,}."
    ]
    lines.append(_ended(found))
    hard = hardest(found)
    if hard:
        lines.append("Hardest to meet: " + "; ".join(hard) + ".")
    if len(found.members):
        lines.append(_members(found))
    if found.over:
        lines.append(_wins(found.over))
    return lines


def _ended(found: Calibrated) -> str:
    if found.share == 0.0:
        return (
            "Nothing is left: no value of these parameters brings the model near all patterns at once. Vary more "
            "parameters, let each point miss its worst measure (--second), or take it as a finding about the model."
        )
    last, wanted = float(found.waves["points_inside"].iloc[-1]), found.rules.share_inside
    words = f"{share_words(last)} of the last wave's points lie inside every fitted range"
    if found.met:
        return f"{words}; {share_words(wanted)} were asked for."
    return f"{words}, not the {share_words(wanted)} asked for: the waves were over before."


def _members(found: Calibrated) -> str:
    """How well fresh points of the set fit."""
    seeds = found.rules.seeds_of_members
    few = ": too few to describe a set, more --members are needed" if found.effective < FEW else ""
    return (
        f"**Of {len(found.members)} fresh points drawn evenly in what is left, {share_words(found.inside)} lie inside "
        f"every fitted range** (means over {seeds} seed{'s' * (seeds != 1)}). All are members of the set; weighted by "
        f"fit they are worth {short(found.effective)} of equal weight{few}."
    )


def hardest(found: Calibrated, most: int = 3) -> list[str]:
    """The measures that rule out most of the first wave's points, in words."""
    first = found.by_target[found.wave_of == 1]
    with np.errstate(invalid="ignore"):
        shares = (first > found.rules.cut_off).mean(axis=0)
    order = [int(k) for k in np.argsort(-shares, kind="stable")[:most] if shares[k] > 0]
    return [f"{found.targets[k].name} rules out {share_words(float(shares[k]))} of the first wave" for k in order]


def _wins(over: Sequence[Over]) -> str:
    """How robust the answer is over the set."""
    clear = [one for one in over if one.clear]
    account = over[0]
    return (
        f"**Nine tenths of the set agree on {len(clear)} of {len(over)} headline results.** On "
        f"{account.quantity.label} "
        f"coordination wins in {share_words(account.wins)} of it: "
        f"{amount(account.over, account.quantity.unit_of_difference)} "
        "(median, and the range of nine tenths of the set)."
    )


def sections(found: Calibrated) -> list[str]:
    """The rest of the summary."""
    parts = ["## What is left, wave by wave", _waves(found), *raised(found)]
    if len(found.members):
        parts += ["## The parameters", parameters(found)]
    parts += ["## The measures", _measures(found), "## What is hard to meet together", hard_together(found)]
    if len(found.again):
        parts += ["## What of it is chance", chance.told(found.targets, found.again)]
    if found.checked:
        parts += ["## The patterns that were not fitted", told(found.checked)]
    if found.over:
        parts += ["## In which share of the set does coordination win?", _headlines(found)]
    return [*parts, "## How it was done", _how(found)]


def _waves(found: Calibrated) -> str:
    waves = found.waves[["wave", "points", "cut_off", "share_left", "points_not_ruled_out", "points_inside"]]
    rows = [
        (str(number), str(int(points)), in_words(planned), in_words(cut_off), _left(share), share_words(own),
         share_words(within))
        for planned, (number, points, cut_off, share, own, within)
        in zip(found.planned, waves.itertuples(index=False), strict=True)
    ]  # fmt: skip
    head = (
        "wave", "points", "cut-off planned", "used", "of the space left after it",
        "of its points not ruled out by the model itself",
        "inside every range",
    )  # fmt: skip
    return markdown_table(head, rows)


def raised(found: Calibrated) -> list[str]:
    """Where cut-offs in use are others than planned, which and why; nothing where the plan could be followed."""
    used = found.waves["cut_off"].tolist()
    waves = [k for k, planned in enumerate(found.planned) if used[k] > planned]
    if not waves:
        return []
    several = "s" * (len(waves) > 1)
    return [
        f"**Not as planned: cut-off{several} of wave{several} {listed([str(k + 1) for k in waves])}.** Planned "
        f"{listed([in_words(found.planned[k]) for k in waves])}, used {listed([in_words(used[k]) for k in waves])}: no "
        "point met the planned one, by the emulators, so that nothing would have been left. As the plan has it, it was "
        f"raised to {found.rules.spare:g} above what the best points reach."
    ]


def in_words(cut_off: float) -> str:
    """A cut-off in two digits."""
    return f"{cut_off:.2g}".replace("-", MINUS)


def _measures(found: Calibrated) -> str:
    """Every fitted measure: range, first wave, set."""
    first = found.means[found.wave_of == 1]
    rows = []
    for k, target in enumerate(found.targets):
        before = first[:, k][np.isfinite(first[:, k])]
        rows.append((target.name, range_of(target), _spread(before), *in_set(found, target)))
    head = ("measure", "range", "first wave, middle 90 %", "nine tenths of the set", "share of the set inside")
    return markdown_table(head, rows)


def in_set(found: Calibrated, target: Target) -> tuple[str, str]:
    """Where nine tenths of the members' weight lie, and which share of it inside the range; of those that can tell."""
    values, weight = (found.members[name].to_numpy(np.float64) for name in (target.name, "weight"))
    known = np.isfinite(values)
    if not weight[known].sum() > 0.0:
        return "–", "–"
    one = weighted_interval(values[known], weight[known])
    within = share_of(target.outside(values[known]) == 0.0, weight[known])
    return f"{short(one.low)} to {short(one.high)}", share_words(within)


def _headlines(found: Calibrated) -> str:
    """One row a quantity."""
    head = (
        "outcome or account",
        "coordination wins in",
        "no difference in",
        "median difference (nine tenths of the set)",
    )
    note = (
        "Each member is a set of parameters that the patterns do not rule out, and counts by how well it fits; both "
        "arms "
        f"run in it ({markdown(found.where)}) paired on common random numbers, and the sign is that of the mean over "
        "replicates, so that a share near one half may be chance."
    )
    return f"{note}\n\n{markdown_table(head, rows_of(found.over))}"


def _how(found: Calibrated) -> str:
    """The rules, for a reviewer."""
    lines = [
        f"Fitted: the measures of {_patterns(found)} to which `seeds/matching.toml` gives a discrepancy. Patterns "
        f"marked for checking {CHOSE_NO_VALUE} (`seeds/matching.toml`). None of them ruled a point out, weighed a "
        "member or ended the waves.",
        "Implausibility: the distance outside the range over the square root of three variances: of the emulator, of "
        "chance (between seeds), and of the model's discrepancy, which seeds/matching.toml gives for every measure "
        "with its reason. Every value inside a range fits equally well.",
        "Emulators: one a measure, a regression on the inputs that it answers to and a Gaussian process of what is "
        "left "
        "over, the variance raised where points left out lie further away than promised. A measure that does not exist "
        "at a point says nothing there.",
        "What is left is found by subset simulation, and every wave's points are drawn evenly in it, each run on a "
        "seed of its own: they test the waves before.",
        "Members are fresh points of what is left, all of them, whatever they show; weights are exp(−½ × the sum over "
        "patterns of the mean square of their measures' implausibility).",
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


def _left(share: float) -> str:
    """The share of the space left, which in many dimensions is told by its power of ten."""
    return f"{100 * share:.3g} %"


def _patterns(found: Calibrated) -> str:
    return listed([pattern.key for pattern in found.patterns])
