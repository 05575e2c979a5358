"""What becomes of a site under a stack of handlers, in words."""

from __future__ import annotations

from numpyro_lint.model.program import Stack
from numpyro_lint.model.stack import Effect


def composition(stack: Stack) -> str:
    """A stack as one would write it, and what it is for."""
    chain = "".join(f"{handler.kind}(" for handler in stack.handlers)
    use = "" if stack.use in ("call", "trace", "wrapper") else f", for {stack.use}"
    return f"{chain}{stack.model.display}{')' * len(stack.handlers)}{use}"


def outcome(effect: Effect, use: str) -> tuple[str, str]:
    """Where a site belongs, and how it is told there: by which handler, where it is one."""
    name = effect.name.glob
    by = effect.value_from
    if by == "do":
        return "intervened", name.removesuffix("__CF") + " (do)"
    if effect.hidden:
        return "hidden", f"{name} (block)"
    if effect.type == "deterministic":
        return "computed", f"{name} ({by})" if by else name
    if effect.type == "param":
        return "param", f"{name} ({by})" if by not in (None, "init") else name
    if effect.observed:
        return "observed", name if by in (None, "obs") else f"{name} ({by})"
    if by == "substitute" and use == "mcmc":
        return "latent", f"{name} (substitute does not hold it)"
    if by == "substitute" and use == "svi":
        return "substituted", f"{name} (unless the guide has it)"
    if by in ("substitute", "replay"):
        return ("substituted" if by == "substitute" else "replayed"), name
    if effect.observed is None:
        return "observed", f"{name}?"
    if effect.was_observed:
        return "latent", f"{name} (uncondition)"
    return "latent", f"{name} ({by})" if by not in (None, "prior") else name
