# SPDX-License-Identifier: Apache-2.0
"""What a browser does, in a few lines: requests with their headers, and a stream of events."""

import http.client
import json
import socket
import time

from support import described


class Answer:
    def __init__(self, response, asked):
        self.status, self.headers = response.status, response.headers
        self.body = response.read()
        described.check(asked, self.status, self.headers, self.body)

    def json(self):
        return json.loads(self.body)


def ask(port, path, method="GET", headers=None, token=None, body=None):
    """Any answer, errors too. `token`: of a script; `body`: what json.dumps() takes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    asked = described.Asked(method, path, body)
    headers = dict(headers or {})
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if body is not None:
        headers.setdefault("Content-Type", "application/json")
        body = json.dumps(body)
    try:
        connection.request(method, path, body=body, headers=headers)
        return Answer(connection.getresponse(), asked)
    finally:
        connection.close()


class Browser:
    """A person's: it keeps the cookie, and sends changes as the page does."""

    def __init__(self, port, headers=None):
        self.port, self.headers = port, dict(headers or {})
        self.cookie, self.csrf = None, None

    def ask(self, path, method="GET", headers=None, body=None):
        sent = dict(self.headers)
        if self.cookie:
            sent["Cookie"] = self.cookie
        if method != "GET" and self.csrf:
            sent["X-Pantau-CSRF"] = self.csrf
        sent.update(headers or {})
        answer = ask(self.port, path, method, {key: value for key, value in sent.items()
                                               if value is not None}, body=body)
        given = answer.headers.get("Set-Cookie")
        if given:
            value = given.split(";")[0]
            self.cookie = None if value.endswith("=") else value
        return answer

    def log_in(self, name, password):
        answer = self.ask("/api/v1/session", "POST", body={"name": name, "password": password})
        if answer.status == 200:
            self.csrf = answer.json()["csrf"]
        return answer

    def post(self, path, **body):
        return self.ask(path, "POST", body=body)


class Events:
    """An EventSource, by HTTP/1.0, whose body is not cut into chunks. `id` is the last one seen."""

    def __init__(self, port, query="", last_id=None, token=None, cookie=None):
        seen = "" if last_id is None else f"Last-Event-ID: {last_id}\r\n"
        seen += f"Authorization: Bearer {token}\r\n" if token else ""
        seen += f"Cookie: {cookie}\r\n" if cookie else ""
        self.socket = socket.create_connection(("127.0.0.1", port), 10)
        self.socket.sendall(f"GET /api/v1/events{query} HTTP/1.0\r\n{seen}\r\n".encode())
        self.id, self.text = last_id, b""
        end = time.monotonic() + 10
        self.head = list(iter(lambda: self.read_line(end).strip(), ""))
        assert " 200 " in self.head[0], self.head

    def read_line(self, end):
        """The next line, or None when the time is up."""
        while b"\n" not in self.text:
            left = end - time.monotonic()
            if left <= 0:
                return None
            self.socket.settimeout(left)
            try:
                more = self.socket.recv(65536)
            except TimeoutError:
                return None
            assert more, "the server ended the stream"
            self.text += more
        line, self.text = self.text.split(b"\n", 1)
        return line.decode()

    def next(self, timeout_s=10):
        """(name, data) of the next event, ("comment", text) for a comment; None in vain."""
        end = time.monotonic() + timeout_s
        name, data = "message", []
        while (line := self.read_line(end)) is not None:
            key, _, value = line.partition(": ")
            if line == "" and data:
                told = json.loads("\n".join(data))
                described.check_event(name, told)
                return name, told
            if line.startswith(":"):
                return "comment", line[1:].strip()
            if key == "event":
                name = value
            elif key == "data":
                data.append(value)
            elif key == "id":
                self.id = int(value)
        return None

    def until(self, wanted, timeout_s=20):
        """Reads on until wanted(name, data); everything read."""
        end, seen = time.monotonic() + timeout_s, []
        while (event := self.next(max(0, end - time.monotonic()))) is not None:
            seen.append(event)
            if wanted(*event):
                return seen
        raise AssertionError(f"it never came; what came: {seen[-20:]}")

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.close()
