"""The aggregate benchmark: the model's parameters as a few difference equations, to show what agents add."""

from sim.aggregate.model import aggregate_curves

__all__ = ["aggregate_curves"]
