"""The log of talks in words: who asked, who offered, why it failed; who is in a compact, and why they leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from experiments.reporting.names import one_line
from experiments.reporting.numbers import number, percent
from sim.world.notes import COMPACT, OWNER, TOGETHER

PARTNERS = {
    "municipality": "its municipality", "county_council": "the county council", "state": "the state",
    TOGETHER: "all partners together", OWNER: "the housing company itself", COMPACT: "the compact",
}  # fmt: skip
REASONS = {
    "": "", "not_lawful": "it gains and has no lawful way to pay", "no_budget": "its budget does not bear it",
    "not_worth_it": "all that partners believe to gain does not cover it",
    "talks_cost_more": "talks would have cost more than there was to win", "no_staff": "joint staff had no time",
    "quarrel": "the partners fell out over who pays what", "put_off": "the company put the renovation off",
    "builds_otherwise": "the company builds something else", "no_bids": "nobody bid for the renovation",
    "joins": "it sees enough to gain", "waits": "it would rather see first what others get",
    "rides_free": "it gets enough from outside", "gains_fell": "it gains less than it expected",
    "pressure_fell": "residents press less", "new_majority": "a new majority wants it less",
    "trust_lost": "promises were broken and trust is lost", "downturn": "the downturn makes its staff too dear",
    "courage_failed": "it has lost heart", "quorum": "too few are left",
    "ended": "nothing is practised together any more",
}  # fmt: skip
JOINING = {"not_worth_it": "it sees too little to gain", "no_budget": "it cannot pay for the joint staff"}
DONE = {"agreed": "joins", "refused": "stays outside", "withdrawn": "leaves", "broken": "is out, as the compact breaks"}


def why(partner: str, reason: str) -> str:
    """A reason in words; of joining a compact some are others than of a deal."""
    found = JOINING.get(reason) if partner == COMPACT else None
    return found or REASONS.get(reason, reason.replace("_", " "))


def counted(rows: pd.DataFrame, runs: Mapping[str, int]) -> list[list[str]]:
    """Cells by arm (with so many runs), partner, result and reason: how many rows a run, and million SEK asked and
    short a run."""
    groups = rows.groupby(["arm", "partner", "result", "reason"], sort=True)
    found = []
    for (arm, partner, result, reason), part in groups:
        of = max(runs[str(arm)], 1)
        asked, short = (float(part[name].sum()) / of / 1e6 for name in ("asked_sek", "short_sek"))
        cells = [str(arm), PARTNERS.get(str(partner), str(partner)), str(result)]
        amounts = [number(len(part) / of, 1), number(asked, 2), number(short, 2)]
        found.append([*cells, *amounts, why(str(partner), str(reason))])
    return found


def nearest(rows: pd.DataFrame, most: int) -> list[str]:
    """Sentences on the programmes that came closest to a deal and got none: those first that lacked the smallest part
    of what was asked of all partners."""
    about = rows[~rows["partner"].isin([COMPACT, OWNER]) & (rows["programme"] != "")]
    keys = ["run", "municipality", "programme"]
    made = about["result"].isin(["agreed", "withdrawn"]).groupby([about[key] for key in keys]).transform("any")
    missed = about[~made]
    sums = missed.groupby(keys, sort=True)[["asked_sek", "offered_sek", "short_sek"]].sum()
    sums = sums[(sums["short_sek"] > 0.0) & (sums["offered_sek"] > 0.0)]
    part = (sums["short_sek"] / sums["asked_sek"]).sort_values(kind="stable").head(most)
    return [_missed(missed, keys, name) for name in part.index]


def _missed(rows: pd.DataFrame, keys: list[str], name: tuple[str, str, str]) -> str:
    """One programme without a deal: what all partners were asked, who offered what, and what lacked most."""
    run, town, programme = name
    mine = rows[(rows[keys] == list(name)).all(axis=1)]
    asked, offered, short = (float(mine[column].sum()) for column in ("asked_sek", "offered_sek", "short_sek"))
    gave = mine[mine["offered_sek"] > 0.0]
    who = ", ".join(f"{_payer(row)} {_sek(row.offered_sek)}" for _, row in gave.iterrows())
    most = mine.iloc[int(mine["short_sek"].to_numpy().argmax())]
    return (
        f"{one_line(town)} for {one_line(programme)}: {_sek(asked)} asked, {_sek(offered)} offered ({who}); "
        f"{_sek(short)} ({percent(short / asked)}) short, mostly as {why(most.partner, most.reason)} (run {run})."
    )


def agreed(rows: pd.DataFrame, most: int) -> list[str]:
    """Sentences on the largest deals that were made."""
    made = rows[(rows["result"] == "agreed") & (rows["partner"] != COMPACT)]
    made = made.sort_values("offered_sek", ascending=False, kind="stable").head(most)
    return _sentences(made, lambda row: f"{_who(row)}: {_payer(row)} pays {_sek(row.offered_sek)}")


def moves(rows: pd.DataFrame, most: int) -> list[str]:
    """Sentences on who left a compact, and on those that broke, in their order."""
    gone = rows[(rows["partner"] == COMPACT) & rows["result"].isin(["withdrawn", "broken"])]
    gone = gone.sort_values(["run", "quarter"], kind="stable").head(most)
    return _sentences(
        gone, lambda row: f"{one_line(row.municipality)} {DONE[row.result]}, {row.year}: {why(COMPACT, row.reason)}"
    )


def _sentences(rows: pd.DataFrame, told: Callable[[pd.Series], str]) -> list[str]:
    return [f"{told(row)} (run {row.run})." for _, row in rows.iterrows()]


def _who(row: pd.Series) -> str:
    return (
        f"{one_line(row.municipality)} for {one_line(row.programme)}" if row.programme else one_line(row.municipality)
    )


def _payer(row: pd.Series) -> str:
    return PARTNERS.get(row.partner, str(row.partner))


def _sek(sek: float) -> str:
    if sek >= 1e6:
        return f"{number(sek / 1e6, 2)} million SEK"
    return f"{number(sek / 1e3, 0)},000 SEK" if sek >= 1e3 else "less than 1,000 SEK"


def compact_said(members: Sequence[float], broken: int, runs: int, reasons: pd.Series, of: int) -> str:
    """A compact over all runs of an arm, in a few sentences.

    members : mean of all runs and years, least and most. broken : runs in which it broke. reasons : rows by reason of
    those who left. of : municipalities that there are.
    """
    mean, least, most = members
    text = (
        f"On average {number(mean, 1)} of {of} municipalities are in the compact, from {number(least, 0)} to "
        f"{number(most, 0)} by year and run; it breaks in {broken} of {runs} runs."
    )
    total = float(reasons.sum())
    if total > 0.0:
        shares = [f"{why(COMPACT, str(reason))} ({percent(float(n) / total)})" for reason, n in reasons.items()]
        text += f" Why members leave: {'; '.join(shares)}."
    return text
