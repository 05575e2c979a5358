"""The forms of a model: sites centred or decentred around it, without a line of it rewritten."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from numpyro import handlers
from numpyro.infer.reparam import LocScaleReparam

from ..pilots import Pilot
from ..values import Hierarchy

SUFFIX = "_decentered"


class NotRun(Exception):
    """Where nothing is to be run: the message says why."""


class NoTwin(NotRun):
    """Where a form cannot be made."""


def base(site: Hierarchy) -> str:
    """The name that a site has in both forms."""
    return site.name.removesuffix(SUFFIX) if site.standard else site.name


def form_of(model: Any, pilot: Pilot, decentred: bool) -> Any:
    """The model with the pilot's sites in one form, and the others decentred.

    Raises NoTwin where the sites are decentred by hand.
    """
    if by_hand := [s.name for s in pilot.sites if s.standard and not s.name.endswith(SUFFIX)]:
        raise NoTwin(
            f"what is made of '{by_hand[0]}' is scaled in the model's own lines: its centred form "
            "would have to be written"
        )
    plain = [site for site in pilot.sites if not site.standard]
    model = _decentred(model, [*pilot.others, *(plain if decentred else [])])
    wrapped = [base(site) for site in pilot.sites if site.standard]
    return model if decentred or not wrapped else _without_reparam(model, wrapped)


def _decentred(model: Any, sites: Iterable[Hierarchy]) -> Any:
    config = {site.name: LocScaleReparam(0, list(site.shape_params)) for site in sites}
    return handlers.reparam(model, config=config) if config else model


def _without_reparam(model: Any, names: list[str]) -> Any:
    """The model, in which no handler reparameterises some sites, wherever it stands."""

    def run(*args: Any, **kwargs: Any) -> Any:
        with _passing(frozenset(names)):
            return model(*args, **kwargs)

    return run


@contextlib.contextmanager
def _passing(names: frozenset[str]) -> Iterator[None]:
    process = handlers.reparam.process_message

    def passing(self: Any, message: dict[str, Any]) -> None:
        if message["name"] not in names:
            process(self, message)

    handlers.reparam.process_message = passing
    try:
        yield
    finally:
        handlers.reparam.process_message = process
