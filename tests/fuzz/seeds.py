#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes seeds for the fuzzers from what the real programs write and say: a collector with a link, a
router that enrols and reports, a browser. Run where the formats have changed:

    PANTAU_SANITIZED=BUILD PANTAU_RELEASE=BUILD tests/fuzz/seeds.py [FOLDER]

Small files, named for what they are; those that are there already and say more than these are for
people to keep."""

import http.client
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]
# pylint: disable=wrong-import-position
from support.kept import kept_records  # noqa: E402
from support.programs import Process, program, wait_for  # noqa: E402
from support.records import kept_slots  # noqa: E402
from support.server import SOCKETS, Server  # noqa: E402
from system.test_enrol import Router, openssl, token_of  # noqa: E402

SEED_MAX = 6 * 1024
ALERT = {"alert": {"alertmanager_url": "http://127.0.0.1:9", "down_s": 60}}  # nobody hears it
CSV = {
    "regions-desa": "code,district_code,name\n64.08.05.2001,64.08.05,Muara Wahau\n",
    "regions-kabupaten": "code,province_code,name\n64.08,64,KABUPATEN KUTAI TIMUR\n",
    "regions-islands": "code,regency_code,coordinate,name\n64.08.40001,64.08,0 N,Pulau A\n",
    "links": "desa,provider,kind,lat,lon,zone\n64.08.05.2001,PT A,fibre,-0.5,117.1,WITA\n",
    "contracts": "link,from,mbps-down,mbps-up,fee,target,formula,band,set,window,power\n"
                 "1,2026-01-01,20,5.5,1200000,99.5,bands,99:10;95:50,"
                 "speed=80:90:30;rounding=up;claim-days=14;final-days=none;limit-rtt=800;"
                 "limit-loss=5;limit-pdv=100;service-hours=mon-fri@08:00-16:00,300,exclude\n",
    "exclusions": "kecamatan,from,to,note\n64.08.05,2026-01-02T08:00,2026-01-02T10:00,pemadaman\n",
}


class Recorder:
    """Between a client and a server on TCP: what the client says, connection by connection."""

    def __init__(self, to_port):
        self.said, self.to_port = [], to_port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.to_port))
            self.said.append(b"")
            place = len(self.said) - 1
            for source, to, kept in ((client, server, place), (server, client, None)):
                threading.Thread(target=self.move, args=(source, to, kept), daemon=True).start()

    def move(self, source, to, kept):
        try:
            while data := source.recv(65536):
                if kept is not None:
                    self.said[kept] += data
                to.sendall(data)
            to.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class Seeds:
    def __init__(self, folder):
        self.folder = folder

    def put(self, fuzzer, name, data):
        data = data.encode() if isinstance(data, str) else bytes(data)
        if data:
            (self.folder / fuzzer).mkdir(parents=True, exist_ok=True)
            (self.folder / fuzzer / name).write_bytes(data[:SEED_MAX])

    def file(self, fuzzer, path, name=None, lead=b""):
        if path.is_file():
            self.put(fuzzer, name or path.name, lead + path.read_bytes())


def enrolment(seeds, server, folder):
    """What the three of them say: the router, the collector, the signer."""
    key = folder / "device.key"
    openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", key)
    request = openssl("req", "-new", "-key", key, "-subj", "/CN=router")
    der = subprocess.run(["openssl", "req", "-outform", "DER"], input=request.encode(), check=True,
                         capture_output=True).stdout
    public = openssl("pkey", "-in", key, "-pubout")
    token = token_of(server)
    secret = token.split("/")[-2]
    point = subprocess.run(["openssl", "pkey", "-in", str(key), "-pubout", "-outform", "DER"],
                           check=True, capture_output=True).stdout[-65:]
    question = (b"PANTAUQ1" + bytes.fromhex(secret) + point).ljust(128, b"\0")
    with socket.socket(socket.AF_UNIX) as signer:
        signer.connect(str(server.state / "signer.sock"))
        signer.sendall(question)
        answer = signer.recv(4096, socket.MSG_WAITALL)
    ca = (server.state / "ca" / "ca.crt").read_text()
    pem = answer[448:].rstrip(b"\0").decode()
    seeds.put("enrol", "token", token)
    seeds.put("enrol", "question", f"enrol {secret}\n{request}")
    seeds.put("enrol", "answer", f"accepted 1 wan\n{pem}{ca}")
    seeds.put("enrol", "refused", "refused spent token 1 was used by another router\n")
    seeds.put("enrol", "signer-question", question)
    seeds.put("enrol", "signer-answer", answer)
    for name, text in (("pem", request), ("public", public), ("certificate", pem)):
        seeds.put("request", name, text)
    seeds.put("request", "der", der)


def a_router(seeds, server, folder):
    """Enrols, measures a while, and is looked at."""
    router = Router(folder / "router")
    assert router.enrol(token_of(server)).returncode == 0
    agent = Process([program("pantau-agent"), "run", "--config", str(router.conf)],
                    folder / "agent.log")
    try:
        wait_for(lambda: len(kept_slots(server.state, server.link)) > 4, agent.text, 60)
        seeds.file("kept", router.folder / "run" / "status.json")
        agent.stop()
    finally:
        agent.close()
    for path in sorted((router.folder / "state").rglob("*")):
        if path.is_file() and path.stat().st_size:
            seeds.file("kept", path, path.name)
            if path.suffix == ".log" or path.parent.name == "spool":
                seeds.file("seglog", path, "spool-" + path.name, b"\x03\xff")
    seeds.put("edit", "agent.conf", router.conf.read_bytes())
    seeds.put("conf", "agent.conf", router.conf.read_bytes())
    for number, record in enumerate(list(kept_records(server.state, 2))[:4]):
        seeds.put("codec", f"real_record_{number}", b"r" + bytes(record[-1]))


def a_browser(seeds, server):
    recorder = Recorder(server.web_port)
    asked = [("GET", path, None) for path in (
        "/", "/api/links?limit=3&kabupaten=64.08", "/open/", "/metrics",
        "/api/sla?month=2026-01&by=desa", "/%2e%2e/etc%00")]
    asked.append(("POST", "/api/login", '{"name":"admin","password":"salah"}'))
    for method, path, body in asked:
        connection = http.client.HTTPConnection("127.0.0.1", recorder.port, timeout=10)
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        connection.getresponse().read()
        connection.close()
    for number, said in enumerate(recorder.said):
        seeds.put("http", f"browser-{number}", said)


def of_the_state(seeds, server):
    seeds.file("roster", server.state / "roster.json")
    seeds.file("roster", server.state / "journal/followers.json")
    seeds.file("keys", server.state / "stamp.key")
    seeds.file("alarm", server.state / "alerts.json")
    for path in (server.state / "keys").glob("closing.*"):
        seeds.file("keys", path)
    for path in (server.state / "journal").iterdir():
        seeds.file("stored", path, "journal-" + path.name)
    for name in ("ingest", "ledger"):
        with socket.socket(socket.AF_UNIX) as asked:
            asked.connect(str(server.state / SOCKETS.get(name, f"{name}.sock")))
            seeds.put("answer", name, b"".join(iter(lambda: asked.recv(65536), b"")))


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "corpus"
    seeds = Seeds(folder)
    for name, text in CSV.items():
        seeds.put("csv", name, text)
        seeds.put("import", name, text)
    with tempfile.TemporaryDirectory() as place:
        server = Server(Path(place) / "server", settings=ALERT).init()
        try:
            server.link = server.add_link()
            server.add_contract(server.link)
            server.start("signer", "ingest", "ledger", "alert", "web")
            enrolment(seeds, server, Path(place))
            a_router(seeds, server, Path(place))
            a_browser(seeds, server)
            of_the_state(seeds, server)
        finally:
            server.close()
    for made in sorted(folder.rglob("*")):
        if made.is_file():
            print(made.relative_to(folder), made.stat().st_size)


if __name__ == "__main__":
    main()
