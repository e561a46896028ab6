"""What the sensitivity analysis found, in sentences and tables."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

from experiments.questions.question import Question, finish, setting_words, short
from experiments.reporting.numbers import listed
from experiments.reporting.tables import markdown_table

if TYPE_CHECKING:
    from experiments.analysis.sobol import Effect, Index
    from experiments.engine.experiment import Experiment
    from experiments.questions.sensitivity.command import Response

LISTED = 15
NAMED = 3
LOOSE = 0.1


def answer(found: Sequence[Response]) -> list[str]:
    """The question answered, quantity by quantity."""
    return [_answered(response) for response in found]


def sections(
    question: Question, experiment: Experiment, found: Sequence[Response], screened: int, trajectories: int
) -> None:
    """Write summary.md."""
    parts = [
        f"What does the gain of coordination depend on? {screened} uncertain parameters over their plausible ranges, "
        "and the paired difference coordinated less siloed.",
        "## In short",
        *answer(found),
    ]
    for response in found:
        parts += [f"## {response.quantity.title}", *_tables(response)]
    parts += [
        "## How to read it",
        f"Effect (Morris, {trajectories} ways through): how much the difference changes on average, up or down, when "
        "the parameter alone moves over its whole plausible range, wherever the others are. Half of the parameters "
        "have effects below the median: what chance paths of a run make of any small change lies there, and an effect "
        "whose interval reaches down to it cannot be told from that. Sobol': the share of the variance of the "
        "difference, among the parameters of the second stage, that comes from the parameter alone (first) and with "
        "all its interactions (total). Both are taken in the same random-number world"
        f"{'s' if question.replicates > 1 else ''}.",
    ]
    finish(question, experiment, [f"{question.title}: what the gain of coordination depends on"], parts)


def _answered(response: Response) -> str:
    unit, label = response.quantity.unit_of_difference, response.quantity.title
    effects = [f"{_named(effect.name)} {_effect(effect, unit)}" for effect in response.effects[:NAMED]]
    text = [f"**{label}.** The difference moves most with {listed(effects)}."]
    if not response.final or not any(index.total for index in response.final):
        return " ".join([*text, "Over the points of the second stage it does not vary."])
    shares = [f"{index.name} {_share(index.total, index.total_half)}" for index in response.final[:NAMED]]
    alone = sum(max(0.0, index.first) for index in response.final)
    text.append(
        f"Over the plausible ranges of the {len(response.final)} strongest it averages "
        f"{short(response.mean, True)} {unit} "
        f"with a standard deviation of {short(response.spread)}; largest shares of that variance, interactions "
        f"included: {listed(shares)}. Each by itself, they explain {min(alone, 1):.0%} of it."
    )
    return " ".join([*text, _converged(response)])


def _converged(response: Response) -> str:
    if len(response.indices) < 2:
        return ""
    half, full = (response.indices[size] for size in sorted(response.indices)[-2:])
    before = {index.name: index.total for index in half}
    moved = max(abs(index.total - before[index.name]) for index in full)
    settled = moved <= LOOSE and full[0].name == half[0].name
    verdict = "they have settled" if settled else "they have not settled: more --base would move them"
    widest = max(index.total_half for index in full)
    return (
        f"From half of the sample to all, totals move by at most {moved:.2f} (widest interval ±{widest:.2f}): "
        f"{verdict}."
    )


def _tables(response: Response) -> list[str]:
    unit = response.quantity.unit_of_difference
    floor = median(effect.size for effect in response.effects)
    rows = []
    for effect in response.effects[:LISTED]:
        words, of = setting_words(effect.name)
        told = "–" if effect.half != effect.half else "yes" if effect.size - effect.half > floor else "no"
        rows.append([words, effect.name, of, _effect(effect, ""), short(effect.mean, True), short(effect.spread), told])
    headers = ["Parameter", "name", "its unit", f"effect ({unit})", "with sign", "spread", "above the median effect"]
    screening = markdown_table(headers, rows)
    said = f"Median effect of {len(response.effects)} parameters: {short(floor)} {unit}."
    columns = ["Parameter", *(f"total, {size} base points" for size in response.indices), "first"]
    return [screening, said, markdown_table(columns, [_row(response, index) for index in response.final])]


def _row(response: Response, final: Index) -> list[str]:
    cells = []
    for indices in response.indices.values():
        index = next(one for one in indices if one.name == final.name)
        cells.append(_share(index.total, index.total_half))
    return [final.name, *cells, _share(final.first, final.first_half)]


def _share(value: float, half: float) -> str:
    return f"{value:.2f} ± {half:.2f}" if half == half else f"{value:.2f}"


def _effect(effect: Effect, unit: str) -> str:
    half = "" if effect.half != effect.half else f" ± {short(effect.half)}"
    return f"{short(effect.size)}{half} {unit}".rstrip()


def _named(name: str) -> str:
    return f'"{setting_words(name)[0]}" ({name})'
