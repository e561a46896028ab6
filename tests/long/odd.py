"""Odd values: what a spreadsheet, an editor, a script or a slip of the hand puts where a number or a name belongs."""

from __future__ import annotations

from random import Random

NUMBERS = (
    "nan", "NaN", "-nan", "inf", "-inf", "Infinity", "1e308", "-1e308", "1e309", "-1e400", "-0", "-0.0", "0", "0.0",
    "1e-320", "5e8", "-5e8", "9" * 400, "-" + "9" * 5000, "1" + "0" * 400 + ".5", "0x10", "0b1", "1_000", "1,5",
    "1 000", "1\u00a0000", "1\u202f000,5", "12,345.6", "½", "１２", "٣", "--1", "+-1", "1e", "e5", "1.0.0", "1/2",
    "50 %", "−1", "1-2", "9223372036854775808", "-9223372036854775809", "1.7976931348623157e308", "1e-9",
    "0.9999999999999999", "2147483648", "1000000", "-1", "-1e-9", "1.0000001", "3.7", "1e5", "9007199254740993",
)  # fmt: skip
NO_NUMBERS = (
    "", " ", "true", "FALSE", "None", "null", "NA", "#N/A", "#REF!", "#DIV/0!", "=1+1", "=A1", "2011-01-01",
    "12:30", "1,5;2", "jan-05", "one", "-", "?", "[]", "{}", "0.5 SEK", "~12", "1e5x", "'1'", '"1"', "<1>", "$1",
    "\u200b1",
)  # fmt: skip
TEXTS = (
    "Alby\u0301", "A\u030alby", "Al\u200bby", "\u200b", "\u00ad", "\u202eyblA", "\u2066Alby\u2069", "Al\x00by",
    "\x1b[31mAlby\x1b[0m", "\x07", "Al\rby", "Al\nby", "Al\tby", "\ufeffAlby", "Al\u2028by", "Al\x85by", "\ufffd",
    "\udce5", "👩‍👩‍👧‍👦", "Ａｌｂｙ", "Аlby", "ALBY", " Alby ", "Al  by", "ﬁttja", "İ", "ß", "$", "$$", "$x^2$",
    "$\\frac{", "A_{b}^{c}", "\\", "\\n", "%s", "{0}", "{name}", "<script>alert(1)</script>", "<b>", "&amp;",
    "&#0;", "[a](javascript:alert(1))", "![a](http://x.example)", "# Alby", "* Alby", "| Alby |", "`Alby`", "***",
    "~~~", "---", "Al;by", "Al,by", 'Al"by', "Al'by", '""', "a" * 300, "å" * 5_000, "x" * 70_000, "\u0301" * 200,
    "..", "../../up", "/", "C:\\Alby", "file://x", "CON", "nan", "None", "-1", "--help", "-h", "--", "@x",
    "=cmd|' /C calc'!A0", "'; drop table x", "region", "all", "arm", "*", "siloed", "coordinated", "1",
)  # fmt: skip
TOML = (
    "nan", "-inf", "1e308", "1e400", "9" * 400, "9" * 5000, "-0.0", "0x10", "1_000", "[]", "{}", "[[]]", "[1, 'a']",
    "true", "1979-05-27", "1979-05-27T07:32:00Z", "07:32:00", '""', "''", '" "', '"nan"', "[" * 3000 + "]" * 3000,
    "{ a = 1 }", "[{ a = 1 }]", '"""\nmany\nlines\n"""', "5e8", "-1", "0", "0.5", "1.5", '"\\u0000"',
    '"\\u202eAlby"', '"$x"', '"$"', '"<b>x</b>"', "'" + "x" * 30_000 + "'", "'siloed'", "['siloed']",
    "['siloed', 'siloed']", "['siloed', 1]", "[nan, 1.0]", "{ from = 0.5, to = 0.5 }", "{ from = nan, to = 1.0 }",
    "{ from = 1.0, to = 0.0 }", "{ from = 0.0 }", "{ from = 0.0, to = 1.0, steps = 1 }",
    "{ from = 0.0, to = 1.0, steps = 2.5 }", "[0.0, 0.0]", "[0.0, 'a']", "[[0.0]]", "2147483648",
    "-9223372036854775808", "{ from = -1e308, to = 1e308 }", "1e5", "[0.0, true]",
)  # fmt: skip


def number(rng: Random) -> str:
    """A text where a number belongs; most of them look like one."""
    return rng.choice(NUMBERS if rng.random() < 0.7 else NO_NUMBERS)


def text(rng: Random) -> str:
    """A text where a name belongs."""
    return rng.choice(TEXTS)


def value(rng: Random) -> str:
    """Either."""
    return number(rng) if rng.random() < 0.5 else text(rng)


def toml(rng: Random) -> str:
    """What stands right of an equals sign in TOML; most of it is TOML."""
    return rng.choice(TOML) if rng.random() < 0.85 else value(rng)


def is_no_number(given: str) -> bool:
    """Whether nobody could take this for a finite number, so that it must be refused where one is expected."""
    return given in (
        "nan",
        "NaN",
        "-nan",
        "inf",
        "-inf",
        "Infinity",
        "one",
        "?",
        "[]",
        "{}",
        "#REF!",
        "1.0.0",
        "e5",
        "--1",
    )
