# SPDX-License-Identifier: Apache-2.0
"""A certificate's life: renewed by itself, cut off at any moment, revoked while it is in use,
expired and let in again by a person; and who is not."""

import json
import random
import re
import signal
import socket
import sqlite3
import ssl
import struct
import subprocess
import time

import pytest

from support.programs import LONG, RELEASE, Process, program, wait_for
from support.records import kept_slots
from support.site import ini

DUE, EXPIRED, FRESH = "-600d", "-740d", "-300d"  # of the 730 days that one lives
REVOKED_WITHIN_S = 5
KILLS = 40 if LONG else 2


class Router:
    """An agent that was issued `ago`, on real programs."""

    def __init__(self, server, ago, name="router"):
        self.server, self.folder = server, server.folder / name
        words = [program("pantau", RELEASE), "agent", "issue", "--link", str(server.link), "--out",
                 str(self.folder), "--wan", name, "--from", "2026-01-01", "--collector",
                 f"127.0.0.1:{server.port}", "--state", str(server.state), "--config",
                 str(server.config)]
        done = subprocess.run(["faketime", "-f", ago, *words], capture_output=True, text=True,
                              timeout=30)
        assert done.returncode == 0, done.stderr
        self.agent = int(done.stdout)
        self.conf = self.folder / "agent.conf"
        self.conf.write_text(ini({
            "collector": {"address": f"127.0.0.1:{server.port}", "ca": self.folder / "ca.crt",
                          "certificate": self.folder / "agent.crt",
                          "key": self.folder / "agent.key"},
            "agent": {"state_folder": self.folder / "state", "slot_s": 1, "round_s": 1,
                      "spool_folder": self.folder / "state" / "spool",
                      "runtime_folder": self.folder / "run"},
            "wan": {"name": name, "interface": "lo", "internet_targets": "127.0.0.1",
                    "tcp_target": "", "edge_targets": "off", "provider_targets": "off",
                    "gateway_target": "off"},
            "dns": {"resolvers": "off"}}))
        self.identity = self.folder / "state" / "identity.pem"
        self.process = None

    def start(self):
        self.process = Process([program("pantau-agent"), "run", "--config", str(self.conf)],
                               self.folder / "log")
        return self

    def tells(self):
        """What a technician reads."""
        return subprocess.run([program("pantau-agent"), "status", "--english", "--config",
                               str(self.conf)], capture_output=True, text=True, timeout=30).stdout

    def stop(self):
        if self.process:
            self.process.close()
            self.process = None

    def text(self):
        return self.process.text()[-3000:] if self.process else ""

    def wait(self, look, what, limit_s=30):
        return wait_for(look, f"{what}\n{self.text()}", limit_s)

    def status(self):
        try:
            return json.loads((self.folder / "run" / "status.json").read_text())
        except (OSError, ValueError):
            return {}

    def delivers(self):
        """Something that it measured from now on is kept."""
        before = len(kept_slots(self.server.state, self.server.link))
        self.wait(lambda: len(kept_slots(self.server.state, self.server.link)) > before, "a slot")

    def certificate(self):
        """The one in force, and its key."""
        if self.identity.exists():
            return self.identity, self.identity
        return self.folder / "agent.crt", self.folder / "agent.key"

    def prints(self):
        return print_of(self.certificate()[0])


def print_of(path):
    done = subprocess.run(["openssl", "x509", "-in", str(path), "-noout", "-fingerprint",
                           "-sha256"], capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.split("=")[1].strip().replace(":", "").lower()


def talk(server, files, alpn, question=None):
    """What the collector says in a frame of its own to who shows this certificate; None: nothing.
    Raises ssl.SSLError when it does not even shake hands."""
    context = ssl.create_default_context(cafile=str(server.state / "ca" / "ca.crt"))
    context.check_hostname = False
    context.load_cert_chain(*map(str, files))
    context.set_alpn_protocols([alpn])
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain, \
            context.wrap_socket(plain) as tls:
        if question:
            tls.sendall(struct.pack(">I", len(question)) + question)
        data = b""
        while len(data) < 4 or len(data) < 4 + struct.unpack(">I", data[:4])[0]:
            part = tls.recv(16384)
            if not part:
                return None
            data += part
        return data[4:]


def request_of_a_new_key(folder):
    key = folder / "thief.key"
    subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out",
                    str(key)], check=True, timeout=30)
    done = subprocess.run(["openssl", "req", "-new", "-key", str(key), "-subj", "/CN=agent-1"],
                          capture_output=True, check=True, timeout=30)
    return b"renew\n" + done.stdout


