"""A guide whose latent sites are not those of its model.

## What it does
Compares the latent sites of model and guide of one SVI: sites that the guide lacks, and sites that
it has and the model has not. A trace of both, with the arguments of the SVI, knows the names that
the text does not tell.

## Why is this bad
A site that the guide lacks is drawn from its prior in each step, whatever the data say; NumPyro
warns, and `TraceMeanField_ELBO` raises a bare KeyError. A site that only the guide has does nothing
but add noise to the ELBO, unless it is marked as auxiliary. The same happens where an autoguide is
made from another model than the one that SVI is given, such as the one without `reparam`.

## Example
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


def guide(y):
    loc = numpyro.param("loc", 0.0)
    numpyro.sample("levle", dist.Normal(loc, 1.0))


svi = SVI(model, guide, numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 10, 1.0)
```

## Use instead
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


def guide(y):
    loc = numpyro.param("loc", 0.0)
    numpyro.sample("level", dist.Normal(loc, 1.0))


svi = SVI(model, guide, numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 10, 1.0)
```

## Fix safety
Where one name is close, the fix puts it in place of the guide's; the trace changes, so it is
unsafe.

## References
numpyro.util.check_model_guide_match, numpyro.infer.SVI (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import (
    Category,
    Diagnostic,
    Edit,
    Fix,
    Origin,
    Related,
    Severity,
    Stage,
)
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.attach import Joined
from numpyro_lint.model.binding import table_of
from numpyro_lint.model.fit import (
    Fit,
    enumeration,
    family_of,
    is_configured,
    is_discrete,
    is_latent,
    latents,
)
from numpyro_lint.model.ir import Const
from numpyro_lint.model.name import Name
from numpyro_lint.model.pairs import Pair
from numpyro_lint.model.stack import Effect, Prediction
from numpyro_lint.questions import pair
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule(
    "guide-site-mismatch",
    category=Category.INFERENCE,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    guide = fit.guide
    if fit.run.kind != "svi" or fit.loss is None or guide is None:
        return
    yield from _traced(fit, ctx)
    if not _is_whole(fit, guide):
        return
    lacking = [effect for effect in latents(fit.model) if _is_lacking(effect, fit, guide)]
    extra = [effect for effect in latents(guide) if _is_extra(effect, fit)]
    names = [effect.name.literal or "" for effect in lacking]
    for effect in extra if fit.auto is None else ():
        # What a reparameterisation has put in the place of the site is no second mistake.
        made = [e.name.literal for e in lacking if e.site.span in _spans(effect.name, fit)]
        near = None if made else _near(effect, names)
        names = [name for name in names if name != near and name not in made]
        yield _extra(effect, near, fit, ctx)
    if names:
        yield _lacking([effect for effect in lacking if effect.name.literal in names], fit, ctx)


def _traced(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    """What a trace of both shows: it knows the names that the text does not tell."""
    both = pair(ctx, fit)
    if both is None:
        return
    for name, joined in both.guide.items():
        site = joined.site
        known = name in both.model or name in both.observed
        if known or joined.span is None or site is None or site.arg("infer") is not None:
            continue  # what has an infer= may be auxiliary
        if "infer_config" not in joined.traced.handlers:
            yield ctx.report(
                joined.span,
                f"the guide samples '{name}', which is no site of the model; mark it with "
                'infer={"is_auxiliary": True} if that is meant',
                site=name,
                model=fit.name,
                source=Origin.TRACE,
            )
    lacking = [each for name, each in both.model.items() if _is_untold(name, each, both, fit)]
    if lacking:
        shown = ", ".join(f"'{each.traced.name}'" for each in lacking)
        yield ctx.report(
            fit.run.span,
            f"the guide has no site {shown} of {fit.name}: drawn from the prior whatever the data "
            "say",
            site=lacking[0].traced.name,
            model=fit.name,
            source=Origin.TRACE,
            related=tuple(
                Related(each.span, f"'{each.traced.name}' of the model")
                for each in lacking
                if each.span is not None
            ),
        )


def _is_untold(name: str, joined: Joined, both: Pair, fit: Fit) -> bool:
    """Whether a latent of the model is none of the guide's, which has no other way to know it."""
    traced, site = joined.traced, joined.site
    if any(each.traced.name == name for each in both.guided.sites):
        return False
    if traced.distribution == "Delta" or (site is not None and site.arg("infer") is not None):
        return False
    if traced.value_from != "prior" or "infer_config" in traced.handlers:
        return False
    family = traced.distribution or ""
    return fit.loss != "TraceEnum_ELBO" or (family in FAMILIES and not is_discrete(family))


