"""Imports, functions and classes: the names that they bind, and what is noted to be read later."""

from __future__ import annotations

import ast
from collections import Counter

from numpyro_lint.facts.api import (
    AUTOGUIDES,
    CONTROL_FLOW,
    ENGINES,
    HANDLERS,
    KERNELS,
    LOSSES,
    MODULES,
    PRIMITIVES,
    REPARAMS,
    RUNNERS,
    handler_kind,
)
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.facts.tracing import TRACING
from numpyro_lint.model import calls
from numpyro_lint.model.assignments import is_settled
from numpyro_lint.model.containers import CHANGING
from numpyro_lint.model.evaluate import evaluate
from numpyro_lint.model.files import ClassInfo, Definition
from numpyro_lint.model.ir import (
    Argument,
    Arguments,
    Callee,
    ClassRef,
    Handler,
    HandlerRef,
    Opaque,
    Symbol,
    Value,
)
from numpyro_lint.model.loops import captured
from numpyro_lint.model.scope import Body, Scope
from numpyro_lint.model.sites import put_around
from numpyro_lint.record import replace
from numpyro_lint.syntax.names import canonical, imported, local_names
from numpyro_lint.syntax.walk import walk

# Decorators and base classes that make an `__init__` from annotations.
_FIELDS = frozenset(
    """
    attr.dataclass attr.define attr.frozen attrs.define attrs.frozen attrs.mutable chex.dataclass
    dataclasses.dataclass equinox.Module flax.struct.dataclass flax.struct.PyTreeNode
    typing.NamedTuple
    """.split()
)
_STARS = {
    "numpyro.handlers": tuple(HANDLERS),
    "numpyro": (
        *(n.rpartition(".")[2] for n in PRIMITIVES if n.count(".") == 1),
        *("distributions", "handlers", "infer", "render_model"),
    ),
    "numpyro.contrib.control_flow": tuple(n.rpartition(".")[2] for n in CONTROL_FLOW),
    "numpyro.contrib.module": tuple(n.rpartition(".")[2] for n in MODULES if ".contrib." in n),
    "numpyro.infer": tuple(
        n.rpartition(".")[2]
        for n in (*KERNELS, *ENGINES, *LOSSES, *RUNNERS)
        if n.startswith("numpyro.infer.")
    ),
    "numpyro.infer.autoguide": tuple(n.rpartition(".")[2] for n in AUTOGUIDES),
    "numpyro.infer.reparam": tuple(REPARAMS),
}


def import_names(body: Body, node: ast.Import | ast.ImportFrom) -> None:
    at = body.file.start(node)
    for name, qualified in imported(node):
        if name == "*":
            home = canonical(qualified.removesuffix(".*") + ".x").removesuffix(".x")
            if body.file.imports is not None:
                module = qualified.removesuffix("*").rstrip(".") or "."
                for each, value in body.file.imports.names(body.file, module).items():
                    body.assign(each, value, at)
            for each in _STARS.get(home, ()):
                body.assign(each, Symbol(canonical(f"{home}.{each}")), at)
            if home == "numpyro.distributions":
                for family in FAMILIES:
                    body.assign(family, Symbol(f"{home}.{family}"), at)
        else:
            body.assign(name, Symbol(canonical(qualified)), at)


