"""The questions of a comparison answered in sentences, from its own numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.analysis.intervals import Interval
from experiments.analysis.pairs import mean_of_known
from experiments.engine.results import Results
from experiments.questions.compare.findings import AccountRow, Row, account_rows, bearers, outcome_rows
from experiments.questions.compare.turns.result import Line
from experiments.questions.compare.turns.words import sentences
from experiments.reporting.accounts import HEADLINE, UNIT
from experiments.reporting.finding import Verdict
from experiments.reporting.names import label
from experiments.reporting.numbers import amount, decimals_for, number
from experiments.reporting.sentences import subject_of

MSEK = 1e-6
BETTER_HOMES = "home_worth_better"


@dataclass(frozen=True)
class Reply:
    """A question and what the comparison says to it."""

    question: str
    text: str


def replies(results: Results, turns: Sequence[Line] = ()) -> list[Reply]:
    """What is said to the questions that the arms at hand allow, and the turning points; nothing with a single arm."""
    focus, control = results.focus, results.baseline
    if focus is None:
        return []
    rows, accounts = outcome_rows(results, focus, control), account_rows(results, focus, control)
    on, off = label(results, focus), label(results, control)
    found = [
        Reply(
            f"What does {on.lower()} change against {off.lower()} in this run?",
            _joined(_told(accounts, HEADLINE.name), _by_flat(results, accounts)),
        )
    ]
    if turns:
        told = [*sentences(results, turns), _realised(results, focus, control)]
        found.append(Reply("Where does that turn, all else as in this run?", _joined(*told)))
    found += [
        Reply("Who gains?", _who(accounts, +1)),
        Reply("Who pays?", _joined(_who(accounts, -1), _who_neither(accounts))),
        Reply("What else differs?", _joined(_count(rows), _where_not(rows))),
    ]
    for arm in results.made.arms:
        if arm.same_money_as == focus:
            found.append(_money(results, focus, arm.name))
    taking = {arm.name for arm in results.made.arms if arm.same_money_as == focus}
    for arm_name in results.arms:
        if arm_name not in {focus, control, *taking}:
            found.append(_beside(results, arm_name, control, f"And {label(results, arm_name).lower()}?"))
    return found


def value_words(value: Interval, within: bool = False) -> str:
    """A present-value difference in MSEK with its interval; `within` a bracket, after a comma."""
    shown = value.scaled(MSEK)
    places = decimals_for(shown.half or shown.mean)
    text = f"{number(shown.mean, places, signed=True)} MSEK"
    if not shown.known:
        return text
    bounds = f"95 % CI {number(shown.low, places)} to {number(shown.high, places)}"
    return f"{text}, {bounds}" if within else f"{text} ({bounds})"


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _told(accounts: Sequence[AccountRow], name: str) -> str:
    """An account's sentence, where the results hold it."""
    return next((row.account.sentence(row.value) for row in accounts if row.account.name == name), "")


def _realised(results: Results, *arms: str) -> str:
    """What those who live in better homes would pay for them as the runs end, beside the wish at which the answer
    turns; nothing where nobody has one."""
    with_words = [(label(results, arm).lower(), results.levels(BETTER_HOMES, arm)[0]) for arm in arms]
    if any(np.isnan(values).all() for _, values in with_words):
        return ""
    each = " and ".join(f"{number(float(np.nanmean(values)), 0)} ({words})" for words, values in with_words)
    return f"Those who live in homes above basic standard would pay {each} SEK a month for that, as the runs end."


def _by_flat(results: Results, accounts: Sequence[AccountRow]) -> str:
    """The headline by flat, and what it counts."""
    value = next((row.value for row in accounts if row.account is HEADLINE), None)
    if value is None or not value.count:
        return ""
    by_flat = amount(value.scaled(1e-3 / results.made.flats), UNIT)
    years = f"{results.made.years} year{'s' * (results.made.years > 1)}"
    return (
        f"That is {by_flat}. (Present value over {years}, with what is left at the end. Society is all persons, "
        "owners, builders and public budgets: rents, taxes, side payments and sales move money within it, and only "
        "labour, materials, heat, homes, time, calm and carbon dioxide change the sum.)"
    )


