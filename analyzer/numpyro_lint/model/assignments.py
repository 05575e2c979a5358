"""Assignments: what names, attributes and items hold from here on."""

from __future__ import annotations

import ast

from numpyro_lint.model import contexts, results
from numpyro_lint.model.containers import changed_as_passed, without
from numpyro_lint.model.derive import derive
from numpyro_lint.model.evaluate import evaluate
from numpyro_lint.model.hazards import changes
from numpyro_lint.model.ir import (
    Const,
    Data,
    Derived,
    Instance,
    Key,
    Opaque,
    Param,
    PlateRef,
    RandomKey,
    Table,
    Text,
    Value,
)
from numpyro_lint.model.ir import Sequence as Items
from numpyro_lint.model.randomness import part_of
from numpyro_lint.model.scope import Body, together
from numpyro_lint.model.strings import concatenated


def assign(body: Body, node: ast.Assign) -> None:
    value = evaluate(body, node.value)
    if isinstance(value, PlateRef) and isinstance(node.targets[0], ast.Name):
        contexts.note_held(body, value, node.targets[0].id, body.file.span(node.value))
    for target in node.targets:
        assign_target(body, target, value)


def annotated(body: Body, node: ast.AnnAssign) -> None:
    if node.value is not None:
        assign_target(body, node.target, evaluate(body, node.value))


def augmented(body: Body, node: ast.AugAssign) -> None:
    value = evaluate(body, node.value)
    if not isinstance(node.target, ast.Name) or node.target.id in body.shared:
        changes(body, node.target, node.target, value)
    if isinstance(node.target, ast.Name):
        old = body.look_up(node.target.id)
        new: Value
        if isinstance(old, Text) and isinstance(node.op, ast.Add):
            new = concatenated(old, value) or Opaque()
        elif isinstance(old, Table) and isinstance(value, Table):
            results.note_change(body, old)
            new = Table(old.keys + value.keys, old.complete and value.complete)
        elif isinstance(old, (Items, Table)):
            new = Opaque(depends=together(old, value))
        else:
            new = Data(depends=together(old, value), drawn=old.drawn | value.drawn)
        body.assign(node.target.id, new, body.file.span(node).start)


def assign_target(body: Body, target: ast.expr, value: Value) -> None:
    """Binds an assignment's target."""
    if isinstance(target, ast.Name):
        if target.id in body.shared:
            changes(body, target, target, value)
        body.assign(target.id, value, body.file.start(target))
    elif isinstance(target, (ast.Tuple, ast.List)):
        items = value.items if isinstance(value, Items) else ()
        plain = not any(isinstance(each, ast.Starred) for each in target.elts)
        same = plain and len(items) == len(target.elts)
        for index, each in enumerate(target.elts):
            inner = each.value if isinstance(each, ast.Starred) else each
            part = items[index] if same else _part(value, index if plain else None)
            assign_target(body, inner, part)
    elif isinstance(target, ast.Attribute):
        _assign_attribute(body, target, value)
    elif isinstance(target, ast.Subscript):
        _assign_item(body, target, value)


def _part(value: Value, index: int | None) -> Value:
    if isinstance(value, RandomKey):
        return part_of(value, index)
    if isinstance(value, (Param, Derived)) and index is not None:
        return derive("item", value, Const(index))
    made = Data if isinstance(value, Data) else Opaque
    return made(depends=value.depends, drawn=value.drawn)


def _assign_attribute(body: Body, target: ast.Attribute, value: Value) -> None:
    owner = evaluate(body, target.value)
    changes(body, target, target, value)
    if isinstance(owner, Instance):
        attributes = body.file.classes[owner.key].attributes
        known = value if is_settled(value) else None
        if target.attr in attributes and attributes[target.attr] != known:
            known = None
        attributes[target.attr] = known


def is_settled(value: Value) -> bool:
    """A value that is the same for all objects, but for the arguments that they were made with."""
    return not isinstance(value, Opaque) and all(isinstance(each, str) for each in value.depends)


def _assign_item(body: Body, target: ast.Subscript, value: Value) -> None:
    owner = evaluate(body, target.value)
    index = evaluate(body, target.slice)
    results.note_change(body, owner)
    changes(body, target.value, target, value)
    if isinstance(target.value, ast.Name) and isinstance(owner, (Table, Items)):
        new: Value = Opaque(depends=together(owner, value))
        if isinstance(owner, Table):
            literal = index.name.literal if isinstance(index, Text) else None
            if literal is None:
                new = Table(owner.keys, False)
            else:
                key = Key(literal, body.file.span(target.slice), value)
                new = Table((*owner.keys, key), owner.complete)
        body.assign(target.value.id, new, body.file.span(target).start)
    elif isinstance(target.value, ast.Name) and isinstance(owner, (Param, Derived)):
        changed_as_passed(body, target.value.id, owner, body.file.span(target).start)


def delete(body: Body, node: ast.Delete) -> None:
    for target in node.targets:
        at = body.file.span(node).start
        if isinstance(target, ast.Name):
            body.assign(target.id, Opaque(), at)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            held, index = evaluate(body, target.value), evaluate(body, target.slice)
            if isinstance(held, (Table, Items)):
                body.assign(target.value.id, without(held, index), at)
