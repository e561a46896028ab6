"""Boxes of surroundings in which coordination fails."""
