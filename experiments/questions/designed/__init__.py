"""Results of `samspel run`, a design of one's own: how they are read, told and drawn."""
