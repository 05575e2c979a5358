"""Every message of a model, as it is when NumPyro is done with it.

NumPyro's own `trace` keeps the last of two clashing names, and sees only what reaches it. This
recorder takes the place of `apply_stack`: it sees each message from its start to its end, whatever
plates, scopes and blocks stand inside the model, and what each handler does to it on the way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import jax
import numpyro.primitives
from numpyro.ops.pytree import PytreeTrace

from ..protocol import TracedSite
from . import depends
from .around import Company
from .data import own_facts
from .describe import facts_of, is_tracer, value_facts
from .draft import Draft, site_of
from .failure import text_of
from .frames import positions_of_callers
from .observe import Observed, compare, first_value_from, kind_of, snapshot

_ORIGINAL = numpyro.primitives.apply_stack
_STACK = numpyro.primitives._PYRO_STACK
_LONGEST = 300
_RECORDED = {
    "sample", "param", "plate", "deterministic",
    "mutable", "subsample", "prng_key", "control_flow",
}  # fmt: skip


class Recorder:
    """Records the messages that are sent while it is installed.

    `own`: the file whose positions carry no path. `sources`: which sites are marked for `depends`:
    None, "drawn" (what is drawn) or "every" (what is observed, and params, too). `given`: what the
    model is called with.
    """

    def __init__(self, own: str | None = None, sources: str | None = None, given: Any = ()) -> None:
        self.drafts: list[Draft] = []
        self.company = Company()
        self.lost: list[str] = []
        # The trace that the model is staged in: what belongs to another one is out of reach.
        self.level: Any = None
        self._own = own
        self._sources = sources
        # Where draws are numbers, what they are not: the arguments of the model.
        self._given = {id(leaf) for leaf in jax.tree.leaves(given)}
        self._open: list[Draft] = []
        self._inner: dict[str, list[Draft]] = {}
        self._count = 0
        # The name of the message that an exception came out of.
        self.failed: str | None = None

    def sites(self) -> list[TracedSite]:
        """What was recorded so far, in order of execution."""
        names = {id: draft.name for draft in self.drafts for id in draft.ids}
        return [site_of(draft, names) for draft in self.drafts]

    def forget(self) -> None:
        """Let go of every tracer, so that none outlives the trace it belongs to."""
        self.level = None
        self._open, self._inner = [], {}
        self.company.settle()
        for draft in self.drafts:
            if draft.sinks is not None:
                draft.depends = dict.fromkeys(draft.sinks, frozenset())
            for each in (draft, *draft.inner):
                each.sinks = each.handler = each.observed = None

    def lose(self, what: str, error: Exception) -> None:
        """Note what could not be told: what a user's own distribution raises must not end a run."""
        self.lost.append(f"{what}: {type(error).__name__}: {text_of(error)}"[:_LONGEST])

    def resolve(
        self,
        asked: list[tuple[Draft, str]],
        marks: list[frozenset[int]] | None,
        same: list[int | None] | None = None,
    ) -> None:
        """Take the marks that reach each argument asked about; None where nobody could tell.

        `same`: the site whose value an argument is.
        """
        if marks is None:
            for draft in self.drafts:
                draft.depends = None
            return
        for (draft, parameter), reached in zip(asked, marks, strict=True):
            assert draft.depends is not None
            draft.depends[parameter] |= reached
        for (draft, parameter), site in zip(asked, same or [], strict=False):
            if site is not None:
                draft.passes[parameter] = site

    def apply_stack(self, msg: Any) -> Any:
        """NumPyro's `apply_stack`, step by step, with a look at the message between the steps."""
        if msg["type"] not in _RECORDED:
            return _ORIGINAL(msg)
        draft = self._begin(msg)
        self._open.append(draft)
        executed = False
        try:
            reached = 0
            for handler in reversed(_STACK):
                reached += 1
                before, changed = _step(draft, handler, handler.process_message, msg)
                self.company.note(handler, len(_STACK) - reached, before, changed)
                if msg.get("stop"):
                    break
            draft.phase = "default"
            numpyro.primitives.default_process_message(msg)
            executed = True
            self._mark(draft, msg)
            draft.phase = "postprocess"
            for handler in _STACK[-reached:] if reached else []:
                _step(draft, handler, handler.postprocess_message, msg)
            return msg
        except BaseException:
            self.failed = self.failed or draft.name_as_written
            raise
        finally:
            self._open.pop()
            if executed:
                self._finish(draft, msg)

    def _begin(self, msg: Any) -> Draft:
        self._count += 1
        name = str(msg.get("name", ""))
        inner = self._inner.pop(name, None) if msg.get("_control_flow_done") else None
        if inner:
            # `replay` has a scan's body run once more, before the handlers outside it are in place.
            first = [each for each in inner if each.position == inner[0].position][-1]
            seen = first.seen.without_block()
            written, position = first.name_as_written, first.position
            draft = Draft(self._count, msg["type"], written, position, seen, inner=tuple(inner))
            draft.own = {**first.own, "scanned": True}
            return draft
        position, calls = positions_of_callers(self._own)
        if (parent := self._sender()) is not None and msg.get("_intervener_id") is not None:
            if kind_of(parent.handler) == "do":
                written = parent.name_as_written
                return Draft(self._count, msg["type"], written, position, parent.seen.copy())
        draft = Draft(self._count, msg["type"], name, position, Observed(first_value_from(msg)))
        draft.own = {"calls": calls, "name_type": _type_of(msg.get("name", ""))}
        if msg["type"] == "sample":
            shape = getattr(msg["fn"], "batch_shape", None)
            draft.own["own_batch_shape"] = None if shape is None else tuple(map(int, shape))
        return draft

    def _sender(self) -> Draft | None:
        """The message whose handler is sending another one."""
        parent = self._open[-1] if self._open else None
        return parent if parent is not None and parent.phase == "process" else None

    def _mark(self, draft: Draft, msg: Any) -> None:
        if msg["type"] == "sample" and not msg.get("stop"):
            if self._sources is not None or id(msg["value"]) in self._given:
                draft.own |= self._own_facts(msg)
            draft.observed = msg["value"] if msg.get("is_observed") else None
        if self._sources is None or msg.get("_control_flow_done"):
            return
        if depends.is_source(msg, self._sources == "every"):
            draft.facts = value_facts(msg)  # a mark makes a tracer of what has a value now
            msg["value"] = depends.mark(msg["value"], draft.id)

    def _own_facts(self, msg: Any) -> dict[str, Any]:
        try:
            return own_facts(msg, drawn=self._sources is None)
        except (TypeError, ValueError):
            return {}  # shapes do not go together: its log density tells of that
        except Exception as error:
            self.lose(f"what '{msg.get('name', '')}' may hold", error)
            return {}

    def _finish(self, draft: Draft, msg: Any) -> None:
        if msg["type"] == "prng_key" and self._sender() is not None:
            return  # asked for by a handler, not by the model
        if msg["type"] == "param" and msg["value"] is None and _called_from_module():
            return  # `numpyro.module` reads its parameters before it makes them
        draft.facts = self._final_facts(msg, draft.facts)
        if self._sources is not None and msg["type"] in ("sample", "deterministic"):
            draft.sinks = self._sinks(msg, draft.observed)
        within = any(parent.type == "control_flow" for parent in self._open)
        draft.own["transformed"] = not within and self._is_elsewhere(draft, msg)
        if within:
            self._inner.setdefault(draft.name, []).append(draft)
            return
        if msg["type"] == "control_flow":
            self._keep_unsent(msg["value"])
        self.drafts.append(draft)

    def _is_elsewhere(self, draft: Draft, msg: Any) -> bool:
        """Whether a value that others may use belongs to a program within the model's own."""
        if msg.get("stop") or msg.get("is_observed"):
            return False
        if msg["type"] not in ("sample", "deterministic") or not is_tracer(msg["value"]):
            return False
        return self.level is None or level_of(msg["value"]) is not self.level

    def _sinks(self, msg: Any, observed: Any) -> dict[str, list[Any]] | None:
        try:
            sinks = depends.arguments_of(msg, observed)
        except Exception as error:
            self.lose(f"what '{msg.get('name', '')}' is computed from", error)
            return None
        tracers = [leaf for leaves in sinks.values() for leaf in leaves if is_tracer(leaf)]
        reachable = all(level_of(leaf) is self.level for leaf in tracers)
        return sinks if reachable else None

    def _final_facts(self, msg: Any, unmarked: dict[str, Any]) -> dict[str, Any]:
        """The facts of a finished message; those of its value from before it was marked."""
        name = str(msg.get("name", ""))
        try:
            facts = facts_of(msg)
        except Exception as error:
            self.lose(f"what '{name}' is", error)
            return {"name": name, "type": msg["type"]}
        # A plate may have taken a subsample of a param since.
        same = unmarked and unmarked["shape"] == facts["shape"]
        return facts | unmarked if same else facts

    def _keep_unsent(self, result: Any) -> None:
        """Record what a control flow's body had, and its `apply_stack` will not send again."""
        leaves = jax.tree.leaves(result, is_leaf=lambda leaf: isinstance(leaf, PytreeTrace))
        traces = [leaf.trace for leaf in leaves if isinstance(leaf, PytreeTrace)]
        sent = {name for trace in traces for name, site in trace.items() if site["type"] != "plate"}
        for name in [name for name in self._inner if name not in sent]:
            draft = self._inner.pop(name)[0]  # the body may be staged more than once
            if draft.type in ("plate", "control_flow"):
                draft.seen = draft.seen.without_block()
            self.drafts.append(draft)


