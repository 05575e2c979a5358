"""Handlers around the body of each scan: around the model they meet what has been drawn there."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from numpyro import handlers
from numpyro.contrib.control_flow.scan import scan_wrapper
from numpyro.primitives import Messenger

from .products import computed, placed
from .staged import Affine, Staged

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
        model = handlers.reparam(Shaped(model, config), config=dict(config))
    if scanned:
        inner = dict(scanned)
        model = InScans(model, lambda body: handlers.reparam(Shaped(body, inner), config=inner))
    return model


class Shaped(Messenger):  # type: ignore[misc]
    """Has the `sample_shape` of some sites made one of their distributions: a reparam would leave
    it out, and the site be smaller (NumPyro 0.22)."""

    def __init__(self, model: Any, names: Container[str]) -> None:
        super().__init__(model)
        self._names = names

    def process_message(self, message: dict[str, Any]) -> None:
        if message["type"] != "sample" or message["name"] not in self._names:
            return
        if shape := message["kwargs"].get("sample_shape"):
            fn = message["fn"]
            message["fn"] = fn.expand((*shape, *fn.batch_shape))
            message["kwargs"]["sample_shape"] = ()


def made_in(
    body: Body, carry: Any, now: Any, latents: Mapping[str, Any], name: str
) -> Affine | None:
    """How a site comes into what a scan carries on: where it does into several, in the fewest
    steps; or else into what has a name there."""

    def leaf(number: int, values: dict[str, Any]) -> list[Any]:
        (after, _), trace = placed(lambda: body(carry, now), values)
        return [[*jax.tree.leaves(after), jnp.zeros(())][number], *computed(trace)]

    count = len(jax.tree.leaves(carry))
    staged = [Staged(partial(leaf, number), latents) for number in range(count + 1)]
    found = [each for by in staged if (each := by.whole(name))]
    return min(found, key=lambda each: each.steps, default=staged[-1].named(name))
