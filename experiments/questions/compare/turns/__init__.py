"""Turning points: at which values of what is uncertain the headline changes its sign."""
