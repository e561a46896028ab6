"""What commands read back: a manifest that is not what samspel wrote is told by file and key."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.cli import status
from experiments.engine import json_file
from experiments.engine.json_file import read_json
from experiments.engine.manifest import Manifest, read_manifest
from sim import SamspelError

from .conftest import run, small

ARMS = ("siloed", "coordinated", "siloed-same-money")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of two points and two replicates."""
    out = tmp_path_factory.mktemp("whole") / "out"
    run(out, small(*ARMS, points=[{"training": 0.0}, {"training": 1.0}]))
    return out


@pytest.fixture
def copied(whole: Path, tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    shutil.copytree(whole, tmp_path / "out")
    return tmp_path / "out"


def refusal(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What every command says of a folder, which is the same: one message, without anything written."""
    there = str(folder)
    commands = (
        ["plot", there, "--out", str(folder.parent / "figures")],
        ["rerun", "1/siloed/1", "--results", there],
        ["run", there, "--out", str(folder.parent / "again"), "--jobs", "1"],
        ["diff", there, there],
    )
    said = set()
    for command in commands:
        capsys.readouterr()
        assert status(command) == 2, command
        said.add(capsys.readouterr().err)
    assert len(said) == 1
    message = said.pop()
    assert len(message) < 2000 and "of samspel itself" not in message and "Traceback" not in message
    assert not (folder.parent / "again").exists() and not (folder.parent / "figures").exists()
    return message


def changed(text: str, **keys: Any) -> str:
    """A manifest with other values for some keys."""
    return json.dumps(json.loads(text) | keys)


DEEP = 100_000
BAD: list[tuple[str, Callable[[str], str | bytes], str]] = [
    ("a list", lambda _: "[1]", "got a list of 1; expected the manifest"),
    ("nothing", lambda _: "", "not readable as JSON"),
    ("an empty table", lambda _: "{}", "of an earlier version, without a schema"),
    ("a text", lambda _: '"hello"', 'got "hello"; expected the manifest'),
    ("null", lambda _: "null", "got null"),
    ("another schema", lambda t: changed(t, schema=1), "of schema 1; this version reads schema"),
    ("the schema before", lambda t: changed(t, schema=3), "of schema 3 (from before society had one account); this"),
    ("a schema that is true", lambda t: changed(t, schema=True), "of schema true"),
    ("a schema that is a list", lambda t: changed(t, schema=["x"] * 9999), "of schema a list of 9,999"),
    ("years in words", lambda t: changed(t, years="thirty"), 'key years: got "thirty"'),
    ("years as text", lambda t: changed(t, years="1"), 'key years: got "1"'),
    ("half a year", lambda t: changed(t, years=0.5), "key years: got 0.5"),
    ("no years", lambda t: changed(t, years=0), "key years: got 0"),
    ("arms by number", lambda t: changed(t, arms=[1]), "key arms.0: got 1"),
    ("stages as a list", lambda t: changed(t, stages=[]), "key stages: got a list of 0"),
    ("a region as text", lambda t: changed(t, region="botkyrka"), 'key region: got "botkyrka"'),
    ("a long text", lambda t: changed(t, flats="9" * 50_000), "key flats: got"),
    ("a long key", lambda t: changed(t, arms=[{"name": "x", "collaboration": {"k" * 50_000: 1}}]), "key arms.0.label"),
    ("lists in lists", lambda t: changed(t)[:-1] + ', "options": ' + "[" * DEEP + "]" * DEEP + "}", "20 deep"),
    ("tables in tables", lambda t: changed(t)[:-1] + ', "x": ' + '{"a":' * 30 + "1" + "}" * 30 + "}", "20 deep"),
    ("5,000 digits", lambda t: changed(t).replace('"flats": ', '"flats": ' + "9" * 5000), "a number of 5,"),
    ("too large a number", lambda t: changed(t)[:-1] + ', "seed": 1e999}', "1e999 is too large a number"),
    ("NaN", lambda t: changed(t, discount_rate=float("nan")), "NaN is no number"),
    ("a key twice", lambda t: changed(t)[:-1] + ', "years": 2}', "key years stands twice"),
    ("cut off", lambda t: t[: len(t) // 2], "not readable as JSON"),
    ("binary", lambda _: bytes(range(256)), "not UTF-8 text (at byte 128)"),
    ("zeros", lambda _: b"\x00" * 5000, "not readable as JSON"),
    ("a lone surrogate", lambda t: t.replace('"test"', '"\\ud800"', 1), "Invalid JSON"),
]


@pytest.mark.parametrize(("spoil", "said"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_a_manifest_that_samspel_did_not_write_is_told_by_every_command(
    spoil: Callable[[str], str | bytes], said: str, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = copied / "manifest.json"
    spoilt = spoil(file.read_text(encoding="utf-8"))
    file.write_bytes(spoilt if isinstance(spoilt, bytes) else spoilt.encode())
    message = refusal(copied, capsys)
    assert f"{file}: " in message and said in message


@pytest.mark.parametrize("key", [field.alias or name for name, field in Manifest.model_fields.items()])
def test_any_key_of_a_manifest_that_is_changed_by_hand_or_missing_is_named(key: str, copied: Path) -> None:
    file = copied / "manifest.json"
    tables = json.loads(file.read_text(encoding="utf-8"))
    others: dict[type, Any] = {
        bool: lambda value: not value, int: lambda value: value + 1, str: lambda value: value + "x",
        float: lambda value: value * 1.001, list: lambda value: value[1:] if value else ["x"],
        dict: lambda value: {name: value[name] for name in list(value)[1:]} if value else {"x": "y"},
        type(None): lambda _: 7,
    }  # fmt: skip
    for spoilt in (
        tables | {key: others[type(tables[key])](tables[key])},
        {k: v for k, v in tables.items() if k != key},
    ):
        file.write_text(json.dumps(spoilt), encoding="utf-8")
        with pytest.raises(SamspelError) as caught:
            read_manifest(copied)
        told = str(caught.value)
        named = {"schema": "schema", "seals": "key kind"}.get(key, f"key {key}")
        assert f"{file}: " in told and named in told and len(told) < 2000


def test_a_manifest_as_it_was_written_is_read_however_it_is_laid_out(copied: Path) -> None:
    file = copied / "manifest.json"
    before = read_manifest(copied)
    text = json.dumps(json.loads(file.read_text(encoding="utf-8")), indent=7, sort_keys=True)
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_manifest(copied) == before


def test_a_file_that_is_too_large_is_not_read_at_all(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_file, "MOST_BYTES", 1000)
    with pytest.raises(
        SamspelError, match=r"manifest\.json: [\d,]+ bytes; expected the manifest .*1,000 bytes at most"
    ):
        read_manifest(copied)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_read_as_json_or_told(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(content)
    told = ""
    try:
        read_json(path, "a list")
    except SamspelError as error:
        told = str(error)
    assert not told or (told.startswith(f"{path}: ") and len(told) < 2000)


def test_a_broken_manifest_of_results_does_not_make_others_files_ours(copied: Path) -> None:
    file = copied / "manifest.json"
    (copied / "thesis.docx").write_text("years of work")
    text = file.read_text(encoding="utf-8")
    named = changed(text, files=["thesis.docx", "../thesis.docx", "inputs"])
    for spoilt in (named, "[" * DEEP, "{}", '{"files": "thesis.docx"}', '{"files": {"thesis.docx": 1}}', "[1]"):
        file.write_text(spoilt)
        with pytest.raises(SamspelError, match=r"not ours|cannot be read"):
            run(copied, small(replicates=1))
        assert (copied / "thesis.docx").read_text() == "years of work"
