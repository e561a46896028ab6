"""Arms compared: coordinated against siloed."""