def certificates(server, agent):
    """state -> fingerprints, of those that are good for something."""
    with sqlite3.connect(f"file:{server.state / 'registry.db'}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT state, fingerprint FROM certificate WHERE agent = ? AND"
                          " (state < 2 OR until_s > ?)", (agent, time.time())).fetchall()
    db.close()
    return {("current", "next", "replaced")[state]: found for state, found in rows}


def waiting(server):
    return json.loads(server.pantau("agent", "waiting", "--json"))


@pytest.fixture(name="desk")
def fixture_desk(running):
    return running.start("signer")


@pytest.fixture(name="router")
def fixture_router(desk):
    made = []

    def make(ago, name="router"):
        made.append(Router(desk, ago, name))
        desk.wait_roster()
        return made[-1]

    yield make
    for one in made:
        one.stop()


def test_renews_by_itself_with_an_overlap(desk, router):
    one = router(DUE)
    old = print_of(one.folder / "agent.crt")
    before = (one.folder / "agent.key").read_bytes()
    one.start()
    one.wait(one.identity.exists, "a renewed identity")
    assert one.identity.stat().st_mode & 0o777 == 0o600
    one.wait(lambda: certificates(desk, one.agent).get("replaced") == old, "the overlap begins")
    assert certificates(desk, one.agent) == {"current": one.prints(), "replaced": old}
    assert (one.folder / "agent.key").read_bytes() == before, "the old one is not touched"
    one.delivers()
    assert one.status()["renewal"] == "" and \
        one.status()["certificate_expires_s"] > time.time() + 729 * 86400
    one.stop()
    desk.wait_roster()
    one.identity.rename(one.folder / "kept")  # flash lost it: the old one is still good
    one.start().delivers()
    # and it renews again, which makes a second one, never a third
    one.wait(one.identity.exists, "renewed again")
    one.wait(lambda: "next" not in certificates(desk, one.agent), "used")
    assert sorted(certificates(desk, one.agent)) == ["current", "replaced"]
    assert print_of(one.folder / "kept") not in certificates(desk, one.agent).values()


def test_not_before_its_time(desk, router):
    one = router(FRESH)
    answer = talk(desk, one.certificate(), "pantau-renew/1", request_of_a_new_key(desk.folder))
    assert answer.startswith(b"refused early "), answer
    one.start().delivers()
    assert not one.identity.exists()


@pytest.mark.skipif(not LONG, reason="it takes a while: PANTAU_LONG=1")
def test_overlap_ends(desk, router):
    one = router(DUE)
    old = one.certificate()
    one.start()
    one.wait(lambda: "replaced" in certificates(desk, one.agent), "renewed and used")
    with sqlite3.connect(desk.state / "registry.db") as db:
        db.execute("UPDATE certificate SET until_s = ? WHERE state = 2", (int(time.time()) - 1,))
    db.close()
    desk.pantau("link", "add", "--desa", "64.08.05.2001", "--provider", "X", "--kind", "fibre")
    desk.pantau("agent", "bind", "--agent", one.agent, "--wan", "other", "--link", desk.link + 1,
                "--from", "2026-02-01")  # the roster is written
    desk.wait_roster()
    answer = talk(desk, old, "pantau-renew/1", request_of_a_new_key(desk.folder))
    assert answer.startswith(b"refused unknown ") and b"newer certificate" in answer
    assert b"has another certificate" in talk(desk, old, "pantau/1")
    one.delivers()


