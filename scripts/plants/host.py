"""A correct program as a place for faults: its models, sites and runs, by its syntax alone.

Nothing of the linter is used here, so that what it does not see is planted all the same.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

Edit = tuple[int, int, str]
Planted = tuple[str, int]

# Stands at the line where the finding belongs, and is gone from the text that is checked.
MARK = "§"
PRIMITIVES = ("sample", "param", "plate", "deterministic", "factor")
KERNELS = ("NUTS", "HMC")
_IMPORTS = {
    "planted_jax": "import jax as planted_jax",
    "planted_jnp": "import jax.numpy as planted_jnp",
    "planted_np": "import numpy as planted_np",
    "planted_numpyro": "import numpyro as planted_numpyro",
    "planted_dist": "import numpyro.distributions as planted_dist",
    "planted_handlers": "import numpyro.handlers as planted_handlers",
    "planted_infer": "import numpyro.infer as planted_infer",
    "planted_scan": "from numpyro.contrib.control_flow import scan as planted_scan",
    "planted_cond": "from numpyro.contrib.control_flow import cond as planted_cond",
}


@dataclass(frozen=True, eq=False)
class Site:
    """A primitive that a function reaches on every run. `statement` is where it stands."""

    kind: str
    name: str
    call: ast.Call
    statement: ast.stmt
    plates: tuple[ast.Call, ...]
    target: str | None
    dist: ast.Call | None
    family: str | None
    plain: bool
    obs: ast.expr | None

    @property
    def latent(self) -> bool:
        return self.kind == "sample" and self.obs is None


@dataclass(frozen=True, eq=False)
class Model:
    """A function of the top level with sites of literal names. `whole`: all it does is in sight."""

    node: ast.FunctionDef
    sites: tuple[Site, ...]
    whole: bool

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def latents(self) -> list[Site]:
        return [site for site in self.sites if site.latent]

    @property
    def observed(self) -> list[Site]:
        return [site for site in self.sites if site.kind == "sample" and site.obs is not None]

    @property
    def params(self) -> list[str]:
        arguments = self.node.args
        return [each.arg for each in (*arguments.posonlyargs, *arguments.args)]


@dataclass(frozen=True, eq=False)
class Run:
    """A run of MCMC on a model that is given by name: where each of its steps is written."""

    kernel: ast.Call
    mcmc: ast.Call
    call: ast.Call
    statement: ast.stmt
    model: Model
    scope: ast.AST
    arguments: str


@dataclass(eq=False)
class Host:
    """A program. `text` holds no mark, and its syntax tree is `tree`."""

    path: str
    text: str
    tree: ast.Module
    aliases: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for each in node.names:
                    name = each.asname or each.name.partition(".")[0]
                    self.aliases[name] = each.name if each.asname else name
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for each in node.names:
                    self.aliases[each.asname or each.name] = f"{node.module}.{each.name}"

    # What is written

    def qualified(self, node: ast.expr) -> str:
        """The dotted name of an expression through the imports; empty where it is none."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id, "")
        if isinstance(node, ast.Attribute):
            base = self.qualified(node.value)
            return f"{base}.{node.attr}" if base else ""
        return ""

    def api(self, node: ast.AST) -> str:
        """The last part of the name of NumPyro's that is called; empty for all else."""
        if not isinstance(node, ast.Call):
            return ""
        name = self.qualified(node.func)
        return name.rpartition(".")[2] if name.startswith("numpyro") else ""

    def calls(self, *names: str) -> list[ast.Call]:
        """The calls of NumPyro's functions of these names, in order of place."""
        found = [n for n in ast.walk(self.tree) if isinstance(n, ast.Call) and self.api(n) in names]
        return sorted(found, key=lambda call: (call.lineno, call.col_offset))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node starts and ends in the text."""
        assert isinstance(node, (ast.expr, ast.stmt, ast.arg, ast.keyword))
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = self._offset(node.lineno, node.col_offset)
        return start, self._offset(node.end_lineno, node.end_col_offset)

    def source(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def _offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        if self.text.isascii():
            return start + column
        row = self.text[start : start + column].encode()[:column]
        return start + len(row.decode(errors="ignore"))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    # What is found

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """The functions of the top level that have their name for themselves."""
        found = [each for each in self.tree.body if isinstance(each, ast.FunctionDef)]
        names = [each.name for each in found]
        return {each.name: each for each in found if names.count(each.name) == 1}

    @cached_property
    def models(self) -> list[Model]:
        """The functions with sites that inference or a handler of the file is given by name."""
        used = {
            argument.id
            for call in ast.walk(self.tree)
            if isinstance(call, ast.Call) and self.api(call)
            for argument in (*call.args, *(each.value for each in call.keywords))
            if isinstance(argument, ast.Name)
        }
        known = [self.model(node) for name, node in self.functions.items() if name in used]
        return [each for each in known if each.sites and not each.node.decorator_list]

    def model(self, node: ast.FunctionDef) -> Model:
        sites = tuple(self._reached(node.body, ()))
        inside = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
        primitives = [call for call in inside if self.api(call) in PRIMITIVES]
        local = [c for c in inside if isinstance(c.func, ast.Name) and c.func.id in self.functions]
        nested = [n for n in ast.walk(node) if isinstance(n, ast.FunctionDef) and n is not node]
        whole = len(primitives) == len(sites) and not local and not nested
        return Model(node, sites, whole)

    def _reached(self, body: Sequence[ast.stmt], plates: tuple[ast.Call, ...]) -> Iterator[Site]:
        """The sites with literal names that every run of some statements reaches."""
        for statement in body:
            if isinstance(statement, ast.With):
                contexts = [item.context_expr for item in statement.items]
                if all(self.api(each) == "plate" for each in contexts):
                    for each in contexts:
                        assert isinstance(each, ast.Call)
                        yield from self._site(each, statement, plates)
                    inner = (*plates, *(c for c in contexts if isinstance(c, ast.Call)))
                    yield from self._reached(statement.body, inner)
            elif isinstance(statement, (ast.Assign, ast.Expr)):
                if isinstance(statement.value, ast.Call):
                    yield from self._site(statement.value, statement, plates)
            elif isinstance(statement, (ast.Return, ast.Raise)):
                return

    def _site(
        self, call: ast.Call, statement: ast.stmt, plates: tuple[ast.Call, ...]
    ) -> Iterator[Site]:
        kind = self.api(call)
        name = argument(call, 0, "name")
        if kind not in PRIMITIVES or not isinstance(name, ast.Constant):
            return
        if not isinstance(name.value, str) or any(isinstance(a, ast.Starred) for a in call.args):
            return
        target = None
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            target = statement.targets[0].id if len(statement.targets) == 1 else None
        given = argument(call, 1, "fn") if kind == "sample" else None
        dist, family, plain = self._dist(given)
        obs = argument(call, 2, "obs") if kind == "sample" else None
        if isinstance(obs, ast.Constant) and obs.value is None:
            obs = None
        yield Site(kind, name.value, call, statement, plates, target, dist, family, plain, obs)

    def _dist(self, given: ast.expr | None) -> tuple[ast.Call | None, str | None, bool]:
        """The call that builds a distribution, its class, and whether nothing is applied to it."""
        inner, plain = given, True
        while isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
            if self.qualified(inner.func):
                break
            inner, plain = inner.func.value, False
        if not isinstance(inner, ast.Call) or "distributions" not in self.qualified(inner.func):
            return None, None, False
        return inner, self.api(inner), plain

    def kernels(self) -> Iterator[tuple[ast.Call, Model]]:
        """The calls of NUTS and HMC that are given a model by name and go into an MCMC nearby."""
        for scope in self._scopes():
            inside = [call for call in _own_calls(scope) if self.api(call)]
            if not any(self.api(call) == "MCMC" for call in inside):
                continue
            for call in inside:
                model = self.given(call, 0, "model", scope)
                if self.api(call) in KERNELS and model is not None:
                    yield call, model

    def runs(self) -> Iterator[Run]:
        """The runs of MCMC, each built and run in one scope, under a name of its own there."""
        for scope in self._scopes():
            held = _assigned(scope)
            statements = [s for s in _own_statements(scope) if isinstance(s, (ast.Expr, ast.Assign))]
            for statement in statements:
                call = statement.value
                if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                    continue
                owner = call.func.value
                mcmc = held.get(owner.id) if isinstance(owner, ast.Name) else None
                if call.func.attr != "run" or self.api(mcmc) != "MCMC":
                    continue
                assert isinstance(mcmc, ast.Call)
                found = argument(mcmc, 0, "sampler")
                kernel = held.get(found.id) if isinstance(found, ast.Name) else found
                model = self.given(kernel, 0, "model", scope) if self.api(kernel) in KERNELS else None
                if model is not None and isinstance(kernel, ast.Call):
                    text = self._passed_on(call)
                    yield Run(kernel, mcmc, call, statement, model, scope, text)

    def _passed_on(self, call: ast.Call) -> str:
        """The arguments of a run that are the model's."""
        own = ("extra_fields", "init_params", "rng_key")
        given = [*call.args[1:], *(each for each in call.keywords if each.arg not in own)]
        return ", ".join(self.source(each) for each in given)

    def is_top(self, node: ast.AST) -> bool:
        """Whether something stands in no function."""
        assert isinstance(node, ast.expr)
        return not any(
            isinstance(outer, (ast.FunctionDef, ast.Lambda))
            and outer.lineno <= node.lineno <= (outer.end_lineno or 0)
            for outer in ast.walk(self.tree)
        )

    def predictives(self) -> Iterator[tuple[ast.Call, Model, ast.Call]]:
        """The Predictives of a model that are called where they are built, with those calls."""
        for scope in self._scopes():
            for call in _own_calls(scope):
                if isinstance(call.func, ast.Call) and self.api(call.func) == "Predictive":
                    model = self.given(call.func, 0, "model", scope)
                    if model is not None:
                        yield call.func, model, call

    def fits(self) -> Iterator[tuple[ast.Call, Model, Model]]:
        """The SVIs whose model and guide are functions of the file, given by name."""
        for scope in self._scopes():
            for call in _own_calls(scope):
                if self.api(call) == "SVI":
                    model = self.given(call, 0, "model", scope)
                    guide = self.given(call, 1, "guide", scope)
                    if model is not None and guide is not None:
                        yield call, model, guide

    def given(self, call: ast.Call, index: int, name: str, scope: ast.AST) -> Model | None:
        """The model that a call is given as an argument, by its name."""
        found = argument(call, index, name)
        if not isinstance(found, ast.Name) or found.id in _bound(scope):
            return None
        return next((each for each in self.models if each.name == found.id), None)

    def _scopes(self) -> list[ast.AST]:
        inner = [n for n in ast.walk(self.tree) if isinstance(n, ast.FunctionDef)]
        return [self.tree, *inner]

    # What is changed

    def say(self, home: str) -> str:
        """How the host writes a module of JAX's or NumPyro's, or an import of our own."""
        top = [each for each in self.tree.body if isinstance(each, (ast.Import, ast.ImportFrom))]
        for node in top:
            for each in node.names:
                name = each.asname or each.name
                if isinstance(node, ast.Import) and each.name == home:
                    return name
                if isinstance(node, ast.ImportFrom) and f"{node.module}.{each.name}" == home:
                    return name
        short = {"jax.numpy": "jnp", "numpyro.distributions": "dist", "numpy": "np"}
        return f"planted_{short.get(home, home.rpartition('.')[2])}"

    def replace(self, node: ast.AST, new: str) -> Edit:
        return (*self.span(node), new)

    def mark(self, node: ast.AST) -> Edit:
        """Says that the finding belongs to where a node starts."""
        start, _ = self.span(node)
        return start, start, MARK

    def before(self, statement: ast.stmt, *lines: str) -> Edit:
        """Puts statements in front of one, at its indentation."""
        start = self._line_start(statement)
        return start, start, self._indented(statement, lines)

    def after(self, statement: ast.stmt, *lines: str) -> Edit:
        end = self.span(statement)[1]
        end = self.text.find("\n", end)
        end = len(self.text) if end < 0 else end + 1
        return end, end, self._indented(statement, lines)

    def _indented(self, statement: ast.stmt, lines: Sequence[str]) -> str:
        indentation = " " * statement.col_offset
        return "".join(f"{indentation}{line}\n" for line in lines)

    def _line_start(self, statement: ast.stmt) -> int:
        return self._starts[statement.lineno - 1]

    def wrap(self, statement: ast.stmt, *headers: str) -> Edit:
        """Puts a statement into blocks: each header ends in a colon."""
        start, end = self.span(statement)
        written = self.text[start:end]
        indentation = " " * statement.col_offset
        new = ""
        for depth, header in enumerate(headers):
            new += "    " * depth + (indentation if depth else "") + header + "\n"
        inner = "    " * len(headers)
        body = written.replace("\n", "\n" + inner)
        return start, end, f"{new}{indentation}{inner}{body}"

    def is_wrappable(self, statement: ast.stmt) -> bool:
        """Whether a statement has its lines for itself, and no text of several lines."""
        start, end = self.span(statement)
        alone = not self.text[self._line_start(statement) : start].strip()
        rest = self.text[end:].partition("\n")[0].strip()
        return alone and not rest.startswith(";") and '"""' not in self.text[start:end]

    def appended(self, *lines: str) -> Edit:
        """Statements at the end of the file."""
        end = len(self.text)
        return end, end, "\n\n" + "\n".join(lines) + "\n"

    def edited(self, *edits: Edit) -> Planted:
        """The text after some edits, and the line that they mark."""
        text = self.text
        for start, end, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
            text = text[:start] + new + text[end:]
        for name, line in _IMPORTS.items():
            if re.search(rf"\b{name}\b", text):
                at = self._starts[self._first_line() - 1]
                text = f"{text[:at]}{line}\n{text[at:]}"
        at = text.index(MARK)
        return text[:at] + text[at + 1 :], text.count("\n", 0, at) + 1

    def _first_line(self) -> int:
        """The line of the first import that is not of the future."""
        for node in self.tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                if not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
                    return node.lineno
        return 1


