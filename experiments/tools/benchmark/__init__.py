"""The `samspel benchmark` command: how fast the model is, how large, and against what."""
