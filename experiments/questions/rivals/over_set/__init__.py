"""Rival rules in members of the set of parameters that is not ruled out."""
