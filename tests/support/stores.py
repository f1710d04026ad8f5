# SPDX-License-Identifier: Apache-2.0
"""Time-series stores for the exporter's tests: Debian's InfluxDB 1.6 and VictoriaMetrics, run on
loopback, and a stand-in that keeps what it is told and fails as it is told. Each gives its points
as {(measurement, time in s, link): ({field: value}, {tag: value})}."""

import gzip
import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from support.programs import SANITIZED, Process, free_port, wait_for

DATABASE = "pantau"
MEASUREMENTS = ("pantau_slot", "pantau_wan", "pantau_state", "pantau_speed", "pantau_sla_day")
TAGS = ("desa", "kecamatan", "kabupaten", "provider", "link")


# ---- line protocol, by its own rules and not by ours

def cut(text, separator):
    """What stands before the first separator that no backslash hides, the separator, the rest."""
    if "\\" not in text:
        return text.partition(separator)
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == separator:
            return text[:at], text[at], text[at + 1:]
        else:
            at += 1
    return text, "", ""


def plain(text):
    return re.sub(r"\\([,= ])", r"\1", text)


def parse_line(line):
    """(measurement, {tag: value}, {field: integer}, time); ValueError where it is none of ours."""
    head, fields, moment = line, {}, ""
    head, separator, rest = cut(line, " ")
    name, separator, tags_text = cut(head, ",")
    tags = {}
    while separator:
        word, separator, tags_text = cut(tags_text, ",")
        key, equals, value = cut(word, "=")
        if not (key and equals and value) or plain(key) in tags:
            raise ValueError(f"tag {word!r} of {line!r}")
        tags[plain(key)] = plain(value)
    fields_text, separator, moment = rest.partition(" ")
    for word in fields_text.split(","):
        key, equals, value = word.partition("=")
        if not re.fullmatch(r"-?\d+i", value) or not key or key in fields:
            raise ValueError(f"field {word!r} of {line!r}")
        fields[key] = int(value[:-1])
    return name, tags, fields, int(moment)


# ---- real ones

def download(package, folder):
    """The package's file. A fresh machine has no lists of packages: they are fetched once."""
    command = ["apt-get", "download", "-q", package]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        subprocess.run(["apt-get", "update", "-q"], capture_output=True)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"this test needs {package}, which is not here and cannot be downloaded:\n"
                    f"{done.stderr}", pytrace=False)
    found, = folder.glob(f"{package}_*.deb")
    return found


def program(package, name):
    """Of the machine, or unpacked beside the build; the package is not installed, since it would
    start a service."""
    if shutil.which(name):
        return shutil.which(name)
    unpacked = SANITIZED / package
    if not unpacked.exists():  # whole or not at all: others may want it at the same moment
        scratch = Path(tempfile.mkdtemp(dir=SANITIZED))
        subprocess.run(["dpkg-deb", "-x", download(package, scratch), scratch / "tree"], check=True)
        try:
            (scratch / "tree").rename(unpacked)
        except OSError:  # another was quicker
            pass
        shutil.rmtree(scratch)
    return str(unpacked / "usr/bin" / name)


class Store:
    """`folder` keeps its data: start() after kill() finds it again, at the same port."""

    def __init__(self, folder, started=True):
        self.folder, self.port = folder, free_port()
        folder.mkdir()
        self.process = None
        if started:
            self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.process = Process(self.command(), self.folder / "log")
        wait_for(self.is_there, f"{type(self).__name__} answers", 60)

    def is_there(self):
        assert self.process.alive(), self.process.text()[-2000:]
        try:
            return self.get(self.health)
        except (urllib.error.URLError, OSError):
            return None

    def get(self, path, body=None):
        with urllib.request.urlopen(self.url + path, body, 30) as answer:
            return answer.read() or b"-"

    def kill(self):
        self.process.kill()

    def close(self):
        if self.process:
            self.process.close()


class Influx(Store):
    health = "/ping"
    CONF = """reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
"""

    def command(self):
        conf = self.folder / "influxdb.conf"
        conf.write_text(self.CONF.format(folder=self.folder, port=self.port, rpc=free_port()))
        return [program("influxdb", "influxd"), "-config", str(conf)]

    def ask(self, query):
        body = urllib.parse.urlencode({"q": query, "db": DATABASE, "epoch": "s"}).encode()
        result, = json.loads(self.get("/query", body))["results"]
        assert "error" not in result, result
        return result

    def points(self):
        found = {}
        for measurement in MEASUREMENTS:
            for series in self.ask(f'SELECT * FROM "{measurement}"').get("series", ()):
                for values in series["values"]:
                    row = dict(zip(series["columns"], values))
                    tags = {key: row[key] for key in TAGS}
                    fields = {key: value for key, value in row.items()
                              if key not in TAGS and key != "time" and value is not None}
                    found[measurement, row["time"], row["link"]] = (fields, tags)
        return found


