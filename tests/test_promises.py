"""The page of promises: each names tests that are there, and nothing is sent anywhere."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from experiments.cli import status

from .long.watching import watched

PAGE = Path(__file__).parent / "PROMISES.md"
PROMISES, _, NOT_PROMISED = PAGE.read_text(encoding="utf-8").partition("## What is not promised")
NAMED = [block for block in re.split(r"\n(?=- \*\*|## )", PROMISES) if block.startswith("- **")]
TINY = ["--region", "botkyrka", "--scale", "0.01", "--years", "1", "--replicates", "1", "--jobs", "1"]


@pytest.mark.parametrize("promise", NAMED, ids=lambda text: re.sub(r"\W+", " ", text)[:40].strip())
def test_a_promise_names_tests_that_are_there(promise: str) -> None:
    named = re.findall(r"\]\((\S*?test_\w+\.py)\)", promise)
    assert named or promise.startswith("- **Results hold what")
    assert [name for name in named if "def test_" not in (PAGE.parent / name).read_text(encoding="utf-8")] == []


def test_the_page_is_short_and_says_what_is_not_promised() -> None:
    assert len(NAMED) > 12 and NOT_PROMISED.count("- **") > 3
    assert len(PAGE.read_text(encoding="utf-8").split()) < 1100


def test_no_command_speaks_to_another_machine(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with watched(tmp_path) as found:
        assert status(["compare", *TINY, "--no-figures", "--no-turns", "--out", str(out)]) == 0
        assert status(["plot", str(out), "--outcome", "rent", "--out", str(tmp_path / "figures")]) == 0
        assert status(["diff", str(out), str(out)]) == 0
    assert [one for one in found if "socket" in one] == []


def test_whoever_speaks_to_another_machine_is_noticed(tmp_path: Path) -> None:
    with watched(tmp_path) as found, socket.socket() as one:
        one.connect_ex(("127.0.0.1", 1))
    assert len(found) == 1 and found[0].startswith("socket.connect")
