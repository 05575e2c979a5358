"""Has Linux refuse what libraries written in C would do without Python's knowing (Landlock).

Only the thread that calls `restrict`, and those that it starts, are restricted: those of JAX that
run already are not. Elsewhere, and where the kernel has no Landlock, nothing is done.
Source: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
# Remove and make what stands in a folder, and since version 2 also link and rename across folders.
_FOLDERS = sum(1 << bit for bit in range(4, 13))
_REFER = 1 << 13
_CONNECT_AND_BIND = 0b11
_NETWORK_SINCE, _OLDEST = 4, 3
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/random", "/dev/urandom")
# Semaphores are files there, made by C's sem_open; Python's own writing is the guard's to refuse.
_SHARED_MEMORY = "/dev/shm"

_restricted = False


def may_have_refused(error: PermissionError) -> bool:
    """Whether an operation was refused for `restrict`, and not for a file of somebody else's."""
    place = error.filename
    if not isinstance(place, (str, bytes)) or not os.path.exists(place):
        return _restricted
    return _restricted and os.access(place, os.R_OK | os.W_OK)


def restrict(writable: Iterable[str], devices: bool) -> None:
    """Let nothing be written outside `writable` and no connection be made, from now on, for good.

    `devices`: leave all of /dev open, as for GPUs.
    """
    global _restricted
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))
    if version < _OLDEST:
        return
    on_files = _WRITE_FILE | _TRUNCATE
    on_folders = on_files | _FOLDERS | _REFER
    network = _CONNECT_AND_BIND if version >= _NETWORK_SINCE else 0
    handled = struct.pack("=QQ", on_folders, network)[: 16 if network else 8]
    rules = libc.syscall(_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), ctypes.c_uint(0))
    if rules < 0:
        return
    try:
        for path in (*writable, _SHARED_MEMORY, *(("/dev",) if devices else _DEVICES)):
            _allow(libc, rules, path, on_folders if os.path.isdir(path) else on_files)
        if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
            _restricted = libc.syscall(_RESTRICT_SELF, rules, ctypes.c_uint(0)) == 0
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: str, access: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # nothing to allow
    try:
        rule = struct.pack("=Qi", access, place)
        libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, rule, ctypes.c_uint(0))
    finally:
        os.close(place)
