"""Begins a rule: its file and its Markdown test, from its name."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
RULE = '''"""One line that says what is wrong.

## What it does
Finds ...

## Why is this bad
NumPyro ...

## Example
```python
def model():
    numpyro.sample("x", dist.Normal(0.0, 1.0))
```

## Use instead
```python
def model():
    numpyro.sample("x", dist.Normal(0.0, 1.0))
```

## References
numpyro (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.rule import rule


@rule("{name}", category=Category.NAMES, severity=Severity.WARNING, since="{version}")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    yield from ()
'''
TEST = """# {name}

## Found

```python
def model():
    numpyro.sample("x", dist.Normal(0.0, 1.0))  # warning: [{name}]
```

## False alarms

```python
def model():
    numpyro.sample("x", dist.Normal(0.0, 1.0))
```
"""


def main(name: str) -> int:
    if not re.fullmatch(r"[a-z]+(-[a-z]+)+", name):
        print("give the rule's name in kebab-case: make new-rule NAME=bad-pattern", file=sys.stderr)
        return 2
    sys.path.insert(0, str(ROOT / "analyzer"))
    from numpyro_lint import __version__

    version = __version__.rpartition(".")[0]
    rule = ROOT / f"analyzer/numpyro_lint/rules/{name.replace('-', '_')}.py"
    test = ROOT / f"tests/rules/{name}.md"
    if rule.exists():
        print(f"{rule.relative_to(ROOT)} is there already", file=sys.stderr)
        return 2
    rule.write_text(RULE.replace("{name}", name).replace("{version}", version))
    test.write_text(TEST.replace("{name}", name))
    print(f"{rule.relative_to(ROOT)}\n{test.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
