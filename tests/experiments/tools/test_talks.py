"""`samspel talks`: the log of talks, in words that a person can follow."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from experiments.cli import status
from experiments.engine.results import Results
from experiments.reporting.talks import REASONS, agreed, compact_said, counted, moves, nearest
from sim import load_region
from sim.inputs.collaboration import PRESETS
from sim.model import RenewalModel

COLUMNS = (
    "arm", "run", "quarter", "municipality", "partner", "programme", "asked_sek", "offered_sek", "short_sek", "result",
    "reason", "year",
)  # fmt: skip


def planted(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS))


LOG = planted(
    ("a", "a/1", 0, "Town", "state", "House 2011", 5e6, 4e6, 1e6, "short", "not_lawful", 2011),
    ("a", "a/1", 0, "Town", "together", "House 2011", 5e5, 0.0, 5e5, "refused", "not_worth_it", 2011),
    ("a", "a/2", 4, "Town", "state", "House 2012", 5e6, 1e6, 4e6, "short", "no_budget", 2012),
    ("a", "a/2", 4, "Town", "state", "Yard 2012", 2e6, 2e6, 0.0, "agreed", "", 2012),
    ("a", "a/2", 8, "Town", "compact", "", 1e6, 5e5, 5e5, "withdrawn", "gains_fell", 2013),
    ("a", "a/2", 8, "Other", "compact", "", 1e6, 2e6, 0.0, "broken", "gains_fell", 2013),
)


def test_what_came_closest_is_told_first_with_who_offered_what_and_why_it_failed() -> None:
    first, second = nearest(LOG, 10)
    assert first.startswith(
        "Town for House 2011: 5.50 million SEK asked, 4.00 million SEK offered (the state 4.00 million"
    )
    assert "(27 %) short, mostly as it gains and has no lawful way to pay (run a/1)." in first
    assert "House 2012" in second and "its budget does not bear it" in second
    assert len(nearest(LOG, 1)) == 1


def test_what_was_agreed_and_who_left_a_compact_are_told() -> None:
    assert agreed(LOG, 5) == ["Town for Yard 2012: the state pays 2.00 million SEK (run a/2)."]
    assert moves(LOG, 5) == [
        "Town leaves, 2013: it gains less than it expected (run a/2).",
        "Other is out, as the compact breaks, 2013: it gains less than it expected (run a/2).",
    ]


def test_counts_are_means_over_all_runs_of_an_arm() -> None:
    cells = counted(LOG, {"a": 2})
    assert ["a", "the state", "agreed", "0.5", "1.00", "0.00", ""] in cells
    assert sum(float(row[3]) for row in cells) == pytest.approx(len(LOG) / 2)


def test_a_compact_is_told_with_how_often_and_why_it_broke() -> None:
    told = compact_said((1.5, 0.0, 4.0), 1, 3, pd.Series({"gains_fell": 3, "trust_lost": 1}), 4)
    assert "1.5 of 4 municipalities" in told and "1 of 3 runs" in told and "(75 %)" in told


def test_every_reason_that_runs_give_has_words() -> None:
    region = load_region("botkyrka", 0.02)
    for name in ("emergent", "national"):
        talks = RenewalModel(region, PRESETS[name], 3, years=8, record_every=0).run().talks()
        assert len(talks) and set(talks["reason"]) <= set(REASONS)
        assert (
            ((talks["asked_sek"] - talks["offered_sek"] - talks["short_sek"]).abs() < 1.0)
            .where(~talks["partner"].isin(["compact", "owner"]), True)
            .all()
        )


def test_a_person_reads_the_log_of_stored_results_and_writes_it(
    results: Results, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = str(results.folder)
    assert status(["talks", folder, "--arm", "coordinated", "--most", "2"]) == 0
    told = capsys.readouterr().out
    assert "coordinated" in told and "emergent" not in told
    assert status(["talks", folder, "--arm", "siloed"]) == 0
    assert capsys.readouterr().out == "Nobody talked to anybody.\n"
    for option, wrong, near in (("--arm", "emergnt", "emergent"), ("--municipality", "Botkyrk", "Botkyrka")):
        assert status(["talks", folder, option, wrong]) == 2
        assert f'did you mean "{near}"?' in capsys.readouterr().err
    assert status(["talks", str(tmp_path)]) == 2


def test_figure_and_summary_tell_who_is_in_the_compact(results: Results) -> None:
    assert (results.folder / "figures" / "members.png").is_file()
    assert "## Who is in the compact" in (results.folder / "summary.md").read_text(encoding="utf-8")
