"""A file's settings: its project's configuration, and the editor's over it."""

from __future__ import annotations

import os

from numpyro_lint import configuration
from numpyro_lint.config import ConfigError, Settings
from numpyro_lint.record import replace
from numpyro_lint_server.options import Options


def settings_for(path: str, options: Options, root: str = ".") -> tuple[Settings, str | None]:
    """The settings for a file below `root`, and why its configuration could not be used."""
    problem = None
    try:
        settings = _configured(path, options, root)
    except ConfigError as error:
        settings, problem = Settings(), str(error)
    except OSError as error:
        settings, problem = Settings(), f"{error.filename}: {error.strerror}"
    settings = replace(settings, **options.project)
    if settings.excludes(path):
        settings = replace(settings, select=(), extend_select=())
    return settings, problem


def _configured(path: str, options: Options, root: str) -> Settings:
    if options.config is not None:
        return configuration.load(os.path.join(root, os.path.expanduser(options.config)))
    found = configuration.find(os.path.dirname(os.path.abspath(path)))
    return configuration.load(found) if found else Settings()
