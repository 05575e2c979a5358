"""Which rule an exception of a traced model belongs to: what NumPyro or JAX refuse to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import Failure

# An exception, what it says, one of the functions of NumPyro that it has passed, and the rule.
_KNOWN = tuple(
    (exception, re.compile(said), re.compile(through), rule)
    for exception, said, through, rule in (
        ("AssertionError", r"^$", r"^plate\.", "plate-dim-collision"),
        ("AssertionError", r"size of plate should be positive", r"^plate\.", "invalid-plate"),
        ("ValueError", r"dim arg must be negative", r"^plate\.", "invalid-plate"),
        ("ValueError", r"^Inside numpyro\.plate", r"", "plate-size-mismatch"),
        (
            "ValueError",
            r"^Incompatible shapes for broadcasting|^Cannot broadcast distribution",
            r"^plate\.process_message$",
            "plate-size-mismatch",
        ),
        ("RecursionError", r"", r"^do\.process_message$", "repeated-intervention"),
        ("NotImplementedError", r"control flow primitive", r"^plate\.", "control-flow-in-plate"),
        ("", r"does not support observe", r"Reparam\.__call__$", "handler-on-wrong-site"),
        ("", r"", r"Reparam\.__call__$", "unsupported-reparam"),
        ("ValueError", r"got invalid \w+ parameter", r"", "invalid-distribution-argument"),
        ("ValueError", r"should be (a bool array|positive)", r"", "invalid-handler-arguments"),
        ("TypeError", r"", r"^(scan|cond)(_wrapper)?$", "invalid-control-flow"),
    )
)
# What only a program that is wrong for these arguments raises, and no missing part of it.
_SHAPES = re.compile(
    r"(?i)shape|broadcast|dimension|ndims|contracting|Invalid type for 'fn'|reinterpreted"
)
_LIBRARIES = frozenset({"numpyro", "jax", "jaxlib", "numpy", "builtins"})


def rule_of(failure: Failure | None) -> str | None:
    """The rule whose mistake an exception of a model is; None where it may be none of the model's.

    `untraceable-model` takes the shapes and types that no other rule is about. An exception that
    may come from what was not run with the model, or that the user's own code raises, is nobody's.
    """
    if failure is None or failure.stage != "model" or failure.refusal is not None:
        return None
    for exception, said, through, rule in _KNOWN:
        if exception in ("", failure.exception) and said.search(failure.message):
            if not through.pattern or any(map(through.search, failure.through)):
                return rule
    if failure.exception in ("TypeError", "ValueError") and failure.raised_by in _LIBRARIES:
        return "untraceable-model" if _SHAPES.search(failure.message) else None
    return None
