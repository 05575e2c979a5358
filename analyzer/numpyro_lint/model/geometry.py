"""Funnel-prone sites: latent, with a latent ancestor of the scale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

from numpyro_lint.facts.distributions import LOC_SCALE
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.expand import Control, Execution
from numpyro_lint.model.ir import Const, Dist, Site
from numpyro_lint.model.ir import Sequence as Sequenced
from numpyro_lint.model.stack import Prediction
from numpyro_lint.record import record
from numpyro_lint.text import Span

# What scales a family, by its arguments: of those that LocScaleReparam decentres, and of others.
Scales = Mapping[str, tuple[str, ...]]
BY_REPARAM: Scales = dict.fromkeys(LOC_SCALE, ("scale",))
BY_HAND: Scales = {
    "GaussianRandomWalk": ("scale",),
    "LogNormal": ("scale",),
    "MultivariateNormal": ("covariance_matrix", "precision_matrix", "scale_tril"),
    "ZeroSumNormal": ("scale",),
}


@record
class Funnel:
    """A funnel-prone site, under one of its names.

    `parents` are the latent sites that its scale was computed from, and `scale_sites` their names
    there. `observed_below`: whether an observed site depends on it; None when that is not known.
    """

    site: Site
    dist: Dist
    name: str
    parents: tuple[Site, ...]
    scale_sites: tuple[str, ...]
    shape_params: tuple[str, ...]
    observed_below: bool | None
    traced: bool


def reparam_of(shape_params: tuple[str, ...], centred: str) -> str:
    """The reparam that a site takes, as it is to be written."""
    names = ", ".join(f'"{name}"' for name in shape_params)
    rest = f", shape_params=[{names}]" if names else ""
    return f"LocScaleReparam({centred}{rest})"


def in_reparam(funnel: Funnel, centred: str) -> str:
    """The reparam that a site takes, for a message: with what stands in its way."""
    said = f"{reparam_of(funnel.shape_params, centred)} in handlers.reparam"
    if takes_shape(funnel.site):
        return f"{said}, with .expand in place of sample_shape, which a reparam leaves out,"
    return said


def takes_shape(site: Site) -> bool:
    """Whether a site may have a `sample_shape`: a reparam makes it one without it (0.22)."""
    shape = site.arg("sample_shape")
    return shape is not None and not (isinstance(shape, Sequenced) and not shape.items)


def funnels(
    bare: Prediction,
    uses: Sequence[Prediction],
    trace: Attached | None,
    scales: Scales = BY_REPARAM,
) -> Iterator[Funnel]:
    """The funnel-prone sites of a model, of some families: one by each name that it has.

    `uses` are its runs under inference: a site that each of them observes or reparameterises is
    none. Without any run, a site that nothing depends on is taken for an observation to be. So is
    one that has the name of an observation in another branch.
    """
    scaled = list(_scaled(_latent(bare), scales))
    if not scaled:
        return
    sampled = {_key(step) for use in uses for step in _latent(use).values()}
    below, observed = _dependants(bare), _observed(bare)
    depends = _traced_depends(trace)
    reported: set[tuple[Span, str]] = set()
    for step, dist, parents in scaled:
        site = step.site
        if (site.span, step.name.glob) in reported or step.name.literal in observed:
            continue
        if uses and _key(step) not in sampled:
            continue
        if not uses and not below.get(site.span):
            continue
        reported.add((site.span, step.name.glob))
        known = depends is not None and site.span in depends
        yield Funnel(
            site,
            dist,
            step.name.glob,
            tuple(parent.site for parent in parents),
            tuple(parent.name.glob for parent in parents),
            LOC_SCALE.get(dist.family or "", ()),
            _observed_below(site, trace, uses) if known else None,
            known,
        )


def _scaled(
    latent: dict[tuple[Span, tuple[Span, ...]], Execution], scales: Scales
) -> Iterator[tuple[Execution, Dist, tuple[Execution, ...]]]:
    """The latent sites whose scale comes from other latent sites, with these."""
    drawn: dict[Span, list[Execution]] = {}
    for step in latent.values():
        drawn.setdefault(step.site.span, []).append(step)
    for step in latent.values():
        dist = step.site.dist
        if not isinstance(dist, Dist) or dist.family is None or "mask" in dist.wraps:
            # LocScaleReparam finds no loc on a MaskedDistribution (0.22).
            continue
        found = [step.origins(dist.arg(name)) for name in scales.get(dist.family, ())]
        sources = {span for each in found for span in each} - {step.site.span}
        parents = tuple(_nearest(step, drawn[span]) for span in sorted(sources) if span in drawn)
        if parents:
            yield step, dist, parents


def _nearest(step: Execution, drawn: Sequence[Execution]) -> Execution:
    """Of the times that a site is drawn, the one that has most of its calls in common with another
    site: what one call of a helper draws is scaled by what the same call drew."""

    def shared(each: Execution) -> int:
        pairs = zip(each.path, step.path, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    return max(drawn, key=shared)


def by_place(found: Iterable[Funnel]) -> list[list[Funnel]]:
    """The funnel-prone sites by their places, with all names that each has."""
    places: dict[Span, list[Funnel]] = {}
    for each in found:
        places.setdefault(each.site.span, []).append(each)
    return list(places.values())


def too(alike: Sequence[Funnel]) -> str:
    """Who else is meant by what a message says of the first of some, to be put after it."""
    if len(alike) < 2:
        return ""
    names = [f"'{each.name}'" for each in alike[1:]]
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} more"]
    return f"; the same goes for {', '.join(names[:-1])}{' and ' * (len(names) > 1)}{names[-1]}"


def _key(step: Execution) -> tuple[Span, tuple[Span, ...]]:
    return step.site.span, step.path


def _latent(prediction: Prediction) -> dict[tuple[Span, tuple[Span, ...]], Execution]:
    """The sites that inference would sample under their own name and distribution."""
    sampled: dict[tuple[Span, tuple[Span, ...]], list[str]] = {}
    for effect in prediction.effects:
        if effect.type != "sample" or effect.observed is not False or effect.hidden:
            continue
        if effect.value_from in ("prior", "substitute"):
            sampled.setdefault((effect.site.span, effect.path), []).append(effect.name.glob)
    return {
        _key(step): step
        for step in prediction.executions
        if step.site.kind == "sample"
        and not _in_control_flow(step)
        and step.site.obs in (None, Const(None))
        and any(name.endswith(step.name.glob) for name in sampled.get(_key(step), ()))
    }


def _in_control_flow(step: Execution) -> bool:
    """Whether a site stands in a `scan` or `cond`: a reparam around the model cannot reach it."""
    return any(isinstance(active.frame, Control) for active in step.active)


def _observed(prediction: Prediction) -> set[str]:
    """The names of the sites that are given a value, in some branch."""
    return {
        step.name.literal
        for step in prediction.executions
        if step.site.kind == "sample" and step.site.obs not in (None, Const(None))
        if step.name.literal is not None
    }


def _dependants(prediction: Prediction) -> dict[Span, bool]:
    """The sites that some other sample site was computed from."""
    found: dict[Span, bool] = {}
    for step in prediction.executions:
        if step.site.kind in ("sample", "factor"):
            for value in (step.site.dist, *(value for _, value in step.site.args)):
                for span in step.origins(value):
                    found[span] = found.get(span, False) or span != step.site.span
    return found


def _traced_depends(trace: Attached | None) -> set[Span] | None:
    if trace is None or not trace.ok:
        return None
    return {
        joined.span
        for joined in trace.sites
        if joined.span is not None and joined.traced.depends is not None
    }


def _is_prior(use: Prediction) -> bool:
    """Whether an inference has the prior alone to sample from."""
    sites = [effect for effect in use.effects if effect.type in ("sample", "factor")]
    return use.complete and all(e.type == "sample" and e.observed is False for e in sites)


def _observed_below(site: Site, trace: Attached | None, uses: Sequence[Prediction]) -> bool | None:
    """Whether the trace has an observed site that was computed from this one, at any remove."""
    if trace is None:
        return None
    if not any(j.traced.observed and j.traced.type == "sample" for j in trace.sites):
        # A draw from the prior: nothing of the data is there, but where no inference has any.
        return False if uses and all(map(_is_prior, uses)) else None
    names = {j.traced.name for j in trace.sites if j.span == site.span}
    reached = set(names)
    for joined in trace.sites:
        traced = joined.traced
        if traced.type == "factor":
            return None
        if traced.type != "sample":
            continue
        if traced.depends is None:
            return None
        sources = {name for each in traced.depends.values() for name in each}
        if sources & reached:
            reached.add(traced.name)
            if traced.observed:
                return True
    return False
