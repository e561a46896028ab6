"""Samspel's model: neighbourhood renewal in Stockholm County's Million Programme estates.

A name is imported when it is first asked for: who reads parameters or results does not wait for Mesa.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents.builder import Builder
    from sim.agents.institutions import CivilSociety, CountyCouncil, State
    from sim.agents.landlord import Landlord
    from sim.agents.municipality import Municipality
    from sim.errors import SamspelError
    from sim.inputs.collaboration import PRESETS, Collaboration
    from sim.inputs.dated import Dated
    from sim.inputs.injections import Injection
    from sim.inputs.levers import Levers
    from sim.inputs.parameters import Parameters, load_parameters
    from sim.inputs.region import Region, load_region
    from sim.mesa_rows.views import Neighbourhood, Resident
    from sim.model import RenewalModel
    from sim.recording.event_tables import EVENT_TABLES
    from sim.recording.outcomes import OUTCOMES, Outcome
    from sim.recording.tables import TABLES

__all__ = [
    "EVENT_TABLES", "OUTCOMES", "PRESETS", "TABLES", "Builder", "CivilSociety", "Collaboration", "CountyCouncil",
    "Dated", "Injection", "Landlord", "Levers", "Municipality", "Neighbourhood", "Outcome", "Parameters", "Region",
    "RenewalModel", "Resident", "SamspelError", "State", "load_parameters", "load_region",
]  # fmt: skip

_FROM = {
    "sim.agents.builder": "Builder",
    "sim.agents.institutions": "CivilSociety, CountyCouncil, State",
    "sim.agents.landlord": "Landlord",
    "sim.agents.municipality": "Municipality",
    "sim.errors": "SamspelError",
    "sim.inputs.collaboration": "PRESETS, Collaboration",
    "sim.inputs.dated": "Dated",
    "sim.inputs.injections": "Injection",
    "sim.inputs.levers": "Levers",
    "sim.inputs.parameters": "Parameters, load_parameters",
    "sim.inputs.region": "Region, load_region",
    "sim.mesa_rows.views": "Neighbourhood, Resident",
    "sim.model": "RenewalModel",
    "sim.recording.event_tables": "EVENT_TABLES",
    "sim.recording.outcomes": "OUTCOMES, Outcome",
    "sim.recording.tables": "TABLES",
}
_HOME = {name: module for module, names in _FROM.items() for name in names.split(", ")}


def __getattr__(name: str) -> Any:
    """What a name stands for, imported now (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_HOME[name]), name)
    return found


def __dir__() -> list[str]:
    """All names, imported or not."""
    return sorted({*globals(), *__all__})
