# SPDX-License-Identifier: Apache-2.0
"""pantau-probe by itself: what it says of servers that behave and of those that do not, what it
gives up before it looks at them, and how the agent tells of it in plain words."""

import itertools
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from support.programs import RELEASE, ROOT, SANITIZED, Process, free_port, program, wait_for

WORDS = b"selamat datang\n"


def taken(text):
    return dict(line.split("=", 1) for line in text.splitlines())


def probe(*words, build=SANITIZED, timeout=30):
    done = subprocess.run([program("pantau-probe", build), *map(str, words)], capture_output=True,
                          text=True, timeout=timeout)
    assert done.returncode == 0, done.stderr
    return taken(done.stdout)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behaviours = {}

    def do_GET(self):
        behaviour = self.behaviours.get(self.path)
        if behaviour:
            behaviour(self)
        else:
            self.reply(404)

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def log_message(self, *words):
        pass


def says(status, body=b"", **headers):
    return lambda handler: handler.reply(status, body, **headers)


def breaks(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half")
    handler.close_connection = True


def waits(handler):
    time.sleep(0.2)
    handler.reply(204)


Handler.behaviours = {
    "/204": says(204), "/200": says(200, WORDS), "/error": says(503), "/broken": breaks,
    "/portal": says(302, Location="http://login.portal.example/?back"),
    "/own": says(301, Location="/elsewhere"), "/511": says(511), "/slow": waits}


class Site:
    """A server on loopback; with a certificate it speaks TLS."""

    def __init__(self, certificate=None):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
            scheme = "https"
        self.base = f"{scheme}://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def site():
    made = Site()
    yield made
    made.close()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Two servers' certificates and the CA that signed them; one that nobody signed."""
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(*words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, cwd=folder)
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    openssl("req", "-x509", *new, "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.crt")
    for name in ("localhost", "other.example"):
        openssl("req", "-x509", *new, "-subj", f"/CN={name}", "-addext",
                f"subjectAltName=DNS:{name}", "-CA", "ca.crt", "-CAkey", "ca.key", "-keyout",
                f"{name}.key", "-out", f"{name}.crt")
        both = (folder / f"{name}.key").read_text() + (folder / f"{name}.crt").read_text()
        (folder / f"{name}.pem").write_text(both)
    for path in (folder, *folder.parents):  # the helper reads the CA as nobody
        if path != Path("/"):
            path.chmod(path.stat().st_mode | 0o055)
        if path.parent == Path("/"):
            break
    (folder / "ca.crt").chmod(0o644)
    return folder


@pytest.mark.parametrize("path, expect, outcome, status", [
    ("/204", "204", "done", "204"),
    ("/200", "200 selamat", "done", "200"),
    ("/200", "200 selamat tinggal", "impostor", "200"),
    ("/200", "204", "portal", "200"),
    ("/portal", "204", "portal", "302"),
    ("/511", "204", "portal", "511"),
    ("/own", "204", "status", "301"),
    ("/error", "204", "status", "503"),
    ("/broken", "200", "broken", "200"),
])
def test_who_answered_and_what(site, path, expect, outcome, status):
    said = probe("http", "--expect", expect, site.base + path)
    assert (said["outcome"], said["status"]) == (outcome, status)
    assert said["address"] == "127.0.0.1" or said["address"] == "::1"


BYTES_SENT = 200  # where struct tcp_info has tcpi_bytes_sent
PAGE_BYTES = 320 * 1024  # HTTP_BYTES of agent/core/ceilings.c


def flood(head, piece):
    """The URL of a server that sends as fast as it can and never ends, and what it sent."""
    listener = socket.create_server(("127.0.0.1", 0))
    sent = []

    def serve():
        connection, _ = listener.accept()
        connection.recv(65536)
        try:
            connection.sendall(head)
            while True:
                connection.sendall(piece)
        except OSError:
            info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
            sent.append(int.from_bytes(info[BYTES_SENT:BYTES_SENT + 8], sys.byteorder))
        connection.close()
        listener.close()
    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/", sent


@pytest.mark.parametrize("build", [SANITIZED, RELEASE])
@pytest.mark.parametrize("head, piece, outcome", [
    (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", b"y" * 65536, "done"),
    (b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 1000 + b"\r\n", "impostor"),
    (b"HTTP/1.1 200 OK\r\nX: ", b"y" * 65536, "impostor"),
    (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, "impostor"),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", b"y" * 65536, "impostor"),
    (b"", b"y" * 65536, "impostor"),
], ids=["content", "headers", "header", "continue", "chunk", "noise"])
def test_a_server_that_never_ends_costs_no_more_than_is_reckoned(build, head, piece, outcome):
    url, sent = flood(head, piece)
    said = probe("http", "--expect", "200", url, build=build)
    assert said["outcome"] == outcome
    wait_for(lambda: sent, "the server saw its end", 10)
    packets = sent[0] // 536 + 1  # short ones: headers weigh most then, an answer to each
    assert 16 * 1024 < sent[0] and sent[0] + packets * 2 * 60 < PAGE_BYTES, sent


def test_each_step_is_timed_by_itself(site):
    said = probe("http", site.base + "/slow", build=RELEASE)
    assert said["outcome"] == "done"
    assert 200_000 <= int(said["first_byte_us"]) <= 1_500_000
    assert int(said["connect_us"]) < 100_000 and int(said["name_us"]) > 0
    assert int(said["total_us"]) >= sum(int(said[f"{part}_us"]) for part in
                                        ("name", "connect", "first_byte")) - 1000


def test_certificates(site, certificates):
    good, other = (Site(certificates / f"{name}.pem") for name in ("localhost", "other.example"))
    ca = ("--ca", certificates / "ca.crt")
    try:
        said = probe("http", *ca, good.base + "/204")
        assert said["outcome"] == "done" and int(said["tls_us"]) > 0, said
        assert probe("http", *ca, other.base + "/204")["outcome"] == "impostor"
        unknown = probe("http", good.base + "/204")
        assert unknown["outcome"] == "tls" and int(unknown["connect_us"]) > 0, "it was connected"
        plain = probe("http", *ca, site.base.replace("http", "https") + "/204")
        assert plain["outcome"] == "tls"
    finally:
        good.close()
        other.close()


def test_nobody_answers():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        began = time.monotonic()
        said = probe("http", "--limit-ms", 1000, f"http://127.0.0.1:{port}/")
        assert said["outcome"] == "timeout" and time.monotonic() - began < 5
    said = probe("http", f"http://127.0.0.1:{port}/")
    assert said["outcome"] == "connect" and "refused" in said["detail"]
    assert probe("http", "http://there-is-none.invalid/")["outcome"] == "name"


def test_addresses_that_are_not_public_are_not_asked(site):
    for url in (site.base, "http://10.1.2.3/", "http://169.254.1.1/", "http://[fe80::1]/",
                "http://100.64.0.1/", "http://0.0.0.0/"):
        said = probe("http", "--public-only", url)
        assert said["outcome"] == "name" and "address" not in said, url


@pytest.mark.parametrize("words", [
    ["http", "ftp://localhost/"], ["http", "file:///etc/passwd"], ["http", "http://a:b@localhost/"],
    ["http", "--expect", "twohundred", "http://localhost/"], ["speed", "gopher://localhost/"]])
def test_what_it_does_not_fetch(words):
    done = subprocess.run([program("pantau-probe"), *words], capture_output=True, text=True,
                          timeout=30)
    assert done.returncode == 1 and done.stderr.startswith("pantau-probe: ")


def status_of(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.split() for name, _, value in (line.partition(":") for line in lines)}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
def test_rights_are_gone_before_anything_is_asked(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        running = Process([program("pantau-probe", RELEASE), "http", "--limit-ms", "8000",
                           f"http://127.0.0.1:{silent.getsockname()[1]}/"], tmp_path / "log")
        try:
            silent.settimeout(10)
            connection, _ = silent.accept()  # held: without it the helper has an answer, and ends
            status = status_of(running.pid)
            assert set(status["Uid"] + status["Gid"]) == {"65534"} and status["Groups"] == []
            assert status["NoNewPrivs"] == ["1"]
            for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
                assert int(status[kind][0], 16) == 0, kind
            limits = Path(f"/proc/{running.pid}/limits").read_text()
            assert re.search(r"Max processes +0 ", limits)
            assert re.search(r"Max core file size +0 ", limits)
            memory_kib = int(status["VmHWM"][0])
            assert memory_kib < 24 * 1024
        finally:
            running.close()


# ---- speed, against what a router may meet


@pytest.fixture
def endpoint(tmp_path):
    """pantau-web's endpoint, without anything behind it but empty stores."""
    from support.server import Server
    port = free_port()
    server = Server(tmp_path / "server", settings={"web": {"speed_listen": f"127.0.0.1:{port}",
                                                            "speed_streams": 2}}).init()
    server.start("ledger", "web")
    server.speed = f"http://127.0.0.1:{port}/speed/v1"
    yield server
    server.close()


def fetch(url, *words):
    done = subprocess.run(["curl", "-sS", "-m", "20", *words, url], capture_output=True, timeout=30)
    return done.stdout


def keyed(nonce, length):
    """The content that docs/SPEED.md promises."""
    mask, out = (1 << 64) - 1, bytearray()
    for index in range(1, length // 8 + 2):
        z = (nonce + index * 0x9e3779b97f4a7c15) & mask
        z = ((z ^ z >> 30) * 0xbf58476d1ce4e5b9) & mask
        z = ((z ^ z >> 27) * 0x94d049bb133111eb) & mask
        out += (z ^ z >> 31).to_bytes(8, "little")
    return bytes(out[:length])


def counted(endpoint, nonce):
    return taken(fetch(f"{endpoint.speed}/count?nonce={nonce:016x}").decode())


def test_endpoint_keeps_what_its_page_promises(endpoint):
    body = fetch(f"{endpoint.speed}/down?nonce={0xfeed:016x}&bytes=100003")
    assert body == keyed(0xfeed, 100003)
    wait_for(lambda: int(counted(endpoint, 0xfeed)["bytes"]) >= 100003, "it is counted")
    sent = endpoint.folder / "sent"
    sent.write_bytes(os.urandom(300000))
    taken_in = fetch(f"{endpoint.speed}/up?nonce={0xbee:016x}", "--data-binary", f"@{sent}")
    assert taken_in == b"taken\n"
    assert counted(endpoint, 0xbee)["bytes"] == "300000"
    for bad in ("down?nonce=xyz&bytes=1", "down?bytes=1", f"down?nonce={1:016x}",
                f"down?nonce={1:016x}&bytes=999999999999", f"count?nonce={7:016x}", "nothing"):
        assert b"keyed" not in fetch(f"{endpoint.speed}/{bad}", "-i"), bad
        assert re.match(rb"HTTP/1.1 40[04] ", fetch(f"{endpoint.speed}/{bad}", "-i")), bad


def test_slow_reader_stalls_nobody_and_a_third_stream_is_refused(endpoint):
    def slow(nonce):
        client = socket.create_connection(("127.0.0.1", int(endpoint.speed.split(":")[2][:-9])))
        client.sendall(b"GET /speed/v1/down?nonce=%016x&bytes=100000000 HTTP/1.1\r\nHost: x\r\n\r\n"
                       % nonce)
        return client
    with slow(1) as first:
        assert first.recv(16)
        said = probe("speed", "--down-bytes", 4 << 20, "--up-bytes", 2 << 20, endpoint.speed)
        assert said["outcome"] == "done", said
        assert int(said["down.counted_bytes"]) >= 3 << 20, said
        nonces = itertools.count(2)

        def second():  # once the test's own streams are known to be over
            client = slow(next(nonces))
            if client.recv(16).startswith(b"HTTP/1.1 200"):
                return client
            return client.close()
        with wait_for(second, "there is room for two"):
            said = probe("speed", endpoint.speed)
            assert (said["outcome"], said["reason"]) == ("failed", "refused")


def test_both_ways_and_counted_at_both_ends(endpoint):
    said = probe("speed", endpoint.speed)
    assert said["outcome"] == "done", said
    for way in ("down", "up"):
        assert int(said[f"{way}.kbps"]) > 1000
        assert int(said[f"{way}.counted_bytes"]) >= int(said[f"{way}.bytes"]) * 7 // 8
    assert said["down.keyed"] == "1"
    lines = [line.split() for day in (endpoint.state / "speed").glob("*-*-*")
             for line in day.read_text().splitlines()]
    noted = {int(nonce, 16): (way, int(moved)) for nonce, way, _, moved in lines}
    for way in ("down", "up"):  # what an honest test brought, the endpoint has sent
        direction, moved = noted[int(said[f"{way}.nonce"])]
        assert direction == way
        assert int(said[f"{way}.bytes"]) <= moved * 5 // 4 + 131072


def test_cache_and_truncating_proxy_are_found_out():
    def yesterday(handler):
        handler.reply(200, keyed(1, 1 << 20), **{"Pantau-Speed": "keyed"})
    made = Site()
    old = Handler.do_GET
    Handler.do_GET = lambda self: yesterday(self) if "/down" in self.path else self.reply(404)
    try:
        said = probe("speed", made.base)
        assert (said["outcome"], said["reason"]) == ("failed", "impostor")
    finally:
        Handler.do_GET = old
        made.close()


def test_any_server_s_file_is_measured_downwards(site):
    Handler.behaviours["/big.bin"] = says(200, os.urandom(1 << 20))
    Handler.behaviours["/small.bin"] = says(200, b"x" * 1000)
    said = probe("speed", site.base + "/big.bin")
    assert said["outcome"] == "done" and "up.bytes" not in said and said["down.keyed"] == "0"
    assert probe("speed", site.base + "/small.bin")["outcome"] == "failed"
    assert probe("speed", site.base + "/not-there")["reason"] == "refused"


class Accelerator:
    """A box as they stand before satellites: it takes and acknowledges at once what it passes on at
    its link's pace."""

    def __init__(self, port, bytes_s):
        self.port, self.bytes_s = port, bytes_s
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                near = self.listener.accept()[0]
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.port))
            threading.Thread(target=self.relay, args=(far, near, None), daemon=True).start()
            threading.Thread(target=self.hold, args=(near, far), daemon=True).start()

    def hold(self, near, far):
        held = []
        threading.Thread(target=self.relay, args=(held, far, self.bytes_s), daemon=True).start()
        while True:
            try:
                piece = near.recv(65536)
            except OSError:
                piece = b""
            held.append(piece)
            if not piece:
                return

    @staticmethod
    def relay(source, sink, bytes_s):
        try:
            while True:
                if isinstance(source, list):
                    while not source:
                        time.sleep(0.001)
                    piece = source.pop(0)
                else:
                    piece = source.recv(65536)
                if not piece:
                    break
                sink.sendall(piece)
                if bytes_s:
                    time.sleep(len(piece) / bytes_s)
        except OSError:
            pass
        sink.close()


def test_receiver_s_count_is_right_where_a_box_acknowledges_for_it(endpoint):
    box = Accelerator(int(endpoint.speed.split(":")[2].split("/")[0]), 400_000)
    try:
        said = probe("speed", "--up-bytes", 2 << 20, "--down-bytes", 1 << 20,
                     f"http://127.0.0.1:{box.listener.getsockname()[1]}/speed/v1")
        assert said["outcome"] == "done", said
        assert int(said["up.kbps"]) < 5000, str(said)
    finally:
        box.listener.close()


# ---- nginx, as docs/SPEED.md sets it up


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_plain_nginx_is_an_endpoint_too(tmp_path):
    folder, port = tmp_path / "nginx", free_port()
    for path in (folder, *tmp_path.parents[:3]):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)
    tmp_path.chmod(0o755)
    (folder / "random.bin").write_bytes(os.urandom(16 << 20))
    server = (ROOT / "deploy" / "nginx" / "speed.conf").read_text()
    server = server.replace("/var/lib/pantau-speed", str(folder)).replace(
        "/var/log/nginx", str(folder))
    server = re.sub(r"listen \[::\].*\n", "", server).replace("listen 8081", f"listen {port}")
    server = server.replace("127.0.0.1:8082", f"127.0.0.1:{free_port()}")
    conf = folder / "nginx.conf"
    conf.write_text(f"daemon off; error_log {folder}/error.log; pid {folder}/pid;\n"
                    f"events {{ }}\nhttp {{ access_log off;\n"
                    f"client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
                    f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;\n"
                    f"scgi_temp_path {folder}/s;\n{server}\n}}\n")
    running = Process(["nginx", "-c", str(conf)], folder / "out")
    try:
        def is_up():
            assert running.alive(), running.text()
            with socket.socket() as client:
                return client.connect_ex(("127.0.0.1", port)) == 0
        wait_for(is_up, "nginx listens")
        said = probe("speed", "--up-bytes", 4 << 20, f"http://127.0.0.1:{port}/")
        assert said["outcome"] == "done", (said, (folder / "error.log").read_text())
        assert said["down.keyed"] == "0" and int(said["up.bytes"]) > 3 << 20
        log = (folder / "speed.log").read_text()
        assert re.search(r'"GET /speed/v1/down\?nonce=[0-9a-f]{16}&bytes=\d+ .* \d{6,}', log)
        assert re.search(r'"POST /speed/v1/up\?nonce=[0-9a-f]{16} .* \d{6,}', log)
    finally:
        running.stop()
        running.close()


# ---- by hand


def test_plain_words(site, tmp_path):
    conf = tmp_path / "agent.conf"
    conf.write_text(f"[agent]\nhelper = {program('pantau-probe', RELEASE)}\n")
    agent = [program("pantau-agent", RELEASE), "probe"]

    def said(*words):
        done = subprocess.run([*agent, *words, "--config", conf], capture_output=True, text=True,
                              timeout=60)
        return done.returncode, done.stdout + done.stderr
    status, words = said("http", site.base + "/204")
    assert status == 0 and re.match(r"http done 204, in [\d.]+ ms, name .*first byte", words), words
    status, words = said("http", site.base + "/portal")
    assert status == 1 and "http portal 302" in words
    Handler.behaviours["/big.bin"] = says(200, os.urandom(1 << 20))
    status, words = said("speed", site.base + "/big.bin")
    assert status == 0 and re.match(r"speed done, [\d.]+ Mbit/s down: localhost", words), words
    conf.write_text("[agent]\nhelper = /nowhere/pantau-probe\n")
    status, words = said("http", site.base + "/204")
    assert status == 1 and "/nowhere/pantau-probe: No such file" in words
