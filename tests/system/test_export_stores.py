# SPDX-License-Identifier: Apache-2.0
"""How each kind of store is written to, and how it is seen that a store which says "taken" has not
what it was given."""

import re
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import wait_for
from support.reporter import Reporter
from support.stores import DATABASE, Influx, StandIn, Victoria

BOOT = b"T" * 16
SLOTS = 20
HOUR_AGO = 3600


@pytest.fixture(name="fed")
def fixture_fed(server):
    """fed(export settings, begins_s): a collector that exports, and an hour of a link's slots."""
    def feed(export, begins_s=None):
        server.configure({"export": export})
        server.link = server.link if hasattr(server, "link") else server.add_link()
        server.start()
        issued = server.issue(server.link)
        tell(server, issued, begins_s or int(time.time()) - HOUR_AGO)
        wait_in_ledger(server, issued.agent, SLOTS + 2)
        return server
    return feed


def tell(server, issued, begins_s):
    factory = records.SlotFactory()
    told = [records.start(BOOT, 0, 3), records.anchor(BOOT, 0, begins_s * 1000000)]
    told += [factory.record(BOOT, number * 60000000, 60, 6, 6, 0) for number in range(SLOTS)]
    with Reporter(server, issued) as reporter:
        reporter.hello((1, 3, 1, len(told)))
        assert reporter.deliver(1, list(enumerate(told, 1))) == {}


def export_of(server):
    return server.status_of("ledger")["export"]


def drain(server, timeout_s=60):
    wait_for(lambda: server.status_of("ledger")["outbox"] == 0 and not export_of(server)["error"],
             f"the outbox is empty\n{server.log('ledger')[-2000:]}", timeout_s)


# ---- the form of the requests

FORMS = {
    "InfluxDB 1.x": ({"api": 1, "user": "pantau", "password_file": "s3cret & more"},
                     "/write", {"db": DATABASE, "precision": "s"},
                     "Basic cGFudGF1OnMzY3JldCAmIG1vcmU="),
    "InfluxDB 2.x": ({"api": 2, "org": "Dinas Kominfo", "token_file": "abc=="}, "/api/v2/write",
                     {"bucket": DATABASE, "org": "Dinas Kominfo", "precision": "s"},
                     "Token abc=="),
    "InfluxDB 3.x": ({"api": 3, "token_file": "apiv3_x"}, "/api/v2/write",
                     {"bucket": DATABASE, "precision": "s"}, "Token apiv3_x"),
    "VictoriaMetrics": ({"api": "victoria"}, "/write", {"precision": "s"}, None),
    "its cluster": ({"api": "victoria", "prefix": "/insert/0/influx"}, "/insert/0/influx/write",
                    {"precision": "s"}, None),
}


@pytest.mark.parametrize("kind, zipped", zip(FORMS, ("yes", "no", "yes", "no", "yes")))
def test_each_kind_is_written_to_in_its_own_form(fed, tmp_path, kind, zipped):
    more, path, query, authorization = FORMS[kind]
    store = StandIn().start()
    try:
        export = {"url": store.url, "database": DATABASE, "gzip": zipped, "batch": 10} | more
        export["url"] += export.pop("prefix", "")
        for key in ("token_file", "password_file"):
            if key in export:
                (tmp_path / key).write_text(export[key] + "\n")
                export[key] = tmp_path / key
        server = fed(export)
        drain(server)
        assert len(store.requests) > 3
        for request in store.requests:
            assert (request.method, request.path) == ("POST", path)
            assert request.query == {key: [value] for key, value in query.items()}
            assert request.headers.get("Authorization") == authorization
            assert request.headers["Content-Type"] == "text/plain; charset=utf-8"
            assert request.headers.get("Content-Encoding") == (
                "gzip" if zipped == "yes" else None)
            assert 1 <= len(request.text.splitlines()) <= 10
            assert request.text.endswith("\n")
        points = store.points()
        assert len([key for key in points if key[0] == "pantau_slot"]) == SLOTS
        assert {frozenset(tags) for _, tags in points.values()} == {
            frozenset(("desa", "kecamatan", "kabupaten", "provider", "link"))}
    finally:
        store.close()


