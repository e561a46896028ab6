"""What the rival rules did to the findings, in sentences and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.analysis.signs import Switches, sign, switches, verdict
from experiments.questions.question import Question, amount, finish, short
from experiments.reporting.numbers import listed
from experiments.reporting.tables import markdown_table

if TYPE_CHECKING:
    from experiments.analysis.intervals import Interval
    from experiments.engine.experiment import Experiment
    from experiments.questions.rivals.command import Finding

Points = Sequence[Mapping[str, Any]]

ASKED = {
    "leaving": "who leaves at renovation",
    "entry": "which firms bid",
    "participation_reveals": "what asking tenants reveals",
    "landlords_maximise": "what private landlords maximise",
}
RULES = {
    "mixed": "the disturbed, and those whose rent grows heavy (the model as it stands)",
    "disturbance": "the disturbed; a dear rent moves nobody (Chalmers)",
    "low-incomes": "low incomes, when the rent rises (Boverket 2014:34)",
    "no-gradient": "all incomes alike (Borg)",
    "profit": "those with hands free and a profit to expect (the model as it stands)",
    "order-books": "those with room in their order books, whatever the lot and its profit",
    "lot-size": "as by profit, and less the more of a firm's hands the lot takes: bundling shuts small firms out",
    "wishes": "all who come say what they wish at that rent (the model as it stands)",
    "loud": "settled older tenants alone are heard",
    "nothing": "owners hear what they already believed: time and money spent, nothing learnt",
    "present-value": "present value at the required yield (the model as it stands)",
    "cash-return": "the first year's cash return on own capital",
    "resale": "what a buyer would pay more, less the cost",
}
BY_CHANCE = 0.05  # share of intervals of nothing that leave zero out
SIGNS = {1: "+", -1: "−", 0: "·"}


def plain(rule: str) -> str:
    """A rule's or rivalry's name for a reader."""
    return rule.replace("_", " ").replace("-", " ")


def direction(finding: Finding) -> str:
    """Whether more is better, in brackets, or nothing."""
    return {1: " (more is better)", -1: " (less is better)"}.get(finding.quantity.better, "")


def answer(found: Sequence[Finding], points: Points, on: str) -> list[str]:
    """The question answered: what holds, what leans, what flips and by which rule, what stays open."""
    groups: dict[str, list[Finding]] = {"holds": [], "leans": [], "flips": [], "open": []}
    for finding in found:
        signs = _signs(finding)
        rare = sum(map(bool, signs)) <= BY_CHANCE * len(signs)
        groups["open" if rare else verdict(signs)].append(finding)
    said = [f"Of {len(found)} findings ({on} less siloed) under {len(points)} combinations of rules:"]
    if groups["holds"]:
        said.append(f"**{len(groups['holds'])} hold under every combination**: {_named(groups['holds'], True)}.")
    else:
        said.append("**None is decided with the same sign under every combination.**")
    if groups["leans"]:
        words = f"**{len(groups['leans'])} never turn round, but are not decided everywhere**"
        said.append(f"{words}: {_shares(groups['leans'])}.")
    for finding in groups["flips"]:
        said.append(f"**{finding.quantity.title} flips**: {_flip(finding, points)}")
    if not groups["flips"]:
        said.append("**No finding flips from one sign to the other.**")
    if groups["open"]:
        words = f"**{len(groups['open'])} decided nowhere, or so rarely that chance may do it**"
        said.append(f"{words}: {_named(groups['open'], False)}.")
    return said


def sections(question: Question, experiment: Experiment, found: Sequence[Finding], points: Points, on: str) -> None:
    """Write summary.md."""
    names = list(points[0])
    parts = [
        f"Do the findings survive other readings of the evidence? All {len(points)} combinations of the rules "
        f"for {listed([ASKED[name] for name in names])}; {on} and siloed in {question.replicates} replicates each.",
        "## In short",
        *answer(found, points, on),
        "## The rules",
        *[_rules(found[0], name) for name in names],
        "## Over all combinations",
        _overall(found, len(points)),
        f"Share of combinations in which {on} raises (+), lowers (−), or leaves open (·, the 95 % interval over "
        "replicates covers zero) an outcome. As it stands: the difference with the model's own rules.",
        "## Rule by rule",
        *[_by_rule(found, name) for name in names],
        "Mean over all combinations with the rule; **bold** where its 95 % interval leaves zero out.",
        "## What replacing one rule alone does",
        _what_switches(found, points),
        "Over all pairs of combinations that differ in that rule only: turned round, of all pairs; in brackets, "
        "decided in one and open in the other.",
        "## The sign under every combination",
        _every(found, points),
        "Numbers are those of the table over all combinations. Intervals are in signs.csv. Of twenty signs of "
        "nothing, one is decided by chance; combinations share their random numbers, so that chance hits many at once.",
    ]
    finish(question, experiment, [f"{question.title}: which findings hold under rival rules"], parts)


def _signs(finding: Finding) -> list[int]:
    return [sign(value) for value in finding.each]


def _named(group: Sequence[Finding], with_sign: bool) -> str:
    words = {1: "raised", -1: "lowered"}
    return "; ".join([
        f"{one.quantity.label} ({words[_signs(one)[0]]})" if with_sign else one.quantity.label for one in group
    ])  # fmt: skip


def _shares(group: Sequence[Finding]) -> str:
    said = []
    for one in group:
        signs = _signs(one)
        up = any(value > 0 for value in signs)
        said.append(
            f"{one.quantity.label} ({'raised' if up else 'lowered'} in {sum(map(bool, signs)) / len(signs):.0%})"
        )
    return "; ".join(said)


def _flip(finding: Finding, points: Points) -> str:
    signs = _signs(finding)
    up, down = (sum(one == way for one in signs) / len(signs) for way in (1, -1))
    text = f"raised in {up:.0%} of combinations, lowered in {down:.0%}."
    if min(up, down) <= BY_CHANCE:
        text += " One of the two is so rare that chance may do it."
    flipping = [one for one in _switches(finding, points) if one.flips]
    if not flipping:
        return f"{text} No rule turns it round alone; it takes several."
    flipping.sort(key=lambda one: -one.flips / one.pairs)
    return f"{text} It is turned round {'; '.join(_turned(finding, one) for one in flipping)}."


def _turned(finding: Finding, one: Switches) -> str:
    rules = ", ".join(f"{plain(rule)} {short(v.mean, True)}" for rule, v in finding.by_rule[one.name].items())
    unit = finding.quantity.unit_of_difference
    return f"by {ASKED[one.name]} alone in {one.flips} of {one.pairs} pairs (on average {rules} {unit})"


def _switches(finding: Finding, points: Points) -> list[Switches]:
    return [switches(points, _signs(finding), name) for name in points[0]]


def _rules(finding: Finding, name: str) -> str:
    words = "\n".join(f"- {plain(rule)}: {RULES[rule]}" for rule in finding.by_rule[name])
    return f"**{ASKED[name].capitalize()}** (`{name}`)\n\n{words}"


def _overall(found: Sequence[Finding], count: int) -> str:
    rows = []
    for number, finding in enumerate(found, 1):
        signs = _signs(finding)
        shares = [f"{sum(one == way for one in signs) / count:.0%}" for way in (1, -1, 0)]
        stands = amount(finding.each[0], finding.quantity.unit_of_difference)
        rows.append([f"{number}. {finding.quantity.title}{direction(finding)}", *shares, verdict(signs), stands])
    return markdown_table(["Finding", "+", "−", "·", "verdict", "as it stands"], rows)


def _by_rule(found: Sequence[Finding], name: str) -> str:
    rules = list(found[0].by_rule[name])
    rows = [
        [f"{finding.quantity.title} ({finding.quantity.unit_of_difference})",
         *(_cell(finding.by_rule[name][rule]) for rule in rules)]
        for finding in found
    ]  # fmt: skip
    return markdown_table([ASKED[name].capitalize(), *(plain(rule) for rule in rules)], rows)


def _cell(value: Interval) -> str:
    text = f"{SIGNS[sign(value)]} {short(abs(value.mean)) if sign(value) else short(value.mean, True)}"
    return f"**{text}**" if sign(value) else text


def _what_switches(found: Sequence[Finding], points: Points) -> str:
    rows = []
    for number, finding in enumerate(found, 1):
        cells = [f"{one.flips} of {one.pairs} ({one.decides})" for one in _switches(finding, points)]
        rows.append([f"{number}. {finding.quantity.title}", *cells])
    return markdown_table(["Finding", *(ASKED[name] for name in points[0])], rows)


def _every(found: Sequence[Finding], points: Points) -> str:
    names = list(points[0])
    signs = [_signs(finding) for finding in found]
    rows = [
        [*(plain(point[name]) for name in names), *(SIGNS[one[place]] for one in signs)]
        for place, point in enumerate(points)
    ]
    return markdown_table([*(plain(name) for name in names), *map(str, range(1, len(found) + 1))], rows, len(names))
