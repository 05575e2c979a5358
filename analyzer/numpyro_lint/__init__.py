"""numpyro-lint: reads NumPyro models as text and as seeded traces, and says what is wrong."""

__version__ = "0.1.0"
