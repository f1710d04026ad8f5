# SPDX-License-Identifier: Apache-2.0
"""What a browser does, in a few lines: requests with their headers, and a stream of events."""

import http.client
import json
import socket
import time


class Answer:
    def __init__(self, response):
        self.status, self.headers = response.status, response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


def ask(port, path, method="GET", headers=None):
    """Any answer, errors too."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, headers=headers or {})
        return Answer(connection.getresponse())
    finally:
        connection.close()


class Events:
    """An EventSource, by HTTP/1.0, whose body is not cut into chunks. `id` is the last one seen."""

    def __init__(self, port, query="", last_id=None):
        seen = "" if last_id is None else f"Last-Event-ID: {last_id}\r\n"
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
                return name, json.loads("\n".join(data))
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
