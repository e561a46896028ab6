"""What a run holds: residents and buildings, works, books, labour markets, surroundings."""
