# SPDX-License-Identifier: Apache-2.0
"""HTTPS in front of pantau-web: the shipped sample, by a real nginx."""

import gzip
import http.client
import json
import re
import ssl
import subprocess

import pytest

from support.programs import ROOT, Process, free_port, wait_for
from support.server import Server

SAMPLE = ROOT / "deploy" / "nginx" / "pantau.conf"
AROUND = """
user root;
error_log stderr;
pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{
	access_log off;
	client_body_temp_path {folder}/body;
	proxy_temp_path {folder}/proxy;
	fastcgi_temp_path {folder}/fastcgi;
	uwsgi_temp_path {folder}/uwsgi;
	scgi_temp_path {folder}/scgi;
	include {folder}/pantau.conf;
}}
"""


class Front:
    """nginx with the sample, of which only names, ports and files are changed."""

    def __init__(self, server, folder):
        self.server, self.port, self.plain_port = server, free_port(), free_port()
        folder.mkdir()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-keyout", folder / "key.pem", "-out",
                        folder / "cert.pem"], check=True, capture_output=True)
        text = SAMPLE.read_text()
        for wanted, instead, count in (
                (r"127\.0\.0\.1:8080", f"127.0.0.1:{server.web_port}", 1),
                (r"listen 80;", f"listen 127.0.0.1:{self.plain_port};", 1),
                (r"listen 443 ssl http2;", f"listen 127.0.0.1:{self.port} ssl http2;", 1),
                (r"\tlisten \[::\][^\n]*\n", "", 2),
                (r"/var/cache/pantau-nginx", str(folder / "cache"), 1),
                (r"/etc/ssl/pantau/fullchain.pem", str(folder / "cert.pem"), 1),
                (r"/etc/ssl/pantau/privkey.pem", str(folder / "key.pem"), 1)):
            text, found = re.subn(wanted, instead, text)
            assert found == count, wanted
        (folder / "pantau.conf").write_text(text)
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
        folder.chmod(0o755)
        command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        self.process = Process([*command, "-g", "daemon off;"], folder / "nginx.log")
        wait_for(lambda: self.is_up(), f"nginx serves\n{self.process.text()}")

    def is_up(self):
        try:
            return self.ask("/readyz").status == 200
        except OSError:
            return False

    def connect(self):
        # Its certificate is made here, for a name that nobody asks for.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context)

    def ask(self, path, method="GET", headers=None, body=None):
        connection = self.connect()
        headers = {"Content-Type": "application/json", **(headers or {})}
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.content = answer.read()
        connection.close()
        return answer

    def log_in(self, name, password, headers=None):
        return self.ask("/api/v1/session", "POST", headers,
                        json.dumps({"name": name, "password": password}))

    def close(self):
        self.process.stop()
        self.process.close()


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("nginx") / "server").init()
    server.link = server.add_link()
    for _ in range(5):
        server.add_link()
    server.password = server.pantau("user", "add", "noc", "--role", "noc", "--generate").strip()
    server.start("ledger", "web")
    made = Front(server, server.folder / "nginx")
    yield made
    made.close()
    server.close()


def test_plain_http_leads_to_https(front):
    connection = http.client.HTTPConnection("127.0.0.1", front.plain_port, timeout=10)
    connection.request("GET", "/masuk", headers={"Host": "pantau.example.go.id"})
    answer = connection.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == "https://pantau.example.go.id/masuk"
    connection.close()


def test_a_person_logs_in_and_changes_something(front):
    origin = {"Origin": f"https://127.0.0.1:{front.port}"}
    answer = front.log_in("noc", front.server.password, origin)
    assert answer.status == 200, answer.content
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-pantau_session=") and "; Secure" in cookie
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    told = json.loads(answer.content)
    signed = {"Cookie": cookie.split(";")[0], "X-Pantau-CSRF": told["csrf"], **origin}
    ticket = json.dumps({"link": front.server.link, "at": "2026-01-05", "number": "N-1",
                         "opened": "2026-01-05"})
    assert front.ask("/api/v1/tickets", "POST", signed, ticket).status == 201
    forged = {**signed, "Origin": "https://jahat.example"}
    assert front.ask("/api/v1/tickets", "POST", forged, ticket).status == 403
    assert front.ask("/api/v1/session", "DELETE", signed).status == 204
    assert front.ask("/api/v1/desa", headers=signed).status == 401


def test_nobody_speaks_for_another_address(front):
    assert front.log_in("noc", "bukan yang benar", {"X-Forwarded-For": "192.0.2.66"}).status == 401
    assert "192.0.2.66" not in front.server.log("web")
    assert "from 127.0.0.1 failed" in front.server.log("web")


