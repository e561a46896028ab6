"""What patterns and the headline answer to, among all that is uncertain."""
