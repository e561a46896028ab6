"""What rival rules did to the findings over the set, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from experiments.questions.over.sentences import whole_share
from experiments.questions.rivals.over_set.result import SURE, Finding, RivalsOver, Rule, Under
from experiments.questions.rivals.result import SIGNS
from experiments.questions.rivals.rules import asked, plain
from experiments.questions.rivals.words import about, rules_told
from experiments.reporting.columns import bounds_cell, places_of
from experiments.reporting.numbers import listed, lower_first, number, percent
from experiments.reporting.tables import markdown_table

ENDS = "nine tenths of the set"


def title(found: RivalsOver) -> str:
    """For the summary's heading."""
    return "which findings hold under rival rules, over the set that the evidence leaves open"


def said(found: RivalsOver) -> list[str]:
    """The question answered: which rules turn the first finding and which do not, and what becomes of the others."""
    first = found.findings[0]
    if not first.own.over.members:
        return ["Nothing is known of any member of the set, as a run of every pair failed."]
    return [_over_what(found), _own(found, first), *_turned(found, first), *_others(found)]


def _over_what(found: RivalsOver) -> str:
    which = f"{len(found.points)} of {found.possible:,} combinations of rules"
    how = f"{len(found.points)} combinations of rules" if found.whole else f"One rule replaced at a time, {which},"
    return (
        f"{how} in each of {len(found.members)} of {found.members.of} members of the set that is not ruled out, which "
        "count by how well they fit what was observed: as much as "
        f"{number(found.members.effective, 0)} of equal weight tell."
    )


def _own(found: RivalsOver, first: Finding) -> str:
    return (
        f"**{first.quantity.title} under the model's own rules** ({found.on} minus {found.off}): "
        f"{shown(first, first.own)}."
    )


def shown(finding: Finding, under: Under) -> str:
    """Share, median and range in words."""
    value, unit = under.over.over, finding.quantity.unit_of_difference
    places = places_of([value])
    ends = f"({ENDS}: {number(value.low, places)} to {number(value.high, places)})"
    middle = f"{number(value.mean, places, signed=True)} {unit}".rstrip()
    return f"{better(finding)} in {whole_share(under.over.wins)} of the set, median {middle} {ends}"


def better(finding: Finding) -> str:
    """What its share is a share of."""
    return "better" if finding.quantity.better else "raised"


def _turned(found: RivalsOver, first: Finding) -> list[str]:
    """Sentences on the first finding: which rules turn it, may turn it, and leave it."""
    turns, may, holds = (found.told(first, word) for word in ("turns", "may turn", "holds"))
    every = len(found.rivals)
    lines = [
        f"**{len(turns)} of {every} rival rules turn{'s' * (len(turns) == 1)} it**: {_each(found, first, turns)}."
        if turns else f"**None of {every} rival rules surely turns it.**"
    ]  # fmt: skip
    if may:
        why = f"the members are too few to tell, and resamples of them differ: {_each(found, first, may)}"
        lines.append(f"**{len(may)} may turn it**: {why}.")
    if holds:
        shares = [found.under(first, rule).over.wins for rule in holds]
        low, high = whole_share(min(shares)), whole_share(max(shares))
        among = low if low == high else f"{low} to {high}"
        lines.append(f"**{len(holds)} leave{'s' * (len(holds) == 1)} it**: {better(first)} in {among} of the set.")
    return lines


def _each(found: RivalsOver, first: Finding, rules: Iterable[Rule]) -> str:
    unit = first.quantity.unit_of_difference
    told = []
    for name, rule in rules:
        under = found.under(first, (name, rule))
        middle = number(under.over.over.mean, places_of([under.over.over]), signed=True)
        cells = [f"{better(first)} in {whole_share(under.over.wins)}", f"median {middle} {unit}".rstrip()]
        told.append(f"{asked(name)}, “{plain(rule)}” ({', '.join(cells)}; opposite in {percent(under.turned_in)} of "
                    "resamples)")  # fmt: skip
    return "; ".join(told)


def _others(found: RivalsOver) -> list[str]:
    """What becomes of all findings, the first among them."""
    turned = [one for one in found.findings if found.told(one, "turns")]
    holding = [one for one in found.findings if len(found.told(one, "holds")) == len(found.rivals)]
    rest = len(found.findings) - len(turned) - len(holding)
    many = f"{len(found.findings)} finding{'s' * (len(found.findings) != 1)}"
    lines = [
        f"Of {many} {len(holding)} hold on one side under every rule, each replaced alone, and {rest} may be turned by "
        "some rule but surely by none."
    ]
    if turned:
        each = [f"{one.quantity.label} ({_named(found.told(one, 'turns'))})" for one in turned]
        verb = "is" if len(turned) == 1 else "are"
        lines.append(f"**{len(turned)} {verb} turned by some rule**: {'; '.join(each)}.")
    return lines


def _named(rules: Sequence[Rule]) -> str:
    return "; ".join(f"{asked(name)}: {plain(rule)}" for name, rule in rules)


