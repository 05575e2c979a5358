"""Handlers around the body of each scan: around the model they meet what has been drawn there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from numpyro import handlers
from numpyro.contrib.control_flow.scan import scan_wrapper
from numpyro.primitives import Messenger

# A function of what is carried and what is scanned over, to what is carried on and what is kept.
Body = Callable[[Any, Any], tuple[Any, Any]]


class InScans(Messenger):  # type: ignore[misc]
    """Has the body of each scan of a model replaced by what `around` makes of it."""

    def __init__(self, model: Any, around: Callable[[Body], Body]) -> None:
        super().__init__(model)
        self._around = around

    def process_message(self, message: dict[str, Any]) -> None:
        if message["type"] == "control_flow" and message["fn"] is scan_wrapper:
            body, *rest = message["args"]
            message["args"] = (self._around(body), *rest)


def reparameterised(model: Any, config: Mapping[str, Any], scanned: Mapping[str, Any]) -> Any:
    """A model with some reparams around it, and others around the bodies of its scans."""
    if config:
        model = handlers.reparam(model, config=dict(config))
    if scanned:
        model = InScans(model, lambda body: handlers.reparam(body, config=dict(scanned)))
    return model
