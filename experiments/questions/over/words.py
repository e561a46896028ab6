"""The verdict over the set, in words and tables."""

from __future__ import annotations

from experiments.questions.over import worth_words
from experiments.questions.over.observed import why_not
from experiments.questions.over.result import Distribution
from experiments.questions.over.sentences import ANEW, COPY, two_sentences, whole_share
from experiments.questions.over.turns import words as turns
from experiments.reporting.names import label, treatment
from experiments.reporting.numbers import decimals_for, number
from experiments.reporting.over_set import rows_of, share_words
from experiments.reporting.quantity import Quantity
from experiments.reporting.tables import fitted_table, markdown_table
from experiments.reporting.tracks import history

TERMINAL = 100
HEADERS = ("Account or outcome", "better in", "no difference in", "median (nine tenths of the set)", "default", "above")


def title(over: Distribution) -> str:
    """For the summary's heading."""
    on, off = (label(over.results, arm).lower() for arm in over.arms)
    return f"{on} against {off} over the set that the evidence leaves open"


def said(over: Distribution) -> list[str]:
    """The verdict in two sentences, where the default stands in it, and on how much the set agrees."""
    if over.verdict is None:
        return ["Nothing is known of any member of the set, as a run of every pair failed."]
    clear = sum(one.clear for one in over.found)
    return [
        f"**The verdict.** {two_sentences(over.verdict)}",
        _default(over),
        f"Nine tenths of the set agree on which is better in {clear} of {len(over.found)} accounts and outcomes.",
        *turns.turning(treatment(over.results), over.turns),
        *worth_words.sentences(over.worths)[:1],
    ]


def _default(over: Distribution) -> str:
    first = over.found[0].quantity
    rank = over.rank(first)
    if rank is None:
        return "Where the default parameters stand in the set is not known, as a run of them failed."
    return (
        f"The default parameters show {_number(over, first)} {first.unit_of_difference}, which lies above "
        f"{whole_share(rank)} of the set."
    )


def table(over: Distribution) -> str:
    """Every account and outcome, for the terminal."""
    on, off = over.arms
    return f"{on} minus {off}, over the set\n" + fitted_table(
        [HEADERS[0], HEADERS[1], *HEADERS[3:5]], [(*row[:2], *row[3:5]) for row in _rows(over)], TERMINAL
    )


def sections(over: Distribution) -> list[str]:
    """The rest of the summary."""
    on, off = (label(over.results, arm).lower() for arm in over.arms)
    note = (
        f"Difference of {on} and {off}: the weighted share of the set in which it is better and in which there is "
        "none, its median with the ends between which nine tenths of the set lie, what the default parameters show, "
        "and the share of the set that this lies above."
    )
    return [
        "## Every account and headline outcome",
        note,
        markdown_table(HEADERS, _rows(over)),
        *turns.section(treatment(over.results), over.turns),
        *worth_words.section(over.worths),
        *([] if over.history is None else history.section(over.history)),
        _how(over),
    ]


def _rows(over: Distribution) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one, cells in zip(over.found, rows_of(over.found), strict=True):
        rank = over.rank(one.quantity)
        rows.append((*cells, _number(over, one.quantity), "–" if rank is None else share_words(rank)))
    return rows


def _number(over: Distribution, quantity: Quantity) -> str:
    """The difference at the default parameters, with the decimals of the set."""
    value = next(one.over for one in over.found if one.quantity is quantity)
    default = over.default(quantity)
    return number(default, decimals_for((value.high - value.low) / 2 or default), signed=True)


def _how(over: Distribution) -> str:
    """What was run, and how it becomes what every comparison says first."""
    each = over.results.made.replicates
    lines = [
        f"{over.found[0].members:,} members of the set that history matching leaves (seeds/not_ruled_out.csv), and the "
        f"default parameters ({int(over.usual.sum())} times, of which the mean is told), {each} "
        f"replicate{'s' * (each != 1)} each. Members count by how well they fit what was "
        "observed.",
        "Every member, and the default, has random numbers of its own, on which both arms run: what chance does is in "
        "the distribution, which is so much wider than what parameters alone would make it, and moves no two members "
        "together. More replicates make that part smaller.",
        *([] if over.history is not None else [why_not(over.results.made)]),
        f"`verdict.json` is the verdict as data. Every comparison says it first once it is the shipped one: {COPY}. It "
        "knows the model, parameters, region, set and arms that it was made from; where these change it is called out "
        f"of date, and {ANEW} makes it anew.",
    ]
    return "## How it was done\n\n" + "\n".join(f"- {line}" for line in lines)
