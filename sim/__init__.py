"""Samspel's model: neighbourhood renewal in Stockholm County's Million Programme estates."""

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
