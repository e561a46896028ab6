"""Titles that say what was found of several things at once: which are better, who gains, and what weighs most."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.reporting.finding import Finding, Verdict, counted
from experiments.reporting.numbers import decimals_for, listed, number

LONGEST = 200  # letters of a title that lists names; a longer one counts
LIGHT = 0.1  # of the heaviest part: what weighs less is not named in a title
Entries = Sequence[tuple[str, Verdict]]
_IN: dict[Verdict, str] = {
    Verdict.BETTER: "better in",
    Verdict.WORSE: "worse in",
    Verdict.HIGHER: "higher in",
    Verdict.LOWER: "lower in",
    Verdict.UNDECIDED: "undecided in",
    Verdict.SAME: "identical in",
    Verdict.NOTHING: "no result for",
}


def together(who: str, entries: Entries, most: int = LONGEST) -> str:
    """What was found of several outcomes: their names by verdict, or where that is too long, their number.

    >>> together("A against B", [("rent", Verdict.BETTER), ("moves", Verdict.WORSE), ("health", Verdict.BETTER)])
    'A against B: better in rent and health; worse in moves'
    """
    verdicts = [verdict for _, verdict in entries]
    if Verdict.ALONE in verdicts:
        return f"{who}, in one replicate: nothing can be said of how surely they differ"
    if verdicts and all(verdict is Verdict.SAME for verdict in verdicts):
        return f"{who}: nothing differs"
    told = [f"{words} {listed(names)}" for words, names in _grouped(entries, _IN)]
    title = f"{who}: {'; '.join(told)}" if told else who
    return title if len(title) <= most else f"{who}: of {len(entries)} outcomes, {counted(verdicts)}"


def who_gains(first: str, entries: Entries, most: int = LONGEST) -> str:
    """A finding, and after it who gains and who loses.

    >>> who_gains("Society gains 5 SEK", [("the state", Verdict.BETTER), ("builders", Verdict.UNDECIDED)])
    'Society gains 5 SEK: the state gains; undecided for builders'
    """
    verdicts = [verdict for _, verdict in entries]
    if Verdict.ALONE in verdicts or all(verdict in (Verdict.SAME, Verdict.NOTHING) for verdict in verdicts):
        return first
    groups = {verdict: [name for name, one in entries if one is verdict] for verdict in Verdict}
    told = [
        f"{listed(groups[verdict])} {_verb(verb, groups[verdict])}"
        for verdict, verb in ((Verdict.BETTER, "gain"), (Verdict.WORSE, "lose"))
        if groups[verdict]
    ]
    if groups[Verdict.UNDECIDED]:
        told.append(f"undecided for {listed(groups[Verdict.UNDECIDED])}")
    title = f"{first}: {'; '.join(told)}"
    if len(title) <= most:
        return title
    gain, lose, open_ = (len(groups[one]) for one in (Verdict.BETTER, Verdict.WORSE, Verdict.UNDECIDED))
    return f"{first}: of {len(entries)} budgets {gain} gain, {lose} lose, {open_} undecided"


def weighed(first: str, parts: Sequence[tuple[str, Finding]], most: int = 2) -> str:
    """A sum as it was found, and after it the parts that weigh most for and against it.

    >>> from experiments.analysis.intervals import Interval
    >>> up, down = (Finding(Interval(m, m - 1, m + 1, 9)) for m in (52.0, -31.0))
    >>> weighed("Society gains 21", [("homes", down), ("owners' cash", up)])
    "Society gains 21: owners' cash +52, against homes −31"
    """
    sizes = [abs(one.value.mean) for _, one in parts if one.verdict.decided]
    heavy = [one for one in parts if one[1].verdict.decided and abs(one[1].value.mean) >= LIGHT * max(sizes)]
    decided = sorted(heavy, key=lambda one: -abs(one[1].value.mean))
    places = max(decimals_for(max(sizes)) - 1, 0) if sizes and max(sizes) < 10 else 0
    sides = [
        listed(
            [f"{name} {number(one.value.mean, places, signed=True)}" for name, one in decided if _up(one) is up][:most]
        )
        for up in (True, False)
    ]
    if not any(sides):
        return first
    return f"{first}: {', against '.join(side for side in sides if side)}" if sides[0] else f"{first}: {sides[1]}"


def _up(one: Finding) -> bool:
    return one.value.mean > 0


def _verb(verb: str, names: Sequence[str]) -> str:
    single = len(names) == 1 and (names[0].startswith("the ") or not names[0].endswith("s"))
    return verb + "s" * single


def _grouped(entries: Entries, words: dict[Verdict, str]) -> list[tuple[str, list[str]]]:
    groups = ((said, [name for name, one in entries if one is verdict]) for verdict, said in words.items())
    return [(said, names) for said, names in groups if names]
