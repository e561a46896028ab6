"""Keyed draws in Python's whole numbers: the same number for the same key as ``sim/randomness.py`` gives."""

from __future__ import annotations

from sim.randomness import Decision, Draws


def uniform(key: int, row: int) -> float:
    """A row's number in (0, 1) under a key, by SplitMix64, whose constants stand here as they are."""
    bits = (((row + 1) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF) ^ key
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    bits ^= bits >> 31
    return ((bits >> 11) + 0.5) * 1.1102230246251565e-16  # 2 to the power of -53


def keys(draws: Draws, decision: Decision, quarter: int, k: int = 1) -> list[int]:
    """Keys of the first k numbers that each row has for a decision in a quarter."""
    return [int(key) for key in draws.keys(decision, quarter, k)]
