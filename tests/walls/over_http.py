"""A browser without JavaScript for a platform that really runs."""

from __future__ import annotations

import http.client
import uuid
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass
class Answer:
    """What came back, with the names that test clients use."""

    path: str
    status_code: int
    headers: dict[str, str]
    data: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.data.decode(errors="replace")

    @property
    def location(self) -> str:
        """Where to go on, without the host."""
        where = urlsplit(self.headers.get("location", ""))
        return where.path + (f"?{where.query}" if where.query else "")


@dataclass
class Web:
    """One reader at one site, with their cookies."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, *, follow: bool = False) -> Answer:
        """Read a page, and go where it leads if wished."""
        answer = self._ask("GET", path, None, {})
        while follow and 300 <= answer.status_code < 400:
            answer = self._ask("GET", answer.location, None, {})
        return answer

    def post(self, path: str, form: dict[str, Any], files: dict[str, Any] | None = None) -> Answer:
        """Send a form; `files` by field: (name, type, bytes)."""
        if files is None:
            body = urlencode(form, doseq=True).encode()
            return self._ask(
                "POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"}
            )
        edge = uuid.uuid4().hex
        body = b"".join(_part(edge, name, value) for name, value in form.items())
        for name, (filename, mime, content) in files.items():
            head = f'name="{name}"; filename="{filename}"\r\nContent-Type: {mime}'
            body += f"--{edge}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode()
            body += content + b"\r\n"
        body += f"--{edge}--\r\n".encode()
        return self._ask(
            "POST", path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"}
        )

    def _ask(self, method: str, path: str, body: bytes | None, more: dict[str, str]) -> Answer:
        site = urlsplit(self.url)
        asking = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        known = {"Host": site.netloc, **self.headers, **more, **({"Cookie": jar} if jar else {})}
        try:
            asking.request(method, path, body=body, headers=known)
            answer = asking.getresponse()
            for given in answer.msg.get_all("Set-Cookie") or ():
                for name, morsel in SimpleCookie(given).items():
                    self.cookies[name] = morsel.value
            heads = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(path, answer.status, heads, answer.read())
        finally:
            asking.close()


def _part(edge: str, name: str, value: Any) -> bytes:
    return f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
