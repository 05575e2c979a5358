"""What is made up to break the analyzer, and what must hold of it all the same."""
