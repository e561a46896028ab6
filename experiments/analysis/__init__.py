"""Arithmetic on stored results: paired differences, present values, payback, break-even additionality."""
