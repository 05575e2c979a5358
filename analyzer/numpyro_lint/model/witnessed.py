"""What a trace of a run shows of its sites, in the terms in which the text is told."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.model.agree import UNNAMED
from numpyro_lint.model.attach import Attached, Joined
from numpyro_lint.model.ir import Place, Site
from numpyro_lint.model.name import Name
from numpyro_lint.model.stack import Effect
from numpyro_lint.text import Span


def samples(trace: Attached) -> list[Joined]:
    """The samples of a trace that inference meets."""
    return [j for j in trace.sites if j.traced.type == "sample" and not j.traced.hidden]


def latents(trace: Attached) -> list[Joined]:
    """Those of them that are not observed."""
    return [joined for joined in samples(trace) if not joined.traced.observed]


def effects_of(trace: Attached | None) -> tuple[Effect, ...] | None:
    """What becomes of each site of a run; None where its trace may not show all of them.

    On one concrete draw a model goes one way, and may go another on others.
    """
    if trace is None or trace.result.mode != "abstract" or trace.result.lost:
        return None
    return tuple(_effects(trace))


def _effects(trace: Attached) -> Iterator[Effect]:
    for joined in trace.sites:
        traced = joined.traced
        if traced.type in UNNAMED:
            continue
        name = Name.of(traced.name)
        site = joined.site or Site(traced.type, name, joined.span or Span(-1, -1), None, Place())
        yield Effect(
            site,
            name,
            traced.type,
            traced.observed,
            traced.was_observed,
            traced.value_from,
            traced.hidden,
            traced.scale is not None,
            traced.masked,
        )
