"""Numbers, outcomes and settings in words and in units that a person reads: per cent, MSEK a year."""

from __future__ import annotations

import math
from dataclasses import dataclass

from experiments.analysis.intervals import Interval
from sim import OUTCOMES
from sim.vocabulary import Practice

PURPOSE = "Samspel: exploration, not prediction for an estate"
SCALES = {"0 to 1": "on a scale of 0 to 1", "1 = start": "where the start is 1", "1 = normal": "where normal is 1"}
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Measure:
    """How an outcome is shown: `factor` turns the recorded unit into `unit`, a difference is in its own unit.

    better: +1 where more is better, -1 where less is, 0 where neither can be said.
    """

    name: str
    label: str
    unit: str
    difference_unit: str
    factor: float
    better: int

    @property
    def title(self) -> str:
        """The label; a flow of money is told apart from the present value of the same thing."""
        return self.label + ", yearly flow" * (self.unit == "MSEK a year")


def measure_of(name: str) -> Measure:
    """The measure of an outcome; one that this version does not know is shown by its bare name."""
    known = next((outcome for outcome in OUTCOMES if outcome.name == name), None)
    if known is None:
        return Measure(name, name.replace("_", " "), "", "", 1.0, 0)
    unit, factor = shown_unit(known.unit)
    difference = "percentage points" + (" a year" if unit.endswith("a year") else "") if "%" in unit else unit
    difference = SCALES.get(difference, difference)
    return Measure(name, known.label, unit, difference, factor, known.better)


def shown_unit(unit: str) -> tuple[str, float]:
    """The unit that a reader sees, and the factor into it.

    >>> shown_unit("SEK/quarter")
    ('MSEK a year', 4e-06)
    """
    base, _, per = unit.partition("/")
    if per == "quarter":
        return ("MSEK a year", 4e-6) if base == "SEK" else (f"{base} a year", 4.0)
    if base.split(" ")[0] == "share":
        return (base.replace("share", "%", 1) + (f" a {per}" if per else ""), 100.0)
    if base == "SEK" and not per:
        return ("MSEK", 1e-6)
    plain = {"0-1": "0 to 1", "SEK/m2.year": "SEK per m² and year", "kWh/m2.year": "kWh per m² and year"}
    return (plain.get(unit, unit.replace("/", " a ")), 1.0)


def headlines() -> tuple[str, ...]:
    """Names of the headline outcomes, in the order of the declarations. Society is told by its account alone: its flow
    in the last year, which knows nothing of what is left, would be another verdict."""
    return tuple(outcome.name for outcome in OUTCOMES if outcome.headline and outcome.name != "society")


def decimals_for(width: float, least: int = 0, most: int = 4) -> int:
    """Decimals that show a number of this size with two digits."""
    if not math.isfinite(width) or width == 0:
        return least
    return min(most, max(least, 1 - math.floor(math.log10(abs(width)))))


def number(value: float, decimals: int, signed: bool = False) -> str:
    """A number with separated thousands and a true minus sign; "–" where there is none.

    >>> number(-1234.5, 1), number(0.0004, 2, signed=True)
    ('−1,234.5', '0.00')
    """
    if math.isnan(value):
        return "–"
    text = f"{value:+,.{decimals}f}" if signed else f"{value:,.{decimals}f}"
    return text.lstrip("+-") if not text.strip("+-0.,") else text.replace("-", MINUS)


def amount(value: Interval, unit: str, places: int | None = None) -> str:
    """A difference in words: its size, unit and interval; with two digits of the interval, or so many `places`."""
    if places is None:
        places = decimals_for((value.high - value.low) / 2 if value.known and value.high > value.low else value.mean)
    text = f"{number(value.mean, places, signed=True)} {unit}".rstrip()
    return f"{text} ({number(value.low, places)} to {number(value.high, places)})" if value.known else text


def short(value: float, signed: bool = False) -> str:
    """A number with three significant digits.

    >>> short(1234.5), short(0.012345)
    ('1,234', '0.0123')
    """
    if not math.isfinite(value) or value == 0:
        return "0" if value == 0 else "–"
    return number(value, max(0, min(6, 2 - math.floor(math.log10(abs(value))))), signed)


def percent(share: float, decimals: int = 0) -> str:
    """A share as per cent, with a space.

    >>> percent(0.954)
    '95 %'
    """
    return "–" if math.isnan(share) else f"{number(100.0 * share, decimals)} %"


def practice_words(name: str) -> str:
    """A practice's name for a reader."""
    return next(practice.words for practice in Practice if practice == name)


def lower_first(text: str) -> str:
    """Words as they stand within a sentence, unless they begin with a name in capitals.

    >>> lower_first("Rent burden"), lower_first("NPV")
    ('rent burden', 'NPV')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def listed(words: list[str]) -> str:
    """Words as a phrase: a, b and c.

    >>> listed(["rent", "moves", "health"])
    'rent, moves and health'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