def argument(call: ast.Call, index: int, name: str) -> ast.expr | None:
    """An argument of a call by its place or its name."""
    if index < len(call.args):
        return call.args[index]
    return next((each.value for each in call.keywords if each.arg == name), None)


def _own_calls(scope: ast.AST) -> list[ast.Call]:
    """The calls of a function or of the top level, without those of functions inside."""
    found: list[ast.Call] = []
    pending = [child for child in ast.iter_child_nodes(scope)]
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(node, ast.Call):
            found.append(node)
        pending += ast.iter_child_nodes(node)
    return sorted(found, key=lambda call: (call.lineno, call.col_offset))


def _own_statements(scope: ast.AST) -> list[ast.stmt]:
    """The statements of a function or of the top level, in order, without inner functions'."""
    found: list[ast.stmt] = []
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.stmt):
            found.append(node)
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            found += _own_statements(node)
    return found


def _assigned(scope: ast.AST) -> dict[str, ast.expr]:
    """The names that a scope gives one value, each with that value."""
    values: dict[str, list[ast.expr]] = {}
    for statement in _own_statements(scope):
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                for node in ast.walk(target):
                    if isinstance(node, ast.Name):
                        values.setdefault(node.id, []).append(statement.value)
    return {name: given[0] for name, given in values.items() if len(given) == 1}


def _bound(scope: ast.AST) -> set[str]:
    """The names that a function binds for itself."""
    if not isinstance(scope, ast.FunctionDef):
        return set()
    parameters = {node.arg for node in ast.walk(scope.args) if isinstance(node, ast.arg)}
    stored = {
        node.id
        for node in ast.walk(scope)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return parameters | stored


def read(path: str, text: str) -> Host | None:
    """A text as a host; None where it is none."""
    if "numpyro" not in text or MARK in text or "planted_" in text:
        return None
    try:
        return Host(path, text, ast.parse(text))
    except (SyntaxError, ValueError):
        return None
