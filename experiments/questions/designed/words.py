"""What a design of one's own found, in sentences and tables."""

from __future__ import annotations

from experiments.analysis.intervals import Interval
from experiments.questions.designed.result import Designed, main_quantity, main_value
from experiments.reporting.accounts import ACCOUNTS, HEADLINE, stored
from experiments.reporting.columns import places_of
from experiments.reporting.numbers import amount, decimals_for, listed, number
from experiments.reporting.quantity import Quantity, quantities_of
from experiments.reporting.tables import markdown_table

MOST_POINTS = 50


def title(designed: Designed) -> str:
    """For the summary's heading."""
    return f"{designed.results.made.stages[''].runs:,} runs of a design"


def said(designed: Designed) -> list[str]:
    """What was run, and the headline."""
    return [f"{_what(designed)} {_main(designed)}"]


def sections(designed: Designed) -> list[str]:
    """The rest of the summary."""
    parts = ["## At the end (mean of the last year)", _over(designed), _levels(designed)]
    if designed.results.focus is not None:
        parts += [f"## Present value, {_minus(designed)}", _over(designed), _accounts(designed)]
    if 1 < designed.points <= MOST_POINTS:
        quantity = main_quantity(designed)
        parts += [f"## Point by point: {quantity.label} ({_unit(designed, quantity)})", _points(designed)]
    foot = "Means with 95 % t intervals over replicates; **bold** where the interval of a difference excludes zero."
    return [*parts, foot]


def _what(designed: Designed) -> str:
    results = designed.results
    varied = [f"{name} ({results.setting(name).words})" for name in results.varied]
    over = f"{designed.points:,} points that vary {listed(varied)}" if varied else "arms alone"
    replicates, arms = results.made.replicates, len(results.arms)
    return (
        f"A design of {over}: {replicates} replicate{'s' * (replicates > 1)} in "
        f"{'each of ' * (arms > 1)}{arms} arm{'s' * (arms > 1)} ({', '.join(results.arms)})."
    )


def _main(designed: Designed) -> str:
    quantity, value = main_quantity(designed), main_value(designed)
    over = "on average over all points" if designed.points > 1 else ""
    if designed.results.focus is None:
        told = (
            f"{over + ', ' if over else ''}{quantity.label} at the end is {amount(value, quantity.unit).lstrip('+')}."
        )
        return told[:1].upper() + told[1:]
    told = HEADLINE.sentence(value.scaled(1e3 * designed.results.made.flats))
    start = f"{_minus(designed).capitalize()}, present value{' ' * bool(over)}{over}: "
    return start + told[:1].lower() + told[1:]


def _minus(designed: Designed) -> str:
    return f"{designed.results.focus} minus {designed.results.baseline}"


def _over(designed: Designed) -> str:
    return f"Means over all {designed.points:,} points." if designed.points > 1 else "Means over replicates."


def _unit(designed: Designed, quantity: Quantity) -> str:
    return quantity.unit if designed.results.focus is None else f"{quantity.unit}, {_minus(designed)}"


def _levels(designed: Designed) -> str:
    """Headline outcomes in all arms, and what the focus adds to the baseline; units differ from row to row, and so does
    precision."""
    results = designed.results
    pairs = [] if results.focus is None else [f"{results.focus} − {results.baseline}"]
    rows = []
    for quantity in designed.outcomes:
        levels = [designed.level(quantity, arm) for arm in results.arms]
        differences = [designed.difference(quantity) for _ in pairs]
        sizes = [one.half for one in differences or levels if one.half] or [abs(one.mean) / 100 for one in levels]
        places = decimals_for(max(sizes))
        unit = f" ({quantity.unit})" if quantity.unit else ""
        cells = [_plus_minus(one, places) for one in levels]
        rows.append([quantity.title + unit, *cells, *(_plus_minus(one, places, True) for one in differences)])
    return markdown_table(["Outcome", *results.arms, *pairs], rows)


def _plus_minus(value: Interval, places: int, difference: bool = False) -> str:
    reach = f" ± {number((value.high - value.low) / 2, places)}" if value.known else ""
    text = number(value.mean, places, signed=difference) + reach
    return f"**{text}**" if difference and value.distinguishable else text


def _accounts(designed: Designed) -> str:
    names = [account.name for account in stored(ACCOUNTS, designed.results.runs.columns)]
    quantities = quantities_of(names, designed.results.made.flats)
    found = [designed.difference(quantity) for quantity in quantities]
    places = places_of(found)
    rows = []
    for quantity, value in zip(quantities, found, strict=True):
        text = number(value.mean, places, signed=True)
        bounds = f"{number(value.low, places)} to {number(value.high, places)}" if value.known else "–"
        rows.append([quantity.label, f"**{text}**" if value.distinguishable else text, bounds])
    return markdown_table(["Budget or account", quantities[0].unit, "95 % interval"], rows)


def _points(designed: Designed) -> str:
    results, quantity = designed.results, main_quantity(designed)
    values = (
        designed.levels(quantity, results.baseline)
        if results.focus is None
        else results.pairs(quantity.of(results.runs)).intervals()
    )
    places = places_of(values)
    rows = []
    for settings, value in zip(results.points.to_dict("records"), values, strict=True):
        text = number(value.mean, places, signed=results.focus is not None)
        bounds = f"{number(value.low, places)} to {number(value.high, places)}" if value.known else "–"
        bold = results.focus is not None and value.distinguishable
        rows.append([*(_setting(one) for one in settings.values()), f"**{text}**" if bold else text, bounds])
    return markdown_table([*results.varied, "mean", "95 % interval"], rows, left=len(results.varied))


def _setting(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
