"""What answers to what, in words and tables."""

from __future__ import annotations

import numpy as np

from experiments.analysis.screening import LEVEL
from experiments.questions.screen.result import HEADLINE, Screened, gain
from experiments.reporting.numbers import listed, short
from experiments.reporting.tables import markdown_table

NAMED = 5


def title(found: Screened) -> str:
    """For the summary's heading."""
    return "what patterns and the gain of coordination answer to"


def said(found: Screened) -> list[str]:
    """The answer in a few sentences."""
    count, screened = len(found.matter), len(found.table)
    lines = [
        f"**Of {screened} parameters some measure answers to {count}**; {screened - count} are cleared: nothing that "
        f"{len(found.points):,} points can tell depends on them."
    ]
    first = _of_output(found, HEADLINE)
    if first:
        lines.append(f"What coordination brings society answers to {len(first)}, most to {listed(first[:NAMED])}.")
    values = gain(found)
    if len(values):
        low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
        lines.append(
            f"Over all that is uncertain, before any pattern is asked, coordination wins in "
            f"{short(100 * float((values > 0).mean()))} % of the points: {short(float(middle), True)} thousand SEK a "
            f"flat (nine in ten between {short(float(low), True)} and {short(float(high), True)})."
        )
    return lines


def _of_output(found: Screened, output: str) -> list[str]:
    """Parameters that one measure answers to, strongest first, as code."""
    here = found.answers[(found.answers["output"] == output) & found.answers["matters"]]
    size = here[["straight", "bent"]].abs().max(axis=1)
    return [f"`{name}`" for name in here.loc[size.sort_values(ascending=False, kind="stable").index, "input"]]


def sections(found: Screened) -> list[str]:
    """The rest of the summary."""
    cleared = ", ".join(f"`{name}`" for name in found.cleared)
    parts = ["## Parameters that matter", _matter(found), "## Measure by measure", _outputs(found)]
    return [*parts, "## Cleared", f"{cleared or 'None'}.", "## How to read it", _how()]


def _matter(found: Screened) -> str:
    rows = [
        (f"{found.results.setting(name).label}, `{name}`", f"`{output}`", short(size), str(int(outputs)))
        for name, output, size, outputs in found.table.itertuples(index=False)
        if outputs > 0
    ]
    return markdown_table(("parameter", "strongest answer", "rank correlation", "measures that answer"), rows)


def _outputs(found: Screened) -> str:
    rows = []
    for output in found.measured.columns:
        names = _of_output(found, str(output))
        rows.append((f"`{output}`", str(len(names)), ", ".join(names[:NAMED]) or "–"))
    return markdown_table(("measure", "parameters", "the strongest"), rows)


def _how() -> str:
    lines = [
        "All parameters are drawn at once, so that an answer is one on average over all others. Rank correlation "
        "(Spearman): with the parameter, or with its distance from the middle of its range where that is larger, for "
        "an answer that turns round.",
        f"Of the answers that are told, {100 * LEVEL:g} % are false ones (Benjamini and Hochberg 1995, for each "
        "measure). "
        "What is weak beside all else that is uncertain is not found in a small sample: cleared means that varying it "
        "moves nothing by much, not that it does nothing.",
    ]
    return "\n".join(f"- {line}" for line in lines)
