"""What a factorial found, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from experiments.analysis.intervals import Interval
from experiments.engine.precision import WIDTH, precision_of
from experiments.questions.factorial.result import SHARES, Factorial, Shares
from experiments.reporting.columns import bounds_cell, mean_cell, places_of
from experiments.reporting.numbers import listed, number, practice_words
from experiments.reporting.tables import markdown_table

MAIN = 2
PAIRS = 5
NO_INTERVALS = "One replicate gives no intervals: nothing can be said of how sure these numbers are."


def title(found: Factorial) -> str:
    """For the summary's heading."""
    return "which practice carries the gain"


def said(found: Factorial) -> list[str]:
    """The question answered for the first quantities."""
    names = names_of(found)
    lines = [f"{_answered(shares, names)} {_best(shares, names)}" for shares in found.shares[:MAIN]]
    return lines if found.shares[0].known else [f"**{NO_INTERVALS}**", *lines]


def names_of(found: Factorial) -> list[str]:
    """The practices for a reader."""
    return [practice_words(name) for name in found.practices]


def sections(found: Factorial) -> list[str]:
    """The rest of the summary."""
    names, first = names_of(found), found.shares[0]
    parts = [
        f"All {2 ** len(names)} combinations of {len(names)} practices, with {found.partners} partners; "
        f"{found.results.made.replicates} replicate{'s' * (found.results.made.replicates != 1)} of each.",
        *_left_out(found),
        precision_of(first.total, WIDTH).words(f"what all practices do to {first.quantity.label}"),
    ]
    if found.accounts:
        unit = found.accounts[0].quantity.unit_of_difference
        parts += [f"## What each practice adds to every account ({unit}, present value)"]
        parts += [_table(found.accounts, names, with_unit=False)]
    if found.outcomes:
        parts += ["## What each practice changes in every outcome (mean of the last year, unless named otherwise)"]
        parts += [_table(found.outcomes, names, with_unit=True)]
    parts.append(
        "Shapley values: what a practice adds on average over all orders of taking practices up; a row adds up to what "
        f"all do together. {_bold(first.known)}"
    )
    for shares in found.shares[:MAIN]:
        parts += [f"## {shares.quantity.title}: first, last and together", _first_last(shares, names)]
        parts += [_pairs(shares, names), _order(shares, names)]
    return parts


def _bold(known: bool) -> str:
    if not known:
        return f"{NO_INTERVALS} The numbers are in {SHARES}."
    return (
        f"**Bold** where the 95 % bootstrap interval excludes zero; all intervals are in {SHARES}. Of twenty values "
        "that are nothing, one is bold by chance."
    )


def _left_out(found: Factorial) -> list[str]:
    """Sharing out needs every combination: which replicates and quantities that costs."""
    replicates = found.results.made.replicates
    short_of = [shares for shares in found.shares if shares.total.count < replicates]
    lines = []
    if short_of:
        which = "; ".join(f"{one.quantity.label} {one.total.count} of {replicates}" for one in short_of)
        lines.append(
            "Sharing out needs every combination, so that a replicate is left out in which one of them has no value. "
            f"Replicates that are used: {which}."
        )
    if found.left_out:
        which = "; ".join(quantity.label for quantity in found.left_out)
        lines.append(f"Not shared out, as no replicate has a value in every combination: {which}.")
    return lines


def _answered(shares: Shares, names: Sequence[str]) -> str:
    """What all do together, with the unit of all numbers that follow; then who raises it, lowers it, or neither."""
    named = sorted(zip(names, shares.share, strict=True), key=lambda entry: -entry[1].mean)
    places, total = places_of(shares.share), bounds_cell(shares.total, places_of([shares.total]))
    unit = f", {shares.quantity.unit_of_difference}" * bool(shares.quantity.unit_of_difference)
    start = f"**{shares.quantity.title}{unit}.** All practices together: {total}{_covers(shares.total)}."
    if not shares.known:
        return f"{start} Practice by practice: {_each(named, places)}."
    up = [entry for entry in named if entry[1].distinguishable and entry[1].mean > 0]
    down = [entry for entry in named if entry[1].distinguishable and entry[1].mean < 0]
    unsure = [entry for entry in named if not entry[1].distinguishable]
    text = [
        start,
        f"Raised by {_each(up, places)}." if up else _none("raises"),
        f"Lowered by {_each(down[::-1], places)}." if down else _none("lowers"),
    ]
    if unsure:
        text.append(f"Not statistically distinguishable from zero: {_each(unsure, places)}.")
    return " ".join(text)


