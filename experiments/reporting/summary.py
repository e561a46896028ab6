"""summary.md and summary.json: what every summary begins and ends with, and the verdict as data."""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from experiments.analysis.intervals import Interval
from experiments.engine import dates
from experiments.engine.manifest import Manifest
from experiments.reporting.names import markdown, one_line
from experiments.reporting.numbers import PURPOSE

SUMMARY, DATA = "summary.md", "summary.json"
SCHEMA = 1
_PAIRED = "Differences are between runs paired on common random numbers."
_UNPAIRED = "Each arm has random numbers of its own, as a check: differences are not between paired runs."
QUICK = "A quick look: too few runs, at too small a scale, to conclude from."


@dataclass(frozen=True)
class Headline:
    """The verdict of some results: a number with its 95 % interval.

    account: an account, an outcome, or what the kind counts. low, high: None where there is no interval. better: +1
    where more is better, -1 where less is, 0 where neither can be said.
    """

    account: str
    mean: float | None
    low: float | None
    high: float | None
    unit: str
    better: int

    @classmethod
    def of(cls, account: str, value: Interval, unit: str, better: int) -> Headline:
        """From an interval over replicates."""
        return cls(account, _known(value.mean), _known(value.low), _known(value.high), unit, better)


def write_summary(folder: Path, made: Manifest, title: str, said: Sequence[str], sections: Sequence[str]) -> None:
    """Write summary.md: title and command, the answer, its sections, notes, and failed runs."""
    head = ("A quick look at " if made.quick else "") + f"{markdown(made.region.title)}: {title}"
    parts = [f"# {head}", f"*{PURPOSE}.*", *([f"**{QUICK}**"] if made.quick else []), f"    {one_line(_typed(made))}"]
    parts += ["## In short", *said, *sections, notes(made)]
    if made.failed:
        parts.append(f"**Failed runs.** {markdown(failed_words(made))}")
    if made.failed_figures:
        parts.append(f"**Failed figures.** {markdown(failed_figures_words(made))}")
    (folder / SUMMARY).write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def write_data(folder: Path, made: Manifest, headline: Headline, more: Mapping[str, Any]) -> None:
    """Write summary.json: kind, whether it was a quick look, the headline, and what the kind adds."""
    about = {"schema": SCHEMA, "kind": made.kind, "quick": made.quick, "failed_figures": made.failed_figures}
    text = json.dumps(plain(about | {"headline": asdict(headline)} | dict(more)), indent=2, ensure_ascii=False)
    (folder / DATA).write_text(text + "\n", encoding="utf-8")


def notes(made: Manifest) -> str:
    """What the numbers are, at the end of a summary."""
    lines = [
        f"{_PAIRED if made.shared_seeds else _UNPAIRED} Money is SEK of 2011, real; present values at "
        f"{made.discount_rate:.1%} a year. Society's account counts what is left at the end; an owner's own view adds "
        "what its buildings are worth in the last quarter, at market prices.".replace("%", " %"),
        f"Region {markdown(made.region.name)}, {made.flats:,} flats, scale {made.region.scale:g}, {made.years} years "
        f"from {made.first_year}, {made.replicates} replicate{'s' * (made.replicates != 1)}"
        f"{'' if made.seed is None else f', seed {made.seed}'}.",
        *(markdown(note) for note in made.notes),
    ]
    if made.set:
        settings = ", ".join(f"{name} = {dates.said(value)}" for name, value in made.set.items())
        lines.append(f"Set in all arms: {markdown(settings)}.")
    lines += [f"{markdown(f'{arm.name}: {arm.meaning}')}." for arm in made.arms if arm.meaning]
    return "## Notes\n\n" + "\n".join(f"- {line}" for line in lines)


def failed_words(made: Manifest, most: int = 10) -> str:
    """How many runs failed and which, in sentences; empty where none did."""
    if not made.failed:
        return ""
    names = list(made.failed)
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return (
        f"{len(names)} run{'s' * (len(names) > 1)} failed; they, and the pairs that they belong to, are left out of "
        f"every figure and table: {', '.join(names[:most])}{rest}. The first: {made.failed[names[0]]}."
    )


def failed_figures_words(made: Manifest) -> str:
    """Which figures could not be drawn and why, in sentences; empty where all were."""
    if not made.failed_figures:
        return ""
    count = len(made.failed_figures)
    told = "; ".join(made.failed_figures.values())
    return f"{count} figure{'s' * (count > 1)} could not be drawn; everything else is there: {told}."


def _typed(made: Manifest) -> str:
    """The command as it is typed into a shell."""
    return shlex.join(made.command)


def plain(value: Any) -> Any:
    """A value as JSON can say it: numbers that are not known become null."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float) or hasattr(value, "dtype"):
        return _known(float(value))
    return value


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
