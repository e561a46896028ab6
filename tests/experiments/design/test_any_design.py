"""Whatever a design or a configuration holds, a person is told: one SamspelError, short, that names the file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from experiments.design.own_design import read_own_design
from experiments.design.settings import parse_assignments, read_settings
from experiments.questions.compare.command import QUESTION
from sim.errors import SamspelError

DESIGN = """region = "botkyrka"
scale = 0.02
years = 2
replicates = 2
seed = 7
select = ["siloed", "mine"]
set = { heat_price = 0.8, standard_choice = "tenants" }
[arms.mine]
preset = "regional"
label = "Södra länken"
training = 0.5
partners = ["own_municipality", "civil_society"]
set = { grant_rate = 0.2 }
[vary]
grant_energy_only = [true, false]
rent_yield = { from = 0.03, to = 0.06, steps = 3 }
[sample]
method = "factorial"
"""
NASTY = [
    "\ufeff", "\0", "\u200b", "\u202e", "a\u0308", "9" * 400, "9" * 5_000, "-9223372036854775809", "5e8", "1e999",
    "nan", "inf", "-0", "0x" + "f" * 4_000, "[" * 60, "{a=" * 30, "]" * 9, "a." * 30,
    '"""', "'''", '"', "#", "=", "\n", "\r",
    "1979-05-27T07:32:00Z", "true", "[]", "{}", '""', '"$x$"', '"a/b"', '"' + "x" * 3_000 + '"', "[vary]\n",
    "[[arms]]\n", 'points = "no.csv"\n', 'runs = "design.csv"\n', "-1", "1.7", "0", "1_0", "\\u0000", "\t",
    ";", '"~nobody/x"',
]  # fmt: skip
EDITS = st.tuples(st.floats(0, 1), st.integers(0, 30), st.one_of(st.sampled_from(NASTY), st.text(max_size=4)))


CONFIGURATION = DESIGN.partition("[vary]")[0]
READERS = {
    DESIGN: read_own_design,
    CONFIGURATION: lambda path: read_settings(path, {}, QUESTION.usual.values()),
}


def told(read: Callable[[Path], object], content: bytes) -> str:
    """What is said of a file with this content; nothing if it is taken."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.toml"
        path.write_bytes(content)
        try:
            read(path)
        except SamspelError as error:
            return str(error)
    return ""


@pytest.mark.parametrize("text", READERS)
def test_what_is_mutated_is_right_before(text: str) -> None:
    assert told(READERS[text], text.encode()) == ""


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(READERS)), st.lists(EDITS, min_size=1, max_size=4))
def test_mutated_files_are_taken_or_told_by_name(text: str, edits: list[tuple[float, int, str]]) -> None:
    read = READERS[text]
    for where, length, piece in edits:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]
    message = told(read, text.encode("utf-8", "surrogatepass"))
    assert len(message) < 2_000 and (not message or "mine.toml" in message or "no.csv" in message)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode())))
def test_files_of_anything_at_all_are_told_by_name(content: bytes) -> None:
    message = told(read_own_design, content + b"\nnone_of_ours = 1")
    assert "mine.toml" in message and len(message) < 2_000


@settings(max_examples=150, deadline=None)
@example("heat_price=" + "9" * 400)
@example("heat_price=" + "9" * 5_000)
@example("=" * 3_000)
@given(st.one_of(st.text(max_size=20), st.sampled_from(NASTY).map(lambda piece: f"heat_price={piece}")))
def test_what_is_set_is_taken_or_told(text: str) -> None:
    message = ""
    try:
        read_settings(None, {"set": parse_assignments([text])}, QUESTION.usual.values())
    except SamspelError as error:
        message = str(error)
    assert len(message) < 2_000 and (not message or "--set" in message)
