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


NEXT = """
Write what they hold, then:
- make test PYTEST_ARGS="tests/rules -k {name}": until the rule finds what its test says
- make docs: writes docs/rules/{name}.md
- scripts/plants/: plant the mistake, @fault("{name}"), unless the rule is a hint
- CHANGELOG.md: a line
- make lint test
CONTRIBUTING.md says more, and docs/adding-a-rule.md goes through a whole one.
"""


def main(name: str, root: Path = ROOT) -> int:
    if not re.fullmatch(r"[a-z]+(-[a-z]+)+", name):
        print("give the rule's name in kebab-case: make new-rule NAME=bad-pattern", file=sys.stderr)
        return 2
    sys.path.insert(0, str(ROOT / "analyzer"))
    from numpyro_lint import __version__

    version = __version__.rpartition(".")[0]
    texts = {
        f"analyzer/numpyro_lint/rules/{name.replace('-', '_')}.py": RULE,
        f"tests/rules/{name}.md": TEST,
    }
    for path in texts:
        if (root / path).exists():
            print(f"{path} is there already", file=sys.stderr)
            return 2
    for path, text in texts.items():
        (root / path).write_text(text.replace("{name}", name).replace("{version}", version))
        print(path)
    print(NEXT.replace("{name}", name), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
