"""Titles that say what was found of several things at once: which are better, who gains, and what weighs most."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.reporting.finding import Finding, Verdict, counted
from experiments.reporting.numbers import decimals_for, listed, number

LONGEST = 200  # letters of a title that lists names; a longer one counts
LIGHT = 0.1  # of the heaviest part: what weighs less is not named in a title
Entries = Sequence[tuple[str, Verdict]]
_IN: dict[Verdict, str] = {
    Verdict.BETTER: "better",
    Verdict.WORSE: "worse",
    Verdict.HIGHER: "higher",
    Verdict.LOWER: "lower",
    Verdict.UNDECIDED: "undecided",
    Verdict.SAME: "identical",
    Verdict.NOTHING: "without a result",
}
_THAN = (Verdict.BETTER, Verdict.WORSE, Verdict.HIGHER, Verdict.LOWER)


def together(on: str, off: str, when: str, entries: Entries, most: int = LONGEST) -> str:
    """What was found of several outcomes in two arms: their names by verdict, or where that is too long, their number.

    >>> together("A", "b", "in 2040", [("rent", Verdict.BETTER), ("moves", Verdict.WORSE), ("health", Verdict.BETTER)])
    'A is better than b in rent and health, worse in moves, in 2040'
    """
    verdicts = [verdict for _, verdict in entries]
    entries = [(_no_comma(name), verdict) for name, verdict in entries]
    if Verdict.ALONE in verdicts:
        return f"{on} against {off}: one replicate says nothing of how surely they differ {when}"
    if verdicts and all(verdict is Verdict.SAME for verdict in verdicts):
        return f"{on} does not differ from {off} {when}"
    groups = {verdict: [name for name, one in entries if one is verdict] for verdict in _IN}
    told = [f"{_IN[verdict]} in {listed(names)}" for verdict, names in groups.items() if names]
    first = next((verdict for verdict, names in groups.items() if names), None)
    if first in _THAN:
        told[0] = told[0].replace(" in ", f" than {off} in ", 1)
        title = f"{on} is {', '.join(told)}, {when}"
    else:
        title = f"{on} is {', '.join(told)}, against {off} {when}"
    if len(title) <= most:
        return title
    many = counted(verdicts)
    are = "is" if many.startswith("1 ") else "are"
    return f"{on} against {off} {when}: of {len(entries)} outcomes {many.replace(' ', f' {are} ', 1)}"


def who_gains(first: str, entries: Entries, most: int = LONGEST) -> str:
    """A finding, and after it who gains and who loses.

    >>> who_gains("Society gains 5 SEK", [("the state", Verdict.BETTER), ("builders", Verdict.UNDECIDED)])
    'Society gains 5 SEK: the state gains; undecided for builders'
    """
    verdicts = {verdict for _, verdict in entries}
    if Verdict.ALONE in verdicts:
        return f"{first}; one replicate says nothing of how surely"
    if verdicts <= {Verdict.SAME, Verdict.NOTHING}:
        return f"{first}; nothing differs for any budget"
    groups = {verdict: [name for name, one in entries if one is verdict] for verdict in Verdict}
    gain, lose, open_ = (groups[verdict] for verdict in (Verdict.BETTER, Verdict.WORSE, Verdict.UNDECIDED))
    if not gain and not lose:
        return f"{first}; each budget by itself is undecided"
    told = [f"{listed(names)} {_verb(verb, names)}" for verb, names in (("gain", gain), ("lose", lose)) if names]
    if open_:
        told.append(f"undecided for {listed(open_)}")
    title = f"{first}: {'; '.join(told)}"
    if len(title) <= most:
        return title
    return f"{first}: of {len(entries)} budgets {len(gain)} gain, {len(lose)} lose and {len(open_)} are undecided"


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


def _no_comma(name: str) -> str:
    """A name that stands in a list: "reputation (outside)"."""
    first, comma, rest = name.partition(", ")
    return f"{first} ({rest})" if comma else name


def _up(one: Finding) -> bool:
    return one.value.mean > 0


def _verb(verb: str, names: Sequence[str]) -> str:
    single = len(names) == 1 and (names[0].startswith("the ") or not names[0].endswith("s"))
    return verb + "s" * single
