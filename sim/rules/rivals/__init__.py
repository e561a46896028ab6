"""Rival rules: where evidence disagrees, each reading of it is one small function, and a lever picks one.

A rivalry is a file with a table from the lever's values to rules that are called alike.
"""
