"""Who pays, who gains: society first, then whoever gains or pays, a row each."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from experiments.engine.results import Results
from experiments.questions.compare.findings import PERSONS, AccountRow, account_rows, bearers
from experiments.reporting.accounts import HEADLINE, REST, UNIT, Account
from experiments.reporting.columns import places_of
from experiments.reporting.finding import INK, Verdict, key
from experiments.reporting.names import drawn_label
from experiments.reporting.numbers import percent
from experiments.reporting.rows import Told, draw_rows, height_of
from experiments.reporting.style import head, new_figure, years_words
from experiments.reporting.titles import who_gains

NOTES = {
    HEADLINE.name: "persons, owners, builders, public budgets",
    PERSONS.name: "money, homes, calm and time",
    REST.name: "outside society: employers, suppliers, banks",
}


def draw_who_gains(results: Results, on: str, off: str) -> Figure:
    """A row each: society, those who may gain or pay, and the rest of the world; their difference with its interval."""
    rows = account_rows(results, on, off)
    society = [row for row in rows if row.account is HEADLINE]
    asked, rest = bearers(rows), [row for row in rows if row.account.name == REST.name]
    flats = results.made.flats
    places = places_of([row.finding(flats).value for row in (*society, *asked, *rest)])
    told = [_told(row, flats, places, row is asked[0] or row in rest) for row in (*society, *asked, *rest)]
    figure = new_figure(height_of(told) + 0.5)
    treated, control = drawn_label(results, on), drawn_label(results, off).lower()
    note = (
        f"{treated} minus {control} over {years_words(results)}, present value at "
        f"{percent(results.made.discount_rate, 1)} real a year, SEK of 2011. Marks: mean; lines: 95 % intervals over "
        f"replicates; {key(one.finding.verdict for one in told)}."
    )
    head(figure, who_gains_title(results, on, off, rows), results, note)
    axes = figure.subplots()
    draw_rows(axes, told)
    axes.locator_params(axis="x", nbins=6)
    axes.set_xlabel(f"{UNIT}; to the left loses, to the right gains", color=INK)
    return figure


def who_gains_title(results: Results, on: str, off: str, rows: Sequence[AccountRow]) -> str:
    """What society gains, and who else gains, loses or stays undecided."""
    society = next((row for row in rows if row.account is HEADLINE), None)
    told = society.finding(results.made.flats).clause(HEADLINE.about) if society else "Society is not told"
    if society and society.verdict in (Verdict.ALONE, Verdict.SAME, Verdict.NOTHING):
        return told
    return who_gains(told, [(_name(row.account), row.verdict) for row in bearers(rows)])


def _name(account: Account) -> str:
    """Within a sentence: persons, the state, housing companies."""
    return "persons" if account.name == PERSONS.name else account.about.inside.rstrip(",")


def _told(row: AccountRow, flats: int, places: int, begins: bool) -> Told:
    account = row.account
    name = _name(account).removeprefix("the ")
    own = "cash and buildings in the end"
    note = NOTES.get(account.name, own if account.kind == "closing" else "cash")
    first = account is HEADLINE
    return Told(name[:1].upper() + name[1:], note, row.finding(flats), strong=first, begins=begins, places=places)
