"""The grammar of findings: from a difference with its interval come its verdict, its words, its colour and its mark.

The only place where better, worse and undecided are decided, worded, coloured and marked: tables, summaries and figures
ask here. A verdict is told by colour, by mark and by lightness at once, so that a figure reads the same in grey print
and with every common colour blindness: better is darkest, worse lighter, undecided a light grey.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from experiments.analysis.intervals import Interval
from experiments.analysis.signs import sign
from experiments.reporting.columns import bounds_cell
from experiments.reporting.numbers import decimals_for, listed, lower_first, number


class Verdict(StrEnum):
    """What can be said of a difference; the value is its word in tables and data.

    BETTER, WORSE: the 95 % interval excludes zero. HIGHER, LOWER: it does, and neither is better. UNDECIDED: the
    interval covers zero. SAME: it is zero in every replicate. ALONE: one replicate gives no interval. NOTHING: there is
    no difference to look at, as runs failed.
    """

    BETTER = "better"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"
    UNDECIDED = "undecided"
    SAME = "identical"
    ALONE = "one replicate"
    NOTHING = "no result"

    @property
    def decided(self) -> bool:
        """Whether the interval excludes zero."""
        return self in (Verdict.BETTER, Verdict.WORSE, Verdict.HIGHER, Verdict.LOWER)


def verdict_of(value: Interval, better: int) -> Verdict:
    """The verdict on a difference. better: +1 where more is better, -1 where less is, 0 where neither can be said.

    >>> verdict_of(Interval(2.0, 1.0, 3.0, 5), -1), verdict_of(Interval(2.0, -1.0, 5.0, 5), 1)
    (<Verdict.WORSE: 'worse'>, <Verdict.UNDECIDED: 'undecided'>)
    """
    if value.count == 0 or math.isnan(value.mean):
        return Verdict.NOTHING
    if value.mean == 0 and not value.high > 0:
        return Verdict.SAME
    if not value.known:
        return Verdict.ALONE
    way = sign(value)
    if not way:
        return Verdict.UNDECIDED
    if not better:
        return Verdict.HIGHER if way > 0 else Verdict.LOWER
    return Verdict.BETTER if way * better > 0 else Verdict.WORSE


BLUE, ORANGE, PURPLE, GREY = "#004B87", "#D97A1E", "#7C68A4", "#B3B3B3"
WHITE, INK = "#FFFFFF", "#303030"


@dataclass(frozen=True)
class Mark:
    """How a verdict is drawn. marker: matplotlib's; symbol: the same as a letter, for keys and beside words; filled:
    whether the marker is; hatch: of areas; ink: the colour of words on an area of the verdict's colour."""

    marker: str
    symbol: str
    filled: bool = True
    hatch: str = ""
    ink: str = INK


COLOURS: dict[Verdict, str] = {
    Verdict.BETTER: BLUE,
    Verdict.WORSE: ORANGE,
    Verdict.HIGHER: PURPLE,
    Verdict.LOWER: PURPLE,
    Verdict.UNDECIDED: GREY,
    Verdict.SAME: GREY,
    Verdict.ALONE: GREY,
    Verdict.NOTHING: GREY,
}
MARKS: dict[Verdict, Mark] = {
    Verdict.BETTER: Mark("^", "▲", ink=WHITE),
    Verdict.WORSE: Mark("v", "▼", hatch="////"),
    Verdict.HIGHER: Mark(">", "▶", hatch="....", ink=WHITE),
    Verdict.LOWER: Mark("<", "◀", hatch="....", ink=WHITE),
    Verdict.UNDECIDED: Mark("o", "○", filled=False),
    Verdict.SAME: Mark("|", "|", filled=False),
    Verdict.ALONE: Mark("s", "□", filled=False),
    Verdict.NOTHING: Mark("", "", filled=False),
}
MEANINGS: dict[Verdict, str] = {
    Verdict.BETTER: "better",
    Verdict.WORSE: "worse",
    Verdict.HIGHER: "higher, neither better nor worse",
    Verdict.LOWER: "lower, neither better nor worse",
    Verdict.UNDECIDED: "undecided, as the 95 % interval covers zero",
    Verdict.SAME: "identical",
    Verdict.ALONE: "from one replicate, without an interval",
}


@dataclass(frozen=True)
class Subject:
    """What a sentence is about. name: as a sentence begins; up, down: what is said of it, {} being the size; whether:
    the same as a question; judged: whether a sentence adds that this is better or worse.

    >>> Subject("Rent", judged=True).whether
    'is higher or lower'
    """

    name: str
    up: str = "is {} higher"
    down: str = "is {} lower"
    whether: str = "is higher or lower"
    judged: bool = False

    @property
    def inside(self) -> str:
        """The name within a sentence."""
        return lower_first(self.name)


def gainer(name: str, plural: bool = False) -> Subject:
    """Somebody who gains or loses: "Society", or "Builders"."""
    gain, lose = ("gain", "lose") if plural else ("gains", "loses")
    return Subject(name, f"{gain} {{}}", f"{lose} {{}}", f"{gain} or {lose}")


