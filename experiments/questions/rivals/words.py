"""What rival rules did to the findings, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from experiments.analysis.signs import Switches
from experiments.questions.rivals.result import BY_CHANCE, SIGNS, Finding, Rivals
from experiments.questions.rivals.rules import asked, meaning, plain
from experiments.reporting.columns import bounds_cell, mean_cell, places_of
from experiments.reporting.numbers import listed, lower_first, number, percent
from experiments.reporting.quantity import Quantity
from experiments.reporting.tables import markdown_table

MARKS = {1: "+", -1: "−", 0: "·"}


def title(found: Rivals) -> str:
    """For the summary's heading."""
    return "which findings hold under rival rules"


def about(quantity: Quantity, unit: bool = True) -> str:
    """In brackets, its unit and whether more is better, as far as there is something to say."""
    direction = {1: "more is better", -1: "less is better"}.get(quantity.better, "")
    told = "; ".join(filter(None, [quantity.unit_of_difference if unit else "", direction]))
    return f" ({told})" if told else ""


def combinations(found: Rivals) -> str:
    """How many there were, and of how many."""
    if found.whole:
        return f"{len(found.points)} combinations of rules"
    return f"{len(found.points)} of {found.possible:,} combinations of rules"


def over(found: Rivals) -> str:
    """Over what a finding with a rule is a mean."""
    return "mean over all combinations with it" if found.whole else "everything else by the model's own rules"


def said(found: Rivals) -> list[str]:
    """The question answered: what holds, what leans, what flips and by which rule, what stays open."""
    groups: dict[str, list[Finding]] = {"holds": [], "leans": [], "flips": [], "open": []}
    for finding in found.findings:
        groups[finding.told].append(finding)
    every = "every combination" if found.whole else "every combination that was run"
    lines = [] if found.whole else [_partly(found)]
    lines.append(f"Of {len(found.findings)} findings ({found.on} minus {found.off}) under {combinations(found)}:")
    if groups["holds"]:
        one = len(groups["holds"]) == 1
        lines.append(f"**{len(groups['holds'])} hold{'s' * one} under {every}**: {_named(groups['holds'], True)}.")
    else:
        lines.append(f"**None is decided with the same sign under {every}.**")
    if groups["leans"]:
        one = len(groups["leans"]) == 1
        but = f"but {'is' if one else 'are'} not decided everywhere"
        words = f"**{len(groups['leans'])} never change{'s' * one} sign, {but}**"
        lines.append(f"{words}: {_shares(groups['leans'])}.")
    lines += [f"**{finding.quantity.title} flips**: {_flip(found, finding)}" for finding in groups["flips"]]
    if not groups["flips"]:
        lines.append("**No finding flips from one sign to the other.**")
    if groups["open"]:
        words = f"**{len(groups['open'])} decided nowhere, or so rarely that chance may do it**"
        lines.append(f"{words}: {_named(groups['open'], False)}.")
    return lines


def sections(found: Rivals) -> list[str]:
    """The rest of the summary."""
    findings = found.findings
    run = "" if found.whole else " that were run"
    return [
        f"The rules are those for {listed([asked(name) for name in found.names])}; {combinations(found)}, {found.on} "
        f"and {found.off} in {found.results.made.replicates} replicates each. Accounts are present values, outcomes "
        "means of the last year unless named otherwise.",
        f"## What each rival does to the verdict: {lower_first(findings[0].quantity.title)}",
        _verdict(found, findings[0]),
        f"With the rule: {over(found)}. It adds: what replacing the model's own rule by it alone changes, paired on "
        "common random numbers. In brackets 95 % intervals over replicates.",
        "## The rules",
        *[rules_told(name, found.rules[name]) for name in found.names],
        f"## Over all combinations{run}",
        _overall(findings),
        f"Share of combinations in which {found.on} raises (+), lowers (−), or leaves open (·, the 95 % interval over "
        "replicates covers zero) an outcome. As it stands: the difference with the model's own rules.",
        "## Rule by rule",
        *[_by_rule(found, name) for name in found.names],
        f"{over(found).capitalize()}; **bold** where the 95 % interval excludes zero.",
        "## What replacing one rule alone does",
        _what_switches(found),
        "Over all pairs of these combinations that differ in that rule only: sign turned round, of all pairs; in "
        "brackets, decided in one and open in the other.",
        f"## The sign under every combination{run.replace('were', 'was')}",
        _every(found),
        f"Columns are numbered as in the table over all combinations. Intervals are in {SIGNS}. Of twenty signs of "
        "nothing, one is decided by chance; combinations share their random numbers, so that chance hits many at once.",
    ]


def _partly(found: Rivals) -> str:
    quick = "A quick look: one" if found.results.made.quick else "One"
    return f"{quick} rule replaced at a time, {len(found.points)} of {found.possible:,} combinations."