def function(body: Body, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    body.assign(node.name, define(body, node, None), body.file.start(node))


def define(
    body: Body, node: ast.FunctionDef | ast.AsyncFunctionDef, class_key: int | None, owner: str = ""
) -> Value:
    """Notes a function to be read later; gives it with its decorators' handlers around it."""
    file = body.file
    span = file.span(node)
    key = span.start
    prefix = owner or (f"{body.qualname}.<locals>" if body.qualname else "")
    qualname = f"{prefix}.{node.name}" if prefix else node.name
    walrus = file.walrus and ":=" in file.written(span)
    scope = Scope(body.scope, key, local_names(node, walrus), file.shared)
    arguments = node.args
    slots = [*arguments.posonlyargs, *arguments.args]
    late = slots[len(slots) - len(arguments.defaults) :]
    defaults = {
        parameter.arg: evaluate(body, default)
        for parameter, default in [
            *zip(late, arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        if default is not None
    }
    file.definitions[key] = Definition(
        file, node, scope, qualname, class_key, (), body.function, defaults
    )
    value = Callee(key, node.name, span=None, depends=captured(body, node))
    for decorator in reversed(node.decorator_list):
        value = _decorated(body, value, decorator, node.name)
    if value.handlers:
        file.definitions[key].handlers = value.handlers
    return value


def _decorated(body: Body, value: Callee, decorator: ast.expr, name: str) -> Callee:
    """A function under one decorator: a handler, nothing of interest, or something unknown."""
    file = body.file
    made = evaluate(body, decorator)
    span = file.span(decorator)
    if _is_quiet(body, made, decorator):
        if isinstance(made, Symbol) and made.qualified in TRACING:
            return replace(value, under=made.qualified)
        return value
    if isinstance(made, HandlerRef):
        handler = made.handler
    elif isinstance(made, Symbol) and (
        handler_kind(made.qualified) or made.qualified.startswith("numpyro.handlers.")
    ):
        passed = calls.call(body, made, Arguments((Argument(value, span),)), span)
        if not isinstance(passed, Callee) or handler_kind(made.qualified) is None:
            return value
        handler = passed.handlers[0]
        file.wrappers.pop(handler.span, None)
    else:
        unknown = Handler("opaque", span, (), "decorator", False)
        return Callee(value.function, name, (unknown, *value.handlers), value.bound)
    around = Handler(handler.kind, span, handler.args, "decorator", handler.complete)
    wrapped = put_around(body, around, value, span)
    file.wrappers[span] = Callee(wrapped.function, name, wrapped.handlers, wrapped.bound)
    return file.wrappers[span]


def _is_quiet(body: Body, made: Value, decorator: ast.expr) -> bool:
    """Whether a decorator leaves a function as it is, as far as sites are concerned."""
    node = decorator
    while isinstance(node, ast.Call):
        node = node.func
    named = made if isinstance(made, Symbol) else evaluate(body, node)
    if isinstance(node, ast.Attribute) and node.attr in ("setter", "getter", "deleter"):
        return True
    if not isinstance(named, Symbol):
        return False
    if named.qualified == "functools.partial" and isinstance(decorator, ast.Call):
        inner = evaluate(body, decorator.args[0]) if decorator.args else Opaque()
        return isinstance(inner, Symbol) and calls.is_transparent(inner.qualified)
    return calls.is_transparent(named.qualified)


def class_(body: Body, node: ast.ClassDef) -> None:
    file = body.file
    key = file.span(node).start
    bases = tuple(evaluate(body, base) for base in node.bases)
    info = ClassInfo(node.name, bases)
    file.classes[key] = info
    has_fields = _has_fields(body, node, bases)
    prefix = f"{body.qualname}.<locals>.{node.name}" if body.qualname else node.name
    for statement in node.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            define(body, statement, key, prefix)
            info.methods[statement.name] = file.start(statement)
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            value = evaluate(body, statement.value) if statement.value is not None else None
            if has_fields and isinstance(statement, ast.AnnAssign):
                if isinstance(statement.target, ast.Name):
                    info.fields[statement.target.id] = value
                    info.attributes[statement.target.id] = None
                continue
            if value is None:
                continue
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    info.attributes[target.id] = value if is_settled(value) else None
    for name, times in _attributes_set(node).items():
        if times > 1 or name in info.attributes:
            info.attributes[name] = None
    body.assign(node.name, ClassRef(key), key)


def _has_fields(body: Body, node: ast.ClassDef, bases: tuple[Value, ...]) -> bool:
    """Whether the annotations of a class make its `__init__`."""
    for decorator in node.decorator_list:
        named = evaluate(body, decorator.func if isinstance(decorator, ast.Call) else decorator)
        if isinstance(named, Symbol) and named.qualified in _FIELDS:
            return True
    for base in bases:
        if isinstance(base, Symbol) and base.qualified in _FIELDS:
            return True
        if isinstance(base, ClassRef) and body.file.fields_of(base.key):
            return bool(node.decorator_list) or _is_module(body, base)
    return False


def _is_module(body: Body, cls: ClassRef) -> bool:
    """Whether a class is derived from one whose derived classes have fields as well."""
    return any(
        (isinstance(base, Symbol) and base.qualified in _FIELDS)
        or (isinstance(base, ClassRef) and _is_module(body, base))
        for base in body.file.classes[cls.key].bases
    )


def _attributes_set(node: ast.ClassDef) -> Counter[str]:
    """How often the methods of a class set each attribute or change it, of whatever object."""
    counted: Counter[str] = Counter()
    for each in walk(node, ast.Attribute, ast.Subscript):
        is_read = isinstance(each.ctx, ast.Load)
        if isinstance(each, ast.Attribute):
            if not is_read:
                counted[each.attr] += 1
            elif each.attr in CHANGING and isinstance(each.value, ast.Attribute):
                counted[each.value.attr] += 2
        elif not is_read and isinstance(each.value, ast.Attribute):
            counted[each.value.attr] += 2
    return counted