def _is_whole(fit: Fit, guide: Prediction) -> bool:
    """Whether all that model and guide send is in sight."""
    if fit.auto is not None and fit.auto.kind == "AutoGuideList":
        return False
    return all(
        each.complete and not each.raises and not each.may_raise for each in (fit.model, guide)
    )


def _is_lacking(effect: Effect, fit: Fit, guide: Prediction) -> bool:
    """Whether a latent site of the model is in no way one of the guide's."""
    name, family = effect.name.literal, family_of(effect)
    if name is None or effect.value_from != "prior" or family == "Delta":
        return False
    if any(e.name.matches(name) is not False for e in guide.effects if e.type == "sample"):
        return False
    if enumeration(effect) != "" or is_configured(fit.model, effect):
        return False
    return fit.loss != "TraceEnum_ELBO" or (family is not None and not is_discrete(family))


def _is_extra(effect: Effect, fit: Fit) -> bool:
    """Whether a latent site of the guide is none of the model's, nor auxiliary."""
    name = effect.name.literal
    if name is None or not _is_plain(effect):
        return False
    return not any(
        e.name.matches(name) is not False and (is_latent(e) or e.observed is None or e.hidden)
        for e in fit.model.effects
        if e.type == "sample"
    )


def _is_plain(effect: Effect) -> bool:
    """Whether nothing marks a site as auxiliary."""
    infer = effect.site.arg("infer")
    table = table_of(infer)
    if infer is None or table is None:
        return infer is None
    marks = (key for key in table.keys if key.text == "is_auxiliary")
    return table.complete and all(key.value == Const(False) for key in marks)


def _spans(name: Name, fit: Fit) -> set[Span]:
    """Where the model has a site of that name."""
    return {each.site.span for each in fit.model.effects if each.name == name}


def _near(effect: Effect, names: list[str]) -> str | None:
    if not names:
        return None
    from difflib import get_close_matches

    return next(iter(get_close_matches(effect.name.glob, names, n=1, cutoff=0.6)), None)


def _extra(effect: Effect, near: str | None, fit: Fit, ctx: Context) -> Diagnostic:
    name = effect.name.glob
    there = [each for each in fit.model.effects if each.name == effect.name]
    said = f"the guide samples '{name}', which is no site of the model"
    if there:
        kind = "observes it" if there[0].observed else f"has it as {there[0].type}"
        said = f"the guide samples '{name}' as latent, and the model {kind}"
    mark = 'mark it with infer={"is_auxiliary": True} if that is meant'
    end = f": did you mean '{near}'?" if near else f"; {mark}"
    return ctx.report(
        effect.site.span,
        said + end,
        site=effect.name.literal,
        model=fit.name,
        related=tuple(Related(each.site.span, "the site of the model") for each in there[:1]),
        fix=_fix(effect, near, ctx),
    )


def _fix(effect: Effect, near: str | None, ctx: Context) -> Fix | None:
    span, name = effect.site.name_span, effect.name.literal
    written = ctx.module.source.slice(span) if span else ""
    if span is None or near is None or name is None or written[1:-1] != name:
        return None
    edit = Edit(span, written[0] + near + written[-1])
    return Fix(f"Change '{name}' to '{near}'", (edit,))


def _lacking(effects: list[Effect], fit: Fit, ctx: Context) -> Diagnostic:
    shown = ", ".join(f"'{effect.name.glob}'" for effect in effects)
    guide = fit.auto.kind if fit.auto else "the guide"
    raises = fit.loss == "TraceMeanField_ELBO"
    then = "NumPyro raises KeyError" if raises else "drawn from the prior whatever the data say"
    return ctx.report(
        fit.run.span,
        f"{guide} has no site {shown} of {fit.name}: {then}",
        site=effects[0].name.literal,
        model=fit.name,
        related=tuple(
            Related(each.site.span, f"'{each.name.glob}' of the model") for each in effects
        ),
    )
