"""Pure functions on arrays and numbers: what agents compute when they decide."""
