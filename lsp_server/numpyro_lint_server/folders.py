"""The folders of the workspace, and the editor's settings, which may be others in each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pygls.uris import to_fs_path

from numpyro_lint.config import Settings
from numpyro_lint_runtime.interpreter import find_interpreter
from numpyro_lint_server.options import Options, with_settings
from numpyro_lint_server.project import settings_for

if TYPE_CHECKING:
    from numpyro_lint_server.server import Server


class Folders:
    """What holds in each folder of the workspace: all files in none of them are as in the first."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._initial = self._general = Options()
        self._own: dict[str, Options] = {}

    def begin(self, settings: object) -> list[str]:
        """Take the settings that the editor's own are laid over, from its initialization options.

        Gives what of these could not be used.
        """
        self._initial, problems = with_settings(Options(), settings)
        self._general = self._initial
        return problems

    def configure(self, settings: object, own: Mapping[str, object] | None = None) -> list[str]:
        """Take the editor's settings (None: as before), and those of folders by their addresses.

        What is no longer among them holds no longer. Gives what of these could not be used.
        """
        problems: list[str] = []
        if settings is not None:
            self._general, problems = with_settings(self._initial, settings)
        if own is not None:
            self._own = {}
            for uri, each in own.items():
                folder = to_fs_path(uri)
                if folder and each is not None:
                    self._own[folder], more = with_settings(self._general, each)
                    problems += more
        return problems

    @property
    def state(self) -> tuple[Options, dict[str, Options]]:
        """All that is set, to tell whether it has changed."""
        return self._general, self._own

    @property
    def paths(self) -> list[str]:
        workspace = self._server.workspace
        folders = [to_fs_path(folder.uri) for folder in workspace.folders.values()]
        return [each for each in folders or [workspace.root_path] if each]

    def root_of(self, path: str) -> str:
        """The innermost folder that a file is in; the current one where it is in none."""
        path = os.path.abspath(path)
        around = [each for each in self.paths if path.startswith(os.path.join(each, ""))]
        return max(around, key=len) if around else os.getcwd()

    def name_of(self, path: str) -> str:
        """What a file is called in its workspace: its path from the folder that it is in."""
        return os.path.abspath(path).removeprefix(os.path.join(self.root_of(path), ""))

    def options_of(self, path: str) -> Options:
        return self._own.get(self.root_of(path), self._general)

    def settings_of(self, path: str) -> tuple[Settings, str | None]:
        """The settings for a file, and why its configuration could not be used."""
        return settings_for(path, self.options_of(path), self.root_of(path))

    def python_of(self, path: str, settings: Settings) -> str:
        """The interpreter that a file's models run in."""
        option = self.options_of(path).python
        return find_interpreter(option, settings.python, folder=self.root_of(path)).path
