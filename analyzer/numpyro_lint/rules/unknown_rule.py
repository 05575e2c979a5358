"""A comment that names no rule.

## What it does
Finds `# numpyro-lint: ignore[...]` and `file-ignore[...]` with a name that is neither a rule nor a
category. (In a configuration or on the command line such a name is an error.)

## Why is this bad
The comment silences nothing by that name: the finding that was meant is reported still, or the
comment outlived its rule.

## Example
```python
def model(y=None):
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    theta = numpyro.sample("theta", dist.Normal(0.0, tau))  # numpyro-lint: ignore[funel]
    numpyro.sample("y", dist.Normal(theta, 1.0), obs=y)
```

## Use instead
```python
def model(y=None):
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    theta = numpyro.sample("theta", dist.Normal(0.0, tau))  # numpyro-lint: ignore[funnel]
    numpyro.sample("y", dist.Normal(theta, 1.0), obs=y)
```

## Fix safety
Safe where the near name is that of a finding at this place. Elsewhere the fix is a guess at what
was meant, and unsafe.

## References
`analyze rules` lists all rules and their categories
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Applicability, Category, Diagnostic, Edit, Fix, Severity
from numpyro_lint.rule import meanings, rule

if TYPE_CHECKING:
    from numpyro_lint.suppress import Name, Remark


@rule("unknown-rule", category=Category.TOOL, severity=Severity.WARNING, since="0.1")
def check(remark: Remark, ctx: Context) -> Iterator[Diagnostic]:
    known = meanings()
    for name in remark.names:
        if name.text not in known:
            near = _near(name, remark, list(known))
            said = f"there is no rule or category '{name.text}', so nothing is silenced by it"
            advice = f"did you mean '{near}'?" if near else "`analyze rules` lists them"
            yield ctx.report(name.span, f"{said}: {advice}", fix=_fix(name, near, remark))


def _near(name: Name, remark: Remark, known: list[str]) -> str | None:
    """The known name that is likely meant: of a finding at this place, if one is close."""
    from difflib import get_close_matches

    found = [*get_close_matches(name.text, remark.here, 1), *get_close_matches(name.text, known, 1)]
    return found[0] if found else None


def _fix(name: Name, near: str | None, remark: Remark) -> Fix | None:
    if near is None:
        return None
    safety = Applicability.SAFE if near in remark.here else Applicability.UNSAFE
    return Fix(f"Change '{name.text}' to '{near}'", (Edit(name.span, near),), safety)
