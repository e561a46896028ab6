"""What the factorial found, in sentences and tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.design.options import WIDTH
from experiments.engine.precision import precision_of
from experiments.questions.question import Question, amount, finish, short
from experiments.reporting.numbers import listed
from experiments.reporting.tables import markdown_table

if TYPE_CHECKING:
    from experiments.analysis.intervals import Interval
    from experiments.engine.experiment import Experiment
    from experiments.questions.factorial.command import Shares

MAIN = 2


def plain(practice: str) -> str:
    """A practice's name for a reader."""
    return practice.replace("_", " ")


def answer(found: Sequence[Shares], players: Sequence[str]) -> list[str]:
    """The question answered for the first quantities."""
    return [part for shares in found[:MAIN] for part in _answered(shares, players)]


def sections(
    question: Question, experiment: Experiment, found: Sequence[Shares], players: Sequence[str], partners: str
) -> None:
    """Write summary.md."""
    money = [s for s in found if s.quantity.name.startswith("npv_")]
    others = [s for s in found if not s.quantity.name.startswith("npv_")]
    parts = [
        f"Which practice carries the gain? All {2 ** len(players)} combinations of {len(players)} practices, "
        f"{found[0].total.count} replicates, {partners} partners.",
        "## In short",
        *answer(found, players),
        _how_sure(found[0]),
    ]
    if money:
        unit = money[0].quantity.unit_of_difference
        parts += [f"## What each practice carries, by purse ({unit}, present value)", _table(money, players)]
    if others:
        parts += ["## What each practice carries, by outcome (mean of the last year)", _table(others, players)]
    parts.append(
        "Shapley values: what a practice adds on average over all orders of taking practices up; a row adds up to "
        "the total. **Bold** where the 95 % bootstrap interval leaves zero out; all intervals are in shapley.csv. "
        "Of twenty values that are nothing, one is bold by chance."
    )
    for shares in found[:MAIN]:
        parts += [f"## {shares.quantity.title}: first, last and together", _first_last(shares, players)]
        parts += [_pairs(shares, players), _order(shares, players)]
    finish(question, experiment, [f"{question.title}: which practice carries the gain"], parts)


def _answered(shares: Shares, players: Sequence[str]) -> list[str]:
    unit = shares.quantity.unit_of_difference
    named = sorted(zip(players, shares.share, strict=True), key=lambda entry: -entry[1].mean)
    up = [f"{plain(name)} {amount(value, unit)}" for name, value in named if value.distinguishable and value.mean > 0]
    down = [f"{plain(name)} {amount(value, unit)}" for name, value in named if value.distinguishable and value.mean < 0]
    open_ = [f"{plain(name)} {amount(value, unit)}" for name, value in named if not value.distinguishable]
    text = [
        f"**{shares.quantity.title}.** All practices together: {amount(shares.total, unit)}{_covers(shares.total)}."
    ]
    text.append(f"Raised by {listed(up)}." if up else "No practice raises it distinguishably.")
    text.append(f"Lowered by {listed(down[::-1])}." if down else "No practice lowers it distinguishably.")
    if open_:
        text.append(f"The interval covers zero, so nothing can be said of: {listed(open_)}.")
    return [" ".join(text), _best(shares, players)]


def _covers(value: Interval) -> str:
    return ", an interval that covers zero" if value.known and not value.distinguishable else ""


def _best(shares: Shares, players: Sequence[str]) -> str:
    """Which practice alone, which two, and which set does best, by the means of all combinations."""
    sign, unit = (-1 if shares.quantity.better < 0 else 1), shares.quantity.unit_of_difference

    def top(size: int | None) -> tuple[str, float]:
        masks = [m for m in range(len(shares.means)) if size is None or m.bit_count() == size]
        mask = max(masks, key=lambda m: sign * float(shares.means[m]))
        names = [plain(name) for bit, name in enumerate(players) if mask >> bit & 1]
        return listed(names) or "none of them", float(shares.means[mask])

    said = [f"{words}: {name} ({short(value, True)} {unit})" for words, (name, value) in _kinds(top)]
    return f"By the means, {shares.quantity.label} does best with " + "; ".join(said) + "."


def _kinds(top: object) -> list[tuple[str, tuple[str, float]]]:
    assert callable(top)
    return [("one practice alone", top(1)), ("two", top(2)), ("any number", top(None))]


def _how_sure(shares: Shares) -> str:
    return precision_of(shares.total, WIDTH).words(f"what all practices do to {shares.quantity.label}")


def _table(found: Sequence[Shares], players: Sequence[str]) -> str:
    rows = []
    for shares in found:
        unit = shares.quantity.unit_of_difference
        name = shares.quantity.title + ("" if shares.quantity.name.startswith("npv_") else f" ({unit})")
        rows.append([name, *(_cell(value) for value in (*shares.share, shares.total))])
    return markdown_table(["", *(plain(name) for name in players), "all together"], rows)


def _cell(value: Interval) -> str:
    text = short(value.mean, True)
    return f"**{text}**" if value.distinguishable else text


def _first_last(shares: Shares, players: Sequence[str]) -> str:
    unit = shares.quantity.unit_of_difference
    rows = [
        [plain(name), *(amount(value, "") for value in (share, alone, final))]
        for name, share, alone, final in zip(players, shares.share, shares.first, shares.last, strict=True)
    ]
    return markdown_table([f"Practice ({unit})", "Shapley value", "added first, alone", "added last, to all"], rows)


def _pairs(shares: Shares, players: Sequence[str]) -> str:
    unit, n = shares.quantity.unit_of_difference, len(players)
    pairs = [(shares.pairs[i][j], i, j) for i in range(n) for j in range(i)]
    sure = sorted(
        ((value, i, j) for value, i, j in pairs if value is not None and value.distinguishable),
        key=lambda entry: -abs(entry[0].mean),
    )
    if not sure:
        return "No pair of practices is distinguishably worth more or less together than apart."
    said = [f"{plain(players[j])} with {plain(players[i])} {amount(value, unit)}" for value, i, j in sure[:5]]
    rest = f", and {len(sure) - 5} more pairs" if len(sure) > 5 else ""
    return f"Together more (+) or less (-) than apart: {'; '.join(said)}{rest}. See figures/interactions.png."


def _order(shares: Shares, players: Sequence[str]) -> str:
    sign = -1 if shares.quantity.better < 0 else 1
    names = [plain(players[player]) for player in shares.order.players]
    steps = [f"{name} ({short(sign * value, True)})" for name, value in zip(names, shares.order.path[1:], strict=True)]
    unit = shares.quantity.unit_of_difference
    return f"Best order of adoption, with what is reached after each step ({unit}): {', then '.join(steps)}."
