"""Attributes that are replaced for a while, at once or when their module is imported."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

_MISSING = object()


class Patches:
    """What was replaced, and how it was before."""

    def __init__(self) -> None:
        self._done: list[tuple[Any, str, Any]] = []
        self._finders: list[_Finder] = []

    def set(self, owner: Any, name: str, value: Any) -> None:
        """Replace an attribute of a class or a module, or a method that a class inherits."""
        self._done.append((owner, name, vars(owner).get(name, _MISSING)))
        setattr(owner, name, value)

    def everywhere(self, old: Any, new: Any) -> None:
        """Replace a function in every module that has bound it."""
        for module in list(sys.modules.values()):
            for name, value in list(getattr(module, "__dict__", {}).items()):
                if value is old:
                    self.set(module, name, new)

    def after_import(self, name: str, action: Callable[[Patches], None]) -> None:
        """Do something once a module is loaded, which it may be already."""
        if name in sys.modules:
            action(self)
            return
        finder = _Finder(name, lambda: action(self))
        self._finders.append(finder)
        sys.meta_path.insert(0, finder)

    def undo(self) -> None:
        for finder in self._finders:
            if finder in sys.meta_path:
                sys.meta_path.remove(finder)
        for owner, name, before in reversed(self._done):
            if before is _MISSING:
                delattr(owner, name)
            else:
                setattr(owner, name, before)
        self._done.clear()


class _Finder(importlib.abc.MetaPathFinder):
    """Finds one module as it would be found without it, and steps in when it has been loaded."""

    def __init__(self, name: str, action: Callable[[], None]) -> None:
        self._name, self._action = name, action

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            _call_after(spec.loader, self._action)
        return spec


def _call_after(loader: Any, action: Callable[[], None]) -> None:
    load = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        load(module)
        action()

    loader.exec_module = exec_module
