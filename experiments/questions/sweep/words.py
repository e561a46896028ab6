"""What a sweep found, in sentences and tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.frontier import pays_words, share_positive
from experiments.design.options import WIDTH
from experiments.engine.precision import precision_of
from experiments.questions.question import Question, amount, finish, setting_words, short
from experiments.reporting.numbers import listed
from experiments.reporting.tables import markdown_table

if TYPE_CHECKING:
    from experiments.analysis.paired import Interval
    from experiments.engine.experiment import Experiment
    from experiments.questions.sweep.command import Axis, Swept
    from experiments.reporting.quantity import Quantity

MAIN = 2


def answer(swept: Swept) -> list[str]:
    """The question answered for the first quantities."""
    said = _along if len(swept.axes) == 1 else _frontier
    return [said(swept, quantity) for quantity in swept.quantities[:MAIN]]


def sections(question: Question, experiment: Experiment, swept: Swept) -> None:
    """Write summary.md."""
    what = listed([_axis_words(axis) for axis in swept.axes])
    points = int(np.prod([len(axis.values) for axis in swept.axes]))
    parts = [
        f"Where does coordination start to pay? {points} points over {what}; {question.replicates} replicates in each "
        f"of {len(swept.arms)} arms ({', '.join(swept.arms)}).",
        *_outside(swept),
        "## In short",
        *[(_along if len(swept.axes) == 1 else _frontier)(swept, quantity) for quantity in swept.quantities],
        _how_sure(swept),
        f"## The difference {swept.on} − siloed at every point",
    ]
    parts += [_line_table(swept)] if len(swept.axes) == 1 else [_grid_table(swept, q) for q in swept.quantities]
    parts.append("Means with 95 % t intervals over replicates; **bold** where the interval leaves zero out.")
    finish(question, experiment, [f"{question.title}: {' and '.join(a.name for a in swept.axes)}"], parts)


def worth(quantity: Quantity, differences: Sequence[Interval]) -> list[float]:
    """Differences turned so that positive is better."""
    return [value.mean * (-1 if quantity.better < 0 else 1) for value in differences]


def _along(swept: Swept, quantity: Quantity) -> str:
    axis, found = swept.axes[0], swept.differences(quantity)
    unit = quantity.unit_of_difference
    if len({(value.mean, value.low) for value in found}) == 1:
        return f"**{quantity.title}.** {amount(found[0], unit)}, whatever {axis.name} is: no answer."
    ends = " to ".join(
        f"{amount(value, unit)} at {axis.name} {short(at)}"
        for at, value in ((axis.values[0], found[0]), (axis.values[-1], found[-1]))
    )
    better = "is better" if quantity.better else "raises it"
    pays = pays_words(axis.values, worth(quantity, found))
    return (
        f"**{quantity.title}.** {swept.on.capitalize()} less siloed goes from {ends}. By the means coordination "
        f"{better} {pays}; "
        f"{_sure(quantity, found)}."
    )


def _frontier(swept: Swept, quantity: Quantity) -> str:
    first, second = swept.axes
    found = swept.differences(quantity)
    grid = np.array(worth(quantity, found)).reshape(len(first.values), len(second.values))
    better = "is better" if quantity.better else "raises it"
    rows = [
        f"{pays_words(first.values, list(grid[:, place]))} at {second.name} {short(second.values[place])}"
        for place in dict.fromkeys((0, len(second.values) // 2, len(second.values) - 1))
    ]
    best, worst = int(np.nanargmax(grid)), int(np.nanargmin(grid))
    return (
        f"**{quantity.title}.** By the means coordination {better} on {share_positive(grid):.0%} of the grid; "
        f"{_sure(quantity, found)}. Along {first.name} it {better} {'; '.join(rows)}. Best at {_point(swept, best)}: "
        f"{amount(found[best], quantity.unit_of_difference)}; worst at {_point(swept, worst)}: "
        f"{amount(found[worst], quantity.unit_of_difference)}."
    )


def _sure(quantity: Quantity, found: Sequence[Interval]) -> str:
    sign = -1 if quantity.better < 0 else 1
    up = sum(value.distinguishable and value.mean * sign > 0 for value in found)
    down = sum(value.distinguishable and value.mean * sign < 0 for value in found)
    words = ("better", "worse") if quantity.better else ("higher", "lower")
    rest = len(found) - up - down
    return f"of {len(found)} points {up} are distinguishably {words[0]}, {down} {words[1]} and {rest} neither"


def _point(swept: Swept, index: int) -> str:
    places = np.unravel_index(index, [len(axis.values) for axis in swept.axes])
    return ", ".join(f"{axis.name} {short(axis.values[place])}" for axis, place in zip(swept.axes, places, strict=True))


def _how_sure(swept: Swept) -> str:
    quantity = swept.quantities[0]
    found = swept.differences(quantity)
    middle = found[len(found) // 2]
    return f"At the middle point: {precision_of(middle, WIDTH).words(f'the difference in {quantity.label}')}"


def _axis_words(axis: Axis) -> str:
    words, unit = setting_words(axis.name)
    of = f"; {unit}" if unit else ""
    return f"{axis.name} ({words}{of}) from {short(axis.values[0])} to {short(axis.values[-1])}"


def _outside(swept: Swept) -> list[str]:
    from sim import load_parameters

    records = load_parameters().records
    said = []
    for axis in swept.axes:
        if axis.name in records:
            low, high = records[axis.name].plausible
            if axis.values[0] < low or axis.values[-1] > high:
                said.append(
                    f"The range of {axis.name} reaches beyond the plausible one, {short(low)} to {short(high)}."
                )
    return said


def _line_table(swept: Swept) -> str:
    axis = swept.axes[0]
    columns = [swept.differences(quantity) for quantity in swept.quantities]
    headers = [axis.name, *(f"{q.title} ({q.unit_of_difference})" for q in swept.quantities)]
    rows = [[short(at), *(_cell(column[place]) for column in columns)] for place, at in enumerate(axis.values)]
    return markdown_table(headers, rows)


def _grid_table(swept: Swept, quantity: Quantity) -> str:
    first, second = swept.axes
    found = swept.differences(quantity)
    headers = [f"{first.name} \\ {second.name}", *(short(value) for value in second.values)]
    wide = len(second.values)
    rows = [
        [short(at), *(_cell(value, False) for value in found[place * wide : (place + 1) * wide])]
        for place, at in enumerate(first.values)
    ]
    return f"### {quantity.title} ({quantity.unit_of_difference})\n\n{markdown_table(headers, rows)}"


def _cell(value: Interval, bounds: bool = True) -> str:
    text = amount(value, "") if bounds else short(value.mean, True)
    return f"**{text}**" if value.distinguishable else text
