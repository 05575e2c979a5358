"""The language server of numpyro-lint: a thin door to the core over the protocol."""
