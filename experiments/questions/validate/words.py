"""What the patterns say, in sentences and tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from experiments.questions.validate.departures import told
from experiments.questions.validate.groups import Group, groups, titled, unfitted
from experiments.questions.validate.measuring.patterns import Test
from experiments.questions.validate.measuring.score import Scored, counts, worst
from experiments.questions.validate.result import Validated
from experiments.reporting.numbers import short
from experiments.reporting.tables import fitted_table, markdown_table

WIDTH = 118
INPUT_WORDS = {"no": "", "partly": "partly an input", "yes": "also an input"}


def range_words(test: Test) -> str:
    """The range of a test.

    >>> from experiments.questions.validate.measuring.patterns import Test
    >>> range_words(Test(measure="x", title="x", unit="x", low=0.06, high=0.15))
    '0.06 to 0.15'
    """
    low, high = ("" if end is None else f"{end:g}".replace("-", "−") for end in (test.low, test.high))
    if not (low or high):
        return "–"
    if low and high:
        return low if low == high else f"{low} to {high}"
    strict = test.over == "sign"
    return f"{'above' if strict else 'at least'} {low}" if low else f"{'below' if strict else 'at most'} {high}"


def value_words(value: float) -> str:
    """A measured number.

    >>> value_words(math.inf), value_words(0.08612)
    ('never', '0.0861')
    """
    if math.isnan(value):
        return "–"
    return "never" if math.isinf(value) else ("−" if value < 0 else "") + short(abs(value))


def title(found: Validated) -> str:
    """For the summary's heading."""
    return "what the model reproduces"


def table(found: Validated) -> str:
    """The scoreboard for a terminal."""
    return scoreboard(found.scored)


def scoreboard(found: Sequence[Scored]) -> str:
    """The same from tests: a table a group, with its count."""
    parts = [(part, [_row(one) for one in part.tests]) for part in groups(found).values()]
    return "\n\n".join(f"{titled(part)}\n{fitted_table(_HEAD, rows, WIDTH)}" for part, rows in parts if rows)


_HEAD = ("test", "range", "model", "verdict", "note")


def _row(one: Scored) -> tuple[str, ...]:
    pattern, test = one.pattern, one.test
    words = INPUT_WORDS[pattern.input_of(test)]
    return f"{pattern.key} {test.title}", range_words(test), value_words(one.value), one.verdict, words


def said(found: Validated) -> list[str]:
    """The answer in three sentences."""
    return in_short(found.scored, found.seeds)


def in_short(found: Sequence[Scored], seeds: int) -> list[str]:
    """How many patterns that were not fitted pass, how many that were, and how many tests of what emerges."""
    apart, scored = groups(found), unfitted(found)
    parts = f"{_passed(apart['predict'])} predicted, {_passed(apart['check'])} only checked"
    emerging = [one for one in found if one.evidence]
    return [
        f"**Patterns that were not fitted, {seeds} seed{'s' * (seeds != 1)}.** {_passed(scored)} pass in every test "
        f"({parts}); {_missed(scored)}. By test: {_counted(scored.tests)}.",
        f"**Of these, evidence: tests whose number is no input of the model either.** {_counted(emerging)}.",
        f"**Fitted patterns, which chose the default and do not score it.** {_passed(apart['fit'])} pass in every "
        f"test; {_missed(apart['fit'])}. By test: {_counted(apart['fit'].tests)}.",
    ]


def _passed(part: Group) -> str:
    return f"{part.passed} of {part.of}" if part.of else "none"


def _missed(part: Group) -> str:
    return f"{', '.join(part.missed) or 'none'} miss{'es' * (len(part.missed) < 2)} one or more"


def _counted(found: Sequence[Scored]) -> str:
    c, scored = counts(found), sum(one.test.scored for one in found)
    unmeasured = f" ({c['not measured']} of them not measured)" if c["not measured"] else ""
    return f"{c['pass']} of {scored} pass, {c['near']} near, {c['miss']} missed{unmeasured}"


def sections(found: Validated) -> list[str]:
    """The rest of the summary."""
    parts = [
        "Does the model reproduce what is known to have happened? Each test compares the model's runs with a range "
        "that was fixed before calibration. *Near* is within 1.5 times of the range; signs and shares of runs pass or "
        "miss; what is *shown* is not scored. A number that is also an input of the model is no evidence for it, one "
        "that is partly an input is weak evidence.",
        "![The scoreboard](figures/scoreboard.png)",
        "Patterns stand in three groups. What was *fitted* chose the default and does not score it; what was only "
        "*checked* was known while the model was built, and chose no value (the screening looked at which parameters "
        "it answers to); what was *predicted* was asked of the model before anybody had looked.",
    ]
    for part in groups(found.scored).values():
        parts.append(f"## {titled(part)}")
        for tests in part.patterns:
            pattern = tests[0].pattern
            parts += [f"### {pattern.key}. {pattern.name}: {worst(tests)}", *_pattern_part(tests)]
    if found.departures:
        beside = told(found.departures)
        parts += ["## Beside the same parameters without agents", "![Without agents](figures/aggregate.png)", beside]
    return [*parts, "## Where numbers come from", _NOTES]


def _pattern_part(tests: Sequence[Scored]) -> list[str]:
    pattern = tests[0].pattern
    rows = [
        (one.test.title, one.test.unit, range_words(one.test), value_words(one.value), _spread(one), one.verdict,
         INPUT_WORDS[pattern.input_of(one.test)])
        for one in tests
    ]  # fmt: skip
    table = markdown_table(("test", "unit", "range", "model", "90 % of seeds", "verdict", "note"), rows, left=2)
    about = f"{pattern.sentence} Source: {pattern.source}. Strength {pattern.strength}."
    return [about, table, *([f"*{pattern.note}*"] if pattern.note else [])]


def _spread(one: Scored) -> str:
    known = one.values[~np.isnan(one.values)]
    if not len(known):
        return "–"
    low, high = np.quantile(known, [0.05, 0.95], method="nearest")
    return f"{value_words(float(low))} to {value_words(float(high))}"


_NOTES = (
    "P1 to P6, P13 to P16, P18 and P19 are measured on silos; P7 to P10, P12 and P17 on silos whose contracts "
    "carry training places across the region, against the same silos without; joint lots (P15, P20), what companies "
    "pay (P11) and the controls on full collaboration or joint appraisal alone. Twins are paired on common random "
    "numbers."
)
