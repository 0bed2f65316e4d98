"""People at work beside a test: pages and drafts at a steady rate, and answers that take long."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

RATE = 24.0  # requests a second, together, when none takes long
PEOPLE = 10
POSTS = 4  # of so many requests one is a POST
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(kw_only=True)
class Load:
    """Requests that were made: when each began, how long it took, and what was wrong."""

    address: str
    cookie: str
    ticket: str
    token: str = ""
    took: list[tuple[float, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    posts: int = 0
    rate: float = RATE
    pages: tuple[str, ...] = ()
    _stopping: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def of(cls, address: str, signed_in: Path, ticket: str) -> Load:
        """Begin with the cookies of a browser that is signed in."""
        kept = json.loads(signed_in.read_text())["cookies"]
        cookie = "; ".join(f"{each['name']}={each['value']}" for each in kept)
        load = cls(address=urlsplit(address).netloc, cookie=cookie, ticket=ticket)
        load.pages = ("/v/open", ticket, "/search?q=tea")
        status, text = load.ask("GET", ticket)
        assert status == 200
        found = _TOKEN.search(text)
        assert found
        load.token = found[1]
        return load

    @contextmanager
    def running(self) -> Iterator[None]:
        """Keep asking until the block ends."""
        people = [threading.Thread(target=self._be, args=(n,)) for n in range(PEOPLE)]
        for person in people:
            person.start()
        try:
            yield
        finally:
            self._stopping.set()
            for person in people:
                person.join()

    @contextmanager
    def spanned(self, seconds: float) -> Iterator[None]:
        """Send one request that takes *seconds* to arrive; it must be answered as any other."""
        slow = threading.Thread(target=self._send_slowly, args=(seconds,))
        slow.start()
        yield
        slow.join()

    def slowest(self, share: float = 0.01, *, since: float = 0.0, until: float = 1e18) -> float:
        """Return how long the slowest *share* of the requests of a time took, in seconds."""
        took = sorted(lasted for began, lasted in self.took if since <= began < until)
        return took[int(len(took) * (1 - share))]

    def told(self, *, since: float, until: float) -> str:
        """Say how many asked and how much longer they waited in that time than before and after."""
        rate = len(self.took) / (self.took[-1][0] - self.took[0][0])
        usual = max(self.slowest(until=since), self.slowest(since=until))
        delay = self.slowest(since=since, until=until) - usual
        return (
            f"{len(self.took)} requests, {self.posts} of them POSTs, {rate:.0f} a second, none refused; "
            f"p99 {delay * 1000:+.0f} ms against usual"
        )

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """Ask once on a connection of its own; status 0 when it was refused or cut."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        headers = {"Cookie": self.cookie, "Connection": "close"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            return 0, repr(error)
        finally:
            connection.close()

    def _be(self, number: int) -> None:
        pause = PEOPLE / self.rate
        turn = number
        while not self._stopping.wait(pause):
            turn += 1
            began = time.monotonic()
            if turn % POSTS == 0:
                self.posts += 1
                status, text = self.ask("POST", f"{self.ticket}/seen", self._form(message="1"))
            else:
                status, text = self.ask("GET", self.pages[turn % len(self.pages)])
            self.took.append((began, time.monotonic() - began))
            if status not in {200, 204, 303}:
                self.wrong.append(f"{status} {text[:200]}")

    def _send_slowly(self, seconds: float) -> None:
        content = self._form(mode="note", body="Written slowly. " * 400).encode()
        host, _, port = self.address.partition(":")
        head = (
            f"POST {self.ticket}/draft HTTP/1.1\r\nHost: {self.address}\r\nCookie: {self.cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            connection.sendall(head.encode())
            for start in range(0, len(content), len(content) // 10 + 1):
                connection.sendall(content[start : start + len(content) // 10 + 1])
                time.sleep(seconds / 10)
            status = connection.recv(100).split(b" ")[1:2]
        if status != [b"200"]:
            self.wrong.append(f"slow: {status}")

    def _form(self, **fields: str) -> str:
        return urlencode({"csrf_token": self.token, **fields})
