"""Commands beside the questions: list, run, rerun, diff, plot, and the benchmark of speed."""
