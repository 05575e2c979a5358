"""Inference is not run for a trace: whoever asks for it is told so."""

from __future__ import annotations

from typing import Any, NoReturn

import numpyro.infer

from ..protocol import Failure
from . import values  # noqa: F401  so that it has the real `initialize_model` when that is refused
from .failure import Unavailable

_METHODS = {
    "MCMC": ("run", "warmup", "print_summary"),
    "SVI": ("run", "init", "update", "stable_update", "evaluate"),
}


def refuse_inference() -> None:
    """Have MCMC and SVI raise Unavailable."""
    for name, methods in _METHODS.items():
        engine = getattr(numpyro.infer, name)
        for method in methods:
            if hasattr(engine, method):
                setattr(engine, method, _refusing(f"{name}.{method}"))
    numpyro.infer.util.initialize_model = _refusing("initialize_model")
    numpyro.infer.hmc.HMC.init = _refusing("HMC.init")


def _refusing(name: str) -> Any:
    def refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
        message = f"it depends on a result of inference, which is not run ({name})"
        raise Unavailable(Failure("arguments", "", message))

    return refuse
