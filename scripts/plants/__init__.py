"""Faults for correct programs: small functions from a program to programs with one mistake each."""

from plants import (
    beside,
    guides,
    handlers,
    inference,
    names,
    observations,
    plates,
    randomness,
    supports,
    tool,
    traced,
    tracing,
)
from plants.host import Host, read
from plants.registry import FAULTS, Fault

__all__ = [
    "FAULTS",
    "Fault",
    "Host",
    "beside",
    "guides",
    "handlers",
    "inference",
    "names",
    "observations",
    "plates",
    "randomness",
    "read",
    "supports",
    "tool",
    "traced",
    "tracing",
]
