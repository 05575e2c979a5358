"""What editors show of a file and do in it, as pure functions of its analysis and a place."""
