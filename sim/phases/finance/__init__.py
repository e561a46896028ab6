"""Owners' money: loans, surplus, sales of flats, and what happens to those who owe too much."""
