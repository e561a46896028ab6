"""All combinations of practices: which of them does it."""
