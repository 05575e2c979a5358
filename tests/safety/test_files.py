"""Models that write where they should not."""

from __future__ import annotations

import pytest
from safety.support import IMPORTS, Place, line_of, model

pytestmark = pytest.mark.trace

_WAYS = {
    "opens": "open('new.txt', 'w')",
    "appends": "open('kept.txt', 'a')",
    "updates": "open('kept.txt', 'r+b')",
    "pathlib_writes": "pathlib.Path('new.txt').write_text('x')",
    "pathlib_touches": "pathlib.Path('new.txt').touch()",
    "os_opens": "os.open(os.path.abspath('new.txt'), os.O_CREAT | os.O_WRONLY)",
    "truncates": "os.truncate('kept.txt', 0)",
    "numpy_saves": "np.save('new.npy', np.ones(3))",
    "numpy_writes": "np.ones(3).tofile('new.bin')",
    "numpy_maps": "np.memmap('new.map', mode='w+', shape=(3,))",
    "pickles": "pickle.dump({}, open('new.pkl', 'wb'))",
    "shelves": "shelve.open('new.shelf')",
    "zips": "zipfile.ZipFile('new.zip', 'w')",
    "logs": "logging.FileHandler('new.log')",
    "databases": "sqlite3.connect('new.db')",
    "renames": "os.rename('kept.txt', 'moved.txt')",
    "replaces": "pathlib.Path('kept.txt').replace('moved.txt')",
    "moves": "shutil.move('kept.txt', 'moved.txt')",
    "copies": "shutil.copy('kept.txt', 'copy.txt')",
    "unlinks": "os.unlink('kept.txt')",
    "unlinks_path": "pathlib.Path('kept.txt').unlink()",
    "makes_folder": "os.mkdir('new')",
    "makes_folders": "os.makedirs('new/deep', exist_ok=True)",
    "removes_tree": "shutil.rmtree('folder')",
    "links": "os.symlink('kept.txt', 'link')",
    "hard_links": "os.link('kept.txt', 'link')",
    "changes_mode": "os.chmod('kept.txt', 0o777)",
    "changes_time": "os.utime('kept.txt', (0, 0))",
    "at_home": "open(os.path.expanduser('~/new.txt'), 'w')",
    "through_a_link": "open(tempfile.mkdtemp() + '/../../../work/new.txt', 'w')",
}
TEXT = (
    IMPORTS
    + "import ctypes, logging, os, pathlib, pickle, shelve, shutil, sqlite3, tempfile, zipfile\n"
    + model("first")
    + "".join(model(name, f"{code}  # {name}") for name, code in _WAYS.items())
    + model("reads", "assert open('kept.txt').read() == 'kept'")
    + model(
        "keeps_temporary_files",
        "folder = tempfile.mkdtemp()",
        "np.save(folder + '/x.npy', np.ones(3)); os.chmod(folder, 0)",
        "tempfile.NamedTemporaryFile(delete=False).write(b'x')",
    )
    + model("last")
)


def test_each_is_refused_at_its_line_and_nothing_is_written(place: Place) -> None:
    place.write("kept.txt", "kept")
    (place.work / "folder").mkdir()
    models = place.trace(TEXT)
    for name in ("first", "reads", "keeps_temporary_files", "last"):
        assert models[name].status == "ok", models[name]
    for name in ("makes_folder", "makes_folders"):
        assert models[name].message.startswith(f"a trace may not make the folder {place.work}/new")
        assert models[name].message.endswith(
            "; run the program once by itself, so that it is there"
        )
    for name, code in _WAYS.items():
        told = models[name]
        assert told.message.startswith("a trace may not "), (name, told)
        assert told.line == line_of(TEXT, f"{code}  # {name}"), (name, told)


def test_the_kernel_refuses_what_python_does_not_hear_of(place: Place) -> None:
    if not hasattr(__import__("os"), "O_PATH"):
        pytest.skip("no Landlock here")
    text = (
        IMPORTS
        + "import ctypes, os, tempfile\n"
        + "libc = ctypes.CDLL(None, use_errno=True)\n"
        + "def create(path): return libc.open(path.encode(), os.O_CREAT | os.O_WRONLY, 0o600)\n"
        + model("written", "assert create('new.txt') >= 0")
        + model("scratch", "assert create(tempfile.gettempdir() + '/new.txt') >= 0")
        + model("null", "assert libc.open(b'/dev/null', os.O_WRONLY) >= 0")
        + model("removed", "assert libc.unlink(b'kept.txt') == 0")
    )
    place.write("kept.txt", "kept")
    models = place.trace(text)
    status = {name: told.status for name, told in models.items()}
    assert status == {"written": "failed", "scratch": "ok", "null": "ok", "removed": "failed"}


def test_what_a_library_is_refused_by_the_kernel_is_told_as_a_refusal(place: Place) -> None:
    text = IMPORTS + model(
        "writes_in_c",
        "raise PermissionError(13, 'Permission denied', 'new.nc')  # as netCDF does",
    )
    told = place.trace(text)["writes_in_c"]
    assert told.message == (
        "a trace may not write or connect: [Errno 13] Permission denied: 'new.nc'"
        "; move it out of what the model needs"
    )
    assert told.line == line_of(text, "raise Permission")


def test_what_the_code_goes_on_without_is_told_when_it_fails_later(place: Place) -> None:
    place.write(
        "fetching.py",
        "def fetch():\n"
        "    try:\n"
        "        open('data.csv', 'w')\n"
        "    except Exception:\n"
        "        return None\n",
    )
    text = (
        IMPORTS
        + "import urllib.request\n"
        + "from fetching import fetch\n"
        + model("goes_on", "try: open('log.txt', 'w')", "except OSError: pass")
        + model(
            "fails_later",
            "try:",
            "    urllib.request.urlretrieve('https://example.com/y.csv', 'y.csv')",
            "except Exception:",
            "    y = None",
            "y.shape  # fails",
        )
        + model(
            "wraps", "try: open('log.txt', 'w')", "except OSError as e: raise ValueError from e"
        )
        + model("helper_fails", "fetch().shape  # helper")
        + model("fails_for_itself", "None.shape  # itself")
    )
    models = place.trace(text)
    assert models["goes_on"].status == "ok"
    later = models["fails_later"]
    assert later.message == "AttributeError: 'NoneType' object has no attribute 'shape'"
    assert later.line == line_of(text, "y.shape")
    download = "before that, a trace may not download: https://example.com/y.csv"
    assert later.notes == ((line_of(text, "urllib.request.urlr"), download),)
    assert models["wraps"].message.startswith("a trace may not write")
    ((line, note),) = models["helper_fails"].notes
    assert line == line_of(text, "fetch().shape")
    assert note.endswith("fetching.py, line 3)")
