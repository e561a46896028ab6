"""Who gets what: rents, homes, work and caused moves by income third and household type, one arm minus the other."""

from __future__ import annotations

from experiments.analysis.intervals import Interval
from experiments.engine.results import Results
from experiments.reporting.columns import mean_cell, places_of
from experiments.reporting.quantity import Quantity, quantity_of
from experiments.reporting.tables import markdown_table
from sim import OUTCOMES

WHO = {
    "low": "lowest income third",
    "middle": "middle income third",
    "high": "highest income third",
    "single": "one person",
    "pair": "two persons",
    "family": "three persons and more",
}
# Of the last year, but moves, which happen while something is built.
WHAT = {
    "rent_burden": "rent burden",
    "home_worth": "home beyond its rent",
    "work_years": "years of work since the start",
    "mean_displaced": "moves caused",
}


def whom_section(results: Results, off: str, on: str) -> list[str]:
    """A row a group; nothing where results were made before these were recorded."""
    if not all(f"rent_burden_{who}" in results.runs for who in WHO):
        return []
    columns = [_column(results, what, off, on) for what in WHAT]
    headers = [f"{words} ({unit})" for words, (unit, _) in zip(WHAT.values(), columns, strict=True)]
    rows = [[words, *(cells[i] for _, cells in columns)] for i, words in enumerate(WHO.values())]
    people = next(one.meaning for one in OUTCOMES if one.name == "work_years_low").partition(":")[0]
    text = (
        f"{on[:1].upper()}{on[1:]} minus {off}. The third is that of the income with which a household came, kept for "
        "life. Home beyond "
        "its rent: what it is worth to those who live there, minus the rent that they pay for what was renovated. "
        f"Years of work: {people}. Moves caused: households a quarter, mean over all years. **Bold** where the 95 % "
        "interval excludes zero."
    )
    return ["## Who gets what", text, markdown_table(["Households", *headers], rows)]


def _column(results: Results, what: str, off: str, on: str) -> tuple[str, list[str]]:
    """A measure's unit, and its difference for each group."""
    quantities = [quantity_of(f"{what}_{who}", results.made.flats) for who in WHO]
    values = [_difference(results, quantity, off, on) for quantity in quantities]
    places = places_of(values)
    return quantities[0].unit_of_difference, [mean_cell(value, places) for value in values]


def _difference(results: Results, quantity: Quantity, off: str, on: str) -> Interval:
    return results.pairs(quantity.of(results.runs), on, off).intervals()[0]
