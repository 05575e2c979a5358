"""Changed texts back into their files: their bytes, whole or not at all."""

from __future__ import annotations

import codecs
import contextlib
import os

from numpyro_lint import text
from numpyro_lint.text import Source

# A file that nobody may write is left alone, by root too.
_WRITABLE = 0o222


def save(old: Source, new: Source) -> None:
    """Writes a changed text to its file. Raises OSError, or ValueError where that cannot be done.

    A link stays one: the file that it leads to is written. Permissions are kept, and a reader finds
    the old file or the new one, never part of it.
    """
    path = os.path.realpath(old.path)
    with open(path, "rb") as file:
        data = file.read()
    if not os.access(path, os.W_OK) or not os.stat(path).st_mode & _WRITABLE:
        raise PermissionError(13, "it is write-protected")
    _replace(path, rewritten(data, old, new))


def rewritten(data: bytes, old: Source, new: Source) -> bytes:
    """The bytes of a file with a changed text, in its own encoding.

    Raises ValueError where the bytes do not hold the old text, or cannot hold the new one.
    """
    if old.is_notebook:
        return _notebook(data, old, new)
    import io
    import tokenize

    if text.decode(data) != old.text:
        raise ValueError("it has changed since it was read")
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return new.text.encode(encoding)


def _notebook(data: bytes, old: Source, new: Source) -> bytes:
    from numpyro_lint.rewrite.notebook import with_cells

    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    content = data.removeprefix(mark).decode()
    if text.notebook(old.path, content).text != old.text:
        raise ValueError("it has changed since it was read")
    return mark + with_cells(content, changed_cells(content, old, new)).encode()


def changed_cells(content: str, old: Source, new: Source) -> dict[int, str]:
    """The new texts of the cells that have one, by their index among all cells."""
    import json

    written = json.loads(content)["cells"]
    texts: dict[int, str] = {}
    for before, after in zip(old.cells, new.cells, strict=True):
        part = new.slice(after.span)
        if part != old.slice(before.span):
            ended = "".join(written[before.index]["source"]).endswith("\n")
            texts[before.index] = part if ended else part.removesuffix("\n")
    return texts


def save_whole(path: str, data: bytes) -> None:
    """Writes a file that may be new, whole or not at all. Raises OSError."""
    path = os.path.realpath(path)
    is_new = not os.path.exists(path)
    if is_new:
        # With the permissions that new files have here.
        open(path, "xb").close()
    try:
        _replace(path, data)
    except BaseException:
        if is_new:
            os.unlink(path)
        raise


def _replace(path: str, data: bytes) -> None:
    import tempfile

    status = os.stat(path)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".numpyro-lint-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            # Else a machine that stops now may have the new name on its disk, and no content.
            os.fsync(handle)
        os.chmod(temporary, status.st_mode & 0o7777)
        if hasattr(os, "chown") and (os.getuid(), os.getgid()) != (status.st_uid, status.st_gid):
            # Where that is not allowed the file is then ours, as it is with most editors.
            with contextlib.suppress(PermissionError):
                os.chown(temporary, status.st_uid, status.st_gid)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