def sections(found: RivalsOver) -> list[str]:
    """The rest of the summary."""
    first = found.findings[0]
    every = ["## Under every combination", _combinations(found, first)] if found.whole else []
    return [
        f"The rules are those for {listed([asked(name) for name in found.names])}. Accounts are present values, "
        "outcomes means of the last year unless named otherwise.",
        f"## What each rival does to the verdict: {lower_first(first.quantity.title)}",
        _verdict(found, first),
        f"Each rule replaces the model's own alone. {better(first).capitalize()} in: the weighted share of the set. "
        "It adds: what replacing the model's own rule changes, member by member on the same random numbers. Numbers "
        f"are weighted medians, in brackets the ends between which {ENDS} lie. Turns: the finding lies on the other "
        f"side of zero in more than half of the set, in {percent(SURE)} of resamples of the members too; holds: in "
        f"{percent(SURE)} of them it does not; may turn: neither.",
        "## The rules",
        *[rules_told(name, found.rules[name]) for name in found.names],
        "## All findings",
        _overall(found),
        f"{found.on.capitalize()} minus {found.off} under the model's own rules; then how many of "
        f"{len(found.rivals)} rival rules, each alone, leave it, may turn it, and turn it.",
        "## Share of the set, rule by rule",
        *[_by_rule(found, name) for name in found.names],
        f"Share of the set in which {found.on} is better or, of an outcome in which neither is, raises it; **bold** "
        "where the rule turns the finding.",
        *every,
        _how(found),
    ]


def _verdict(found: RivalsOver, first: Finding) -> str:
    """A row a rule: the finding with it, and what it adds to that of the model's own."""
    moved = [under.moved for under in first.under if under.moved is not None]
    places = places_of([*(under.over.over for under in first.under), *moved])
    rows = []
    for (name, rule), place in found.alone.items():
        under, head = first.under[place], asked(name) if rule == found.rules[name][0] else ""
        cells = [whole_share(under.over.wins), bounds_cell(under.over.over, places)]
        adds = "–" if under.moved is None else bounds_cell(under.moved, places)
        opposite = "–" if under.moved is None else percent(under.turned_in)
        rows.append([head, plain(rule), *cells, adds, opposite, under.told])
    unit = first.quantity.unit_of_difference
    heads = ["About", "rule", f"{better(first)} in", f"with the rule ({unit})", f"it adds ({unit})"]
    return markdown_table([*heads, "opposite in (of resamples)", "verdict"], rows, 2)


def _overall(found: RivalsOver) -> str:
    rows = []
    for place, one in enumerate(found.findings, 1):
        value = one.own.over.over
        counts = [str(len(found.told(one, word))) for word in ("holds", "may turn", "turns")]
        shares = [whole_share(one.own.over.wins), whole_share(one.own.over.ties)]
        cell = bounds_cell(value, places_of([value]))
        rows.append([f"{place}. {one.quantity.title}{about(one.quantity)}", *shares, cell, *counts,
                     _named(found.told(one, "turns"))])  # fmt: skip
    heads = ["Finding", "better (or raised) in", "no difference in", f"median ({ENDS})", "leave it", "may turn it"]
    return markdown_table([*heads, "turn it", "which"], rows)


def _by_rule(found: RivalsOver, name: str) -> str:
    rows = []
    for one in found.findings:
        cells = []
        for rule in found.rules[name]:
            under = found.under(one, (name, rule))
            cells.append(
                f"**{whole_share(under.over.wins)}**" if under.told == "turns" else whole_share(under.over.wins)
            )
        rows.append([f"{one.quantity.title}{about(one.quantity, unit=False)}", *cells])
    return markdown_table([asked(name).capitalize(), *map(plain, found.rules[name])], rows)


def _combinations(found: RivalsOver, first: Finding) -> str:
    rows = []
    for point, under in zip(found.points, first.under, strict=True):
        value = bounds_cell(under.over.over, places_of([one.over.over for one in first.under]))
        rows.append([*(plain(point[name]) for name in found.names), whole_share(under.over.wins), value, under.told])
    heads = [*map(plain, found.names), f"{better(first)} in", first.quantity.unit_of_difference, "verdict"]
    return markdown_table(heads, rows, len(found.names))


def _how(found: RivalsOver) -> str:
    each = found.results.made.replicates
    lines = [
        f"The first {len(found.members)} of {found.members.of} members of the set that history matching leaves "
        f"(seeds/not_ruled_out.csv), as good a sample as any, {each} replicate{'s' * (each != 1)} each.",
        "Every member has random numbers of its own, those that it has in `samspel compare --over set`; within a "
        "member both arms and all rules run on the same ones. Chance is therefore in the range over the set, and what "
        "a rule adds is due to the rule.",
        "Members were chosen, and weighted, by how runs under the model's own rules fit what was observed; under a "
        "rival rule another set might be left. What is shown is what a rule does in this set.",
        "Of so many findings under so many rules a few are turned by chance alone; society's was named beforehand.",
        f"All numbers, of every combination, are in {SIGNS}.",
    ]
    return "## How it was done\n\n" + "\n".join(f"- {line}" for line in lines)
