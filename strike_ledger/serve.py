"""Serving a release on this machine, for pages that a browser does not open as files."""

import sys
import webbrowser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO, ClassVar

HOST = "127.0.0.1"
# By these two files a folder is known for a release: the page that asks and what it opens.
_NEEDED = ("query.html", "strike_ledger.duckdb")


class ServeError(Exception):
    """The folder cannot be served; the message says why, and what would be right."""


class _Handler(SimpleHTTPRequestHandler):
    """Gives the files of a folder, and none from outside it."""

    # Not left to the types that a system knows: the browser refuses an engine of another type.
    extensions_map: ClassVar[dict[str, str]] = {
        "": "application/octet-stream",
        ".cff": "text/plain; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
        ".duckdb": "application/octet-stream",
        ".geojson": "application/geo+json",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".parquet": "application/vnd.apache.parquet",
        ".png": "image/png",
        ".sqlite": "application/vnd.sqlite3",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
        ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }

    def send_head(self) -> BinaryIO | None:
        """Open what is asked for, unless a link leads out of the folder."""
        inside = Path(self.directory).resolve()
        if not Path(self.translate_path(self.path)).resolve().is_relative_to(inside):
            self.send_error(404, "File not found")
            return None
        return super().send_head()

    def end_headers(self) -> None:
        """Let the browser ask each time whether a file is still the same: a release is replaced."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Write no line for each file."""


class _Server(ThreadingHTTPServer):
    """A server that makes nothing of a browser that goes away midway."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Tell of any other error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Give a server of a release that listens on loopback only, at any free port where it is 0.

    Raises ServeError where the folder holds no release or the port is taken.
    """
    if not all((folder / name).is_file() for name in _NEEDED):
        raise ServeError(
            f"{folder} holds no release ({' and '.join(_NEEDED)} are not in it): make one with "
            "`strike-ledger release`, or name the folder of one"
        )

    def handler(*arguments: object) -> _Handler:
        return _Handler(*arguments, directory=str(folder))

    try:
        return _Server((HOST, port), handler)
    except OSError as error:
        raise ServeError(
            f"port {port} cannot be used ({error.strerror}): choose another with --port, "
            "or --port 0 for any free one"
        ) from error


def serve(folder: Path, port: int, browser: bool) -> None:
    """Serve a release on loopback until Ctrl-C, and print the address.

    With `browser` the address is opened in the browser of this machine. Raises ServeError where the
    folder holds no release or the port is taken.
    """
    with server(folder, port) as serving:
        address = f"http://{HOST}:{serving.server_port}/"
        print(f"{folder} is at {address}, the page that asks at {address}query.html", flush=True)
        print("Only this machine can reach it. Ctrl-C ends it.", flush=True)
        if browser:
            webbrowser.open(address)
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            print("\nEnded.")
