"""From a design to stored results: design, runs, pool, store, manifest, results."""
