"""Tables of the questions: read as runs and curves are, with a look at their checksums, by all who read them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from experiments.cli import status
from experiments.engine.checksums import known_sums
from experiments.questions.validate.measuring.ensemble import TABLE
from experiments.questions.validate.result import PATTERNS

ROOT = Path(__file__).parents[3]
VALIDATE = ["validate", "--pattern", "P5", "--region", "botkyrka", "--scale", "0.02", "--years", "2", "--jobs", "1"]
VALIDATE += ["--no-figures", "--replicates", "2"]


@pytest.fixture(scope="module")
def validated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A validation of one pattern."""
    out = tmp_path_factory.mktemp("validated") / "out"
    assert status([*VALIDATE, "--out", str(out)]) == 0
    return out


def test_a_changed_measure_is_told_and_measured_again(
    validated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    shutil.copytree(validated, out)
    good = pd.read_parquet(out / TABLE)
    name = next(name for name in good if "." in str(name))
    good.assign(**{str(name): 1e12}).to_parquet(out / TABLE, index=False)
    assert status(["plot", str(out)]) == 2
    assert f"{out / TABLE}: damaged, or changed since samspel wrote it" in capsys.readouterr().err
    assert status([*VALIDATE, "--out", str(out)]) == 0
    assert f"warning: {out / TABLE}: damaged" in capsys.readouterr().err
    again = pd.read_parquet(out / TABLE)
    pd.testing.assert_frame_equal(again.drop(columns="seconds"), good.drop(columns="seconds"))


def test_what_a_question_reads_of_its_own_results_is_not_read_when_it_was_changed(
    validated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read = [name for name in (TABLE, PATTERNS) if name in known_sums(validated)]
    assert TABLE in read
    for name in read:
        out = tmp_path / name
        shutil.copytree(validated, out)
        for change in (lambda path: path.write_bytes(path.read_bytes() + b" "), lambda path: path.unlink()):
            change(out / name)
            assert status(["plot", str(out)]) == 2
            assert str(out / name) in capsys.readouterr().err


def test_nothing_is_read_from_results_without_a_look_at_its_checksum() -> None:
    unchecked = re.compile(r"pd\.read_parquet|pd\.read_csv|pq\.read_|ParquetFile\(|memory_map|open_file\(")
    allowed = {"experiments/engine/reading.py", "experiments/tools/diff.py"}
    # a table of parameters that a user names, whosesoever it is
    allowed |= {"experiments/design/kept_set.py"}
    # consumer prices, which come with the seeds and are no results
    allowed |= {"experiments/reporting/tracks/prices.py"}
    for path in (ROOT / "experiments").rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if name not in allowed:
            assert not unchecked.search(path.read_text(encoding="utf-8")), f"{name}: use experiments/engine/reading.py"
    text = (ROOT / "experiments/engine/reading.py").read_text(encoding="utf-8")
    assert (
        text.count("page_checksum_verification=True") == len(re.findall(r"ParquetFile\(|pq\.read_table\(", text)) == 2
    )
