# SPDX-License-Identifier: Apache-2.0
"""A heartbeat for a second watcher: while records are taken, kept and judged, and only then."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from support.programs import wait_for
from support.server import Server


class Watcher(HTTPServer):
    """Remembers when it was asked, and for what."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.heard, self.status = [], 200
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/beat/kaltim"

    def beats(self, within_s):
        return any(at > time.monotonic() - within_s for at, _ in self.heard)


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.heard.append((time.monotonic(), self.path))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def watcher():
    made = Watcher()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def beating(tmp_path, watcher):
    server = Server(tmp_path / "server", settings={
        "collector": {"heartbeat_url": watcher.url, "heartbeat_s": 1}}).init()
    yield server.start()
    server.close()


def falls_silent(watcher):
    wait_for(lambda: not watcher.beats(3), "no beat for three seconds", 15)


def test_beats_while_all_is_well_and_not_while_ingest_is_away(beating, watcher):
    wait_for(lambda: len(watcher.heard) >= 3, "beats")
    assert {path for _, path in watcher.heard} == {"/beat/kaltim"}
    beating.kill("ingest")
    falls_silent(watcher)
    assert "heartbeat: none sent" in beating.log("ledger")
    beating.start("ingest")
    wait_for(lambda: watcher.beats(2), "beats again")
    assert "heartbeat: goes on" in beating.log("ledger")


def test_none_when_the_ledger_is_away(beating, watcher):
    wait_for(lambda: watcher.beats(2), "beats")
    beating.kill("ledger")
    falls_silent(watcher)


def test_watcher_in_trouble_is_said_once_and_harms_nothing(beating, watcher):
    wait_for(lambda: watcher.beats(2), "beats")
    watcher.status = 503
    wait_for(lambda: "answer 503" in beating.log("ledger"), "it is said")
    before = len(watcher.heard)
    wait_for(lambda: len(watcher.heard) > before + 2, "it is tried on")
    assert beating.log("ledger").count("heartbeat:") == 1
    beating.stop("ledger")