def _count(rows: Sequence[Row]) -> str:
    counts = Counter(row.verdict for row in rows)
    if counts[Verdict.ALONE]:
        return "From one replicate nothing can be said of how sure the headline outcomes are."
    open_ = counts[Verdict.HIGHER] + counts[Verdict.LOWER]
    rest = len(rows) - counts[Verdict.BETTER] - counts[Verdict.WORSE] - open_
    return (
        f"Of {len(rows)} headline outcomes at the end, {counts[Verdict.BETTER]} are better; {counts[Verdict.WORSE]} "
        f"worse; {open_} higher or lower, with no preferred direction; and {rest} undecided, not statistically "
        "distinguishable from zero."
    )


def _where_not(rows: Sequence[Row]) -> str:
    open_, unknown = _labels(rows, Verdict.UNDECIDED, Verdict.SAME), _labels(rows, Verdict.ALONE)
    return _joined(
        _at_the_end(rows, Verdict.WORSE),
        f"Not statistically distinguishable from zero: {open_}." if open_ else "",
        f"Without an interval: {unknown}." if unknown else "",
    )


def _at_the_end(rows: Sequence[Row], verdict: Verdict) -> str:
    return f"{verdict.value.capitalize()} at the end: {_labels(rows, verdict) or 'none'}."


def _labels(rows: Sequence[Row], *verdicts: Verdict) -> str:
    return "; ".join(row.label[:1].lower() + row.label[1:] for row in rows if row.verdict in verdicts)


def _by_size(accounts: Sequence[AccountRow]) -> list[AccountRow]:
    return sorted(bearers(accounts), key=lambda row: -abs(row.value.mean))


def _who(accounts: Sequence[AccountRow], sign: int) -> str:
    if not any(row.value.known for row in accounts):
        return "One replicate gives no intervals: nobody can be named."
    named = [row for row in _by_size(accounts) if row.value.distinguishable and row.value.mean * sign > 0]
    if not named:
        return "Nobody, with an interval that excludes zero."
    text = "; ".join(_with_cash(row, accounts) for row in named)
    return text[0].upper() + text[1:] + "."


def _who_neither(accounts: Sequence[AccountRow]) -> str:
    open_ = [row for row in _by_size(accounts) if row.value.known and not row.value.distinguishable]
    text = "; ".join(_with_cash(row, accounts) for row in open_)
    return f"Not statistically distinguishable from zero: {text}." if open_ else ""


def _with_cash(row: AccountRow, accounts: Sequence[AccountRow]) -> str:
    """A budget and what its account comes to; beside an owner's own view, its cash."""
    if row.account.kind == "line":
        return f"persons {value_words(row.value)}, counting money, homes, calm and time wherever they live"
    if row.account.kind != "closing":
        return f"{row.account.label} {value_words(row.value)}"
    cash = next(other for other in accounts if other.account.name == row.account.cash)
    closing = f"{subject_of(row.account)} {value_words(row.value)} in their own view, {row.account.adds}"
    return f"{closing} (in cash alone {value_words(cash.value, within=True)})"


def _money(results: Results, focus: str, same_money: str) -> Reply:
    question = "Is it just the money?"
    paid = float(mean_of_known(results.quarterly("cofunding", focus).sum(axis=(1, 2)), axis=0))
    if paid == 0:
        return Reply(question, "No: no other budget paid into a project, so there was no money to pass on.")
    beside = _beside(results, focus, same_money, question)
    return Reply(question, f"{number(paid * MSEK, 0)} MSEK of co-funding were passed on. {beside.text}")


def _beside(results: Results, arm: str, control: str, question: str) -> Reply:
    rows, accounts = outcome_rows(results, arm, control), account_rows(results, arm, control)
    society = _told(accounts, HEADLINE.name)
    return Reply(
        question,
        _joined(
            f"{label(results, arm)} minus {label(results, control).lower()}:",
            society[:1].lower() + society[1:],
            _at_the_end(rows, Verdict.BETTER),
            _at_the_end(rows, Verdict.WORSE),
        ),
    )
