"""The command line: `analyze`, and one renderer a file."""