def test_long_bodies_and_other_methods_stay_outside(front):
    assert front.ask("/api/v1/session", "PUT").status == 405
    assert front.ask("/api/v1/session", "POST", body=" " * (256 * 1024 + 1)).status == 413
    assert front.ask("/api/v1/session", "POST", body=" " * (256 * 1024)).status == 400


def test_what_the_public_reads_is_kept(front):
    kept = front.ask("/open/v1/links.geojson", headers={"Accept-Encoding": "gzip"})
    assert kept.status == 200 and kept.headers["Access-Control-Allow-Origin"] == "*"
    page = front.ask("/publik")
    assert page.status == 200 and b"Internet desa" in page.content
    known = front.ask("/publik", headers={"If-None-Match": page.headers["ETag"]})
    assert known.status == 304
    front.server.stop("web")
    try:
        again = front.ask("/open/v1/links.geojson", headers={"Accept-Encoding": "gzip"})
        assert again.status == 200 and again.content == kept.content
        assert front.ask("/publik").content == page.content
        assert front.ask("/open/v1/months.json").status == 502  # never asked for
    finally:
        front.server.start("web")


def test_what_is_kept_is_kept_once_for_who_unpacks_and_who_does_not(front):
    path = "/open/v1/schema/links.json"
    packed = front.ask("/open/v1/links.geojson", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    plain = front.ask("/open/v1/links.geojson", headers={"Accept-Encoding": "identity"})
    assert plain.headers["Content-Encoding"] is None
    assert gzip.decompress(packed.content) == plain.content
    front.server.stop("web")
    try:  # no browser's own way to say it is a page of its own
        for coding in ("gzip, deflate, br", "gzip;q=0.9", "identity", "deflate"):
            again = front.ask("/open/v1/links.geojson", headers={"Accept-Encoding": coding})
            assert again.status == 200, coding
            assert front.ask(path, headers={"Accept-Encoding": coding}).status == 502
    finally:
        front.server.start("web")


def test_a_parameter_from_elsewhere_makes_no_answer_of_its_own(front):
    for number in range(3):
        led = front.ask(f"/publik?x={number}&lang=en")
        assert (led.status, led.headers["Location"]) == (303, "/publik?lang=en")
        assert front.ask(f"/open/v1/months.json?x={number}").status == 400


def test_the_api_packs_what_is_long_and_holds_no_secret(front):
    signed = {"Authorization": f"Bearer {front.server.token('noc')}"}
    for path in ("/api/v1/desa", "/api/v1/decisions?month=2026-01"):
        plain, packed = (straight(front.server, path, {**signed, "Accept-Encoding": coding})
                         for coding in ("identity", "gzip"))
        assert plain.status == packed.status == 200
        assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
        assert plain.headers["Content-Encoding"] is None
        if len(plain.content) < 1400:  # one packet as it is
            assert packed.headers["Content-Encoding"] is None and "decisions" in path
            continue
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(packed.content) < len(plain.content) / 3
        rows, others = (json.loads(text)["rows"] for text in
                        (plain.content, gzip.decompress(packed.content)))
        assert [row["link"] for row in rows] == [row["link"] for row in others]


def test_no_answer_with_a_secret_is_packed(front):
    signed = {"Authorization": f"Bearer {front.server.token('noc')}", "Accept-Encoding": "gzip"}
    origin = {"Origin": f"https://127.0.0.1:{front.port}", "Accept-Encoding": "gzip"}
    for answer in (straight(front.server, "/api/v1/session", signed),
                   front.ask("/api/v1/session", headers=signed),
                   front.log_in("noc", front.server.password, origin)):
        assert "csrf" in json.loads(answer.content)
        assert answer.headers["Content-Encoding"] is None


def straight(server, path, headers):
    """Without nginx."""
    connection = http.client.HTTPConnection("127.0.0.1", server.web_port, timeout=20)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.content = answer.read()
    connection.close()
    return answer


def test_events_come_at_once_and_pages_are_packed(front):
    token = front.server.token("noc")
    connection = front.connect()
    connection.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    assert answer.status == 200
    connection.sock.settimeout(5)
    head = b""
    while b"event: hello" not in head:
        head += answer.read1(4096)
    connection.close()
    page = front.ask("/app.js", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"


def test_the_public_does_not_ask_without_end(front):
    """Last: this address has asked enough for a while."""
    connection = front.connect()
    seen = []
    for _ in range(400):
        connection.request("GET", "/publik")
        answer = connection.getresponse()
        answer.read()
        seen.append(answer.status)
    connection.close()
    assert set(seen) == {200, 503}
    assert seen.index(503) >= 150 and seen.count(503) > 50
    assert front.ask("/readyz").status == 200
