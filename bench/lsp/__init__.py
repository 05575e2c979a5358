"""A language client of a few lines, and someone who types."""
