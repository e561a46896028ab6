"""Words on a terminal or a pipe that knows fewer letters than we use: what it lacks is written plainly."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata

PLAINLY = "samspel-plainly"
_INSTEAD = str.maketrans({
    "−": "-", "–": "-", "—": "-", "…": "...", "×": "x", "·": ".", "±": "+/-", "≥": ">=", "≤": "<=", "≠": "!=",
    "→": "->", "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ",
    "Ø": "O", "ø": "o", "æ": "ae",
})  # fmt: skip


def plainly(text: str) -> str:
    """Text in ASCII: signs as typewriters wrote them, letters without their marks, else a question mark."""
    bare = unicodedata.normalize("NFKD", text.translate(_INSTEAD))
    return "".join(letter if letter.isascii() else "?" for letter in bare if not unicodedata.combining(letter))


def print_whatever_comes() -> None:
    """Let standard output and standard error write what their encoding lacks plainly."""
    codecs.register_error(PLAINLY, _replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=PLAINLY)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plainly(error.object[error.start : error.end]), error.end
