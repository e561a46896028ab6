"""Ways in which any file comes to harm: its bytes, its encoding, and what stands there instead of it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

Contents = bytes | str  # a text says what stands there instead of a file: folder, missing, loop, pipe


@dataclass(frozen=True)
class Spoilt:
    """What became of a file.

    how: in words. names: of each group one must stand in the message that refuses it, beside the file's name. refused:
    it must be. same: where it is accepted, it must mean the same. accepted: it must be.
    """

    how: str
    contents: Contents
    names: tuple[tuple[str, ...], ...] = ()
    refused: bool = False
    same: bool = False
    accepted: bool = False


def file(rng: Random, contents: bytes) -> Spoilt:
    """Any file: bytes, encodings, and what stands there instead of it."""
    ways = (_flipped, _cut, _inserted, _deleted, _doubled, _instead)
    if contents.startswith(b"PAR1"):
        return rng.choice((*ways, _flipped))(rng, contents)
    return rng.choice((*ways, _cut, _encoded, _encoded, _ends))(rng, contents)


def _flipped(rng: Random, contents: bytes) -> Spoilt:
    spoilt, places = bytearray(contents), [rng.randrange(len(contents)) for _ in range(rng.choice((1, 1, 1, 3, 30)))]
    for place in places:
        spoilt[place] ^= 1 << rng.randrange(8)
    return Spoilt(f"bits flipped at {places[:3]}", bytes(spoilt))


def _cut(rng: Random, contents: bytes) -> Spoilt:
    place = rng.choice((0, 1, rng.randrange(len(contents)), rng.randrange(len(contents)), len(contents) - 1))
    return Spoilt(f"cut off at {place}", contents[:place])


def _inserted(rng: Random, contents: bytes) -> Spoilt:
    place = rng.randrange(len(contents) + 1)
    what = rng.choice((b"\0", b"\xff", b'"', b"\n", b"\r", b",", b";", b"\x1b", b"\xef\xbb\xbf", rng.randbytes(20)))
    return Spoilt(f"{what!r} inserted at {place}", contents[:place] + what + contents[place:])


def _deleted(rng: Random, contents: bytes) -> Spoilt:
    place, length = rng.randrange(len(contents)), rng.choice((1, 1, 5, 200))
    return Spoilt(f"{length} bytes gone at {place}", contents[:place] + contents[place + length :])


def _doubled(rng: Random, contents: bytes) -> Spoilt:
    return Spoilt("written twice into the same file", contents + contents)


def _instead(rng: Random, contents: bytes) -> Spoilt:
    what = rng.choice(("folder", "missing", "loop", "empty", "blank", "zip", "zeros", "html"))
    made: dict[str, bytes] = {"empty": b"", "blank": b"\n\n \n", "zip": b"PK\x03\x04" + bytes(200), "zeros": bytes(300)}
    made["html"] = b"<!DOCTYPE html><html><body>Sign in</body></html>"
    return Spoilt(f"{what} instead of the file", made.get(what, what), refused=what not in ("empty", "blank"))


def _encoded(rng: Random, contents: bytes) -> Spoilt:
    name = rng.choice(("utf-8-sig", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "cp850", "mac-roman", "utf-32"))
    return Spoilt(
        f"encoded as {name}",
        contents.decode().encode(name, errors="replace"),
        same=True,
        accepted=name == "utf-8-sig",
    )


def _ends(rng: Random, contents: bytes) -> Spoilt:
    end = rng.choice((b"\r\n", b"\r\n", b"\r", b"\n\n", b"\r\r\n"))
    return Spoilt(f"lines end with {end!r}", contents.replace(b"\n", end), same=True, accepted=end == b"\r\n")
