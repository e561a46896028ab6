"""The questions of a comparison answered in sentences, from its own numbers."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.analysis.intervals import Interval
from experiments.engine.results import Results
from experiments.reporting.findings import PurseRow, Row, outcome_rows, purse_rows
from experiments.reporting.numbers import PURSES, decimals_for, listed, number, purse_label

MSEK = 1e-6
CAVEAT = (
    "(Real resources count what people produce and what homes are let for, less labour, materials and energy. Without "
    "the end value works that are put off would look like a gain.)"
)


@dataclass(frozen=True)
class Answer:
    """A question and what the comparison says to it."""

    question: str
    text: str


def answers(results: Results) -> list[Answer]:
    """Answers to the questions that the arms at hand allow; none with a single arm."""
    focus, control = results.focus, results.baseline
    if focus is None:
        return []
    rows, purses = outcome_rows(results, focus, control), purse_rows(results, focus, control)
    on, off = results.label(focus), results.label(control)
    found = [
        Answer(
            f"Does {on.lower()} beat {off.lower()}?",
            f"{_resources(purses)} {_at_worth(purses)} {CAVEAT} {_together(purses)} {_count(rows)}",
        ),
        Answer("Where not?", _where_not(rows)),
        Answer("Who gains?", _purses(purses, +1)),
        Answer("Who pays?", _purses(purses, -1)),
    ]
    for arm in results.manifest["arms"]:
        if arm["same_money_as"] == focus:
            found.append(_money(results, focus, arm["name"]))
    for arm in results.arms:
        if arm not in (focus, control) and not _takes_money(results, arm):
            found.append(_beside(results, arm, control, f"And {results.label(arm).lower()}?"))
    return found


def value_words(value: Interval) -> str:
    """A present-value difference in MSEK with its interval."""
    shown = value.scaled(MSEK)
    places = decimals_for((shown.high - shown.low) / 2 if shown.known else shown.mean)
    text = f"{number(shown.mean, places, signed=True)} MSEK"
    return f"{text} ({number(shown.low, places)} to {number(shown.high, places)})" if shown.known else text


def _resources(purses: list[PurseRow]) -> str:
    return _account(purses, "resources, end value", "In real resources, with what all houses are worth at the end,")


def _at_worth(purses: list[PurseRow]) -> str:
    where = "With standards above mini valued at what tenants would pay for them, instead of at their rent,"
    return _account(purses, "resources, tenants' worth", where)


def _together(purses: list[PurseRow]) -> str:
    where = "To housing companies and public purses together, with what the companies' houses are worth at the end,"
    return _account(purses, "companies and public, end value", where)


def _account(purses: list[PurseRow], name: str, where: str) -> str:
    value = next((row.value for row in purses if row.name == name), None)
    if value is None:
        return ""
    if value.known and not value.distinguishable:
        verb = "there is no distinguishable difference"
    else:
        verb = "there is a gain" if value.mean > 0 else "there is a loss" if value.mean < 0 else "nothing differs"
    alone = "" if value.known else "; from one replicate, so without an interval"
    return f"{where} {verb}: {value_words(value)} over the years, at present value{alone}."


def _count(rows: list[Row]) -> str:
    counts = {verdict: sum(row.verdict == verdict for row in rows) for verdict in ("better", "worse", "changed")}
    rest = len(rows) - sum(counts.values())
    return (
        f"Of {len(rows)} headline outcomes at the end, {counts['better']} are better, "
        f"{counts['worse']} worse, "
        f"{counts['changed']} changed with no better or worse to it, and {rest} not distinguishable."
    )


def _where_not(rows: list[Row]) -> str:
    worse = [row.measure.label.lower() for row in rows if row.verdict == "worse"]
    same = [row.measure.label.lower() for row in rows if row.verdict in ("no different", "identical", "–")]
    first = (
        f"Worse at the end: {'; '.join(worse)}."
        if worse
        else "No headline outcome is distinguishably worse at the end."
    )
    return first + (f" Not distinguishable: {'; '.join(same)}." if same else "")


def _purses(purses: list[PurseRow], sign: int) -> str:
    # The rest of the world (employers, suppliers, banks) is where money comes from and goes to, not somebody to ask.
    inside = [row for row in purses if row.name in PURSES and row.name != "rest_of_world"]
    named = [row for row in inside if row.value.distinguishable and row.value.mean * sign > 0]
    named.sort(key=lambda row: -abs(row.value.mean))
    ends = {row.name.removesuffix(", end value"): row.value for row in purses if row.name.endswith(", end value")}
    if not named:
        return f"No purse {'gains' if sign > 0 else 'pays'} distinguishably."
    text = listed([f"{purse_label(row.name)} {value_words(row.value)}{_with_end(ends.get(row.name))}" for row in named])
    return text[0].upper() + text[1:] + "."


def _with_end(value: Interval | None) -> str:
    """What an owner's account comes to with the market value of its buildings at the end."""
    return "" if value is None else f", or {value_words(value)} with what its buildings are worth at the end"


def _money(results: Results, focus: str, same_money: str) -> Answer:
    question = "Is it the money?"
    paid = results.quarterly("cofunding", focus).sum() / results.manifest["replicates"]
    if paid == 0:
        return Answer(question, "No: no other purse paid into a project, so there was no money to hand on.")
    answer = _beside(results, focus, same_money, question)
    return Answer(question, f"{paid * MSEK:,.0f} MSEK of co-funding were handed on. {answer.text}")


def _beside(results: Results, arm: str, control: str, question: str) -> Answer:
    rows, purses = outcome_rows(results, arm, control), purse_rows(results, arm, control)
    better = [row.measure.label.lower() for row in rows if row.verdict == "better"]
    worse = [row.measure.label.lower() for row in rows if row.verdict == "worse"]
    compared = f"{results.label(arm)} against {results.label(control).lower()}:"
    text = [compared, _resources(purses).replace("In", "in", 1)]
    text.append(
        f"Better at the end: {'; '.join(better)}." if better else "No headline outcome is distinguishably better."
    )
    text.append(f"Worse at the end: {'; '.join(worse)}." if worse else "None is distinguishably worse.")
    return Answer(question, " ".join(part for part in text if part))


def _takes_money(results: Results, arm: str) -> bool:
    return any(known["name"] == arm and known["same_money_as"] for known in results.manifest["arms"])
