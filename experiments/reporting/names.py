"""Names that others have given, such as a region's title or an arm's label, where they are shown: always as they are
written, never as markup, a formula or a second line."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import matplotlib
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.textpath import TextToPath

from experiments.engine.results import Results

ELLIPSIS = "…"
UNKNOWN = "\N{WHITE VERTICAL RECTANGLE}"  # stands for a character that the figures' font does not have
LABEL, PLACE = 40, 60  # characters of an arm's label, and of a region's title or an area's name, in a figure
_MARKUP = re.compile(r"[\\`*\[\]#|~$]|(?<![^\W_])_|_(?![^\W_])|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")
# What GitHub makes a link of though nobody asked for one.
_BARE = re.compile(r"(?<=[a-z]):(?=//)|(?<=www)\.", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def one_line(text: str, most: int | None = None) -> str:
    """Text without control characters and line breaks, cut with an ellipsis where it is longer than `most`.

    >>> one_line("Upper\\n  town", 8)
    'Upper t…'
    """
    shown = " ".join("".join(" " if _unseen(letter) else letter for letter in text).split())
    return shown if most is None or len(shown) <= most else shown[: most - 1].rstrip() + ELLIPSIS


def markdown(text: str) -> str:
    """Text that reads the same in Markdown, and in HTML made from it; an address of a page is no link.

    >>> markdown("<b>5 * 3 | a_b</b>")
    '&lt;b&gt;5 \\\\* 3 \\\\| a_b&lt;/b&gt;'
    """
    shown = re.sub(r"&(?=[#\w])", "&amp;", one_line(text))
    for pattern in (_MARKUP, _BARE):
        shown = pattern.sub(lambda found: f"\\{found[0]}", shown)
    return shown.replace("<", "&lt;").replace(">", "&gt;")


def terminal(text: str) -> str:
    """Markdown of ours as it is shown on a terminal: without emphasis, and names as they are written."""
    return html.unescape(_ESCAPED.sub(r"\1", text.replace("**", "")))


def drawn(text: str, most: int | None = None) -> str:
    """Text for a figure: one line, cut where it is longer than `most`; a character that the figures' font does not
    have is shown as an empty box."""
    return _with_boxes(one_line(text, most))


def _with_boxes(text: str) -> str:
    known = _characters()
    return "".join(letter if ord(letter) in known else UNKNOWN for letter in text)


def fitted(text: str, inches: float, size: float, bold: bool = False) -> str:
    """Text for a figure, cut to be no wider than this in letters of `size` points."""
    shown, most = drawn(text), len(text)
    while most > 1 and width(shown, size, bold) > inches:
        most = min(most, len(shown)) - 1
        shown = drawn(text, most)
    return shown


def lines_of(text: str, inches: float, size: float, bold: bool = False, most: int | None = None) -> list[str]:
    """Text for a figure on lines that are no wider than this; cut with an ellipsis where it takes more than `most`."""
    lines: list[str] = []
    for word in drawn(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold) <= inches:
            lines[-1] = longer
        else:
            lines.append(fitted(word, inches, size, bold))
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip(",;:") + ELLIPSIS]
    return lines


def width(text: str, size: float, bold: bool = False) -> float:
    """Inches that text takes in a figure as it is drawn there, in letters of `size` points."""
    letters = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    return float(TextToPath().get_text_width_height_descent(_with_boxes(text), letters, False)[0]) / 72


def label(results: Results, arm: str) -> str:
    """An arm's label in Markdown."""
    return markdown(results.label(arm))


def treatment(results: Results) -> str:
    """What a question is about, within a sentence in Markdown."""
    return markdown(results.treatment)


def drawn_label(results: Results, arm: str, most: int = LABEL) -> str:
    """An arm's label in a figure."""
    return drawn(results.label(arm), most)


def drawn_treatment(results: Results) -> str:
    """What a question is about, within a sentence in a figure."""
    if results.focus is None or not results.treatment.startswith("“"):
        return results.treatment
    return f"“{drawn_label(results, results.focus)}”"


def _unseen(letter: str) -> bool:
    # Controls, line and paragraph separators, and what turns the direction of the rest of the line; joiners stay.
    return unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"} or unicodedata.bidirectional(letter) in _TURNING


_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """Code points of the font that the style sheet names, which comes with matplotlib."""
    return frozenset(FT2Font(str(Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf"))).get_charmap())
