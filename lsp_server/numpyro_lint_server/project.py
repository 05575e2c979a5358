"""A file's settings: its project's configuration, and the editor's over it."""

from __future__ import annotations

import os
from typing import Any

from numpyro_lint import config
from numpyro_lint.config import ConfigError, Settings
from numpyro_lint.record import replace
from numpyro_lint_server.options import Options


def settings_for(path: str, options: Options) -> tuple[Settings, str | None]:
    """The settings for a file, and why its configuration could not be used."""
    try:
        return _overlaid(_configured(path, options), options), None
    except ConfigError as error:
        return _overlaid(Settings(), options), str(error)
    except OSError as error:
        return _overlaid(Settings(), options), f"{error.filename}: {error.strerror}"


def _configured(path: str, options: Options) -> Settings:
    if options.config is not None:
        return config.load(os.path.expanduser(options.config))
    found = config.find(os.path.dirname(os.path.abspath(path)))
    return config.load(found) if found else Settings()


def _overlaid(settings: Settings, options: Options) -> Settings:
    given: dict[str, Any] = {
        "select": options.select,
        "ignore": options.ignore,
        "pedantic": options.pedantic or None,
    }
    return replace(settings, **{key: value for key, value in given.items() if value is not None})
