"""Bytes of a file as text: UTF-8, or what Excel saves instead, said in a note. What could be two things is refused."""

from __future__ import annotations

import codecs
import re
import unicodedata

from sim.inputs.files import USUAL
from sim.inputs.problems import clip, refused

SAVE_AS = 'in Excel: File > Save As > "CSV UTF-8"'

WORKBOOK = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_SWEDISH = frozenset("åäöÅÄÖéÉèÈüÜæøÆØáàóôêëçñ–—‘’“”„…•€·²³°½¼¾§´×±»«µ®©™‰\xa0\xad")
# Quotation marks inside a word are letters of older encodings (DOS, Macintosh) read wrongly.
_TORN = re.compile(r"\w[„”“]\w")
# UTF-8 opened as Windows-1252, as a double click in Swedish Excel does: "SÃ¶dertÃ¤lje".
_LETTERS = {letter.encode().decode("cp1252"): letter for letter in "åäöÅÄÖéÉü"}
_GARBLED = re.compile("|".join(_LETTERS))
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(x) for x in range(0xFE00, 0xFE10)}


def decoded(file: str, content: bytes, most: int = USUAL.size) -> tuple[str, tuple[str, ...]]:
    """Text, and what was assumed to read it. Raises InputError."""
    if len(content) > most:
        raise refused(file, f"{len(content):,} bytes; expected {most:,} at most")
    if content.startswith(_OLD_WORKBOOK):
        raise refused(file, f"an Excel workbook of the old kind, or one with a password; {SAVE_AS}")
    if content.startswith(WORKBOOK):
        raise refused(file, "an Excel workbook, not text")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf16(file, content)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        return _windows(file, content, content[: error.start].count(b"\n") + 1)


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
    example = re.search(r"[^\W\d]*[^\W\x00-\x7f][^\W\d]*", text)
    return text, (f'Windows-1252 letters ("{clip(example[0], 30)}")' if example else "Windows-1252 text",)


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


# Letters of other alphabets that look like Latin ones.
_TWINS = str.maketrans("АВЕКМНОРСТУХаеорсухіΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTYXaeopcyxiABEZHIKMNOPTYXo")


def look(name: str) -> str:
    """Equal for names that look alike: they differ in case, in form, or in letters of another alphabet."""
    return unicodedata.normalize("NFKC", name).translate(_TWINS).casefold()
