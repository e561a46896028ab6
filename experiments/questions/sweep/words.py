"""What a sweep found, in sentences and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from experiments.analysis.frontier import pays_words, share_positive
from experiments.analysis.intervals import Interval, interval
from experiments.engine.precision import WIDTH, precision_of
from experiments.questions.sweep.result import Axis, Swept
from experiments.reporting.finding import Verdict
from experiments.reporting.names import drawn_label, treatment
from experiments.reporting.numbers import amount, listed, percent, short
from experiments.reporting.quantity import Quantity
from experiments.reporting.tables import markdown_table

MAIN = 2


def title(swept: Swept) -> str:
    """For the summary's heading."""
    return f"where {treatment(swept.results)} starts to pay, by {' and '.join(axis.name for axis in swept.axes)}"


def said(swept: Swept) -> list[str]:
    """The question answered for the first quantities."""
    return [_told(swept, quantity) for quantity in swept.quantities[:MAIN]]


def sections(swept: Swept) -> list[str]:
    """The rest of the summary."""
    what = listed([_axis_words(swept, axis) for axis in swept.axes])
    points = int(np.prod([len(axis.values) for axis in swept.axes]))
    parts = [_told(swept, quantity) for quantity in swept.quantities[MAIN:]]
    parts += [
        _how_sure(swept),
        f"{points} points over {what}; {swept.results.made.replicates} replicates in each of {len(swept.arms)} arms "
        f"({', '.join(swept.arms)}).",
        *_outside(swept),
        f"## The difference {swept.on} − {swept.off} at every point",
    ]
    parts += [_line_table(swept)] if len(swept.axes) == 1 else [_grid_table(swept, q) for q in swept.quantities]
    return [*parts, "Means with 95 % t intervals over replicates; **bold** where the interval excludes zero."]


def _told(swept: Swept, quantity: Quantity) -> str:
    return (_along if len(swept.axes) == 1 else _frontier)(swept, quantity)


def over(swept: Swept) -> str:
    """What is found over the whole range in the first quantity, as a figure's title."""
    quantity, found = swept.quantities[0], swept.differences(swept.quantities[0])
    findings = [quantity.finding(value) for value in found]
    words = " and ".join(swept.results.setting(axis.name).words for axis in swept.axes)
    if len({(value.mean, value.low) for value in found}) == 1:
        return f"{findings[0].clause(quantity.about)}, whatever {words} is"
    count = Counter(one.verdict for one in findings)
    place = "points" if len(swept.axes) > 1 else "values"
    if len(count) == 1:
        return f"{quantity.title} {_does(quantity, findings[0].verdict)} at all {len(found)} {place} of {words}"
    parts = listed([f"{_does(quantity, verdict)} at {count[verdict]}" for verdict in Verdict if count[verdict]])
    return f"{quantity.title} {parts} of {len(found)} {place} of {words}"


def _does(quantity: Quantity, verdict: Verdict) -> str:
    """A verdict as what a quantity does: society gains, rent is better."""
    account = quantity.account
    if account is not None and verdict in (Verdict.BETTER, Verdict.WORSE):
        return account.verb(verdict is Verdict.BETTER)
    return f"is {verdict.value}"


def held(swept: Swept) -> str:
    """How much the arm compared changes over the range in the first quantity, as a figure's title."""
    quantity, words = swept.quantities[0], swept.results.setting(swept.axes[0].name).words
    samples = swept.samples(quantity, swept.on)
    change = quantity.finding(interval(samples[-1] - samples[0]))
    ends = f"from {swept.axes[0].told(swept.axes[0].values[0])} to {swept.axes[0].told(swept.axes[0].values[-1])}"
    name = drawn_label(swept.results, swept.on)
    if change.verdict in (Verdict.SAME, Verdict.NOTHING):
        return f"{name}: {quantity.about.inside} stays as it is, whatever {words} is"
    sure = f" ({change.verdict.value})" if not change.verdict.decided else ""
    return f"{name}: {quantity.about.inside} changes by {change.signed}{sure} as {words} goes {ends}"


def worth(quantity: Quantity, differences: Sequence[Interval]) -> list[float]:
    """Differences turned so that positive is better."""
    return [value.mean * (-1 if quantity.better < 0 else 1) for value in differences]


