"""Whatever bytes a region's files hold, a person is told: one SamspelError, short, that names the file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import SamspelError
from sim.inputs.region import FILES, load_region
from sim.inputs.seeds_folder import seeds_folder

ORIGINAL = {file: (seeds_folder() / "botkyrka" / file).read_bytes() for file in FILES}
NASTY = [
    b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"\x81", b"\xe5", b"\xc3\xa5", b"\xc3\x83\xc2\xa5", b"\xe2\x80\x8b",
    b"\xe2\x80\xae", b"\xc2\xa0", b"\xc2\xad", b"\xe2\x88\x92", b"\xed\xa0\x80", b"\r", b"\n", b"\r\n", b"\t", b";",
    b",", b'"', b'""', b"sep=;\r\n", b"1,234", b"1.234", b"01-feb", b"nan", b"1e999", b"-0", b"1_0", b"9" * 5_000,
    b"0xffff" * 900, b"[" * 30, b"a.b", b"*", b";;", b"#N/A", b"=1+1", b"\x1c", b"\xe2\x80\xa8", b"{}", b"[]", b"true",
    b"\xd9\xa1", b"2011-01-01",
]  # fmt: skip
PIECES = st.one_of(st.sampled_from(NASTY), st.binary(max_size=6), st.text(max_size=4).map(lambda text: text.encode()))
EDITS = st.tuples(st.sampled_from(FILES), st.floats(0, 1), st.integers(0, 40), PIECES)


def mutated(content: bytes, where: float, length: int, piece: bytes) -> bytes:
    """The content with a stretch of it replaced."""
    at = int(where * len(content))
    return content[:at] + piece + content[at + length :]


def told(contents: dict[str, bytes]) -> str:
    """What is said of a region of these files; nothing if it loads."""
    with tempfile.TemporaryDirectory() as folder:
        for file, content in contents.items():
            (Path(folder) / file).write_bytes(content)
        try:
            load_region(folder, 0.1)
        except SamspelError as error:
            return str(error)
    return ""


@settings(max_examples=250, deadline=None)
@given(st.lists(EDITS, min_size=1, max_size=6))
def test_mutated_files_load_or_are_told_by_name(edits: list[tuple[str, float, int, bytes]]) -> None:
    contents = dict(ORIGINAL)
    for file, where, length, piece in edits:
        contents[file] = mutated(contents[file], where, length, piece)
    message = told(contents)
    assert len(message) < 2_000
    assert not message or any(file in message for file in {file for file, *_ in edits})


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(FILES), st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode()))
)
def test_files_of_anything_at_all_are_told_by_name(file: str, content: bytes) -> None:
    message = told(ORIGINAL | {file: content})
    assert file in message and len(message) < 2_000


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FILES[1:]), st.sampled_from([";", "\t", "|"]), st.sampled_from(["cp1252", "utf-16", "cp850"]))
def test_files_of_another_dialect_load_or_are_told_by_name(file: str, separator: str, encoding: str) -> None:
    text = ORIGINAL[file].decode().replace(",", separator)
    message = told(ORIGINAL | {file: text.encode(encoding)})
    assert len(message) < 2_000 and (not message or file in message)
