"""Rewrites in the file's own style: edits of the text, which keep all that they do not change.

Each gives a `Fix`, or None where it cannot be sure. They read the text again, so rules hand them to
`Context.report` as `rewrite=lambda: ...`, and import them there.
"""

from numpyro_lint.rewrite.edits import applied, changed
from numpyro_lint.rewrite.expressions import named_by_loop, to_event, to_jax
from numpyro_lint.rewrite.rename import name_in, rename_edits, rename_fix
from numpyro_lint.rewrite.reparam import reparam_fix, reparam_use_fix

__all__ = [
    "applied",
    "changed",
    "name_in",
    "named_by_loop",
    "rename_edits",
    "rename_fix",
    "reparam_fix",
    "reparam_use_fix",
    "to_event",
    "to_jax",
]
