"""One or two settings varied: where the answer changes."""
