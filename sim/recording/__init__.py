"""What a run leaves behind: outcomes and, where asked for, events."""
