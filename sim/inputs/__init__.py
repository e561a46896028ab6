"""What a run is given: parameters, levers, a collaboration, a region."""
