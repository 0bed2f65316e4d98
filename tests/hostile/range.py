"""A shooting range: pages without any guard, and machines that notice whoever comes to them.

The same payload is shown bare, cleaned only, or framed only, so that each guard is seen to hold
alone; ``hits`` are the names of the payloads that acted, by how.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Dialog

from deskcore.web.security import POLICIES
from tests.contract.sources import ROOT

HTMX = ROOT / "deskcore" / "static" / "vendor" / "htmx.min.js"
# The attacker's script says its name to its own machine.
_HEAD = (
    "<!doctype html><script>function __hit(id){{var w=window;while(w!==w.parent&&w.parent.__hit)w=w.parent;"
    "new Image().src='{outside}/ran/'+id}}</script><script src=/htmx.js></script><body>"
)
# Comes to the frames of the page as a hand would: presses, moves, types, opens; then lets time go.
HAND = """(skipLinks) => {
  const frames = [...document.querySelectorAll('iframe[data-body]')];
  for (const frame of frames) {
    let page; try { page = frame.contentDocument } catch { continue }
    if (!page) continue;
    for (const one of page.querySelectorAll('*')) {
      const link = one.closest('a[href^="http"]');
      if (skipLinks && link) continue;
      for (const name of one.getAttributeNames())
        if (name.startsWith('on')) one.dispatchEvent(new Event(name.slice(2), {bubbles: true}));
      if (one.matches('a, area, button, input, summary, [tabindex], [hx-trigger], p, div'))
        for (const name of ['mouseover', 'focus', 'click'])
          try { name === 'click' && one.click ? one.click()
            : one.dispatchEvent(new MouseEvent(name, {bubbles: true, cancelable: true})) } catch {}
    }
  }
}"""


@dataclass(kw_only=True)
class Range:
    """The two machines: ``address`` shows pages, ``outside`` is the attacker's."""

    address: str = ""
    outside: str = ""
    bodies: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    hits: dict[str, set[str]] = field(default_factory=dict)

    def hit(self, name: str, how: str) -> None:
        """Note that the payload *name* acted."""
        self.hits.setdefault(name[:5], set()).add(how)

    def listen(self, context: BrowserContext) -> None:
        """Close every dialog, noting whose it is."""

        def closed(dialog: Dialog) -> None:
            self.hit(dialog.message[-5:], "dialog")
            dialog.dismiss()

        context.on("dialog", closed)

    def show(self, name: str, body: bytes, charset: str = "utf-8") -> None:
        """Lay out a document under a name."""
        self.bodies[name] = body, charset

    def page(self, query: str) -> bytes:
        """Make a page with a frame for each of some documents."""
        wanted = parse_qs(query)
        mode, names = wanted["mode"][0], wanted["ids"][0].split(",")
        attributes = 'sandbox="allow-same-origin allow-popups"' if mode == "framed" else ""
        frames = "".join(
            f'<iframe data-body width=300 height=150 {attributes} src="/{mode}/{name}"></iframe>'
            for name in names
        )
        return f"<!doctype html><title>range</title>{frames}".encode()


@contextmanager
def shooting_range() -> Iterator[Range]:
    """Start both machines."""
    found = Range()
    with (
        _server(lambda path: _shown(found, path)) as address,
        _server(lambda path: _noted(found, path, "left the machine")) as outside,
    ):
        found.address, found.outside = address, outside
        yield found


Answer = tuple[int, dict[str, str], bytes]


def _shown(found: Range, path: str) -> Answer:
    parts = urlsplit(path)
    folder, _, name = parts.path.strip("/").partition("/")
    if parts.path == "/":
        return 200, {"Content-Type": "text/html"}, found.page(parts.query)
    if parts.path == "/htmx.js":
        return 200, {"Content-Type": "text/javascript"}, Path(HTMX).read_bytes()
    if folder not in {"bare", "framed"} or name not in found.bodies:
        return _noted(found, path, "asked the desk")
    body, charset = found.bodies[name]
    head = "" if charset == "utf-16" or folder == "framed" else _HEAD.format(outside=found.outside)
    headers = {"Content-Type": f"text/html; charset={charset}"}
    if folder == "framed":
        headers["Content-Security-Policy"] = POLICIES["message"]
    if charset == "utf-16":
        body = _HEAD.format(outside=found.outside).encode("utf-16") + body[2:]
    return 200, headers, head.encode() + body


def _noted(found: Range, path: str, how: str) -> Answer:
    folder, _, name = path.strip("/").partition("/")
    if "/hit/" in path or folder == "ran":
        name = path.rpartition("/hit/")[2] if "/hit/" in path else name
        found.hit(name, "ran" if folder == "ran" else how)
    return 404, {"Content-Type": "text/plain"}, b""


@contextmanager
def _server(answer: Callable[[str], Answer]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self.path)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    for verb in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "QUERY"):
        setattr(Handler, f"do_{verb}", Handler.do_GET)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()
