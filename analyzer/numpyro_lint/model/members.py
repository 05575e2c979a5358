"""Members of classes and objects of the file, by Python's rules of inheritance."""

from __future__ import annotations

import ast

from numpyro_lint.model import calls
from numpyro_lint.model.files import Definition
from numpyro_lint.model.ir import (
    Argument,
    Arguments,
    Callee,
    ClassRef,
    Instance,
    Opaque,
    Param,
    Value,
)
from numpyro_lint.model.scope import Body
from numpyro_lint.text import Span


def member(body: Body, base: Instance | ClassRef, node: ast.Attribute) -> Value:
    """`base.name` for an object or a class of the file."""
    file = body.file
    method = file.find_method(base.key, node.attr)
    if method is not None:
        display = file.shown(node)
        kind = file.definitions[method].kind
        if isinstance(base, Instance) and not base.exact and file.is_open(base.key, node.attr):
            owner = Arguments((Argument(base, file.span(node.value)),))
            return Callee(None, display, bound=owner, span=file.span(node), method=node.attr)
        owner = Arguments((Argument(base, file.span(node.value)),))
        bound = Arguments()
        if kind == "class" or (kind == "plain" and isinstance(base, Instance)):
            bound = owner
        callee = Callee(method, display, bound=bound, span=file.span(node))
        if kind == "property" and isinstance(base, Instance):
            return calls.call(body, callee, owner, file.span(node))
        return callee
    if isinstance(base, Instance):
        return attribute(body, base, node)
    return file.attributes_of(base.key).get(node.attr) or Opaque()


def attribute(body: Body, owner: Instance, node: ast.Attribute) -> Value:
    """An attribute of an object; where its class is open, what the object brings along."""
    held = body.file.attributes_of(owner.key).get(node.attr)
    if owner.exact:
        return dict(owner.attributes).get(node.attr) or Opaque()
    if held is not None and not held.depends and not any(body.file.derived(owner.key)):
        return held
    if owner.param is None:
        return Opaque()
    key = f"{owner.param}.{node.attr}"
    return Param(f"self.{node.attr}", key, depends=frozenset({key}))


def _self(body: Body, definition: Definition) -> Value:
    """The object of the method that is being read."""
    assert definition.class_key is not None
    parameters = definition.node.args.args
    held = body.variables.get(parameters[0].arg) if parameters else None
    if isinstance(held, Instance):
        return held
    return Instance(definition.class_key, exact=False)


def call_super(body: Body, name: str, arguments: Arguments, span: Span) -> Value:
    """`super().name(...)`: the method of a base class of the file, or something out of sight."""
    key = body.function
    definition = body.file.definitions.get(key) if key is not None else None
    if definition is not None and definition.class_key is not None:
        for base in body.file.classes[definition.class_key].bases:
            if isinstance(base, ClassRef):
                method = body.file.find_method(base.key, name)
                if method is not None:
                    owner = Argument(_self(body, definition), span)
                    callee = Callee(method, f"super().{name}", (), Arguments((owner,)), span)
                    return calls.call(body, callee, arguments, span)
    if name.startswith("__") and name != "__call__":
        return Opaque()
    return calls.call_unknown(body, Opaque(), f"super().{name}", arguments, span)