def _each(entries: Iterable[tuple[str, Interval]], places: int) -> str:
    return listed([f"{name} {bounds_cell(value, places)}" for name, value in entries])


def _none(verb: str) -> str:
    return f"No practice {verb} it by an amount that is statistically distinguishable from zero."


def _covers(value: Interval) -> str:
    unsure = value.known and not value.distinguishable
    return ", not statistically distinguishable from zero" if unsure else ""


def _best(shares: Shares, names: Sequence[str]) -> str:
    """Which practice alone, which two, and which set does best, by the means of all combinations."""
    told, decimals = [], places_of([shares.total])
    for words, size in (("one practice alone", 1), ("two", 2), ("any number", None)):
        places, value = shares.best(size)
        which = listed([names[place] for place in places]) or "none of them"
        told.append(f"{words}: {which} ({number(value, decimals, signed=True)})")
    best = "Best" if shares.quantity.better else "Highest"
    return f"{best}{' on average' * shares.known} with {'; '.join(told)}."


def _table(found: Sequence[Shares], names: Sequence[str], with_unit: bool) -> str:
    """A row a quantity. Where all have one unit they have one precision; else each row has its own."""
    rows = []
    for shares in found:
        alike = [shares] if with_unit else found
        places = places_of(value for one in alike for value in (*one.share, one.total))
        unit = f" ({shares.quantity.unit_of_difference})" if with_unit and shares.quantity.unit_of_difference else ""
        cells = [mean_cell(value, places) for value in (*shares.share, shares.total)]
        rows.append([f"{shares.quantity.title}{unit}", *cells])
    return markdown_table(["", *names, "all together"], rows)


def _first_last(shares: Shares, names: Sequence[str]) -> str:
    columns = (shares.share, shares.first, shares.last)
    cells = [[bounds_cell(value, places_of(column)) for value in column] for column in columns]
    rows = [list(row) for row in zip(names, *cells, strict=True)]
    unit = shares.quantity.unit_of_difference
    headers = [f"Practice ({unit})" if unit else "Practice", "Shapley value", "added first, alone"]
    return markdown_table([*headers, "added last, to all others"], rows)


def _pairs(shares: Shares, names: Sequence[str]) -> str:
    unit, count = shares.quantity.unit_of_difference, len(names)
    pairs = [(shares.pairs[i][j], i, j) for i in range(count) for j in range(i)]
    shown = [(value, i, j) for value, i, j in pairs if value is not None and (value.distinguishable or not value.known)]
    shown.sort(key=lambda entry: -abs(entry[0].mean))
    if not shown:
        return (
            "No pair of practices adds more or less together than apart by an amount that is statistically "
            "distinguishable from zero."
        )
    places = places_of(value for value, _, _ in shown[:PAIRS])
    told = [f"{names[j]} with {names[i]} {bounds_cell(value, places)}" for value, i, j in shown[:PAIRS]]
    more = len(shown) - PAIRS
    rest = f", and {more} more pair{'s' * (more > 1)}" if more > 0 else ""
    of = f", {unit}" * bool(unit)
    return f"Together more (+) or less (−) than apart{of}: {'; '.join(told)}{rest}. See figures/interactions.png."


def _order(shares: Shares, names: Sequence[str]) -> str:
    unit, reached = shares.quantity.unit_of_difference, [shares.sign * value for value in shares.order.path[1:]]
    places = places_of([shares.total])
    steps = [
        f"{names[player]} ({number(value, places, signed=True)})"
        for player, value in zip(shares.order.players, reached, strict=True)
    ]
    best = "Best order of adoption" if shares.quantity.better else "Order of adoption that raises it soonest"
    what = f"what is reached after each step{f' ({unit})' * bool(unit)}"
    return f"{best}, with {what}: {', then '.join(steps)}."
