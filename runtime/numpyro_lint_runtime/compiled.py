"""What JAX compiled for one run, kept for the next in the user's cache folder.

A worker writes into its scratch folder alone, where a process that is killed may leave half a file.
The host lends it what was kept, as links, and keeps what is new once all has gone well. Compiled
programs hold the data that a model was called with: the folder is the user's alone, and nothing in
it grows old.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import shutil
import sys

from .caches import prune, user_caches

# The most that is kept, in bytes.
MOST = 256 << 20
_ENTRY = "-cache"


def within(scratch: str) -> str:
    """Where a worker with this scratch folder has JAX keep what it compiles."""
    return os.path.join(scratch, "jax")


def kept() -> str | None:
    """Where this machine's programs are kept; None where the user has no cache folder.

    A home may be that of several machines: what was compiled for one need not run on another.
    """
    if sys.platform == "win32" or not os.path.isdir(user_caches()):
        return None
    features = platform.processor()
    with contextlib.suppress(OSError), open("/proc/cpuinfo") as info:
        features = next((line for line in info if line.startswith(("flags", "Features"))), features)
    told = hashlib.sha256(f"{platform.machine()} {features}".encode()).hexdigest()[:16]
    return os.path.join(user_caches(), "numpyro-lint", f"jax-{told}")


def lend(scratch: str) -> None:
    """Let a worker find what was kept."""
    folder, here = kept(), within(scratch)
    with contextlib.suppress(OSError):
        names = os.listdir(folder) if folder is not None else []
        os.makedirs(here, mode=0o700, exist_ok=True)
        for name in names:
            if name.endswith(_ENTRY):
                with contextlib.suppress(FileExistsError):
                    os.symlink(os.path.join(folder or "", name), os.path.join(here, name))


def keep(scratch: str) -> None:
    """Keep what a worker has compiled: only where no process of it was killed."""
    folder = kept()
    if folder is None:
        return
    with contextlib.suppress(OSError):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        for entry in os.scandir(within(scratch)):
            place = os.path.join(folder, entry.name)
            if not entry.name.endswith(_ENTRY) or entry.is_symlink() or os.path.exists(place):
                continue
            half = f"{place}.{os.getpid()}"
            shutil.copyfile(entry.path, half)
            os.replace(half, place)
        prune(folder, MOST)