@pytest.mark.skipif(not LONG, reason="it takes a while: PANTAU_LONG=1")
def test_killed_at_any_moment_it_is_renewed_all_the_same(desk, router):
    draw = random.Random(3)
    for number in range(KILLS):
        one = router(DUE, f"wan{number}")
        killed = ("agent", "signer")[number % 2]
        one.start()
        one.wait(lambda: "cannot report" in one.text() or "connected to" in one.text(), "a start")
        time.sleep(draw.uniform(0, 1.8))
        if killed == "signer":
            desk.kill("signer")
            desk.start("signer")
        one.process.popen.send_signal(signal.SIGKILL)
        one.stop()
        one.start()
        one.wait(lambda: "renewed" in one.text() or one.identity.exists(), "renewed")
        one.wait(lambda: certificates(desk, one.agent).get("current") == one.prints(), "in use")
        assert len(certificates(desk, one.agent)) == 2
        one.stop()


def test_revocation_cuts_a_live_session(desk, router):
    one = router(FRESH)
    one.start().delivers()
    began = time.monotonic()
    desk.pantau("agent", "revoke", one.agent)
    one.wait(lambda: one.status().get("trouble") == "revoked", "the session is cut",
             REVOKED_WITHIN_S + 1)
    took = time.monotonic() - began
    print(f"cut after {took:.2f} s")
    assert took < REVOKED_WITHIN_S
    kept = len(kept_slots(desk.state, desk.link))
    # its records stay, unacknowledged; it does not hammer
    acknowledged = one.status()["acknowledged"]
    one.wait(lambda: one.status()["waiting"] >= 3, "records wait")
    assert one.status()["acknowledged"] == acknowledged
    tries = re.findall(r"next try in (\d+)", one.text())
    assert int(tries[-1]) >= 1800, tries
    shown = subprocess.run([program("pantau-agent"), "status", "--english", "--config",
                            str(one.conf)], capture_output=True, text=True, timeout=20).stdout
    assert "this agent was revoked" in shown
    assert len(kept_slots(desk.state, desk.link)) == kept
    # and no way in is left
    files = one.certificate()
    assert b"is revoked" in talk(desk, files, "pantau/1")
    answer = talk(desk, files, "pantau-renew/1", request_of_a_new_key(desk.folder))
    assert answer.startswith(b"refused revoked ")


def test_nothing_is_resumed(desk, router):
    """A revoked one cannot come back by a ticket: there are none, and each handshake is whole."""
    one = router(FRESH)
    files = one.certificate()
    session = desk.folder / "session.pem"
    words = ["openssl", "s_client", "-connect", f"127.0.0.1:{desk.port}", "-alpn", "pantau/1",
             "-cert", str(files[0]), "-key", str(files[1]), "-sess_out", str(session)]
    done = subprocess.run(words, input="", capture_output=True, text=True, timeout=20)
    assert "Verification" in done.stdout and "New, TLSv1.3" in done.stdout
    assert "Reused" not in done.stdout and "New Session Ticket" not in done.stdout
    assert not session.exists()


def test_expired_waits_for_a_person(desk, router):
    one = router(EXPIRED)
    one.start()
    asked = one.wait(lambda: waiting(desk), "its request")
    assert [(int(row["agent"]), row["address"]) for row in asked] == [(one.agent, "127.0.0.1")]
    one.wait(lambda: one.status().get("renewal") == "parked", "it says so")
    one.wait(lambda: one.status()["waiting"] >= 2, "it measures")
    assert re.search(r"Certificate expired \d{4}-\d\d-\d\d: the centre must say yes\.\n"
                     r"  -> Call the centre: pantau agent readmit\.", one.tells())
    with pytest.raises(ssl.SSLError, match="(?i)expired"):
        talk(desk, one.certificate(), "pantau/1")
    assert not one.identity.exists()
    refused = desk.run("agent", "readmit", one.agent)
    assert refused.returncode == 2 and "--reason" in refused.stderr
    shown = desk.pantau("agent", "readmit", one.agent, "--reason", "the village head was called")
    assert "127.0.0.1" in shown and f"agent-{one.agent}" in shown
    one.stop()  # it asks again by itself within 10 minutes, and at each start
    one.start()
    one.wait(one.identity.exists, "readmitted")
    one.delivers()
    one.wait(lambda: not waiting(desk), "the request is answered")


