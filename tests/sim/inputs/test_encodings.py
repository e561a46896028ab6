"""Bytes of any program's encoding are the text that was written, or are refused: never another text."""

from __future__ import annotations

import codecs

import pytest

from sim.errors import SamspelError
from sim.inputs.tables_text import read_table_text
from sim.inputs.text import SAVE_AS, decoded

WORDS = [
    word for letter in "åäöÅÄÖéü" for word in (
        f"{letter}lta", f"Al{letter}ta", f"Alt{letter}", f"Solna {letter}", f"{letter} 5", f"5 {letter}", f"5{letter}",
        letter, f"{letter}{letter}", f"({letter})", f"AL{letter}", f"Alby; {letter}ng, {letter}.", f'"{letter}lta"',
    )
]  # fmt: skip
READ = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1")
REFUSED = ("mac_roman", "cp850", "cp437", "cp865", "utf-16-le", "utf-16-be", "utf-32")


def written(word: str, encoding: str) -> bytes:
    return f"name\n{word}\n".encode(encoding)


@pytest.mark.parametrize("encoding", READ)
def test_swedish_letters_are_read_as_they_were_written(encoding: str) -> None:
    for word in WORDS:
        text, notes = decoded("mine.csv", written(word, encoding))
        assert text == f"name\n{word}\n"
        assert len(notes) == (not encoding.startswith("utf-8"))


@pytest.mark.parametrize("encoding", REFUSED)
def test_swedish_letters_of_other_systems_are_refused_with_what_to_do(encoding: str) -> None:
    for word in WORDS:
        with pytest.raises(SamspelError) as error:
            print(decoded("mine.csv", written(word, encoding)))
        assert str(error.value).startswith("mine.csv: ") and str(error.value).endswith(SAVE_AS)


@pytest.mark.parametrize("mark", ["vidare…", "… och", "5…", "(…)"])
def test_an_ellipsis_of_a_macintosh_is_no_letter(mark: str) -> None:
    with pytest.raises(SamspelError, match="nor Swedish text of Windows"):
        decoded("mine.csv", written(mark, "mac_roman"))


@pytest.mark.parametrize("word", ["Éva", "CAFÉ", "Idé", "1965–74", "d’Arc", "85\u00a0000", "120 m²", "20 °C"])
def test_a_note_always_shows_what_was_read(word: str) -> None:
    text, notes = decoded("mine.csv", written(word, "cp1252"))
    letter = next(letter for letter in word if letter > "~")
    shown = letter if letter.isprintable() else "\\u00a0"
    assert text == f"name\n{word}\n" and notes[0].startswith('Windows-1252 letters ("') and shown in notes[0]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["a;b\n1;2\n", "builder\nSödertälje 東京\n", "x"])
def test_utf_16_without_a_mark_is_told_in_one_line(encoding: str, text: str) -> None:
    with pytest.raises(SamspelError) as error:
        read_table_text("mine.csv", text.encode(encoding))
    assert str(error.value) == f"mine.csv: UTF-16 text without a byte-order mark; {SAVE_AS}"
    order = codecs.BOM_UTF16_LE if encoding.endswith("le") else codecs.BOM_UTF16_BE
    assert decoded("mine.csv", order + text.encode(encoding))[0] == text


def test_a_single_zero_is_told_as_a_character_that_cannot_be_seen() -> None:
    [problem] = read_table_text("mine.csv", b"name,more\nAl\0by,2\n").problems
    assert "(U+0000" in problem.what
