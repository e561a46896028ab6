"""The model against patterns, and beside its aggregate benchmark."""
