"""Whether a caller may call."""
