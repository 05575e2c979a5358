"""What a trace may not do, and that the rest still works."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from runtime.support import PREAMBLE, Ask, request_for

from numpyro_lint_runtime.host import Host

pytestmark = pytest.mark.trace

REFUSED = {
    "open({place!r}, 'w')": "write",
    "os.remove({place!r})": "remove",
    "os.mkdir({place!r} + '.folder')": "mkdir",
    "os.rename({place!r}, {place!r} + '.new')": "rename",
    "np.save({place!r}, np.ones(3))": "write",
    "subprocess.run(['touch', {place!r}])": "run a program",
    "os.system('touch ' + {place!r})": "run a program",
    "os.fork()": "start a process",
    "os.kill(os.getppid(), 9)": "send a signal",
    "socket.create_connection(('127.0.0.1', 9))": "network",
    "socket.gethostbyname('localhost')": "network",
    "socket.gethostbyaddr('127.0.0.1')": "network",
    "socket.getnameinfo(('127.0.0.1', 9), 0)": "network",
    "[s.sendmsg([b'x']) for s in socket.socketpair()]": "network",
    "subprocess.run(['gcc', '--version'])": "run a program",
    "subprocess.run([os.path.dirname({place!r}) + '/uname'])": "run a program",
    "subprocess.run(['uname'], env=dict(PATH=os.path.dirname({place!r})))": "run a program",
    "subprocess.run(['/sbin/ldconfig', '-n', {place!r}])": "run a program",
    "multiprocessing.get_context('spawn').Process(target=print).start()": "run a program",
    "multiprocessing.util.spawnv_passfds(b'/bin/true', [b'true'], [])": "run a program",
    "sqlite3.connect({place!r} + '.db')": "write",
    "sqlite3.connect('file:' + {place!r} + '.db?mode=rwc', uri=True)": "write",
    "(os.chdir(tempfile.gettempdir()), os.open('x', os.O_CREAT | os.O_WRONLY,"
    " dir_fd=os.open(os.path.dirname({place!r}), os.O_RDONLY)))": "write",
    "(os.chdir(tempfile.gettempdir()), os.remove('kept.txt',"
    " dir_fd=os.open(os.path.dirname({place!r}), os.O_RDONLY)))": "remove",
    "os.setxattr({place!r}, 'user.x', b'x')": "setxattr",
    "os.removexattr({place!r}, 'user.x')": "removexattr",
    "os.mkfifo({place!r} + '.fifo')": "mkfifo",
    "os.mknod({place!r} + '.node')": "mknod",
    "open('/dev/ttyUSB_none', 'w')": "write",
    "open('/dev/null.none', 'w')": "write",
    "os.remove('/dev/shm/none')": "remove",
    "open('/dev/shm/none', 'w')": "write",
    "multiprocessing.shared_memory.SharedMemory(create=True, size=8)": "shared memory",
    "os.kill(os.getpid(), 9)": "send a signal: SIGKILL",
    "signal.pthread_kill(threading.main_thread().ident, 9)": "send a signal: SIGKILL",
    "urllib.request.urlopen('https://example.com/data.csv')": "download: https://example.com/data",
    "http.client.HTTPConnection('127.0.0.1', 9).request('GET', '/')": "network",
    "webbrowser.GenericBrowser('true').open('https://example.com')": "open a browser",
    "syslog.syslog('x')": "system's log",
    "os._exit(3)": "os._exit(3)",
}


@pytest.mark.parametrize("action", REFUSED)
def test_refused(ask: Ask, tmp_path: Path, action: str) -> None:
    if "xattr" in action and not hasattr(os, "setxattr"):
        pytest.skip("no extended attributes here")
    place = tmp_path / "kept.txt"
    place.write_text("kept")
    modules = "http.client, multiprocessing.shared_memory, os, signal, socket, sqlite3, subprocess"
    modules += ", syslog, tempfile, threading, urllib.request, webbrowser"
    text = f"import {modules}\ndef model():\n    " + action.format(place=str(place))
    (result,) = ask(text, "model")
    assert result.failure is not None
    assert result.failure.stage == "refused"
    assert REFUSED[action] in result.failure.message
    assert result.failure.position is not None
    assert result.failure.position.line == 9
    assert place.read_text() == "kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.txt", "model.py"]


def test_what_survives_a_refusal_is_traced(ask: Ask, tmp_path: Path) -> None:
    text = f"""
try:
    open({str(tmp_path / "log")!r}, "w")
except OSError:
    pass
def model(): numpyro.sample("x", dist.Normal())
"""
    (result,) = ask(text, "model")
    assert (result.status, result.failure) == ("ok", None)


def test_reading_and_temporary_files_are_allowed(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("1,2\n3,4\n")
    text = """
import os, shutil, sqlite3, subprocess, tempfile, platform, ctypes.util
def model():
    x = np.loadtxt("data.csv", delimiter=",")
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(folder + "/a/b")
        os.symlink(os.path.abspath("data.csv"), folder + "/a/b/link")
        os.mkfifo(folder + "/fifo")
        sqlite3.connect(folder + "/db").close()
        open(folder + "/a/c", "w").close()
        shutil.move(folder + "/a/c", folder + "/d")
    assert not os.path.exists(folder)
    sqlite3.connect(":memory:"); sqlite3.connect("")
    for device in ("/dev/null", "/dev/stdout"):
        open(device, "w").close()
    platform.platform(); platform.processor(); subprocess.run(["uname", "-p"])
    assert ctypes.util.find_library("c")
    assert ctypes.util.find_library("no_such_library") is None
    numpyro.sample("x", dist.Normal(x, 1.0))
"""
    (result,) = ask(text, "model")
    assert result.failure is None
    assert result.sites[0].shape == (2, 2)


def test_files_are_written_and_kept_in_the_users_cache_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "kept").mkdir()
    (cache / "kept" / "file").write_text("kept")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    text = f"""
import os, shutil, tempfile
cache = {str(cache)!r}
os.makedirs(os.path.join(cache, "some_package"), exist_ok=True)
with open(cache + "/some_package/new", "w") as file:
    file.write("new")
os.replace(cache + "/some_package/new", cache + "/some_package/file")
def model(): numpyro.sample("x", dist.Normal())
def remove(): os.remove(cache + "/kept/file")
def rmtree(): shutil.rmtree(cache + "/kept")
def rmdir(): os.rmdir(cache + "/kept")
def rename(): os.rename(cache + "/kept/file", tempfile.gettempdir() + "/file")
def move(): shutil.move(cache + "/kept", tempfile.gettempdir())
"""
    path = tmp_path / "model.py"
    path.write_text(PREAMBLE + text)
    said = {
        "remove": f"remove {cache}/kept/file",
        "rmtree": f"remove the folder {cache}/kept",
        "rmdir": f"remove the folder {cache}/kept",
        "rename": f"rename {cache}/kept/file",
        "move": f"move {cache}/kept",
    }
    names = ("model", *said)
    with Host() as host:
        result, *others = host.trace(request_for(path, PREAMBLE + text, *names))
    assert (result.status, result.failure) == ("ok", None)
    for name, other in zip(names[1:], others, strict=True):
        assert other.failure is not None
        told = (other.failure.exception, other.failure.message)
        assert told == ("Refused", f"a trace may not {said[name]}")
    assert (cache / "some_package" / "file").read_text() == "new"
    assert (cache / "kept" / "file").read_text() == "kept"