def _named(group: Sequence[Finding], with_sign: bool) -> str:
    words = {1: " (raised)", -1: " (lowered)"}
    return "; ".join(f"{one.quantity.label}{words[one.signs[0]] if with_sign else ''}" for one in group)


def _shares(group: Iterable[Finding]) -> str:
    told = []
    for one in group:
        up, down = one.share(1), one.share(-1)
        told.append(f"{one.quantity.label} ({f'raised in {percent(up)}' if up else f'lowered in {percent(down)}'})")
    return "; ".join(told)


def _flip(found: Rivals, finding: Finding) -> str:
    up, down = finding.share(1), finding.share(-1)
    text = f"raised in {percent(up)} of combinations, lowered in {percent(down)}."
    if min(up, down) <= BY_CHANCE:
        text += " One of the two is so rare that chance may do it."
    flipping = [one for one in found.switches(finding) if one.flips]
    if not flipping:
        return f"{text} No rule turns it round alone; it takes several."
    flipping.sort(key=lambda one: -one.flips / one.pairs)
    return f"{text} It is turned round {'; '.join(_turned(finding, one) for one in flipping)}."


def _turned(finding: Finding, one: Switches) -> str:
    by_rule = finding.by_rule[one.name]
    places = places_of(by_rule.values())
    rules = ", ".join(f"{plain(rule)} {number(value.mean, places, signed=True)}" for rule, value in by_rule.items())
    unit = finding.quantity.unit_of_difference
    average = ", ".join(filter(None, ["on average", unit]))
    return f"by {asked(one.name)} alone in {one.flips} of {one.pairs} pairs ({average}: {rules})"


def rules_told(name: str, rules: Sequence[str]) -> str:
    """What a rivalry is about and what each of its rules says, the model's own first."""
    lines = [f"- {plain(rule)}: {meaning(name, rule)}" for rule in rules]
    lines[0] += " (the model as it stands)"
    return f"**{asked(name).capitalize()}** (`{name}`)\n\n" + "\n".join(lines)


def _verdict(found: Rivals, finding: Finding) -> str:
    """A row a rule: the verdict with it, and what it adds to that of the model's own."""
    by_rule = [value for rules in finding.by_rule.values() for value in rules.values()]
    places, rows = places_of([*by_rule, *(value for rules in finding.moved.values() for value in rules.values())]), []
    for name, rules in found.rules.items():
        for rule in rules:
            adds = finding.moved.get(name, {}).get(rule)
            cells = [
                bounds_cell(finding.by_rule[name][rule], places),
                bounds_cell(adds, places) if adds else "own rule",
            ]
            rows.append([asked(name) if rule == rules[0] else "", plain(rule), *cells])
    unit = finding.quantity.unit_of_difference
    return markdown_table(["About", "rule", f"with the rule ({unit})", f"it adds ({unit})"], rows, 2)


def _overall(findings: Sequence[Finding]) -> str:
    rows = []
    for place, finding in enumerate(findings, 1):
        shares = [percent(finding.share(way)) for way in (1, -1, 0)]
        stands = bounds_cell(finding.each[0], places_of(finding.each))
        rows.append([f"{place}. {finding.quantity.title}{about(finding.quantity)}", *shares, finding.told, stands])
    return markdown_table(["Finding", "+", "−", "·", "verdict", "as it stands"], rows)


def _by_rule(found: Rivals, name: str) -> str:
    """A row a finding; as units differ from row to row, each row has its own precision."""
    rules, rows = found.rules[name], []
    for finding in found.findings:
        places = places_of(value for by_rule in finding.by_rule.values() for value in by_rule.values())
        unit = f" ({finding.quantity.unit_of_difference})" * bool(finding.quantity.unit_of_difference)
        cells = [mean_cell(finding.by_rule[name][rule], places) for rule in rules]
        rows.append([f"{finding.quantity.title}{unit}", *cells])
    return markdown_table([asked(name).capitalize(), *(plain(rule) for rule in rules)], rows)


def _what_switches(found: Rivals) -> str:
    rows = []
    for place, finding in enumerate(found.findings, 1):
        cells = [f"{one.flips} of {one.pairs} ({one.decides})" for one in found.switches(finding)]
        rows.append([f"{place}. {finding.quantity.title}", *cells])
    return markdown_table(["Finding", *(asked(name) for name in found.names)], rows)


def _every(found: Rivals) -> str:
    signs = [finding.signs for finding in found.findings]
    rows = [
        [*(plain(point[name]) for name in found.names), *(MARKS[one[place]] for one in signs)]
        for place, point in enumerate(found.points)
    ]
    headers = [*(plain(name) for name in found.names), *map(str, range(1, len(signs) + 1))]
    return markdown_table(headers, rows, len(found.names))
