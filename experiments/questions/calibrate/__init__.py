"""Parameters that the patterns do not rule out, and the answers over them."""
