"""Who is calling, and whether a caller may call."""
