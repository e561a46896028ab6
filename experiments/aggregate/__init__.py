"""The aggregate benchmark: the model's parameters as a few difference equations, to show what agents add."""

from experiments.aggregate.beside import beside_agents
from experiments.aggregate.model import aggregate_curves
from experiments.aggregate.words import compare_with

__all__ = ["aggregate_curves", "beside_agents", "compare_with"]
