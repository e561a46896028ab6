"""The nine phases of a quarter, one file each, in order."""