def test_thief_of_an_expired_one_gets_nothing(desk, router):
    """He asks beside the router: two keys, and a person sees both; one of his alone that was
    reported gets nothing at all."""
    one = router(EXPIRED)
    theft = request_of_a_new_key(desk.folder)
    assert talk(desk, one.certificate(), "pantau-renew/1", theft).startswith(b"refused parked ")
    one.start()
    one.wait(lambda: len(waiting(desk)) == 2, "both ask")
    refused = desk.run("agent", "readmit", one.agent, "--reason", "somebody asks")
    assert refused.returncode == 1 and "one of them is a copy" in refused.stderr
    mine = max(int(row["request"]) for row in waiting(desk))
    desk.pantau("agent", "readmit", one.agent, "--reason", "by its address", "--request", mine)
    one.stop()
    one.start().wait(one.identity.exists, "the router is in")
    one.delivers()
    answer = talk(desk, (one.folder / "agent.crt", one.folder / "agent.key"), "pantau-renew/1",
                  theft)
    assert answer.startswith(b"refused "), answer
    one.stop()
    stolen = router(EXPIRED, "stolen")
    desk.pantau("agent", "revoke", stolen.agent)
    desk.wait_roster()
    answer = talk(desk, stolen.certificate(), "pantau-renew/1", theft)
    assert answer.startswith(b"refused revoked ") and not waiting(desk)


def test_strangers_cannot_ask(desk, router, tmp_path):
    """No certificate, one of another CA: refused before anything is said."""
    one = router(FRESH)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(tmp_path / "key"), "-out",
                    str(tmp_path / "crt"), "-subj", f"/CN=agent-{one.agent}", "-days", "3"],
                   check=True, capture_output=True, timeout=30)
    with pytest.raises(ssl.SSLError, match="(?i)unknown.ca|alert"):
        talk(desk, (tmp_path / "crt", tmp_path / "key"), "pantau-renew/1",
             request_of_a_new_key(tmp_path))
    assert not waiting(desk)


def part(server, name):
    return next(row for row in json.loads(server.run("status", "--json").stdout)
                if row["part"] == name)


def test_status_tells_of_those_that_wait_and_those_that_are_late(desk, router):
    assert part(desk, "certificates")["state"] == "ok"
    late = router("-640d")  # its router is in a store
    told = part(desk, "certificates")
    assert told["state"] == "warn" and "1 certificates end within 121 days" in told["words"]
    assert f"agent-{late.agent}" in told["words"]
    expired = router(EXPIRED, "expired")
    talk(desk, expired.certificate(), "pantau-renew/1", request_of_a_new_key(desk.folder))
    told = part(desk, "certificates")
    assert told["state"] == "warn" and f"agent-{expired.agent}" in told["words"]
    assert "readmit" in told["advice"]


@pytest.mark.skipif(not LONG, reason="it takes a while: PANTAU_LONG=1")
def test_server_renews_its_own_certificate(desk, router):
    """The same key and names, later: to an agent it is the same collector."""
    path = desk.state / "tls" / "server.crt"

    def facts():
        return subprocess.run(["openssl", "x509", "-in", str(path), "-noout", "-pubkey", "-ext",
                               "subjectAltName"], capture_output=True, text=True, check=True,
                              timeout=20).stdout

    before, names = print_of(path), facts()
    desk.pantau("server", "renew")
    assert print_of(path) != before and facts() == names
    desk.stop("ingest")
    desk.start("ingest")
    one = router(FRESH)
    one.start().delivers()
