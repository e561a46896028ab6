"""The tables of `ODD.md`, made from the code."""
