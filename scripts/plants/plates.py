"""Faults of plates."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from plants.host import MARK, Host, Planted
from plants.models import Site, functions, written
from plants.registry import fault
from plants.syntax import argument, assigned, leaves


def _entered(host: Host) -> Iterator[tuple[Site, ast.With]]:
    """The plates that are entered alone by a `with`, outside of other plates, with no dim given."""
    for model in written(host):
        for site in model.sites:
            if site.kind != "plate" or site.plates or leaves(site.statement):
                continue
            if isinstance(site.statement, ast.With):
                if len(site.statement.items) == 1 and argument(site.call, 3, "dim") is None:
                    yield site, site.statement


def with_argument(host: Host, call: ast.Call, text: str) -> str:
    """A call with one more argument at its end."""
    written = host.source(call)
    assert written.endswith(")")
    inner = written[:-1].rstrip().rstrip(",")
    return f"{inner}{'' if inner.endswith('(') else ', '}{text})"


@fault("plate-dim-collision")
def same_dim(host: Host) -> Iterator[Planted]:
    """A plate inside of another at the same dim."""
    for site, _ in _entered(host):
        outer = f'{host.source(site.call.func)}("planted", 2, dim=-1)'
        inner = with_argument(host, site.call, "dim=-1")
        yield host.edited(host.replace(site.call, f"{outer}, {MARK}{inner}"))


@fault("plate-dim-collision")
def dim_of_the_other(host: Host) -> Iterator[Planted]:
    """A plate that is given the dim of the plate around it."""
    for model in written(host):
        for site in model.sites:
            if site.kind != "plate" or len(site.plates) != 1:
                continue
            inner, outer = (argument(each, 3, "dim") for each in (site.call, site.plates[0]))
            if inner is not None and outer is not None:
                new = host.replace(inner, host.source(outer))
                yield host.edited(new, host.mark(site.call))


@fault("shared-plate-dim")
def dims_alike(host: Host) -> Iterator[Planted]:
    """Two plates in variables that are given one dim, and are entered together."""
    for node in ast.walk(host.tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        held = {name: value for name, value in assigned(node).items() if host.api(value) == "plate"}
        for statement in ast.walk(node):
            if not isinstance(statement, ast.With) or len(statement.items) != 2:
                continue
            names = [each.context_expr for each in statement.items]
            plates = [held.get(each.id) for each in names if isinstance(each, ast.Name)]
            calls = sorted((p for p in plates if isinstance(p, ast.Call)), key=lambda p: p.lineno)
            dims = [argument(call, 3, "dim") for call in calls]
            if len(calls) == 2 and dims[0] is not None and dims[1] is not None:
                new = host.replace(dims[1], host.source(dims[0]))
                yield host.edited(new, host.mark(calls[1]))


@fault("shared-plate-dim")
def built_beforehand(host: Host) -> Iterator[Planted]:
    """Two plates that are built one after the other and entered together."""
    for site, statement in _entered(host):
        if any(isinstance(each, (ast.Assign, ast.Expr)) for each in statement.body):
            first = f'planted_first = {host.source(site.call.func)}("planted", 3)'
            second = f"planted_second = {MARK}{_on_one_line(host, site.call)}"
            yield host.edited(
                host.before(statement, first, second),
                host.replace(site.call, "planted_first, planted_second"),
            )


def _on_one_line(host: Host, call: ast.Call) -> str:
    return " ".join(host.source(call).split())


@fault("inconsistent-plate")
def another_size(host: Host) -> Iterator[Planted]:
    """A plate that is entered once more with another size."""
    dist = host.say("numpyro.distributions")
    for site, statement in _entered(host):
        sample = next(
            (host.source(c.func) for c in host.calls("sample") if host.qualified(c.func)), None
        )
        plate = host.source(site.call.func)
        if sample is not None and host.is_wrappable(statement):
            lines = [
                line
                for size, name in ((3, "a"), (4, "b"))
                for line in (
                    f'with {MARK if size == 4 else ""}{plate}("planted", {size}):',
                    f'    {sample}("planted_{name}", {dist}.Normal(0.0, 1.0))',
                )
            ]
            yield host.edited(host.after(statement, *lines))


@fault("inconsistent-plate")
def size_off_by_one(host: Host) -> Iterator[Planted]:
    """A plate of a written size that is entered once more with the next."""
    dist = host.say("numpyro.distributions")
    for site, statement in _entered(host):
        size, name = argument(site.call, 1, "size"), argument(site.call, 0, "name")
        if not isinstance(size, ast.Constant) or not isinstance(size.value, int) or name is None:
            continue
        if any(isinstance(each, (ast.Assign, ast.Expr)) for each in statement.body):
            plate = f"{host.source(site.call.func)}({host.source(name)}, {size.value + 1})"
            sample = next(host.source(call.func) for call in host.calls("sample"))
            yield host.edited(
                host.after(
                    statement,
                    f"with {MARK}{plate}:",
                    f'    {sample}("planted", {dist}.Normal(0.0, 1.0))',
                )
            )


@fault("plate-never-entered")
def with_left_out(host: Host) -> Iterator[Planted]:
    """A plate that is built where it should be entered."""
    for site, statement in _entered(host):
        if statement.items[0].optional_vars is None and host.is_wrappable(statement):
            start, end = host.span(statement)
            inside, _ = host.span(statement.body[0])
            body = host.text[inside:end]
            less = statement.body[0].col_offset - statement.col_offset
            if statement.body[0].lineno == statement.lineno or less <= 0:
                continue
            body = body.replace("\n" + " " * less, "\n")
            head = " " * statement.col_offset
            yield host.edited((start, end, f"{MARK}{host.source(site.call)}\n{head}{body}"))


@fault("unused-subsample-index")
def first_rows(host: Host) -> Iterator[Planted]:
    """A plate that subsamples, with the first of the data in it."""
    for model in written(host):
        for site in model.observed:
            plate = site.plates[-1] if len(site.plates) == 1 else None
            if plate is None or not isinstance(site.obs, ast.Name) or len(plate.args) != 2:
                continue
            if not plate.keywords and _has_no_index(host, plate):
                yield host.edited(
                    host.replace(plate, with_argument(host, plate, "subsample_size=2")),
                    host.replace(site.obs, f"{site.obs.id}[:2]"),
                    host.mark(site.call),
                )


def _has_no_index(host: Host, plate: ast.Call) -> bool:
    return any(
        item.context_expr is plate and item.optional_vars is None
        for node in ast.walk(host.tree)
        if isinstance(node, ast.With)
        for item in node.items
    )


@fault("invalid-plate")
def no_plate(host: Host) -> Iterator[Planted]:
    """A plate without elements, at a dim that is not negative, or with too large a subsample."""
    for site, _ in _entered(host):
        size = argument(site.call, 1, "size")
        if size is None or argument(site.call, 2, "subsample_size") is not None:
            continue
        positive = with_argument(host, site.call, "dim=1")
        yield host.edited(host.replace(size, "0"), host.mark(site.call))
        yield host.edited(host.replace(site.call, positive), host.mark(site.call))
        if isinstance(size, ast.Constant) and isinstance(size.value, int):
            larger = with_argument(host, site.call, f"subsample_size={size.value + 5}")
            yield host.edited(host.replace(site.call, larger), host.mark(site.call))


@fault("control-flow-in-plate")
def scan_put_in_plate(host: Host) -> Iterator[Planted]:
    """A scan of the program is put into a plate."""
    numpyro = host.say("numpyro")
    for model in functions(host).values():
        for statement in model.body:
            value = getattr(statement, "value", None)
            if isinstance(value, ast.Call) and host.api(value) == "scan":
                if not host.is_wrappable(statement):
                    continue
                header = f'with {numpyro}.plate("planted", 2):'
                start, end, text = host.wrap(statement, header)
                at = text.index(host.source(value).split("\n")[0])
                yield host.edited((start, end, text[:at] + MARK + text[at:]))


@fault("control-flow-in-plate")
def scan_in_plate(host: Host) -> Iterator[Planted]:
    """A new scan in a plate."""
    dist, numpyro = host.say("numpyro.distributions"), host.say("numpyro")
    for model in written(host):
        for site in model.latents[:1]:
            if site.plates:
                continue
            yield host.edited(
                host.after(
                    site.statement,
                    "def planted_step(state, _):",
                    f'    state = {numpyro}.sample("planted", {dist}.Normal(state, 1.0))',
                    "    return state, state",
                    "",
                    f'with {numpyro}.plate("planted_plate", 2):',
                    f"    {MARK}planted_scan(planted_step, 0.0, None, length=3)",
                )
            )
