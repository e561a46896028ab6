"""Pattern-oriented validation: empirical patterns with ranges, what a run says about each, and a scoreboard."""