class Victoria(Store):
    """As docs/EXPORT.md has it: a retention that is long enough, doubles taken for one."""
    health = "/health"

    def __init__(self, folder, started=True, retention="10y"):
        self.retention = retention
        super().__init__(folder, started)

    def command(self):
        return [program("victoria-metrics", "victoria-metrics"), "-loggerLevel=WARN",
                f"-storageDataPath={self.folder}/data", f"-retentionPeriod={self.retention}",
                "-dedup.minScrapeInterval=1ms", f"-httpListenAddr=127.0.0.1:{self.port}",
                "-search.maxExportDuration=1m", "-memory.allowedBytes=256MB"]

    def points(self):
        self.get("/internal/force_flush")
        query = urllib.parse.urlencode({"match[]": '{__name__=~"pantau_.*"}'})
        found = {}
        for line in self.get(f"/api/v1/export?{query}").decode().splitlines():
            if line == "-":
                continue
            series = json.loads(line)
            tags = series["metric"]
            name = tags.pop("__name__")
            measurement = next(one for one in MEASUREMENTS if name.startswith(one + "_"))
            for value, moment in zip(series["values"], series["timestamps"]):
                key = measurement, moment // 1000, tags["link"]
                fields, _ = found.setdefault(key, ({}, tags))
                assert fields.setdefault(name[len(measurement) + 1:], value) == value, key
        return found


# ---- the stand-in

def seconds_of(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


class Request:
    def __init__(self, handler, body):
        self.method, self.headers = handler.command, handler.headers
        self.path, _, query = handler.path.partition("?")
        self.query = urllib.parse.parse_qs(query, keep_blank_values=True,
                                           strict_parsing=bool(query))
        self.raw, self.at = body, time.monotonic()
        zipped = self.headers.get("Content-Encoding") == "gzip"
        self.text = (gzip.decompress(body) if zipped else body).decode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and words of an answer leave at once

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.server.stand_in.answer(Request(self, body))
        if answer is None:
            self.close_connection = True
            return
        status, words, headers = answer
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words.encode())

    do_POST = do_GET = handle_any

    def log_message(self, *_words):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, _request, _address):
        pass  # the exporter has closed in the middle


class StandIn:
    """Takes /write and /api/v2/write. `faults`: for each request to come a function of the request
    that gives (status, words, headers), or None to close the connection without an answer; after
    the last one it is healthy. `rule`: the same for every request; it takes when that is "take"."""

    def __init__(self):
        self.port, self.server = free_port(), None
        self.held, self.requests, self.faults, self.rule = {}, [], [], None
        self.lock = threading.Lock()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.server = Server(("127.0.0.1", self.port), Handler)
        self.server.stand_in = self
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def kill(self):
        self.server.shutdown()
        self.server.server_close()
        self.server = None

    def close(self):
        if self.server:
            self.kill()

    def take(self, text):
        for line in text.splitlines():
            name, tags, fields, moment = parse_line(line)
            self.held[name, moment, tags["link"]] = (fields, tags)

    def remove(self, statements):
        """1.x's own language, as far as the exporter speaks it."""
        for name, link, begins, ends in re.findall(
                r'DELETE FROM "(\w+)" WHERE "link" = \'(\d+)\''
                r" AND time >= '([^']+)' AND time < '([^']+)';", statements):
            from_s, to_s = seconds_of(begins), seconds_of(ends)
            if to_s - from_s < len(self.held):  # most are of a second
                for moment in range(from_s, to_s):
                    self.held.pop((name, moment, link), None)
                continue
            for key in [key for key in self.held if key[0] == name and key[2] == link
                        and from_s <= key[1] < to_s]:
                del self.held[key]

    def answer(self, request):
        with self.lock:
            if request.path == "/query":
                statements = urllib.parse.parse_qs(request.text)["q"][0]
                self.remove(statements)
                return 200, '{"results":[{"statement_id":0,"series":[]}]}', {}
            if not request.path.endswith("/write"):
                return 404, "", {}
            self.requests.append(request)
            fault = self.faults.pop(0) if self.faults else None
        said = fault(request) if fault else self.rule(request) if self.rule else "take"
        if said != "take":
            return said
        with self.lock:
            self.take(request.text)
        return 204, "", {}

    def points(self):
        with self.lock:
            return dict(self.held)
