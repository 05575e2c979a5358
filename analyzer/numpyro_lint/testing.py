"""For users' own tests: a live model traced in this process, and the findings on it.

from numpyro_lint.testing import trace_model

trace = trace_model(eight_schools, J, sigma, y=y)
assert trace.latent == {"mu", "tau", "theta"} and trace.observed == {"obs"}
assert trace["theta"].shape == (8,) and trace["theta"].plates == ("J",)
assert not trace.check()
"""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from numpyro_lint import configuration
from numpyro_lint.check import check
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Diagnostic, line_of
from numpyro_lint.diagnostic import Origin as SeenBy
from numpyro_lint.model.attach import Attached, Origin, attach
from numpyro_lint.model.lift import lift
from numpyro_lint.model.program import Function, Module
from numpyro_lint.model.project import Project
from numpyro_lint.record import replace
from numpyro_lint.text import Source, load
from numpyro_lint_runtime.protocol import TracedSite, TraceResult

_HEADINGS: tuple[str, ...] = tuple("site type status distribution shape plates handlers".split())


@dataclass(frozen=True, slots=True)
class Site:
    """A message of the trace as NumPyro is done with it.

    `type` is `sample`, `param`, `plate`, `deterministic`, `factor`, `mutable`, `subsample`,
    `prng_key` or `control_flow`. Shapes are tuples of ints; `shape` is that of the value, with the
    batch dimensions of all plates. `plates` are the names of the plates around the site, outermost
    first. `value_from` is `prior`, `obs`, `condition`, `substitute`, `do`, `replay`, `lift`,
    `reparam` or `init`, None where nothing is drawn. `depends` maps each parameter of the
    distribution to the sites that it was computed from, and is None where that is not known.
    """

    name: str
    type: str
    distribution: str | None
    support: str | None
    observed: bool
    value_from: str | None
    shape: tuple[int, ...] | None
    batch_shape: tuple[int, ...] | None
    event_shape: tuple[int, ...] | None
    dtype: str | None
    plates: tuple[str, ...]
    scale: float | str | None
    masked: bool
    hidden: bool
    handlers: tuple[str, ...]
    depends: dict[str, tuple[str, ...]] | None

    @property
    def latent(self) -> bool:
        """Whether inference samples it."""
        return self.type == "sample" and not (self.observed or self.hidden)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding on the model; `str` of it is a line with its place."""

    rule: str
    severity: str
    message: str
    path: str
    line: int
    column: int
    site: str | None
    text: str = field(repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class ModelTrace:
    """The sites of a model in order of execution; by name it gives the last one of that name.

    Iterating gives the sites, `in` and `[...]` take names, as NumPyro's own trace does for names.
    """

    model: Callable[..., Any]
    sites: tuple[Site, ...]
    result: TraceResult

    def __iter__(self) -> Iterator[Site]:
        return iter(self.sites)

    def __len__(self) -> int:
        return len(self.sites)

    def __contains__(self, name: object) -> bool:
        return any(site.name == name for site in self.sites)

    def __getitem__(self, name: str) -> Site:
        """Raises KeyError, with the names that there are."""
        for site in reversed(self.sites):
            if site.name == name:
                return site
        known = ", ".join(dict.fromkeys(site.name for site in self.sites))
        raise KeyError(f"no site '{name}' among {known or 'no sites at all'}")

    def _names(self, *types: str) -> frozenset[str]:
        return frozenset(s.name for s in self.sites if s.type in types and not s.hidden)

    @property
    def latent(self) -> frozenset[str]:
        """The samples that inference draws; one whose value `substitute` gives is among them."""
        return frozenset(site.name for site in self.sites if site.latent)

    @property
    def observed(self) -> frozenset[str]:
        """The samples that have a value by `obs=` or by `condition`."""
        return self._names("sample") - self.latent

    @property
    def substituted(self) -> frozenset[str]:
        """The sites whose value `substitute` gives."""
        return frozenset(site.name for site in self.sites if site.value_from == "substitute")

    @property
    def deterministic(self) -> frozenset[str]:
        return self._names("deterministic")

    @property
    def params(self) -> frozenset[str]:
        return self._names("param")

    @property
    def factors(self) -> frozenset[str]:
        return self._names("factor")

    @property
    def plates(self) -> frozenset[str]:
        return self._names("plate")

    def snapshot(self) -> str:
        """The trace as a text that changes only when the model does: a line a site, in order."""
        rows = [_HEADINGS, *(_row(site) for site in self.sites)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        padded = ([cell.ljust(w) for cell, w in zip(row, widths, strict=True)] for row in rows)
        return "".join("  ".join(row).rstrip() + "\n" for row in padded)

    def check(self, *, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> list[Finding]:
        """The findings on this model and its helpers, by text and by this trace.

        `select` and `ignore` take rules and categories; without `select` the settings of the
        project hold. Comments silence as they do elsewhere. Raises ValueError where the model has
        no source file, as in a console.
        """
        code = _code(self.model)
        source = _source(code)
        settings = _settings(source.path)
        if chosen := tuple(select):
            settings = replace(settings, select=chosen, extend_select=(), ignore=())
        settings = replace(settings, ignore=(*settings.ignore, *ignore))
        module = lift(source, project=Project())
        function = _function(module, code)
        attached = attach(module, function, self.result, Origin("call"))
        report = check(source, settings, {function.key: attached}, module)
        return [
            _finding(each, report.source) for each in _own(report.diagnostics, attached, module)
        ]


def trace_model(model: Callable[..., Any], /, *args: Any, **kwargs: Any) -> ModelTrace:
    """Trace `model(*args, **kwargs)` in this process, with seed 0, and raise what it raises.

    Nothing is drawn or computed where the model can be traced abstractly, as inference traces it.
    `model` may be a composition of handlers, a method or a `functools.partial`.
    """
    from numpyro_lint_runtime.worker.trace import trace_call

    code = _code(model)
    result = trace_call(code.co_name, model, args, kwargs, own=code.co_filename, raises=True)
    return ModelTrace(model, tuple(_site(traced) for traced in result.sites), result)


def _code(model: Any) -> CodeType:
    """The code of the function below handlers, methods, partials and wrappers."""
    while True:
        if isinstance(model, functools.partial):
            model = model.func
        elif inspect.ismethod(model):
            model = model.__func__
        elif hasattr(model, "__wrapped__"):
            model = model.__wrapped__
        elif callable(getattr(model, "fn", None)):
            model = model.fn
        else:
            break
    if not inspect.isfunction(model) and callable(model):
        model = type(model).__call__
    code = getattr(model, "__code__", None)
    if not isinstance(code, CodeType):
        raise TypeError(f"{model!r} is no function of Python")
    return code


def _source(code: CodeType) -> Source:
    if not os.path.isfile(code.co_filename):
        raise ValueError(f"'{code.co_name}' has no source file, and rules read the source")
    near = os.path.relpath(code.co_filename)
    return load(code.co_filename if near.startswith("..") else near)


def _settings(path: str) -> Settings:
    found = configuration.find(os.path.dirname(path))
    return configuration.load(found) if found else Settings()


def _function(module: Module, code: CodeType) -> Function:
    """The function of the file that a code object comes from."""
    same = [f for f in module.functions.values() if f.name == code.co_name]
    for function in sorted(same, key=lambda each: each.key):
        if module.source.line(function.span.start) >= code.co_firstlineno:
            return function
    raise ValueError(f"'{code.co_name}' is not in {code.co_filename} as it is now")


def _own(found: Iterable[Diagnostic], attached: Attached, module: Module) -> Iterator[Diagnostic]:
    """The findings that stand in the model or in a helper that it ran."""
    spans = [joined.span for joined in attached.sites if joined.span is not None]
    ran = {_innermost(module, span.start) for span in spans} | {attached.function}
    for each in found:
        by_trace = each.source is not SeenBy.STATIC
        if by_trace or _innermost(module, each.span.start) in ran:
            yield each


def _innermost(module: Module, offset: int) -> int | None:
    """The function that a place of the file stands in."""
    around = [f for f in module.functions.values() if f.span.start <= offset < f.span.end]
    return min(around, key=lambda f: f.span.end - f.span.start).key if around else None


def _site(traced: TracedSite) -> Site:
    return Site(
        traced.name, traced.type, traced.distribution, traced.support, traced.observed,
        traced.value_from, traced.shape, traced.batch_shape, traced.event_shape, traced.dtype,
        tuple(plate.name for plate in traced.plates), traced.scale, traced.masked, traced.hidden,
        traced.handlers, traced.depends,
    )  # fmt: skip


def _row(site: Site) -> tuple[str, ...]:
    status = "latent" if site.latent else "observed" if site.observed else ""
    hidden = ("hidden",) if site.hidden else ()
    touched = (*hidden, *(kind for kind in site.handlers if kind != "plate"))
    return (
        site.name, site.type, status, site.distribution or "", _shapes(site),
        ", ".join(site.plates), ", ".join(touched),
    )  # fmt: skip


def _shapes(site: Site) -> str:
    """Batch and event shape of a distribution, and the value's where it is not theirs."""
    batch, event = site.batch_shape, site.event_shape
    if batch is None or event is None:
        return "" if site.shape is None else str(site.shape)
    other = "" if site.shape in (None, batch + event) else f", value {site.shape}"
    return f"{batch} | {event}{other}"


def _finding(each: Diagnostic, source: Source) -> Finding:
    where = source.location(each.span)
    path = source.home(each.span.start).source.path
    return Finding(
        each.rule, each.severity.label, each.message, path, where.line, where.column,
        each.site, line_of(source, each),
    )  # fmt: skip
