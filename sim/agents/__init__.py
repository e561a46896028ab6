"""Who decides. Institutions are ordinary Mesa agents; residents are thin views on rows of columns."""
