"""History matching: which values of the uncertain parameters the patterns do not rule out."""
