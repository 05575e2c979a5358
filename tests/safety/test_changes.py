"""Models that change what is around them: they are traced, and the next file finds it unchanged."""

from __future__ import annotations

import json
import os

import pytest
from safety.support import IMPORTS, Place, model, told

pytestmark = pytest.mark.trace

CHANGES = {
    "folder": ["os.chdir('/')"],
    "no_folder": ["os.mkdir(d := tempfile.mkdtemp() + '/x'); os.chdir(d); os.rmdir(d)"],
    "environment": ["os.environ.clear()", "os.environ['TMPDIR'] = os.environ['HOME'] = '/'"],
    "signals": [
        "for each in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:",
        "    signal.signal(each, lambda *_: None)",
    ],
    "streams": ["sys.stdout = sys.stderr = io.StringIO()", "sys.stdin = None"],
    "hooks": ["sys.excepthook = sys.unraisablehook = sys.displayhook = lambda *_: 1 / 0"],
    "settings": [
        "jax.config.update('jax_enable_x64', True)",
        "jax.config.update('jax_debug_nans', True)",
        "jax.config.update('jax_platform_name', 'gpu')",
        "numpyro.set_platform('tpu')",
        "numpyro.set_host_device_count(64)",
        "numpyro.enable_validation(False)",
    ],
    "no_jit": ["jax.config.update('jax_disable_jit', True)"],
    "thread": ["threading.Thread(target=time.sleep, args=(1000,)).start()"],
    "busy_thread": [
        "def spin():",
        "    while True: pass",
        "threading.Thread(target=spin).start()",
    ],
    "at_exit": [
        "atexit.register(time.sleep, 1000)",
        "threading._register_atexit(time.sleep, 1000)",
    ],
    "deleted": [
        "class Deleted:",
        "    def __del__(self): raise SystemExit('in __del__')",
        "Deleted()",
        "held.append(Deleted())",
    ],
    "warnings": ["warnings.simplefilter('error')", "np.seterr(all='raise')"],
    "niceness": ["os.nice(19)"],
    "faults": ["faulthandler.disable()", "faulthandler.enable()"],
    "recursion": ["sys.setrecursionlimit(200)"],
    "tracing": ["sys.settrace(None); sys.setprofile(None); gc.disable()"],
    "modules": ["for name in ('json', 'os', 'signal', 'numpyro.handlers'): sys.modules.pop(name)"],
    "builtins": ["import builtins; builtins.open = builtins.print = None"],
    "time": ["time.time = time.perf_counter = time.monotonic = lambda: 0.0"],
    "open_files": ["held.extend(open(os.devnull) for _ in range(200))"],
    "limits": ["resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))"],
    "alarm": ["signal.signal(signal.SIGALRM, signal.SIG_IGN); signal.alarm(1)"],
    "group": ["os.setpgid(0, os.getppid())"],
}
TEXT = (
    IMPORTS
    + "import atexit, faulthandler, gc, io, os, resource, signal, sys, tempfile, threading, time\n"
    + "import warnings\nheld = []\n"
    + model("first")
)
AFTER = (
    IMPORTS
    + "import os, resource, signal, sys, threading, warnings\n"
    + model(
        "unchanged",
        "assert os.path.samefile(os.getcwd(), os.path.dirname(__file__))",
        "assert 'PATH' in os.environ and os.environ['HOME'] != '/'",
        "assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL",
        f"assert os.nice(0) == {os.nice(0)} and not jax.config.jax_enable_x64",
        "assert sys.getrecursionlimit() >= 1000 and sys.stdin.read() == ''",
        "assert {t.name for t in threading.enumerate() if not t.daemon} == {'MainThread'}",
        "warnings.warn('only a warning')",
    )
)


def test_each_is_traced_and_so_is_what_comes_after(place: Place) -> None:
    """A file for each, so that none of them is found out by another."""
    for name, lines in CHANGES.items():
        place.write(f"does_{name}.py", TEXT + model(f"does_{name}", *lines) + model("last"))
    place.write("unchanged.py", AFTER)
    arguments = ("--timeout", "20", "--output-format", "json")
    _, out, err = place.analyze(*arguments, ".")
    assert err == ""
    document = json.loads(out)
    for file in document["files"]:
        models = told({**document, "files": [file]})
        assert {each.status for each in models.values()} == {"ok"}, (file["path"], models)
    assert len(document["files"]) == len(CHANGES) + 1


def test_at_the_top_of_a_file_they_do_no_harm_to_its_models(place: Place) -> None:
    # The others would be in each other's way.
    names = CHANGES.keys() - {"no_folder", "environment", "modules", "builtins", "open_files"}
    body = "".join(f"    {line}\n" for name in sorted(names) for line in CHANGES[name])
    text = TEXT + "\n\ndef change():\n" + body + "    return 1.0\n\n\nSCALE = change()\n"
    text += model("model", 'numpyro.sample("y", dist.Normal(0.0, SCALE))')
    told_of = place.trace(text)["model"]
    assert told_of.message == ""
