"""Somebody who is signed in and opens pages, one after the other, over one kept connection."""

from __future__ import annotations

import re
import time
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

from leadloop.platform.config import load

SIGN_IN = "/account/login/"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """Signs in when made; raises RuntimeError when that, or any page, is refused."""

    def __init__(self, email: str, password: str) -> None:
        self._line = HTTPConnection("127.0.0.1", load().port, timeout=30)
        self._cookies: dict[str, str] = {}
        form = self._ask("GET", SIGN_IN, "", 200)
        token = _TOKEN.search(form)
        if token is None:
            raise RuntimeError("the sign-in page has no token")
        said = {"csrfmiddlewaretoken": token[1], "login": email, "password": password}
        self._ask("POST", SIGN_IN, urlencode(said), 302)

    def open(self, path: str) -> float:
        """Seconds until the whole page is here."""
        began = time.perf_counter()
        page = self._ask("GET", path, "", 200)
        taken = time.perf_counter() - began
        if not page.rstrip().endswith("</html>") and not path.startswith("/search"):
            raise RuntimeError(f"{path} is no whole page")
        return taken

    def _ask(self, method: str, path: str, body: str, expected: int) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        text = answer.read().decode()
        if answer.status != expected:
            raise RuntimeError(f"{path} was answered with {answer.status}")
        self._keep(answer)
        return text

    def _keep(self, answer: HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";", 1)[0].partition("=")
            self._cookies[name] = value
