"""Models that want something from the network."""

from __future__ import annotations

import pytest
from safety.support import IMPORTS, Place, line_of, model

pytestmark = pytest.mark.trace

_WAYS = {
    "urlopen": ("urllib.request.urlopen('https://example.com/a.csv')", "https://example.com/a.csv"),
    "urlretrieve": ("urllib.request.urlretrieve('ftp://example.com/b')", "ftp://example.com/b"),
    "connection": ("http.client.HTTPSConnection('example.com').request('GET', '/')", "example.com"),
    "connects": ("socket.create_connection(('example.com', 80))", "example.com"),
    "by_address": ("socket.socket().connect(('192.0.2.1', 80))", "192.0.2.1:80"),
    "looks_up": ("socket.gethostbyname('example.com')", "example.com"),
    "serves": ("socket.create_server(('', 0))", ":0"),
    "serves_http": ("http.server.HTTPServer(('', 0), None)", ":0"),
    "local": ("socket.socket(socket.AF_UNIX).connect('/run/some.sock')", "/run/some.sock"),
    "datagram": (
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
        "192.0.2.1:9",
    ),
    "mail": ("smtplib.SMTP('example.com')", "example.com"),
    "waits": ("asyncio.run(asyncio.open_connection('example.com', 80))", "example.com"),
}
TEXT = (
    IMPORTS
    + "import asyncio, http.client, http.server, smtplib, socket, urllib.request\n"
    + model("first")
    + "".join(model(name, f"{code}  # {name}") for name, (code, _) in _WAYS.items())
    + model("of_a_file", "urllib.request.urlopen('file:' + __file__).read()")
    + model("of_this_process", "asyncio.run(asyncio.sleep(0)); socket.socketpair()")
    + model("last")
)


def test_each_is_refused_at_its_line_and_the_others_are_traced(place: Place) -> None:
    models = place.trace(TEXT)
    for name in ("first", "of_a_file", "of_this_process", "last"):
        assert models[name].status == "ok", models[name]
    for name, (code, about) in _WAYS.items():
        told = models[name]
        assert told.message.startswith("a trace may not "), (name, told)
        assert about in told.message, told
        fetches = name not in ("serves", "serves_http", "datagram")
        assert told.message.endswith("have the program read the file") == fetches, told
        assert told.line == line_of(TEXT, f"{code}  # {name}"), (name, told)
