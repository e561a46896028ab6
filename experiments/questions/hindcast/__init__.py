"""`samspel hindcast`: an episode of the past as a file, run and scored."""