def _along(swept: Swept, quantity: Quantity) -> str:
    axis, found = swept.axes[0], swept.differences(quantity)
    unit = quantity.unit_of_difference
    if len({(value.mean, value.low) for value in found}) == 1:
        return f"**{quantity.title}.** {amount(found[0], unit)}, whatever {axis.name} is: no answer."
    ends = " to ".join(
        f"{amount(value, unit)} at {axis.name} {axis.told(at)}"
        for at, value in ((axis.values[0], found[0]), (axis.values[-1], found[-1]))
    )
    better = "is better" if quantity.better else "raises it"
    pays = pays_words(axis.values, worth(quantity, found), digits=axis.digits)
    return (
        f"**{quantity.title}.** {swept.on.capitalize()} minus {swept.off} goes from {ends}. On average "
        f"{treatment(swept.results)} {better} {pays}; {_sure(quantity, found)}."
    )


def _frontier(swept: Swept, quantity: Quantity) -> str:
    first, second = swept.axes
    found = swept.differences(quantity)
    grid = np.array(worth(quantity, found)).reshape(len(first.values), len(second.values))
    better = "is better" if quantity.better else "raises it"
    rows = [
        f"{pays_words(first.values, list(grid[:, place]), digits=first.digits)} at {second.name} "
        f"{second.told(second.values[place])}"
        for place in dict.fromkeys((0, len(second.values) // 2, len(second.values) - 1))
    ]
    best, worst = int(np.nanargmax(grid)), int(np.nanargmin(grid))
    return (
        f"**{quantity.title}.** On average {treatment(swept.results)} {better} on {percent(share_positive(grid))} of "
        f"the grid; {_sure(quantity, found)}. Along {first.name} it {better} {'; '.join(rows)}. Best at "
        f"{_point(swept, best)}: {amount(found[best], quantity.unit_of_difference)}; worst at {_point(swept, worst)}: "
        f"{amount(found[worst], quantity.unit_of_difference)}."
    )


def _sure(quantity: Quantity, found: Sequence[Interval]) -> str:
    sign = -1 if quantity.better < 0 else 1
    up = sum(value.distinguishable and value.mean * sign > 0 for value in found)
    down = sum(value.distinguishable and value.mean * sign < 0 for value in found)
    words = ("better", "worse") if quantity.better else ("higher", "lower")
    rest = len(found) - up - down
    unsure = f"{rest} not statistically distinguishable from zero"
    return f"of {len(found)} points {up} are {words[0]}, {down} {words[1]} and {unsure}"


def _point(swept: Swept, index: int) -> str:
    places = np.unravel_index(index, [len(axis.values) for axis in swept.axes])
    return ", ".join(
        f"{axis.name} {axis.told(axis.values[place])}" for axis, place in zip(swept.axes, places, strict=True)
    )


def _how_sure(swept: Swept) -> str:
    quantity = swept.quantities[0]
    found = swept.differences(quantity)
    middle = found[len(found) // 2]
    return f"At the middle point: {precision_of(middle, WIDTH).words(f'the difference in {quantity.label}')}"


def _axis_words(swept: Swept, axis: Axis) -> str:
    setting = swept.results.setting(axis.name)
    of = f"; {setting.unit}" if setting.unit else ""
    return f"{axis.name} ({setting.words}{of}) from {axis.told(axis.values[0])} to {axis.told(axis.values[-1])}"


def _outside(swept: Swept) -> list[str]:
    said = []
    for axis in swept.axes:
        plausible = swept.results.setting(axis.name).plausible
        if plausible is not None:
            low, high = plausible
            if axis.values[0] < low or axis.values[-1] > high:
                said.append(
                    f"The range of {axis.name} reaches beyond the plausible one, {short(low)} to {short(high)}."
                )
    return said


def _line_table(swept: Swept) -> str:
    axis = swept.axes[0]
    columns = [swept.differences(quantity) for quantity in swept.quantities]
    headers = [axis.name, *(f"{q.title} ({q.unit_of_difference})" for q in swept.quantities)]
    rows = [[axis.told(at), *(_cell(column[place]) for column in columns)] for place, at in enumerate(axis.values)]
    return markdown_table(headers, rows)


def _grid_table(swept: Swept, quantity: Quantity) -> str:
    first, second = swept.axes
    found = swept.differences(quantity)
    headers = [f"{first.name} \\ {second.name}", *(second.told(value) for value in second.values)]
    wide = len(second.values)
    rows = [
        [first.told(at), *(_cell(value, False) for value in found[place * wide : (place + 1) * wide])]
        for place, at in enumerate(first.values)
    ]
    return f"### {quantity.title} ({quantity.unit_of_difference})\n\n{markdown_table(headers, rows)}"


def _cell(value: Interval, bounds: bool = True) -> str:
    text = amount(value, "") if bounds else short(value.mean, True)
    return f"**{text}**" if value.distinguishable else text
