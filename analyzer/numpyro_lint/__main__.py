"""`python -m numpyro_lint`: the program of the Python that is at hand."""

from numpyro_lint.cli.main import entry

if __name__ == "__main__":
    entry()
