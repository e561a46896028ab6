"""Names of others where they are shown: as they are written, in Markdown, on the terminal and in figures."""

from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.reporting import names
from experiments.reporting.names import drawn, markdown, one_line, terminal
from experiments.reporting.tables import markdown_table

HOSTILE = (
    "<script>alert(1)</script>", "a | b", "`code`", "[x](http://y)", "*a* **b**", "# h", "_it_ __b__", "two\nlines",
    "1. one", "12) twelve", "- item", "+ item", "> quote", "a\\", "\\|", "&lt;b&gt; &#60;", "$x^2$", "~~gone~~",
    "![i](j)", "a\r\n\r\n# h", "=====", "-----", "\u202egnol", "tab\there", "&", "5 * 3 < 16 & 2_000",
)  # fmt: skip


def rendered(markdown_text: str) -> str:
    """What a reader sees of text in which all markup is escaped; fails where some markup is left."""
    assert "\n" not in markdown_text and not re.search(r"[<>]", markdown_text)
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", markdown_text)
    assert not re.search(r"[`*\[\]|~$#\\]", bare), bare
    assert not re.search(r"(?<![^\W_])_|_(?![^\W_])", bare), bare
    assert not re.match(r"([-+>=]|\d{1,9}[.)])", markdown_text), markdown_text
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown_text))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_reads_the_same_in_markdown_on_the_terminal_and_by_itself(name: str) -> None:
    assert rendered(markdown(name)) == one_line(name) == terminal(f"**{markdown(name)}**")


@given(st.text(max_size=40))
def test_so_does_any_name(name: str) -> None:
    assert rendered(markdown(name)) == one_line(name) == terminal(markdown(name))


@given(st.text(max_size=60), st.integers(1, 20))
def test_a_name_is_one_line_without_anything_unseen_and_no_longer_than_its_place(name: str, most: int) -> None:
    for shown in (one_line(name, most), drawn(name, most)):
        assert len(shown) <= most and len(shown.splitlines()) <= 1
        assert not [letter for letter in shown if unicodedata.category(letter) == "Cc"]


def test_figures_show_a_box_for_what_their_font_does_not_have() -> None:
    assert drawn("Åby \N{PILE OF POO} 東") == "Åby ▯ ▯" and drawn("שלום مرحبا Ωж€$%{}^_") == "שלום مرحبا Ωж€$%{}^_"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_table_keeps_its_columns_whatever_stands_in_a_cell(name: str) -> None:
    for cell in (name, markdown(name), f"**{markdown(name)}**"):
        lines = markdown_table(["A", cell, "C"], [["1", cell, "3"], [cell, "", cell]]).splitlines()
        assert [len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines] == [4] * 4, lines


def test_the_width_of_a_name_is_that_of_what_is_drawn_also_without_letters_of_the_font() -> None:
    """A letter that the font lacks would be warned of, and warnings are errors."""
    assert names.width("Ａｌｂｙ", 9.0) == names.width(names.drawn("Ａｌｂｙ"), 9.0) > 0.0
    assert names.width(names.fitted("漢字" * 40, 1.0, 9.0), 9.0) <= 1.0
