"""Figures from stored results: one function a figure, one style."""
