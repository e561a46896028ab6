"""Mutated inputs: what every reader and command of samspel may be given by hand, by a program or by a broken disk.

`mutated(seed, number)` is the same case on every machine. `python -m tests.mutations SEED NUMBER` shows one and what
samspel makes of it; `tests/long/laws.py` says what must hold for all of them.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

from .long import from_python, odd, spoil_tables, spoil_texts
from .long.bases import CONFIG, DESIGN, FILES, KEYS, OF_POINTS, PARAMETERS, POINTS, REGION, TEXTS, TROUBLE, TWO, stored
from .long.command_lines import HERE, OUT, SMALL, command_line
from .long.flips import ASKED, PART, part
from .long.spoil import Contents, Spoilt, file

NAME = "mine"
ONE = ("--jobs", "1", "--no-figures")


@dataclass(frozen=True)
class Case:
    """One mutated input.

    how: what was done, in words. files: what lies in the case's folder. arguments: the command line, with HERE for that
    folder; or one for the reader that is called instead. names: of each group one must stand in the message that
    refuses it. refused: it must be. same: where accepted, it must mean what it did before. accepted: it must be.
    through: whether it is run where it is accepted, or left at the door. encoding: of stdout and stderr.
    """

    kind: str
    how: str
    files: Mapping[str, Contents]
    arguments: tuple[str, ...]
    names: tuple[tuple[str, ...], ...] = ()
    refused: bool = False
    same: bool = False
    accepted: bool = False
    through: bool = False
    reader: str = "command"
    encoding: str = "utf-8"
    seed: int = 0
    number: int = 0

    def __str__(self) -> str:
        return f"python -m tests.mutations {self.seed} {self.number}  # {self.kind}: {self.how}"


def mutated(seed: int, number: int) -> Case:
    """The case of this seed and number."""
    rng = Random(f"{seed}/{number}")
    (maker,) = rng.choices(tuple(MAKERS), weights=tuple(MAKERS.values()))
    encoding = rng.choice(("utf-8",) * 8 + ("cp1252", "ascii"))
    return replace(maker(rng), seed=seed, number=number, encoding=encoding)


def _of_file(kind: str, name: str, spoilt: Spoilt, files: Mapping[str, Contents], *arguments: str) -> Case:
    """A case in which one of its files is spoilt."""
    names = ((Path(name).name,), *spoilt.names)
    how = f"{name}: {spoilt.how}"
    flags = {"refused": spoilt.refused, "same": spoilt.same, "accepted": spoilt.accepted}
    return Case(kind, how, {**files, name: spoilt.contents}, arguments, names, **flags)


def _region(rng: Random) -> Case:
    return _of_tables(rng, "region", REGION)


def _region_in_trouble(rng: Random) -> Case:
    return _of_tables(rng, "region_in_trouble", TROUBLE)


def _of_tables(rng: Random, kind: str, tables: Mapping[str, bytes]) -> Case:
    name = rng.choice(tuple(tables))
    contents = tables[name]
    spoilt = spoil_texts.toml(rng, contents) if name.endswith(".toml") else spoil_tables.table(rng, contents, TEXTS)
    files = {f"{NAME}/{other}": given for other, given in tables.items()}
    through = rng.random() < 0.03 and "flats" not in sum(spoilt.names, ())
    return replace(
        _of_file(
            kind,
            f"{NAME}/{name}",
            spoilt,
            files,
            "compare",
            "--region",
            f"{HERE}/{NAME}",
            *SMALL,
            *OUT,
            "--no-figures",
        ),
        through=through,
    )


def _parameters(rng: Random) -> Case:
    name = f"{NAME}.toml"
    case = _of_file("parameters", name, spoil_texts.toml(rng, PARAMETERS), {}, f"{HERE}/{name}")
    return replace(case, reader="parameters")


def _config(rng: Random) -> Case:
    command = rng.choice(("compare", "compare", "sweep"))
    return _configured(rng, "config", command, CONFIG)


def _config_of_two(rng: Random) -> Case:
    return _configured(rng, "config_of_two", rng.choice(("discover", "sensitivity", "rivals", "calibrate")), TWO)


def _configured(rng: Random, kind: str, command: str, contents: bytes) -> Case:
    name = f"{NAME}.toml"
    spoilt = spoil_texts.toml(rng, contents)
    case = _of_file(kind, name, spoilt, {}, command, "--config", f"{HERE}/{name}", *OUT, "--no-figures")
    through = command == "compare" and _small(contents, spoilt) and rng.random() < 0.1
    return replace(case, through=through)


def _small(contents: bytes, spoilt: Spoilt) -> bool:
    """Whether a file of settings still asks for runs that are few and small."""
    try:
        before, now = (tomllib.loads(given.decode("utf-8-sig")) for given in (contents, spoilt.contents) if given)
    except (ValueError, AttributeError, RecursionError):
        return False
    return all(now.get(key) == before[key] for key in KEYS if key in before)


def _design(rng: Random) -> Case:
    name = f"{NAME}.toml"
    spoilt = spoil_texts.toml(rng, DESIGN)
    case = _of_file("design", name, spoilt, {"points.csv": POINTS}, "run", f"{HERE}/{name}", *ONE, *OUT)
    return replace(case, through=_small(DESIGN, spoilt) and rng.random() < 0.05)


def _points(rng: Random) -> Case:
    case = _of_file(
        "points",
        "points.csv",
        spoil_tables.table(rng, POINTS),
        {f"{NAME}.toml": OF_POINTS},
        "run",
        f"{HERE}/{NAME}.toml",
        *ONE,
        *OUT,
    )
    return replace(case, through=rng.random() < 0.03)


def _command(rng: Random) -> Case:
    given = command_line(rng)
    return Case("command", given.how, {}, given.arguments, given.names, given.refused, through=given.through)


def _stored(rng: Random) -> Case:
    files = {f"{NAME}/{name}": contents for name, contents in stored().items()}
    name = rng.choice(sorted(files))
    contents = files[name]
    makers = {".toml": spoil_texts.toml, ".json": spoil_texts.json_, ".csv": spoil_tables.table}
    spoilt = makers.get(Path(name).suffix, file)(rng, contents)
    where = f"{HERE}/{NAME}"
    command = rng.choice(
        (
            ("plot", where, "--out", "figures"),
            ("diff", where, where),
            ("rerun", "coordinated/1", "--results", where),
            ("run", where, *OUT),
        )
    )
    # Every reader needs other files, and what is not as it was written is told whole: it is not known who tells what.
    return _of_file("stored", name, Spoilt(spoilt.how, spoilt.contents), files, *command)


def _part(rng: Random) -> Case:
    place = PART.removeprefix("stopped/")
    spoilt = replace(file(rng, part()), same=False, refused=False)
    other = rng.choice(
        ("part-0-000002.parquet", "part-x.parquet", "part-0-000003.tmp", "notes.txt", "part-0-1.parquet")
    )
    files: dict[str, Contents] = {str(Path(place).with_name(other)): rng.choice((b"", b"PAR1", part()[:200], "folder"))}
    case = _of_file("part", place, spoilt, files, *ASKED, *OUT)
    return replace(case, accepted=True, through=True)


def _shown(rng: Random) -> Case:
    """Names that mean something to who draws figures or reads Markdown, all the way to the figures."""
    name, label = odd.text(rng), odd.text(rng)
    quoted = {ord('"'): '""', **dict.fromkeys(range(32)), 0xDCE5: None}
    renamed = f'"{name.translate(quoted)}"'.encode()
    files: dict[str, Contents] = {f"{NAME}/{other}": contents for other, contents in REGION.items()}
    for table in ("neighbourhoods.csv", "landlords.csv"):
        files[f"{NAME}/{table}"] = (
            REGION[table].replace(b"\nAlby,", b"\n" + renamed + b",").replace(b",Alby,", b"," + renamed + b",")
        )
    title = json.dumps(label.translate({0xDCE5: None}), ensure_ascii=False)
    files[f"{NAME}/region.toml"] = re.sub(
        rb"(?m)^title = .*$", lambda _: f"title = {title}".encode(), REGION["region.toml"]
    )
    files["mine.toml"] = f"[arms.other]\npreset = 'local'\nlabel = {title}\n".encode()
    question = rng.choice((("compare",), ("sweep", "cost_factor=0:6:2")))
    arguments = (
        *question,
        "--region",
        f"{HERE}/{NAME}",
        *SMALL[:-1],
        "siloed,other",
        "--config",
        f"{HERE}/mine.toml",
        *OUT,
    )
    return Case(
        "shown", f"named {name[:60]!r}, titled {label[:60]!r}", files, arguments, ((*FILES, "mine.toml"),), through=True
    )


def _python(rng: Random) -> Case:
    name, place = from_python.argument(rng)
    setting = from_python.inside(name, rng)
    names = ((setting, name.rpartition(" ")[2]),)
    no = from_python.is_no_count(name, place) or from_python.is_other_kind(name, place, setting)
    return Case(
        "python", from_python.described(name, place), {}, (name, str(place), setting), names, no, reader="python"
    )


MAKERS: dict[Callable[[Random], Case], float] = {
    _region: 22,
    _region_in_trouble: 6,
    _parameters: 8,
    _config: 10,
    _config_of_two: 6,
    _design: 10,
    _points: 8,
    _command: 20,
    _stored: 10,
    _python: 6,
    _part: 1,
    _shown: 0.3,
}


@cache
def kinds() -> tuple[str, ...]:
    """Names of the kinds of cases."""
    return tuple(maker.__name__.strip("_") for maker in MAKERS)


if __name__ == "__main__":
    from .long.laws import show

    sys.exit(show(mutated(int(sys.argv[1]), int(sys.argv[2]))))
