"""A person at a running desk: a browser without JavaScript, over real HTTP."""

from __future__ import annotations

import re
import socket
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Person:
    """Keeps cookies, follows redirects, sends the token of the page it is on."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._jar))
        self._asking: list[socket.socket] = []
        self._token = ""

    def get(self, path: str) -> tuple[int, str]:
        """Open a page; status 0 when the connection broke."""
        return self._ask(Request(urljoin(self._address, path)))  # noqa: S310  our own address

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send the form of the page that was opened last."""
        content = urlencode({"csrf_token": self._token, **fields}).encode()
        return self._ask(Request(urljoin(self._address, path), data=content))  # noqa: S310  as above

    def leave_waiting(self, path: str) -> None:
        """Ask for a page and turn to something else; whoever answers is not listened to."""
        url = urljoin(self._address, path)
        request = Request(url)  # noqa: S310  our own address
        self._jar.add_cookie_header(request)
        there = urlsplit(url)
        asking = socket.create_connection((there.hostname or "", there.port or 80))
        self._asking.append(asking)  # kept open: whoever hangs up is not waited for
        head = f"GET {there.path} HTTP/1.1\r\nHost: {there.netloc}\r\n"
        asking.sendall(f"{head}Cookie: {request.get_header('Cookie')}\r\n\r\n".encode())

    def hang_up(self) -> None:
        """Close every page that was asked for and left."""
        for asking in self._asking:
            asking.close()

    def sign_in(self, email: str, password: str) -> int:
        """Sign in by the form."""
        self.get("sign-in")
        status, _ = self.post("sign-in", email=email, password=password)
        return status

    def _ask(self, request: Request) -> tuple[int, str]:
        try:
            with self._opener.open(request, timeout=30) as answer:
                text = answer.read().decode()
                status = int(answer.status)
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except (OSError, HTTPException):
            return 0, ""
        found = TOKEN.search(text)
        self._token = found[1] if found else self._token
        return status, text