# ---- VictoriaMetrics says "taken" to what it drops

@pytest.mark.parametrize("begins_s, reason", ((-90 * 86400, "older than its retention"),
                                              (4 * 86400, "too far in the future")))
def test_what_victoria_metrics_drops_is_seen(fed, tmp_path, begins_s, reason):
    store = Victoria(tmp_path / "store", retention="1")  # a month
    try:
        server = fed({"url": store.url, "api": 1}, int(time.time()) + begins_s)
        drain(server)
        dropped = wait_for(lambda: export_of(server)["dropped"], "its counters are read", 20)
        log = server.log("ledger")
        assert re.search(rf"VictoriaMetrics dropped {dropped} rows .*{dropped} {reason}", log)
        fields = 7 + 3  # of a slot and a WAN; it counts each as a row
        assert dropped >= SLOTS * fields
        assert store.points() == {}
        server.start("web")
        assert f"pantau_export_dropped_total {dropped}\n" in server.get("/metrics").decode()
        assert reason in server.run("status").stdout
    finally:
        store.close()


# ---- InfluxDB 1.x keeps a part, loses its database, or is told another precision

class Proxy(ThreadingHTTPServer):
    """In front of a store; takes `taken` out of every address."""
    daemon_threads = True

    def __init__(self, url, taken):
        self.url, self.taken = url, taken
        super().__init__(("127.0.0.1", 0), Forward)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class Forward(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16

    def do_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = urllib.request.Request(
            self.server.url + self.path.replace(self.server.taken, "x=y"), body or None)
        for key in ("Content-Type", "Content-Encoding"):
            if self.headers.get(key):
                request.add_header(key, self.headers[key])
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                status, words = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, words = error.code, error.read()
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        if status != 204:
            self.wfile.write(words)

    do_GET = do_POST = do_any

    def log_message(self, *_words):
        pass


def test_points_that_land_in_1970_are_found_and_held_back(fed, tmp_path):
    store = Influx(tmp_path / "store")
    proxy = Proxy(store.url, "precision=s")
    try:
        server = fed({"url": f"http://127.0.0.1:{proxy.server_address[1]}"})
        wait_for(lambda: "1970" in (export_of(server)["error"] or ""),
                 "it is said", 30)
        assert server.status_of("ledger")["outbox"] > 0
        assert "precision is lost" in server.run("status").stdout
        proxy.taken = "nothing"
        server.stop("ledger")  # nobody waits for the next try
        server.start("ledger")
        drain(server)
        now = [key for key in store.points() if key[1] > 86400 and key[0] == "pantau_slot"]
        assert len(now) == SLOTS
    finally:
        proxy.close()
        store.close()


def test_what_influxdb_keeps_a_part_of_is_sorted_out(fed, tmp_path):
    store = Influx(tmp_path / "store")
    try:
        store.ask(f"CREATE DATABASE {DATABASE}")
        # the field is a float there: integers are a conflict, in that week's shard
        line = f"pantau_wan,link=99 rx_bytes=1.5 {int(time.time()) - HOUR_AGO}"
        store.get(f"/write?db={DATABASE}&precision=s", line.encode())
        server = fed({"url": store.url})
        drain(server)
        said = export_of(server)
        assert said["partial"] > 0 and said["refused"] >= SLOTS
        assert "partial write: field type conflict" in server.log("ledger")
        kept = (server.state / "export-refused.lines").read_text().splitlines()
        lines = [line for line in kept if not line.startswith("#")]
        assert len(lines) == said["refused"]
        assert all(line.startswith("pantau_wan,") for line in lines)
        slots = [key for key in store.points() if key[0] == "pantau_slot"]
        assert len(slots) == SLOTS
    finally:
        store.close()


def test_a_database_that_somebody_drops_is_made_again(fed, tmp_path):
    store = Influx(tmp_path / "store")
    try:
        server = fed({"url": store.url})
        drain(server)
        store.ask(f"DROP DATABASE {DATABASE}")
        words = ("--from", "2020-01-01", "--to", "2030-01-01", "--send")
        assert "points of 1 links" in server.pantau("points", *words)
        assert len([key for key in store.points() if key[0] == "pantau_slot"]) == SLOTS
    finally:
        store.close()
