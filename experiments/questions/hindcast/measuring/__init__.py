"""From stored runs to the numbers that an episode asks for, one a run."""
