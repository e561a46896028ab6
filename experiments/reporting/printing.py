"""Words on a terminal or a pipe: what it has no letters for is written plainly, and where it is closed or full,
nothing is lost but the words."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from contextlib import suppress
from typing import Any, TextIO, cast

STANDARD_OUTPUT = "standard output"
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


def open_closed_streams() -> None:
    """Give standard streams that are closed, as some schedulers leave them, to nobody. In their order: each takes the
    lowest number that is free, which is its own, so that no file of ours is taken for one of them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115 (it stays open)
            with suppress(OSError):
                os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)


def write_where_it_can_be() -> None:
    """Let standard error lose what it cannot write, and standard output say that it is what cannot be written."""
    sys.stdout = cast(TextIO, _Output(sys.stdout))
    sys.stderr = cast(TextIO, _Heedless(sys.stderr))


class _Around:
    """A stream in another one's place."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Heedless(_Around):
    """What cannot be written is lost: nobody can be told of it, and it is no reason to end."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


class _Output(_Around):
    """What cannot be written is told, once, with the stream's name. Python would try again at its end."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._lost = False

    def write(self, text: str) -> int:
        if not text and isinstance(text, str):
            return 0  # asked by click whether this takes text, not to be told of a full disk
        try:
            return len(text) if self._lost and isinstance(text, str) else self._stream.write(text)
        except OSError as error:
            raise self._named(error) from None

    def flush(self) -> None:
        try:
            if not self._lost:
                self._stream.flush()
        except OSError as error:
            raise self._named(error) from None

    def _named(self, error: OSError) -> OSError:
        self._lost = True
        return OSError(error.errno, error.strerror, STANDARD_OUTPUT)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plainly(error.object[error.start : error.end]), error.end
