"""Pictures of what is known of a model: pure functions from reports to text."""
