"""How far each parameter has narrowed, in words: which remain unidentified, which go together, and the new default."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from experiments.questions.calibrate.matching.middle import IDENTIFIED, narrower, spans
from experiments.questions.calibrate.result import Calibrated
from experiments.reporting.numbers import short
from experiments.reporting.over_set import share_words
from experiments.reporting.tables import markdown_table

TOGETHER = 0.4  # rank correlation beyond which two parameters are told of


def parameters(found: Calibrated) -> str:
    """Ranges before and after, and what is proposed for default."""
    space, members, new = found.space, found.members, found.proposed
    by = narrower(members, space)
    rows = []
    for k, (name, one) in enumerate(zip(space.names, spans(members, space), strict=True)):
        setting = found.results.setting(name)
        ends = (
            f"{short(float(space.low[k]))} to {short(float(space.high[k]))}",
            f"{short(one.low)} to {short(one.high)}",
        )
        places = (one.mean, found.default(name))
        proposed = short(new[name]) if name in new else "–"
        rows.append((f"{setting.label}, `{name}`", *ends, share_words(float(by[k])), *map(short, places), proposed))
    head = ("parameter", "plausible", "nine tenths of the set", "narrower by", "median", "default", "new default")
    return f"{_unidentified(found, by)}\n\n{_middle(found)}\n\n{markdown_table(head, rows)}"


def _unidentified(found: Calibrated, by: np.ndarray) -> str:
    """Which parameters the patterns say next to nothing of, and which go together."""
    lines = [
        f"Not identified, of {found.space.size} parameters: {int((by < IDENTIFIED).sum())}. Nine tenths of the set "
        f"span more than {share_words(1.0 - IDENTIFIED)} of what nine tenths of the plausible range do."
    ]
    together = correlated(found)
    if together:
        pairs = "; ".join(f"`{a}` and `{b}` {short(rho, True)}" for a, b, rho in together)
        lines.append(f"Rank correlations beyond {TOGETHER:g} over the members, weighted by fit: {pairs}.")
    return " ".join(lines)


def _middle(found: Calibrated) -> str:
    """What is proposed for default, and whether it is itself not ruled out."""
    count = len(found.middle)
    said = found.waves.get("middle_implausibility")
    judged = ""
    if said is not None and np.isfinite(said).any():
        verb = "rules it out" if found.middle_ruled_out else "does not rule it out"
        last = short(float(said.iloc[-1]))
        judged = f" The last wave's emulators find it implausible to {last}; all waves together: {verb}."
    return (
        f"The set's middle: {count} parameter{'s' * (count != 1)} at the median, as the set narrows them or "
        "the answer hangs on them (the lasso over members, each counting alike); all others stay where their source "
        f"has them, as a random draw would be no better founded.{judged}"
    )


def correlated(found: Calibrated) -> list[tuple[str, str, float]]:
    """Pairs of parameters whose ranks go together over the members, each with its weight, the strongest first."""
    names = list(found.space.names)
    ranks = rankdata(found.members[names].to_numpy(np.float64), axis=0)
    spread = np.atleast_2d(np.cov(ranks, rowvar=False, aweights=found.members["weight"].to_numpy(np.float64)))
    with np.errstate(divide="ignore", invalid="ignore"):
        rho = spread / np.sqrt(np.outer(spread.diagonal(), spread.diagonal()))
    pairs = [(names[i], names[j], float(rho[i, j])) for i in range(len(names)) for j in range(i)]
    return sorted((pair for pair in pairs if abs(pair[2]) > TOGETHER), key=lambda pair: -abs(pair[2]))
