"""What a user is told when the input is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class SamspelError(ValueError):
    """Bad input. The message says what is wrong, where, and what was expected."""


def unknown(kind: str, name: str, valid: Iterable[str], where: str = "") -> SamspelError:
    """An error for a name that does not exist, with the nearest name that does."""
    names = sorted(valid)
    near = get_close_matches(name, names, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(names)}"
    return SamspelError(f'{where + ": " if where else ""}unknown {kind} "{name}"; {hint}')
