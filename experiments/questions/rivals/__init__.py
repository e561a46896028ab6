"""Rival rules: whether the answer hangs on how people are thought to behave."""
