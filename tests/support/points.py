# SPDX-License-Identifier: Apache-2.0
"""A time-series store that keeps what it is sent, as InfluxDB does: one point for each series and
time, the last one to come. Now and then it loses the connection after it has stored."""

import gzip
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LINE = re.compile(r'((?:[^ \\]|\\.)+) ((?:[^ \\"]|\\.|"(?:[^"\\]|\\.)*")+) (\d+)')

HANG_S = 60


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.ready.wait(HANG_S)
        if self.server.refuses:
            self.send_error(503)
        elif self.server.store(body.decode()):
            self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.close_connection = True

    def log_message(self, *_words):
        pass


class Points(ThreadingHTTPServer):
    """`drops`: of so many requests one is stored and not answered; 0: none. `refuses`: it answers
    503. While `ready` is not set it hangs."""

    daemon_threads = True

    def __init__(self, drops=0):
        super().__init__(("127.0.0.1", 0), Handler)
        self.drops, self.requests, self.refuses = drops, 0, False
        self.ready = threading.Event()
        self.ready.set()
        self.points, self.lock = {}, threading.Lock()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05},
                         daemon=True).start()

    def store(self, text):
        with self.lock:
            self.requests += 1
            for line in text.splitlines():
                series, fields, at_ns = LINE.fullmatch(line).groups()
                self.points[series, at_ns] = fields
            return not self.drops or self.requests % self.drops

    def handle_error(self, _request, _address):
        pass  # the exporter was killed in the middle of a request

    @property
    def settings(self):
        """The section of a server that exports to it."""
        return {"export": {"url": f"http://127.0.0.1:{self.server_address[1]}",
                           "database": "pantau"}}

    def close(self):
        self.shutdown()
        self.server_close()
