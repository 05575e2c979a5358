"""The evidence of a finding on the page: its numbers, each with what it is in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from numpyro_lint.cli.html.parts import pairs

# What a name alone does not say.
_WORDS = {
    "kappa": "κ, the share that the data give of what is known of an element",
    "kappa_of_elements": "κ at the tenth and the ninetieth percentile of the elements",
    "kappa_over_scale": "κ at the tenth and the ninetieth percentile of the scales' posterior",
    "steps": "leapfrog steps that a draw takes NUTS, about",
    "uneven": "times as sharp as in its median the density is in a hundredth of the posterior",
    "not_compared": "why both forms were not compared",
    "scale_sites": "the scale comes from",
    "scales": "posterior medians of the scales",
    "reparam": "what decentres it",
    "decentred": "the decentred form",
    "alone": "posterior standard deviation of each alone",
    "together": "posterior standard deviation of their sum",
    "cost": "times the gradients that a draw takes",
    "by": "what differed between the runs",
    "first": "the first of them",
    "again": "the second time",
}


def evidence(found: Mapping[str, object]) -> Iterator[str]:
    """What a finding rests on, as a list of names and values; nothing where there is none."""
    # What short runs of NUTS say is shown with the model.
    told = [(key, value) for key, value in found.items() if key != "verify" and value is not None]
    if told:
        yield pairs((_name(key), _value(value)) for key, value in told)


def _name(key: str) -> str:
    return _WORDS.get(key, key.replace("_", " "))


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(each)}" for key, each in value.items()) or "none"
    if isinstance(value, (list, tuple)):
        is_shape = all(isinstance(each, int) for each in value)
        return str(tuple(value)) if is_shape else ", ".join(map(_value, value))
    return str(value)
