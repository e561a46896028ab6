"""Samspel's model: neighbourhood renewal in Stockholm County's Million Programme estates."""

from sim.agents.builder import Builder
from sim.agents.institutions import CivilSociety, CountyCouncil, Neighbourhood, State
from sim.agents.landlord import Landlord
from sim.agents.municipality import Municipality
from sim.agents.resident import Resident
from sim.collaboration import PRESETS, Collaboration
from sim.errors import SamspelError
from sim.levers import Levers
from sim.model import RenewalModel
from sim.outcomes import OUTCOMES, Outcome
from sim.parameters import Parameters, load_parameters
from sim.region import Region, load_region

__all__ = [
    "OUTCOMES", "PRESETS", "Builder", "CivilSociety", "Collaboration", "CountyCouncil", "Landlord", "Levers",
    "Municipality", "Neighbourhood", "Outcome", "Parameters", "Region", "RenewalModel", "Resident", "SamspelError",
    "State", "load_parameters", "load_region",
]  # fmt: skip
