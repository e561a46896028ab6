"""Bytes of a file as text: UTF-8, or what Excel saves instead, said in a note. What could be two things is refused."""

from __future__ import annotations

import codecs
import re
import unicodedata

from sim.inputs.files import USUAL
from sim.inputs.problems import clip, refused

_LOOKED_AT = 2_000  # bytes by which UTF-16 without a mark is known
SAVE_AS = 'in Excel: File > Save As > "CSV UTF-8"'

WORKBOOK = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
# Without „ ” … € ™ ‰, which Windows has too, but in whose place DOS and Macintosh have ä ö Ö Ä Ö and others.
_SWEDISH = frozenset("åäöÅÄÖéÉèÈüÜæøÆØáàóôêëçñ–—‘’“•·²³°½¼¾§´×±»«µ®©\xa0\xad")
# Letters of older encodings read wrongly: quotation marks inside a word, and É where a Macintosh has an ellipsis.
_TORN = re.compile(r"\w[“‘•]\w|[a-zåäöéü\d]É|(?<!\w)É(?!\w)")
# UTF-8 opened as Windows-1252, as a double click in Swedish Excel does: "SÃ¶dertÃ¤lje".
_LETTERS = {letter.encode().decode("cp1252"): letter for letter in "åäöÅÄÖéÉü"}
_GARBLED = re.compile("|".join(_LETTERS))
# Of Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt) those that are letters or marks; all others are
# of category C. And three that are drawn as nothing: a Braille pattern, a filler and a note without a head.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\U00016fe4\U0001d159").union(
    *(map(chr, range(first, last + 1)) for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF)))
)


def decoded(file: str, content: bytes, most: int = USUAL.size) -> tuple[str, tuple[str, ...]]:
    """Text, and what was assumed to read it. Raises InputError."""
    if len(content) > most:
        raise refused(file, f"{len(content):,} bytes; expected {most:,} at most")
    if content.startswith(_OLD_WORKBOOK):
        raise refused(file, f"an Excel workbook of the old kind, or one with a password; {SAVE_AS}")
    if content.startswith(WORKBOOK):
        raise refused(file, "an Excel workbook, not text")
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise refused(file, f"UTF-32 text, which is not read; {SAVE_AS}")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf16(file, content)
    if _half_empty(content[:_LOOKED_AT]):
        raise refused(file, f"UTF-16 text without a byte-order mark; {SAVE_AS}")
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        return _windows(file, content, content[: error.start].count(b"\n") + 1)


def _half_empty(content: bytes) -> bool:
    """Whether every second byte is zero, as where Latin letters stand in UTF-16."""
    first, second = content[::2], content[1::2]
    return (0 in first) != (0 in second) and 2 * content.count(0) > len(second)


def _utf16(file: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        return content.decode("utf-16"), ('UTF-16 text (Excel\'s "Unicode text")',)
    except UnicodeDecodeError:
        raise refused(file, f"begins as UTF-16 text but is not; {SAVE_AS}") from None


def _windows(file: str, content: bytes, line: int) -> tuple[str, tuple[str, ...]]:
    if re.search(rb"\xc3[\x80-\xbf]", content):
        raise refused(file, f"not UTF-8 text in line {line}, but UTF-8 in other lines (mixed encodings); {SAVE_AS}")
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    odd = {letter for letter in text if letter > "~" and letter not in _SWEDISH}
    if not text or odd or _TORN.search(text):
        raise refused(file, f"not UTF-8 text in line {line}, nor Swedish text of Windows (Windows-1252); {SAVE_AS}")
    # A word with such a letter, or else what has another such character: there is one, or it were UTF-8.
    example = re.search(r"[^\W\d]*[^\W\x00-\x7f][^\W\d]*", text) or re.search(r"\S*[^\x00-\x7f]\S*", text)
    return text, (f'Windows-1252 letters ("{clip(example[0] if example else "", 30)}")',)


def tidy(text: str) -> str:
    """Text in one form: composed letters (Unicode NFC), single spaces, none at the ends."""
    plain = text if text.isascii() else unicodedata.normalize("NFC", text)
    return " ".join(plain.split())


def hidden(text: str) -> str:
    """What is wrong with text that has letters nobody sees, or that was read in the wrong encoding; or nothing."""
    if text.isascii() and text.isprintable():
        return ""
    for letter in text:
        if letter in _UNSEEN or (unicodedata.category(letter)[0] == "C" and letter not in "\t\r\n"):
            name = unicodedata.name(letter, "a control character").lower()
            return f'"{clip(text)}" holds a character that cannot be seen (U+{ord(letter):04X}, {name}); delete it'
    meant = _GARBLED.sub(lambda found: _LETTERS[found[0]], text)
    if meant == text:
        return ""
    advice = "in Excel open the original with Data > From Text/CSV, file origin 65001 (UTF-8)"
    return f'"{clip(text)}" is "{clip(meant)}" opened in the wrong encoding; {advice}'


# Letters of other alphabets that look like Latin ones, and marks that look like a hyphen or an apostrophe.
_TWINS = str.maketrans(
    {twin: letter for letter, twins in {
        "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "I": "ІӀΙ", "J": "Ј", "K": "КΚ", "M": "МΜ", "N": "Ν",
        "O": "ОΟ", "P": "РΡ", "Q": "Ԛ", "S": "Ѕ", "T": "ТΤ", "W": "Ԝ", "X": "ХΧ", "Y": "УҮΥ", "Z": "Ζ",
        "a": "аαɑ", "c": "сϲ", "d": "ԁ", "e": "е", "g": "ɡ", "h": "һ", "i": "іιı", "j": "јϳ", "k": "кκ", "l": "ӏ",
        "n": "ո", "o": "оοօσ", "p": "рρ", "q": "ԛ", "s": "ѕ", "t": "тτ", "u": "υսʋ", "v": "νѵ", "w": "ԝω", "x": "хχ",
        "y": "уүγ",
        "-": "‐‑‒–—―−⁃˗", "'": "‘’‚‛′‵ʹʻʼʽˈ`´\"“”„‟″«»‹›",
    }.items() for twin in twins}
)  # fmt: skip


def look(name: str) -> str:
    """Equal for names that look alike: they differ in case, in form, in letters of another alphabet, or in the kind of
    hyphen or quotation mark."""
    plain = unicodedata.normalize("NFKD", name.translate(_TWINS))
    return unicodedata.normalize("NFC", plain.translate(_TWINS).casefold())
