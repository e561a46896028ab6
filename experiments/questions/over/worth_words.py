"""Which study would be worth paying for, in sentences and in a table."""

from __future__ import annotations

from experiments.analysis.information import Information
from experiments.questions.over.worth import Worth, Worths
from experiments.reporting.numbers import listed, number, percent
from experiments.reporting.tables import markdown_table

HEADERS = (
    "It would find out", "by", "worth to society, MSEK", "share of the gain's variance", "would decide otherwise",
    "beside society worth most to, MSEK",
)  # fmt: skip
LEAST = 1.0  # MSEK for a whole region, below which nothing is worth paying for
SURE = 2.0  # standard errors by which a value must lie above nothing
KNOWN = 0.3  # share of the gain's variance from which on the regression is believed where it sees no value
MOST_NAMED = 3
NOTE = (
    "What knowing something before deciding would be worth: how much better society would do on average, each choosing "
    "the better of coordinating or not for what would be known, than by the one choice that is best on average now. "
    "MSEK, present value, for the whole region, with a standard error; over {members} members of the set, weighted by "
    "fit (regression estimate, Strong, Oakley and Brennan 2014; fitted values cross-validated, so that it rather says "
    "too little). A study is told of as if it settled its question wholly, and of what goes together with it in the "
    "set; no real one does, so that the number is the most to pay. Everything together: {everything} MSEK; knowing "
    "even what chance will do: {bound} MSEK."
)


def section(worths: Worths | None) -> list[str]:
    """Sentences, a table of studies, and how to read it."""
    head = "## Which study would be worth paying for"
    if worths is None:
        return [head, "That cannot be told: too few members of the set were run, or they differ in nothing."]
    note = NOTE.format(
        members=worths.members, everything=_value(worths.everything.society), bound=number(worths.bound, 0)
    )
    rows = [_row(one) for one in worths.studies]
    return [head, " ".join(sentences(worths)), markdown_table(HEADERS, rows, left=2), note]


def sentences(worths: Worths | None) -> list[str]:
    """Which study is worth most, to society and to others; or that none could change the answer, and what uncertainty
    each would resolve all the same."""
    if worths is None:
        return []
    paying = [one for one in worths.studies if pays(one.society)]
    told: list[str] = []
    for one in paying[:MOST_NAMED]:
        ways = {"study": "to know", "decision": "to settle (by a decision, not a study)", "time": "to foresee"}
        way = ways[one.study.settled_by if one.study else "study"]
        also = " also" * bool(told)
        told.append(f"It would{also} be worth {_value(one.society)} MSEK to society {way} {_asks(one)}.")
    if not paying and pays(worths.everything.society):
        told.append(
            "No single study would be worth paying for to society, though knowing everything would be worth "
            f"{_value(worths.everything.society)} MSEK."
        )
    elif not paying:
        told.append(_none(worths))
    # Ranges stay wide where nothing turns on them: a reader should not take that for a reason to pay.
    wide = sorted(worths.studies, key=lambda one: -one.society.explained)
    wide = [one for one in wide if one not in paying and one.society.explained >= 0.1][:1]
    for one in wide:
        told.append(
            f"Knowing {_asks(one)} would explain {percent(one.society.explained)} of how much society gains, but "
            "hardly change the decision."
        )
    others = [one for one in worths.studies if pays(one.most[1])]
    if others:
        best = max(others, key=lambda one: one.most[1].value)
        found = best.most[1]
        told.append(
            f"Who decides for himself may see it otherwise: to {_who(best)} knowing {_asks(best)} would be worth "
            f"{_value(found)} MSEK{_same(best, others)}."
        )
    return told


def _none(worths: Worths) -> str:
    """That no study pays: because nothing could change the decision, or because nothing is seen through chance."""
    explained = worths.everything.society.explained
    if worths.bound < LEAST or explained >= KNOWN:
        return "No study of what is uncertain could change the answer for society."
    return (
        "No study of what is uncertain is seen to be worth paying for to society, but little is seen: what members "
        f"differ in explains {percent(explained)} of how much it gains, and chance, or ways too winding for these "
        f"{worths.members} members, the rest. Larger runs, and more replicates, would show more."
    )


def pays(found: Information) -> bool:
    """Whether a value is more than nothing and its own error."""
    return found.value >= LEAST and found.value > SURE * found.error


def _same(best: Worth, others: list[Worth]) -> str:
    """To whom else anything would be worth knowing."""
    names = list(dict.fromkeys(_who(one) for one in others if _who(one) != _who(best)))
    return f"; something would be worth knowing to {listed(names[:MOST_NAMED])} as well" if names else ""


def _row(one: Worth) -> list[str]:
    found = one.society
    most = one.most[1]
    beside = f"{_who(one)}: {_value(most)}" if pays(most) else "–"
    by = one.study.by if one.study else ""
    return [_asks(one), by, _value(found), percent(found.explained), percent(found.other), beside]


def _asks(one: Worth) -> str:
    return one.study.asks if one.study else "everything"


def _who(one: Worth) -> str:
    account = one.most[0]
    return account.subject.strip(",").replace(", wherever they live", "").lower()


def _value(found: Information) -> str:
    if found.value == 0.0 and found.error < 0.5:
        return "0"
    return f"{number(found.value, 0)} ± {number(found.error, 0)}"
