"""Servers for all tests of this folder: one sends its findings, one is asked, one runs code too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from pytest_lsp import LanguageClient
from server.support import begin, capabilities, server_config


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest_lsp.fixture(config=server_config(), scope="session")
async def push(lsp_client: LanguageClient, workspace: Path) -> AsyncIterator[None]:
    await begin(lsp_client, workspace, capabilities())
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=server_config(), scope="session")
async def pull(lsp_client: LanguageClient, workspace: Path) -> AsyncIterator[None]:
    await begin(lsp_client, workspace, capabilities(pulls=True, refreshes=True), trusted=True)
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=server_config(), scope="session")
async def push_trusted(lsp_client: LanguageClient, workspace: Path) -> AsyncIterator[None]:
    await begin(lsp_client, workspace, capabilities(), trusted=True)
    yield
    await lsp_client.shutdown_session()
