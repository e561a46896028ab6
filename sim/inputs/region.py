"""Load the starting state of a region: seed tables read, checked, shrunk to scale and typed as columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from sim.errors import SamspelError, quoted, unknown
from sim.inputs import region_columns
from sim.inputs.arguments import Scale, checked
from sim.inputs.files import read_bytes
from sim.inputs.problems import InputError, Problem, clip, stop_if
from sim.inputs.region_checks import Table, read_county, read_table
from sim.inputs.region_debts import Stock, debt_problems
from sim.inputs.region_injections import OwnInjections
from sim.inputs.region_links import Tables, county_problems, link_problems, people_problems, year_problems
from sim.inputs.region_rows import (
    BuilderRow,
    CountyFile,
    InjectionRow,
    LandlordRow,
    MunicipalityRow,
    NeighbourhoodRow,
    Row,
)
from sim.inputs.region_tables import Builders, County, Landlords, Municipalities, Neighbourhoods, Region
from sim.inputs.seeds_folder import seeds_folder, shipped_regions
from sim.inputs.text import SAVE_AS, hidden, tidy

__all__ = [
    "Builders",
    "County",
    "Landlords",
    "Municipalities",
    "Neighbourhoods",
    "Region",
    "load_region",
    "region_files",
    "region_folder",
    "shipped_regions",
]

FILES = ("region.toml", "neighbourhoods.csv", "municipalities.csv", "builders.csv", "landlords.csv")
OPTIONAL = "injections.csv"

_ADDED = (".txt", ".csv", ".xlsx", ".toml")
_INSTEAD = (".xls", ".xlsm", ".xlsb", ".ods", ".numbers", ".txt", ".tsv")

R = TypeVar("R", bound=Row)


def load_region(name_or_path: str | Path, scale: float = 1.0) -> Region:
    """Read a shipped region by name, or any folder of the same tables, and shrink it to `scale` (0-1]."""
    scale = checked("scale", scale, Scale)
    folder = region_folder(name_or_path)
    name = _name(folder)
    county, tables, notes = _checked(folder, name)
    places, towns, firms, owners = tables.places, tables.towns, tables.firms, tables.owners
    columns = region_columns.neighbourhoods(places, towns, owners, scale)
    companies, private = _stocks(tables, columns)
    injections = _injections(folder, (*towns.names, *owners.names), county.start_year)
    stop_if(
        [
            *injections.problems(),
            *year_problems(places, county.start_year),
            *people_problems(places, columns, scale),
            *debt_problems(towns, "company_debt_sek", companies),
            *debt_problems(owners, "debt_sek", private),
        ]
    )
    return Region(
        name=name,
        title=county.title,
        scale=float(scale),
        digest=_digest(county, (*tables.all, injections.table), scale),
        neighbourhoods=columns,
        municipalities=region_columns.municipalities(towns, companies, scale),
        builders=region_columns.builders(firms, towns, scale),
        landlords=region_columns.landlords(owners, towns, private),
        county=region_columns.county(county, scale),
        start_year=county.start_year,
        injections=injections.made(),
        notes=(*notes, *injections.table.notes),
    )


def _stocks(tables: Tables, columns: Neighbourhoods) -> tuple[Stock, Stock]:
    """Flats of housing companies and of landlords, at 1:1 and to scale."""
    flats, municipal = region_columns.flats_at(tables.places, 1.0)
    towns, owners = len(tables.towns.rows), len(tables.owners.rows)
    return (
        Stock.of(columns.municipality_index, municipal, columns.municipal_flats, towns),
        Stock.of(columns.landlord_index, flats - municipal, columns.private_flats, owners),
    )


def _checked(folder: Path, name: str) -> tuple[CountyFile, Tables, tuple[str, ...]]:
    """All files, read and checked; one error tells what is wrong in any of them."""
    problems: list[Problem] = []
    notes: tuple[str, ...] = ()
    try:
        county, notes = read_county(*_read(folder, "region.toml"))
        problems += county_problems(_shown(folder, "region.toml"), county)
    except InputError as error:
        problems += error.problems
    tables = Tables(
        _table(folder, "neighbourhoods.csv", NeighbourhoodRow),
        _table(folder, "municipalities.csv", MunicipalityRow),
        _table(folder, "builders.csv", BuilderRow),
        _table(folder, "landlords.csv", LandlordRow, may_be_empty=True),
    )
    for table in tables.all:
        problems += table.problems
        notes += table.notes
    # A name with hidden letters need not be told again as one that does not exist.
    told = {(problem.file, problem.row, problem.column) for problem in problems}
    links = link_problems(tables, name)
    stop_if([*problems, *(link for link in links if (link.file, link.row, link.column) not in told)])
    return county, tables, notes


def _table(folder: Path, name: str, model: type[R], may_be_empty: bool = False) -> Table[R]:
    """A table, from a CSV file or, where there is none, from a workbook of the same name."""
    chosen = _chosen(folder, name)
    try:
        table = read_table(*_read(folder, chosen), model, may_be_empty=may_be_empty)
    except InputError as error:
        return Table(_shown(folder, chosen), "", problems=error.problems)
    book = Path(name).with_suffix(".xlsx").name
    if chosen == name and (folder / book).is_file():
        return replace(table, notes=(*table.notes, f"{_shown(folder, name)}: read, and not {book} beside it"))
    return table


def _injections(folder: Path, owners: Sequence[str], start: int) -> OwnInjections:
    """The region's own injections: none where it has no such table, or one of nearly its name."""
    if (folder / _chosen(folder, OPTIONAL)).is_file() or _beside(folder / OPTIONAL):
        return OwnInjections(_table(folder, OPTIONAL, InjectionRow, may_be_empty=True), owners, start)
    return OwnInjections(Table(_shown(folder, OPTIONAL), ""), owners, start)


