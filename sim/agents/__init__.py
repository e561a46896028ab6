"""Who decides: institutions, as ordinary Mesa agents. What residents decide, phases decide for all rows at once."""
