"""What the server answers to: one file for each request or family of notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numpyro_lint_server.features import (
    code_action,
    code_lens,
    commands,
    completion,
    configuration,
    hover,
    inlay_hint,
    lifecycle,
    navigation,
    notebook_document,
    rename,
    symbols,
    text_document,
    trust,
)

if TYPE_CHECKING:
    from numpyro_lint_server.server import Server

_FEATURES = (
    code_action,
    code_lens,
    commands,
    completion,
    configuration,
    hover,
    inlay_hint,
    lifecycle,
    navigation,
    notebook_document,
    rename,
    symbols,
    text_document,
    trust,
)


def register(server: Server) -> None:
    for feature in _FEATURES:
        feature.register(server)