def _chosen(folder: Path, name: str) -> str:
    """The file that a table is read from."""
    book = Path(name).with_suffix(".xlsx").name
    return book if (folder / book).is_file() and not (folder / name).is_file() else name


def region_files(name_or_path: str | Path) -> tuple[Path, ...]:
    """The files that a region is read from. Raises SamspelError where there is no such region."""
    folder = region_folder(name_or_path)
    files = (folder / (_chosen(folder, name) if name.endswith(".csv") else name) for name in (*FILES, OPTIONAL))
    return tuple(file for file in files if file.is_file() or Path(file.name).stem != Path(OPTIONAL).stem)


def _name(folder: Path) -> str:
    """The folder's name, which is the region's."""
    name = folder.resolve().name
    if what := hidden(name):
        raise SamspelError(f'region "{clip(name)}": the name of the folder {what}')
    return tidy(name)


def region_folder(name_or_path: str | Path) -> Path:
    """The folder of a region. A name of ours wins over a folder of the same name in the working folder."""
    if isinstance(name_or_path, str) and name_or_path in shipped_regions():
        return seeds_folder() / name_or_path
    if not isinstance(name_or_path, str | Path):
        raise SamspelError(f"region: {quoted(name_or_path)} does not fit; expected a name or a folder")
    text, path = clip(str(name_or_path).strip(), 300), Path(name_or_path)
    try:
        path = path.expanduser()
        if text and path.is_dir():
            return path
        is_file = path.is_file()
    except (OSError, ValueError, RuntimeError) as error:
        said = getattr(error, "strerror", None) or clip(error)
        raise SamspelError(f'region "{text}": cannot be read ({said}); expected a folder or a name') from None
    if is_file:
        raise SamspelError(f'region "{text}": is a file; expected the folder that holds {", ".join(FILES)}')
    if isinstance(name_or_path, Path) or len(path.parts) > 1:
        raise SamspelError(f'region "{text}": no such folder; expected a folder that holds {", ".join(FILES)}')
    raise unknown("region", clip(text), shipped_regions())


def _shown(folder: Path, name: str) -> str:
    """A file's name as a user knows it: short for our own seeds, as given for theirs."""
    shipped = folder.parent == seeds_folder()
    return f"seeds/{folder.name}/{name}" if shipped else str(folder / name)


def _read(folder: Path, name: str) -> tuple[str, bytes]:
    """A file as a user knows it, and its bytes."""
    label = _shown(folder, name)
    needed = "a table that a region may do without" if name == OPTIONAL else f"a region needs {', '.join(FILES)}"
    missing = f"missing; {needed}"
    return label, read_bytes(folder / name, label, missing + _beside(folder / name))


def _beside(path: Path) -> str:
    """A file of nearly the same name that was saved instead, and what to do about it."""
    wanted = [path.name, path.with_suffix(".xlsx").name] if path.suffix == ".csv" else [path.name]
    try:
        there = sorted(other.name for other in path.parent.iterdir() if other.is_file())
    except OSError:
        return ""
    # In other letters (Builders.CSV), or with an ending that a system adds and hides (builders.csv.txt).
    named = {f"{name}{ending}": name for ending in ("", *_ADDED) for name in wanted}
    for other in there:
        if (name := named.get(other.lower())) and other != name:
            return f"; {clip(other)} is there: rename it to {name}"
    instead = {path.with_suffix(ending).name for ending in _INSTEAD} if path.suffix == ".csv" else set()
    return next((f"; {clip(other)} is there: {SAVE_AS}" for other in there if other.lower() in instead), "")


def _digest(county: CountyFile, tables: Sequence[Table[Any]], scale: float) -> str:
    """Of what was read and not of bytes, so that a region saved again by Excel is still the same region; nor of what
    may be missing and says nothing else than if it were."""
    rows = [[row.model_dump(exclude_defaults=True) for row in table.rows] for table in tables]
    rows = rows if rows[-1] else rows[:-1]  # the last one may be missing
    said = json.dumps([county.model_dump(exclude_defaults=True), *rows], sort_keys=True, ensure_ascii=False)
    return sha256(f"{float(scale).hex()}\n{said}".encode()).hexdigest()
