"""The tables of ``ODD.md``, made from the code: ``python -m sim.odd`` rewrites them in place.

A table stands between ``<!-- table: parameters -->`` and ``<!-- end -->``; everything else in the file is written by
hand. With ``--check`` nothing is written, and a difference makes the command fail.
"""

from __future__ import annotations

import re

import click

from sim.errors import SamspelError, unknown
from sim.odd.tables import PACKAGE, TABLES

FILE = PACKAGE / "ODD.md"
_PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_tables(text: str) -> str:
    """The same text with every table as the code makes it now.

    Raises
    ------
    SamspelError : a table of this name is not made, or one that is made has no place in the text.
    """
    names = [match[2] for match in _PLACE.finditer(text)]
    for name in names:
        if name not in TABLES:
            raise unknown("table", name, TABLES, FILE.name)
    missing = [name for name in TABLES if names.count(name) != 1]
    if missing or text.count("<!-- table: ") != len(names):
        what = ", ".join(missing) or "a table without its end"
        raise SamspelError(f"{FILE.name}: {what}; expected each table once, between its marker and <!-- end -->")
    return _PLACE.sub(lambda match: f"{match[1]}{TABLES[match[2]]()}\n{match[3]}", text)


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail where a table is not what the code makes.")
def main(check: bool) -> None:
    """Rewrite the tables of sim/ODD.md from the code."""
    try:
        text = FILE.read_text(encoding="utf-8")
        after = with_tables(text)
    except (SamspelError, OSError) as error:
        raise click.ClickException(str(error)) from None
    if check and after != text:
        raise click.ClickException(f"{FILE.name}: tables differ from the code; rewrite them with: make odd")
    if not check:
        FILE.write_text(after, encoding="utf-8")
