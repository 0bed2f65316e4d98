"""A web server on the loopback interface that answers as it is told and remembers who came."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Page = tuple[int, Mapping[str, str], bytes]
Special = Callable[[BaseHTTPRequestHandler], None]


@dataclass(kw_only=True)
class WebServer:
    """``pages`` are what it has, by path; ``asked`` are the paths and headers of all who came."""

    port: int = 0
    pages: dict[str, Page | Special] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/", *, scheme: str = "http", host: str = "127.0.0.1") -> str:
        """Return the address of one of its pages."""
        return f"{scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, oldest first."""
        return [path for path, _ in self.asked]


@contextmanager
def web_server(certificate: tuple[str, str] | None = None) -> Iterator[WebServer]:
    """Run one until the block ends; with *certificate* (file, key file) it speaks TLS."""
    found = WebServer()

    class Handler(BaseHTTPRequestHandler):
        def setup(self) -> None:
            found.connections += 1
            super().setup()

        def do_GET(self) -> None:
            found.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            page = found.pages.get(self.path, (404, {}, b"nothing here"))
            if callable(page):
                page(self)
                return
            status, headers, body = page
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            return  # whoever hangs up early is the point of some tests

    with Server(("127.0.0.1", 0), Handler) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        found.port = server.server_port
        serving = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        serving.start()
        yield found
        server.shutdown()
        serving.join()
