"""`numpyro-lint-server`: over standard input and output, or a port for debugging."""

from __future__ import annotations

import argparse
import sys

from numpyro_lint import __version__
from numpyro_lint_server.server import create


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is not HOST:PORT")
    return host.strip("[]"), int(port)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        "numpyro-lint-server", description="The language server of numpyro-lint."
    )
    parser.add_argument(
        "--tcp", metavar="HOST:PORT", type=_address, help="listen there, not on standard input"
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    # Editors add it out of habit; there is no other way but --tcp.
    parser.add_argument("--stdio", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    server = create()
    if options.tcp:
        server.start_tcp(*options.tcp)
        return 0
    # Whatever prints must not spoil the protocol.
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    try:
        server.start_io(stdout=out)
    except (MemoryError, OSError, OverflowError) as error:
        print(f"numpyro-lint-server: the editor cannot be heard any more: {error}", file=sys.stderr)
        return 1
    return 0 if server.asked_to_shut_down else 1


if __name__ == "__main__":
    sys.exit(main())
