# where 3.5 has them; in 3.3 there is no such module

from mesa.agent import AgentSet as AgentSet
from mesa.agent import GroupBy as GroupBy
