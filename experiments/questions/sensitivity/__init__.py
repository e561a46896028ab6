"""All uncertain parameters varied: which of them matter."""
