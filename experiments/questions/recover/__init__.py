"""Whether calibration finds parameters that are known, and how narrow it gets."""
