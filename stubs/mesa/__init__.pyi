# Types of the part of Mesa that Samspel stands on; Mesa itself brings none that mypy uses.
#
# Described is what Mesa 3.3 and 3.5 have in common, and of that what sim uses or what a model of Samspel is asked by
# its users. A name that only one of the two has (model.time, AgentSet.to_list) is missing on purpose. Only mypy reads
# these files; an installed copy is without them. tests/test_stubs.py compares them with the Mesa that is installed.

from mesa.agent import Agent as Agent
from mesa.datacollection import DataCollector as DataCollector
from mesa.model import Model as Model
