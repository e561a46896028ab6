"""The verdict in two sentences for whoever decides, and what a single run is beside it."""

from __future__ import annotations

from experiments.design.arms import BASELINE, FOCUS, NAMED_ARMS
from experiments.engine.runs import region_of
from experiments.questions.over.verdict import FILE, MADE_FROM, SHIPPED, Verdict
from experiments.reporting.accounts import ACCOUNT, UNIT
from experiments.reporting.names import markdown
from experiments.reporting.numbers import decimals_for, listed, number, percent
from sim import SamspelError

EVEN = (0.4, 0.6)  # shares between which it is open
FEW = 0.01  # a share below which, and above one less which, is told as under and over it
ANEW = "`samspel compare --over set`"
COPY = f"copy results/over/{FILE} to {SHIPPED}"


def two_sentences(verdict: Verdict) -> str:
    """In which share of the set the arm in question is better, and by how much.

    >>> about = {"account": "npv_society", "median": 46.2, "low_90": -12.0, "high_90": 80.0, "rank_of_default": 0.5}
    >>> about |= {"unit": "kSEK a flat", "members": 400, "arms": ("coordinated", "siloed"), "region": "botkyrka"}
    >>> print(two_sentences(Verdict(**about, share_better=0.8763, scale=1.0, years=30, digest={})))
    In Botkyrka with Huddinge, society is better off with coordination than with everyone for themselves in 88 % of \
what the evidence leaves open: 400 versions of the model, which count by how well they fit what was observed. In the \
middle of them society gains 46 thousand kronor a flat over 30 years, and nine in ten lie between a loss of 12 and a \
gain of 80.
    """
    who = ACCOUNT[verdict.account].subject.lower() if verdict.account in ACCOUNT else verdict.account
    on, off = (arm_words(name) for name in verdict.arms)
    share = whole_share(verdict.share_better)
    open_ = EVEN[0] <= verdict.share_better <= EVEN[1]
    only = "only " * (FEW <= verdict.share_better < EVEN[0])
    begin = f"whether {who} is better off with {on} than with {off} is open: it is in" if open_ else (
        f"{who} is better off with {on} than with {off} in {only}".rstrip()
    )  # fmt: skip
    members = f"{verdict.members:,} version{'s' * (verdict.members != 1)} of the model"
    counted = f"{share} of what the evidence leaves open: {members}, which count by how well they fit what was observed"
    return f"In {place_words(verdict)}, {begin} {counted}. {_by_how_much(verdict, who)}"


def _by_how_much(verdict: Verdict, who: str) -> str:
    unit = "thousand kronor a flat" if verdict.unit == UNIT else verdict.unit
    places = decimals_for((verdict.high_90 - verdict.low_90) / 2 or verdict.median)
    least = min(abs(one) for one in (verdict.median, verdict.low_90, verdict.high_90))
    places = places if not least or least >= 0.5 * 10.0**-places else decimals_for(least)  # nothing is a loss of 0
    middle = f"{'gains' if verdict.median >= 0 else 'loses'} {number(abs(verdict.median), places)} {unit}"
    low, high = (
        f"a {'gain' if end >= 0 else 'loss'} of {number(abs(end), places)}" for end in (verdict.low_90, verdict.high_90)
    )
    over = f"over {verdict.years} year{'s' * (verdict.years != 1)}"
    return f"In the middle of them {who} {middle} {over}, and nine in ten lie between {low} and {high}."


def whole_share(share: float) -> str:
    """A share in whole per cent; what is nearly none or nearly all is never told as none or all.

    >>> whole_share(0.8763), whole_share(1.0), whole_share(0.004)
    ('88 %', '100 %', 'under 1 %')
    """
    if 0.0 < share < FEW:
        return f"under {percent(FEW)}"
    return f"over {percent(1.0 - FEW)}" if 1.0 - FEW < share < 1.0 else percent(share)


def arm_words(name: str) -> str:
    """An arm within the sentence."""
    known = {FOCUS: "coordination", BASELINE: "everyone for themselves"}
    label = NAMED_ARMS[name].label.lower() if name in NAMED_ARMS else markdown(name)
    return known.get(name, f"“{label}”")


def place_words(verdict: Verdict) -> str:
    """The region by the first words of its title, with its share where that is not all of it."""
    return region_words(verdict.region, verdict.scale)


def region_words(region: str, scale: float) -> str:
    """A region by the first words of its title."""
    try:
        title = region_of(region, scale).title.partition(",")[0].partition(" in 2")[0]
    except SamspelError:
        title = region
    return markdown(title) + ("" if scale == 1 else f" at scale {scale:g}")


def out_of_date(changed: list[str]) -> str:
    """That the verdict is stale, and how to make it anew."""
    several = len(changed) > 1 or changed[0] in (MADE_FROM["parameters"], MADE_FROM["region"], MADE_FROM["arms"])
    are = "are others" if several or "perhaps" in changed[0] else "is another"
    return (
        f"**That verdict is out of date**: {listed(changed)} {are} now than when it was made. To make it anew: {ANEW}, "
        f"then {COPY}."
    )


MISSING = f"**No verdict is here yet** ({SHIPPED}): {ANEW} makes one, then {COPY}."
