"""Load the starting state of a region: seed tables read, checked, shrunk to scale and typed as columns."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from sim.errors import SamspelError, unknown
from sim.inputs import region_columns
from sim.inputs.arguments import Scale, checked
from sim.inputs.region_checks import read_county, read_table
from sim.inputs.region_rows import BuilderRow, LandlordRow, MunicipalityRow, NeighbourhoodRow
from sim.inputs.region_tables import Builders, County, Landlords, Municipalities, Neighbourhoods, Region
from sim.inputs.seeds_folder import seeds_folder, shipped_regions

__all__ = [
    "Builders",
    "County",
    "Landlords",
    "Municipalities",
    "Neighbourhoods",
    "Region",
    "load_region",
    "shipped_regions",
]

FILES = ("region.toml", "neighbourhoods.csv", "municipalities.csv", "builders.csv", "landlords.csv")


def load_region(name_or_path: str | Path, scale: float = 1.0) -> Region:
    """Read a shipped region by name, or any folder of the same tables, and shrink it to `scale` (0-1]."""
    scale = checked("scale", scale, Scale)
    folder = _find(name_or_path)
    contents = {name: _read(folder, name) for name in FILES}
    label = {name: _shown(folder, name) for name in FILES}
    county = read_county(label["region.toml"], contents["region.toml"])
    places = read_table(label["neighbourhoods.csv"], contents["neighbourhoods.csv"], NeighbourhoodRow)
    towns = read_table(label["municipalities.csv"], contents["municipalities.csv"], MunicipalityRow)
    firms = read_table(label["builders.csv"], contents["builders.csv"], BuilderRow)
    owners = read_table(label["landlords.csv"], contents["landlords.csv"], LandlordRow, may_be_empty=True)
    return Region(
        name=folder.resolve().name,
        title=county.title,
        scale=float(scale),
        digest=_digest(contents, scale),
        neighbourhoods=region_columns.neighbourhoods(places, towns, owners, scale),
        municipalities=region_columns.municipalities(towns, places, scale),
        builders=region_columns.builders(firms, towns, scale),
        landlords=region_columns.landlords(owners, towns),
        county=region_columns.county(county, scale),
    )


def _find(name_or_path: str | Path) -> Path:
    """The folder of a region. A name of ours wins over a folder of the same name in the working folder."""
    if isinstance(name_or_path, str) and name_or_path in shipped_regions():
        return seeds_folder() / name_or_path
    if not isinstance(name_or_path, str | Path):
        raise SamspelError(f"region: {name_or_path!r} does not fit; expected a name or a folder")
    text, path = str(name_or_path).strip(), Path(name_or_path)
    try:
        path = path.expanduser()
        if text and path.is_dir():
            return path
        is_file = path.is_file()
    except (OSError, ValueError, RuntimeError) as error:
        raise SamspelError(f'region "{text[:80]}": cannot be read ({error}); expected a folder or a name') from None
    if is_file:
        raise SamspelError(f'region "{text}": is a file; expected the folder that holds {", ".join(FILES)}')
    if isinstance(name_or_path, Path) or len(path.parts) > 1:
        raise SamspelError(f'region "{text}": no such folder; expected a folder that holds {", ".join(FILES)}')
    raise unknown("region", text, shipped_regions())


def _shown(folder: Path, name: str) -> str:
    """A file's name as a user knows it: short for our own seeds, as given for theirs."""
    shipped = folder.parent == seeds_folder()
    return f"seeds/{folder.name}/{name}" if shipped else str(folder / name)


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        raise SamspelError(f"{_shown(folder, name)}: missing; a region needs {', '.join(FILES)}") from None
    except OSError as error:
        raise SamspelError(f"{_shown(folder, name)}: cannot be read ({error.strerror})") from None


def _digest(contents: dict[str, bytes], scale: float) -> str:
    state = sha256(float(scale).hex().encode())
    for name, content in contents.items():
        state.update(f"\n{name} {len(content)}\n".encode() + content)
    return state.hexdigest()
