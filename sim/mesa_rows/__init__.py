"""Rows of columns as Mesa's agents, and sets of them."""