def _type_of(name: Any) -> str:
    return "str" if isinstance(name, str) else type(name).__name__


def level_of(tracer: Any) -> Any:
    """The program that a tracer is part of."""
    trace = getattr(tracer, "_trace", None)
    return getattr(trace, "main", None) or trace  # before 0.4.36, JAX has several objects for one


def _step(draft: Draft, handler: Any, action: Any, msg: Any) -> tuple[dict[str, Any], bool]:
    """Lets a handler act; gives what the message was before, and whether anything changed."""
    before = snapshot(msg)
    draft.handler = handler
    action(msg)
    processing = draft.phase == "process"
    return before, compare(draft.seen, handler, before, msg, processing=processing)


def _called_from_module() -> bool:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code is not numpyro.primitives.param.__code__:
        frame = frame.f_back
    caller = None if frame is None else frame.f_back
    return caller is not None and caller.f_code is numpyro.primitives.module.__code__


_active: list[Recorder] = []
# There are thousands of modules, and few that have bound `apply_stack`.
_looked_at: dict[str, Any] = {}
_binding: list[Any] = []


def _dispatch(msg: Any) -> Any:
    # A module that is loaded during a recording binds this function for good.
    return _active[-1].apply_stack(msg) if _active else _ORIGINAL(msg)


@contextmanager
def installed(recorder: Recorder) -> Iterator[Recorder]:
    """Let `recorder` stand in for `apply_stack` in every module that has bound it."""
    for name, module in list(sys.modules.items()):
        if _looked_at.get(name) is not module:
            _looked_at[name] = module
            if getattr(module, "__dict__", {}).get("apply_stack") is _ORIGINAL:
                _binding.append(module)
    bound = [module for module in _binding if module.__dict__.get("apply_stack") is _ORIGINAL]
    for module in bound:
        module.__dict__["apply_stack"] = _dispatch
    _active.append(recorder)
    try:
        yield recorder
    finally:
        _active.remove(recorder)
        for module in bound:
            module.__dict__["apply_stack"] = _ORIGINAL
