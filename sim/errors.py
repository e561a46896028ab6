"""What a user is told when the input is wrong."""

from __future__ import annotations

import os
import sysconfig
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

SHOWN = 60  # characters of a value in a message
KNOWN = 600  # characters of names that would have been right


class SamspelError(ValueError):
    """Bad input. The message says what is wrong, where, and what was expected."""


def clip(value: object, most: int = SHOWN) -> str:
    """A value as it may be shown: what cannot be seen is spelled out, what is long is cut."""
    try:
        text = str(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, tables within tables
        return "a value too long to show"
    text = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text[: most + 1])
    return text if len(text) <= most else text[: most - 1] + "…"


def quoted(value: object, most: int = SHOWN) -> str:
    """A user's value for a message: text in quotes, so that text is told from numbers; all else as it stands."""
    return f"'{clip(value, most)}'" if isinstance(value, str) else clip(value, most)


def unknown(kind: str, name: str, valid: Iterable[str], where: str = "") -> SamspelError:
    """An error for a name that does not exist, with the nearest name that does."""
    names, shown = [clip(one) for one in sorted(valid)], clip(name)
    near = get_close_matches(shown, names, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"known: {clip(', '.join(names), KNOWN) or 'none'}"
    return SamspelError(f'{where + ": " if where else ""}unknown {kind} "{shown}"; {hint}')


class DefectError(RuntimeError):
    """A mistake in samspel itself, whatever the input. The message says what was raised, and in which file and line."""

    @classmethod
    def of(cls, error: BaseException) -> DefectError:
        """What was raised where no input can be the reason, to be raised from it."""
        frames = traceback.extract_tb(error.__traceback__)
        # Whoever asked for what does not exist is at fault, not who said so.
        asking = [frame for frame in frames if not _says_so(frame.filename)]
        place = (asking or frames)[-1]
        name = "/".join(place.filename.replace("\\", "/").split("/")[-3:])
        return cls(f"{type(error).__name__}: {error} [{name}:{place.lineno}]")


@contextmanager
def computing() -> Iterator[None]:
    """Where no input is read and no file touched, what would tell of one becomes a DefectError."""
    try:
        yield
    except (SamspelError, OSError) as error:
        raise DefectError.of(error) from error


def _says_so(file: str) -> bool:
    ours = os.path.dirname(__file__)
    if file.startswith((ours + os.sep, os.path.join(os.path.dirname(ours), "experiments") + os.sep)):
        return file == __file__ or file.startswith(os.path.join(ours, "inputs") + os.sep)
    return file.startswith((*map(sysconfig.get_path, ("stdlib", "purelib", "platlib")), "<frozen"))


class OutcomeError(SamspelError):
    """A run computed what cannot be. The message names the outcome, the area, the quarter and what was computed."""
