"""Ways in which a table comes to harm: cells, rows, columns, its header, and dialects of spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from . import odd
from .spoil import Spoilt, file

Rows = list[list[str]]


@dataclass
class Table:
    """A table of texts while it is spoilt; the first row is the header. texts: columns that hold names or words."""

    rows: Rows
    texts: Sequence[str] = ()
    how: str = ""
    names: tuple[tuple[str, ...], ...] = ()
    flags: dict[str, bool] = field(default_factory=dict)
    dialect: dict[str, Any] = field(default_factory=dict)

    def row(self, rng: Random) -> int:
        """The number of a row, the header left out."""
        return rng.randrange(1, len(self.rows))

    def head(self, column: int) -> tuple[str, ...]:
        """How a message may name a column."""
        return self.rows[0][column], f"column {chr(ord('A') + column)}"

    def at(self, row: int) -> tuple[str, ...]:
        """How a message may name a row."""
        # where a line break came into a cell, the row after it does not fit
        return f"row {row + 1}", f"line {row + 1}", f"rows {row + 1}", f"row {row + 2}", self.rows[row][0]

    @property
    def written(self) -> bytes:
        """As bytes."""
        file = io.StringIO()
        csv.writer(file, **{"lineterminator": "\n"} | self.dialect).writerows(self.rows)
        return file.getvalue().encode("utf-8", errors="surrogatepass")


def table(rng: Random, contents: bytes, texts: Sequence[str] = ()) -> Spoilt:
    """A table: cells, rows, columns, dialects; now and then its bytes."""
    if rng.random() < 0.25:
        return file(rng, contents)
    spoilt = Table(list(csv.reader(io.StringIO(contents.decode()))), texts)
    rng.choice((_cell, _cell, _cell, _cell, _swapped, _rows, _columns, _header, _dialect))(rng, spoilt)
    return Spoilt(spoilt.how, spoilt.written, spoilt.names, **spoilt.flags)


def _cell(rng: Random, spoilt: Table) -> None:
    row, column = spoilt.row(rng), rng.randrange(len(spoilt.rows[0]))
    head = spoilt.rows[0][column]
    value = (odd.text if head in spoilt.texts else odd.number)(rng)
    spoilt.how = f"{head} of row {row + 1} is {value[:60]!r}"
    spoilt.names = ((*spoilt.head(column), *spoilt.at(row)),)
    if head not in spoilt.texts:
        spoilt.flags["refused"] = odd.is_no_number(value)
        spoilt.names = (spoilt.head(column), spoilt.at(row))
    spoilt.rows[row][column] = value


def _swapped(rng: Random, spoilt: Table) -> None:
    row = spoilt.row(rng)
    one, other = rng.sample(range(len(spoilt.rows[0])), 2) if len(spoilt.rows[0]) > 1 else (0, 0)
    heads = spoilt.rows[0][one], spoilt.rows[0][other]
    spoilt.how, spoilt.names = f"{heads[0]} and {heads[1]} of row {row + 1} swapped", ((*heads, *spoilt.at(row)),)
    spoilt.rows[row][one], spoilt.rows[row][other] = spoilt.rows[row][other], spoilt.rows[row][one]


def _rows(rng: Random, spoilt: Table) -> None:
    row = spoilt.row(rng)
    spoilt.how = rng.choice(("gone", "twice", "blank before", "short", "long", "header again", "all gone", "first"))
    spoilt.names = (spoilt.at(row),) if spoilt.how in ("short", "long") else ()
    rows = spoilt.rows
    changes: dict[str, Callable[[], Any]] = {
        "gone": lambda: rows.pop(row),
        "twice": lambda: rows.insert(row, list(rows[row])),
        "blank before": lambda: rows.insert(row, [""] * len(rows[0])),
        "short": lambda: rows[row].pop(),
        "long": lambda: rows[row].append("1"),
        "header again": lambda: rows.insert(row, list(rows[0])),
        "all gone": lambda: rows.__delitem__(slice(1, None)),
        "first": lambda: rows.insert(0, rows.pop(row)),
    }
    changes[spoilt.how]()
    spoilt.flags["refused"] = spoilt.how in ("long", "header again", "first")
    spoilt.how = f"row {row + 1}: {spoilt.how}"


def _columns(rng: Random, spoilt: Table) -> None:
    column = rng.randrange(len(spoilt.rows[0]))
    head = spoilt.rows[0][column]
    spoilt.how = rng.choice(("gone", "twice", "twice, other numbers", "last", "empty ones behind", "reversed"))
    spoilt.flags["refused"] = spoilt.how.startswith("twice")
    spoilt.flags["same"] = spoilt.how in ("last", "empty ones behind", "reversed")
    for row in spoilt.rows:
        if spoilt.how == "gone":
            row.pop(column)
        elif spoilt.how == "twice":
            row.append(row[column])
        elif spoilt.how == "twice, other numbers":
            row.append(head if row is spoilt.rows[0] else "0.5")
        elif spoilt.how == "last":
            row.append(row.pop(column))
        elif spoilt.how == "reversed":
            row.reverse()
        else:
            row += ["", "", ""]
    spoilt.names = ((head,),) if spoilt.how.startswith(("gone", "twice")) else ()
    spoilt.how = f"column {head}: {spoilt.how}"


def _header(rng: Random, spoilt: Table) -> None:
    column = rng.randrange(len(spoilt.rows[0]))
    head, new = spoilt.rows[0][column], odd.text(rng)
    spoilt.how, spoilt.names = f"column {head} is called {new[:60]!r}", ((*spoilt.head(column), new, "line 1"),)
    spoilt.flags["refused"] = True
    spoilt.rows[0][column] = new


def _dialect(rng: Random, spoilt: Table) -> None:
    name = rng.choice(("semicolons and commas", "tabs", "quoted", "semicolons", "sep=", "pipes", "spaces behind"))
    spoilt.how, spoilt.flags["same"] = f"dialect: {name}", True
    if name in ("semicolons and commas", "sep="):
        spoilt.rows = [[_comma(cell) for cell in row] for row in spoilt.rows]
    delimiters = {"semicolons and commas": ";", "sep=": ";", "tabs": "\t", "semicolons": ";", "pipes": "|"}
    spoilt.dialect = {"delimiter": delimiters.get(name, ",")}
    if name == "quoted":
        spoilt.dialect["quoting"] = csv.QUOTE_ALL
    if name == "spaces behind":
        spoilt.rows = [[cell + " " for cell in row] for row in spoilt.rows]
    if name == "sep=":
        spoilt.rows.insert(0, ["sep=", ""])  # which is written as sep=;


def _comma(cell: str) -> str:
    try:
        float(cell)
    except ValueError:
        return cell
    return cell.replace(".", ",")