@dataclass(frozen=True)
class Finding:
    """A difference as found: everything that tells it. value: in `unit`, over replicates; better: +1 where more is
    better, -1 where less is, 0 where neither can be said."""

    value: Interval
    better: int = 1
    unit: str = ""

    @property
    def verdict(self) -> Verdict:
        """What can be said of it."""
        return verdict_of(self.value, self.better)

    @property
    def colour(self) -> str:
        """Its colour."""
        return COLOURS[self.verdict]

    @property
    def mark(self) -> Mark:
        """Its mark."""
        return MARKS[self.verdict]

    @property
    def places(self) -> int:
        """Decimals that show its interval with two digits, or else its size."""
        return decimals_for(self.value.half or self.value.mean)

    @property
    def size(self) -> str:
        """Its size without a sign, with the unit.

        >>> Finding(Interval(-1234.0, -1300.0, -1168.0, 9), 1, "MSEK").size
        '1,234 MSEK'
        """
        return f"{number(abs(self.value.mean), self.places)} {self.unit}".rstrip()

    @property
    def signed(self) -> str:
        """Its size with its sign and the unit."""
        return f"{number(self.value.mean, self.places, signed=True)} {self.unit}".rstrip()

    def shown(self, places: int) -> str:
        """Its size and interval with so many decimals, or more where a bound beside zero would read as zero.

        >>> Finding(Interval(-1.1, -2.0, -0.3, 9)).shown(0), Finding(Interval(0.0, 0.0, 0.0, 9)).shown(1)
        ('−1.1 (−2.0 to −0.3)', 'no difference')
        """
        if self.verdict in (Verdict.SAME, Verdict.NOTHING):
            return "no difference" if self.verdict is Verdict.SAME else self.verdict.value
        bounds = (self.value.low, self.value.high) if self.value.known else ()
        more = next((more for more in range(3) if all(_seen(one, places + more) for one in bounds)), 2)
        return bounds_cell(self.value, places + more)

    def bounds(self, turned: bool = False) -> str:
        """The interval in words, or nothing without one; `turned` as that of the size of a loss.

        >>> Finding(Interval(-2.0, -3.0, -1.0, 9)).bounds(turned=True)
        '95 % CI 1.0 to 3.0'
        """
        if not self.value.known:
            return ""
        low, high = (-self.value.high, -self.value.low) if turned else (self.value.low, self.value.high)
        return f"95 % CI {number(low, self.places)} to {number(high, self.places)}"

    def clause(self, about: Subject) -> str:
        """What was found, without interval and full stop: a figure's title, or the start of a sentence.

        >>> Finding(Interval(2.0, 1.0, 3.0, 9), -1, "SEK").clause(Subject("Rent", judged=True))
        'Rent is 2.0 SEK higher, which is worse'
        """
        verdict, name = self.verdict, about.inside
        if verdict is Verdict.NOTHING:
            return f"For {name} nothing is known, as every pair has a run that failed"
        if verdict is Verdict.SAME:
            return f"For {name} nothing differs"
        if verdict is Verdict.UNDECIDED:
            return f"Whether {name} {about.whether} is undecided"
        told = f"{about.name} {(about.up if self.value.mean > 0 else about.down).format(self.size)}"
        if verdict is Verdict.ALONE:
            return f"{told}, in one replicate"
        return f"{told}, which is {verdict.value}" if about.judged and self.better else told

    def sentence(self, about: Subject, adds: str = "") -> str:
        """What was found as a sentence with its interval; `adds` says how it is counted.

        >>> Finding(Interval(20.0, -10.0, 50.0, 9), 1, "MSEK").sentence(gainer("Society"))
        'Whether society gains or loses is undecided: +20 MSEK (95 % CI −10 to 50).'
        """
        verdict, told = self.verdict, self.clause(about)
        how = f", {adds}" if adds else ""
        if verdict is Verdict.NOTHING:
            return f"{told}."
        if verdict is Verdict.ALONE:
            return f"{told.removesuffix(', in one replicate')}{how}; from one replicate, so without an interval."
        if verdict is Verdict.SAME:
            return f"{told}{how}."
        if verdict is Verdict.UNDECIDED:
            return f"{told}: {self.signed} ({self.bounds()}){how}."
        return f"{told} ({self.bounds(turned=self.value.mean < 0)}){how}."


def _seen(bound: float, places: int) -> bool:
    return bound == 0.0 or abs(bound) >= 0.5 * 10.0**-places


def counted(verdicts: Iterable[Verdict], between: str = "") -> str:
    """How many there are of each verdict, in words; with words `between` the verdict comes first.

    >>> counted([Verdict.BETTER, Verdict.UNDECIDED, Verdict.BETTER])
    '2 better and 1 undecided'
    >>> counted([Verdict.BETTER, Verdict.UNDECIDED, Verdict.BETTER], " in ")
    'better in 2 and undecided in 1'
    """
    found = [(verdict.value, many) for verdict, many in sorted(Counter(verdicts).items(), key=_place)]
    return listed([f"{word}{between}{many}" if between else f"{many} {word}" for word, many in found])


def _place(counted_one: tuple[Verdict, int]) -> int:
    return list(Verdict).index(counted_one[0])


def key(verdicts: Iterable[Verdict]) -> str:
    """What the marks of a figure mean, those of these verdicts.

    >>> key([Verdict.WORSE, Verdict.BETTER])
    '▲ better, ▼ worse'
    """
    shown = set(verdicts)
    return ", ".join(f"{MARKS[verdict].symbol} {words}" for verdict, words in MEANINGS.items() if verdict in shown)
