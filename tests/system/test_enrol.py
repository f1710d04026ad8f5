# SPDX-License-Identifier: Apache-2.0
"""A router becomes an agent: with a token, by real programs, at a wrong clock, with the power cut
at any moment; and who does not become one."""

import calendar
import configparser
import csv
import hashlib
import hmac
import itertools
import json
import os
import random
import re
import socket
import sqlite3
import ssl
import struct
import subprocess
import time

import pytest

from support import lab as labs
from support.mounts import own_mounts
from support.programs import LONG, RELEASE, Process, inside, program, wait_for
from support.records import kept_slots, pb
from support.server import CommandFailed, Server
from support.site import ini

CUTS = 400 if LONG else 30
WRONG_CLOCKS = ("1970-01-01 00:05:00", "1990-01-01 00:00:00", "2046-06-01 00:00:00",
                "2080-06-01 00:00:00")


class Router:
    """A folder that is a router's flash."""

    def __init__(self, folder, **collector):
        self.folder, self.conf = folder, folder / "agent.conf"
        folder.mkdir()
        self.conf.write_text(ini({
            "collector": {"ca": folder / "ca.crt", "certificate": folder / "agent.crt",
                          "key": folder / "agent.key", **collector},
            "agent": {"state_folder": folder / "state", "spool_folder": folder / "state" / "spool",
                      "runtime_folder": folder / "run", "slot_s": 1, "round_s": 1},
            "wan": {"interface": "lo", "internet_targets": "127.0.0.1", "tcp_target": "",
                    "edge_targets": "off", "provider_targets": "off", "gateway_target": "off"},
            "dns": {"resolvers": "off"}}))

    def command(self, token, **build):
        return [program("pantau-agent", **build), "enrol", token, "--english", "--config",
                str(self.conf)]

    def enrol(self, token):
        return subprocess.run(self.command(token), capture_output=True, text=True, timeout=90)

    def enrol_at(self, moment, token):
        """With this wall clock."""
        return subprocess.run(["faketime", moment, *self.command(token, build=RELEASE)],
                              capture_output=True, text=True, timeout=90)

    def section(self, name):
        parser = configparser.ConfigParser()
        parser.read(self.conf)
        return dict(parser[name])

    def agent(self):
        """Its number, by its certificate, which is for its key and from its CA."""
        files = [self.folder / name for name in ("agent.crt", "ca.crt", "agent.key")]
        subject, key = (openssl("x509", "-in", files[0], "-noout", what)
                        for what in ("-subject", "-pubkey"))
        assert key == openssl("pkey", "-in", files[2], "-pubout")
        openssl("verify", "-CAfile", files[1], files[0])
        return int(re.search(r"CN = agent-(\d+)$", subject.strip()).group(1))


def openssl(*words):
    return subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, text=True,
                          timeout=30).stdout


@pytest.fixture(name="desk")
def fixture_desk(running):
    """A server that enrols."""
    return running.start("signer")


def token_of(server, *words):
    return server.pantau("token", "create", "--link", server.link, *words).strip()


def tokens_of(server):
    return json.loads(server.pantau("token", "list", "--json"))


def agents_of(server):
    return {int(row["agent"]) for row in json.loads(server.pantau("agent", "list", "--json"))}


def test_router_enrols_and_reports(desk, tmp_path):
    router, token = Router(tmp_path / "router"), token_of(desk, "--wan", "wan2")
    before = int(time.time())
    done = router.enrol(token)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ENROLLED as agent-1." in done.stdout and router.agent() == 1
    assert (router.folder / "agent.key").stat().st_mode & 0o777 == 0o600
    conf = router.conf.read_text()
    assert f"address = 127.0.0.1:{desk.port}\n" in conf and "name = wan2\n" in conf
    row = json.loads(desk.pantau("agent", "list", "--json"))[0]
    begun = time.strptime(row["from"], "%Y-%m-%dT%H:%M:%SZ")
    assert before <= calendar.timegm(begun) <= time.time()
    agent = Process([program("pantau-agent"), "run", "--config", str(router.conf)],
                    tmp_path / "agent.log")
    try:
        wait_for(lambda: kept_slots(desk.state, desk.link), f"a slot\n{agent.text()}", 30)
        assert agent.stop() == 0
    finally:
        agent.close()
    changes = [row["state"] for row in tokens_of(desk)]
    assert changes == ["spent"]


def test_same_router_asks_again_and_another_one_in_vain(desk, tmp_path):
    token = token_of(desk)
    first, second = Router(tmp_path / "first"), Router(tmp_path / "second")
    assert first.enrol(token).returncode == 0
    certificate = (first.folder / "agent.crt").read_text()
    (first.folder / "agent.crt").unlink()
    again = first.enrol(token)
    assert again.returncode == 0 and (first.folder / "agent.crt").read_text() == certificate
    refused = second.enrol(token)
    assert refused.returncode == 1
    assert "REFUSED: another router used the token." in refused.stdout
    assert not (second.folder / "agent.crt").exists()
    assert agents_of(desk) == {1}


def test_wrong_clock_does_not_matter(desk, tmp_path):
    for number, moment in enumerate(WRONG_CLOCKS, 1):
        router = Router(tmp_path / f"router-{number}")
        done = router.enrol_at(moment, token_of(desk))
        assert done.returncode == 0, done.stdout + done.stderr
        assert router.agent() == number


def test_reflector_beside_the_collector_is_in_the_configuration(desk, tmp_path):
    desk.stop("ingest")
    desk.configure({"reflector": {"listen": "0.0.0.0:8777"}})
    desk.start("ingest")
    token = token_of(desk, "--collector", f"192.0.2.77:1,{desk.address}:{desk.port}")
    router = Router(tmp_path / "router")
    done = router.enrol(token)
    assert done.returncode == 0, done.stdout + done.stderr
    master = bytes.fromhex((desk.state / "stamp.key").read_text())
    key = hmac.new(master, b"pantau-stamp" + struct.pack("!H", 1), hashlib.sha256).digest()[:16]
    assert router.section("stamp") == {"target": "192.0.2.77:8777", "key": key.hex(),
                                       "identifier": "1"}
    check = subprocess.run([program("pantau-agent"), "check", "--config", str(router.conf)],
                           capture_output=True, text=True, timeout=30)
    assert check.returncode == 0, check.stderr


NAME, PLACES = "noc.example.id", ("192.0.2.77", "192.0.2.78")


@pytest.fixture(name="away")
def fixture_away(tmp_path):
    """A server and its routers in a namespace, at an address that is not this machine's own."""
    if labs.missing():
        pytest.skip(labs.missing())
    space = f"pe{os.getpid()}"
    labs.ip("netns", "add", space)
    labs.ip("-n", space, "link", "set", "lo", "up")
    for place in PLACES:
        labs.ip("-n", space, "addr", "add", place, "dev", "lo")
    one = Server(tmp_path / "server", address="0.0.0.0", netns=space,
                 settings={"reflector": {"listen": "0.0.0.0:8777"}})
    try:
        one.init()
        one.link = one.add_link()
        one.parts["reflector"] = Process(
            [program("pantau-collector"), "reflector", "--state", str(one.state), "--config",
             str(one.config)], one.folder / "reflector.log", space)
        one.start("ingest", "ledger", "signer")
        yield one
    finally:
        one.close()
        labs.ip("netns", "del", space)


def test_reflector_beside_a_collector_with_a_name_is_asked_where_that_answers(away, tmp_path):
    """Also when the name leads elsewhere the next time. Another name is refused."""
    router, token = Router(tmp_path / "router"), token_of(away, "--collector",
                                                          f"{NAME}:{away.port}")
    hosts = tmp_path / "hosts"
    lay = f'mount --bind {hosts} /etc/hosts && exec "$@"'

    def there(*command):
        return inside(away.netns, *own_mounts(), "sh", "-c", lay, "sh", *command)

    hosts.write_text(f"{PLACES[0]} {NAME}\n")
    done = subprocess.run(there(*router.command(token)), capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stdout + done.stderr
    assert router.section("stamp")["target"] == f"{NAME}:8777"
    router.conf.write_text(router.conf.read_text().replace(
        "[stamp]\n", "[stamp]\ninterval_s = 1\n"))
    for place in PLACES:
        hosts.write_text(f"{place} {NAME}\n")
        agent = Process(there(program("pantau-agent"), "run", "--config", str(router.conf)),
                        tmp_path / f"{place}.log")
        try:
            wait_for(lambda: place in answered_by(away), f"an answer\n{agent.text()}", 30)
        finally:
            agent.close()
    certificate = subprocess.run(
        there(program("pantau-agent"), "commission", "--english", "--config", str(router.conf)),
        capture_output=True, text=True, timeout=90)
    assert re.search(r"stamp +: answered", certificate.stdout), certificate.stdout
    router.conf.write_text(router.conf.read_text().replace(f"{NAME}:8777", "other.example.id:8777"))
    check = subprocess.run([program("pantau-agent"), "check", "--config", str(router.conf)],
                           capture_output=True, text=True, timeout=30)
    assert check.returncode == 1 and "or the name of a collector and a port" in check.stderr


def answered_by(server):
    """The addresses whose signed answers the ledger has."""
    return {address for kept in kept_slots(server.state, server.link)
            for _, _, address, probe in kept.probes()
            if probe.kind == pb.PROBE_STAMP and probe.outcome == pb.OUTCOME_ANSWERED}


def test_expired_revoked_and_invented_tokens_are_refused(desk, tmp_path):
    router = Router(tmp_path / "router")
    revoked = token_of(desk)
    desk.pantau("token", "revoke", 1)
    done = router.enrol(revoked)
    assert done.returncode == 1 and "REFUSED: the token was revoked." in done.stdout
    expired = token_of(desk)
    with sqlite3.connect(desk.state / "registry.db") as db:
        db.execute("UPDATE enrolment SET expires_s = 1767225600 WHERE id = 2")
    db.close()
    done = router.enrol(expired)
    assert done.returncode == 1 and "REFUSED: the token has expired." in done.stdout
    assert "the collector says: token 2 expired at 2026-01-01T00:00:00Z" in done.stdout
    other = Server(tmp_path / "other").init()
    try:  # a token of another collector with this one's address: the pin is not ours
        link = other.add_link()
        foreign = other.pantau("token", "create", "--link", link, "--collector",
                               f"127.0.0.1:{desk.port}").strip()
        done = router.enrol(foreign)
    finally:
        other.close()
    assert done.returncode == 1
    assert "who answers is not the collector that the token is from" in done.stderr
    assert agents_of(desk) == set()
    assert sorted(path.name for path in router.folder.iterdir()) == ["agent.conf", "agent.key"]


def test_damaged_token_is_told_before_anything_is_asked(server, tmp_path):
    server.link = server.add_link()
    router, token = Router(tmp_path / "router"), token_of(server)
    other = "1" if token[-20] == "0" else "0"
    for damaged in (token[:-1], token[5:], token + "0", "", token.replace("127", "128"), "x" * 5000,
                    token.upper(), token[:-20] + other + token[-19:]):
        done = router.enrol(damaged)
        assert done.returncode == 1 and "this is no token, or not all of it" in done.stderr
    assert not (router.folder / "agent.key").exists()


def test_without_a_signer_the_token_stays_good(running, tmp_path):
    router, token = Router(tmp_path / "router"), token_of(running)
    trying = Process(router.command(token), tmp_path / "enrol.log")
    try:
        wait_for(lambda: "not yet: the collector cannot sign now" in trying.text(), "it is told")
        assert agents_of(running) == set()
        running.start("signer")
        assert trying.popen.wait(60) == 0, trying.text()
    finally:
        trying.close()
    assert router.agent() == 1


# ---- power cuts

def test_a_cut_at_any_moment_leaves_one_agent_a_token(desk, tmp_path):
    """kill -9 of the router's program, of the signer or of ingest, at moments drawn by lot; then
    the same command again. One identity each, however often it was cut."""
    lot = random.Random(7)
    for number in range(1, CUTS // 3 + 1):
        router, token = Router(tmp_path / f"router-{number}"), token_of(desk)
        for victim in ("router", "signer", "ingest"):
            trying = Process(router.command(token), tmp_path / f"enrol-{number}.log")
            time.sleep(lot.uniform(0, 0.12))
            if victim == "router":
                trying.kill()
            else:
                desk.kill(victim)
                desk.start(victim)
                trying.kill()
            trying.close()
        for path in router.folder.iterdir():  # each file is whole or not there
            assert path.name.startswith(".") or path.stat().st_size > 0, path
        done = router.enrol(token)
        assert done.returncode == 0, done.stdout + done.stderr
        assert router.agent() == number
        assert agents_of(desk) == set(range(1, number + 1))


# What a program does to the world, or hears of it: it dies on the way into each, in turn.
STEPS = ("openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "unlink",
         "unlinkat", "fchmod", "fchmodat", "lchown", "connect", "sendto", "recvfrom", "close")


def dying(command, step, number):
    """Killed at the so-manyth call of its own of that kind."""
    return ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={step}", "-e",
            f"inject={step}:signal=KILL:when={number}", *command]


@pytest.mark.skipif(not LONG, reason="./test --long")
def test_router_that_dies_at_every_step(desk, tmp_path):
    deaths = agents = 0
    for step in STEPS:
        for number in itertools.count(1):
            agents += 1
            router, token = Router(tmp_path / f"router-{agents}"), token_of(desk)
            cut = subprocess.run(dying(router.command(token, build=RELEASE), step, number),
                                 capture_output=True, timeout=90).returncode
            for path in router.folder.iterdir():
                assert path.name.startswith(".") or path.stat().st_size > 0, (path, step, number)
            done = router.enrol(token)
            assert done.returncode == 0, (step, number, done.stdout + done.stderr)
            assert router.agent() == agents, (step, number)
            if cut == 0:  # it has no more of them
                break
            assert cut in (-9, 137), (step, number, cut)
            deaths += 1
    assert deaths > 50 and agents_of(desk) == set(range(1, agents + 1))


@pytest.mark.skipif(not LONG, reason="./test --long")
@pytest.mark.parametrize("victim", ["signer", "ingest"])
def test_server_that_dies_at_every_step(running, tmp_path, victim):
    """The question is asked of one that is about to die; afterwards of one that lives."""
    running.stop("ingest")
    binary = [program("pantau-collector", RELEASE), victim, "--state", str(running.state),
              "--config", str(running.config)]
    steps = ("pwrite64", "fdatasync", "unlink", "sendto", "recvfrom") if victim == "signer" else (
        "connect", "sendto", "write", "recvfrom", "read")
    other = "ingest" if victim == "signer" else "signer"
    running.start(other)
    deaths = agents = 0
    for step in steps:
        for number in itertools.chain(range(1, 25), itertools.count(30, 6)):
            agents += 1
            router, token = Router(tmp_path / f"router-{agents}"), token_of(running)
            doomed = Process(dying(binary, step, number), tmp_path / f"doomed-{agents}.log")
            trying = Process(router.command(token, build=RELEASE),
                             tmp_path / f"enrol-{agents}.log")
            try:
                wait_for(lambda: not doomed.alive() or "ENROLLED" in trying.text() or
                         trying.text().count("not yet") > 1, "something comes of it")
                died = not doomed.alive()
            finally:
                trying.close()
                doomed.close()
            running.start(victim)
            done = router.enrol(token)
            assert done.returncode == 0, (step, number, done.stdout + done.stderr)
            assert router.agent() == agents, (step, number)
            running.stop(victim)
            deaths += died
            if not died:  # it has no more of them
                break
    assert deaths > 10 and agents_of(running) == set(range(1, agents + 1))


# ---- strangers

def raw(server, alpn, source=""):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(alpn)
    return context.wrap_socket(socket.create_connection((server.address, server.port), 10,
                                                         (source, 0)))


def answer_to(server, text, source=""):
    with raw(server, ["pantau-enrol/1"], source) as talk:
        talk.sendall(struct.pack(">I", len(text)) + text)
        answer = b""
        while chunk := talk.recv(65536):
            answer += chunk
    return answer[4:]


def test_strangers_get_an_answer_and_nothing_else(desk):
    secret = b"0" * 32
    for text in (b"x", b"enrol", b"enrol " + secret, b"\0" * 4000, b"enrol " + b"g" * 32 + b"\nx",
                 b"enrol " + secret + b"\n" + b"-" * 3000,
                 b"enrol " + secret + b"\n-----BEGIN CERTIFICATE REQUEST-----\nMII\n"):
        assert answer_to(desk, text).startswith(b"refused malformed ")
    with raw(desk, ["pantau-enrol/1", "pantau/1"]) as talk:  # no way in beside the certificate
        with pytest.raises((ssl.SSLError, ConnectionError)):
            talk.sendall(b"\0\0\0\1x")
            assert not talk.recv(1), "an answer without a certificate"
            raise ConnectionError
    assert agents_of(desk) == set()


def test_a_stolen_agents_certificate_is_no_collector(desk, tmp_path):
    """Whoever took a router's key listens in the collector's place, with the CA beside it."""
    stolen = desk.issue(desk.link).folder
    chain = tmp_path / "chain.pem"
    chain.write_text((stolen / "agent.crt").read_text() + (stolen / "ca.crt").read_text())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, stolen / "agent.key")
    context.set_alpn_protocols(["pantau-enrol/1"])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        token = token_of(desk, "--collector", f"127.0.0.1:{listener.getsockname()[1]}")
        router = Router(tmp_path / "router")
        trying = Process(router.command(token), tmp_path / "enrol.log")
        try:
            listener.settimeout(20)
            with pytest.raises((ssl.SSLError, ConnectionError)):
                with context.wrap_socket(listener.accept()[0], server_side=True) as talk:
                    talk.recv(1000)
                    raise AssertionError("the router said its token to a stranger")
            assert trying.popen.wait(20) == 1
        finally:
            trying.close()
    assert "who answers is not the collector" in trying.text()


def part_of_status(server, name):
    rows = json.loads(server.run("status", "--json").stdout)
    return next(row for row in rows if row["part"] == name)


def test_status_says_who_signs(running, tmp_path):
    told = part_of_status(running, "signer")
    assert (told["state"], told["words"]) == ("ok", "does not run; no token waits for its router")
    token = token_of(running)
    told = part_of_status(running, "signer")
    assert told["state"] == "warn"
    assert "1 tokens wait for their routers, but nobody signs" in told["words"]
    running.start("signer")
    router = Router(tmp_path / "router")
    assert router.enrol(token).returncode == 0
    assert Router(tmp_path / "other").enrol(token).returncode == 1
    told = part_of_status(running, "signer")
    assert told["state"] == "ok" and told["words"].startswith(
        "runs; 0 tokens wait for their routers; 1 enrolled, 1 refused, 0 told to come again")
    assert "cannot be read" not in running.log("signer")  # to be looked at is no question


def test_who_guesses_waits_and_costs_nobody_else(desk, tmp_path):
    """One address is wrong as often as it may be, then all its questions wait, and the log has a
    line of each kind; another address enrols meanwhile."""
    request = subprocess.run(
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=x"
        " -keyout /dev/null", shell=True, capture_output=True, check=True).stdout
    told = [answer_to(desk, b"enrol %032x\n" % guess + request, "127.0.0.9")
            for guess in range(60)]
    wrong = [answer for answer in told if answer.startswith(b"refused unknown ")]
    assert len(wrong) == 20 and told[:20] == wrong
    assert all(answer.startswith(b"refused busy too many wrong tokens") for answer in told[20:])
    assert desk.log("ingest").count("not enrolled") == 2
    assert desk.log("signer").count("not signed") == 1
    router = Router(tmp_path / "router")
    assert router.enrol(token_of(desk)).returncode == 0 and router.agent() == 1
    words = part_of_status(desk, "signer")["words"]
    assert "1 enrolled, 20 refused, 40 told to come again" in words


# ---- tokens

def test_batch_is_a_table_for_a_factory(desk, tmp_path):
    table = tmp_path / "tokens.csv"
    desk.pantau("token", "create", "--link", desk.link, "--count", 3, "--csv", table)
    assert table.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(table.open()))
    assert [row["token"] for row in rows] == ["1", "2", "3"]
    assert len({row["text"] for row in rows}) == 3
    with pytest.raises(CommandFailed, match="is there already"):
        desk.pantau("token", "create", "--link", desk.link, "--count", 3, "--csv", table)
    for number, row in enumerate(rows, 1):
        router = Router(tmp_path / f"router-{number}")
        assert router.enrol(row["text"]).returncode == 0
        assert router.agent() == number
    for path in desk.state.rglob("*"):  # no secret stays
        if path.is_file():
            content = path.read_bytes()
            assert not any(row["text"].split("/")[2].encode() in content for row in rows), path


def code_on(sheet, number, picture):
    """What a camera reads that looks at one label: 2 x 7 of 99.1 x 38.1 mm on a page."""
    dpi, (row, column) = 200, divmod(number % 14, 2)
    left, top = 4.65 + column * 101.6, 15.15 + row * 38.1
    box = [str(int(length * dpi / 25.4)) for length in (left, top, 99.1, 38.1)]
    words = [word for pair in zip(("-x", "-y", "-W", "-H"), box) for word in pair]
    page = str(number // 14 + 1)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", "-singlefile", "-f", page, *words,
                    str(sheet), str(picture.with_suffix(""))], check=True, timeout=60)
    return subprocess.run(["zbarimg", "-q", "--raw", str(picture)], capture_output=True, text=True,
                          check=True, timeout=60).stdout.strip()


def test_every_link_without_an_agent_gets_a_token_and_a_label(desk, tmp_path):
    """The sheet is read as a camera and as a person reads it."""
    table, sheet = tmp_path / "tokens.csv", tmp_path / "labels.pdf"
    desk.issue(desk.link)
    links = [desk.add_link(desa=f"64.08.05.200{i % 3 + 1}") for i in range(15)]
    words = ("--every-link", "--csv", table, "--labels", sheet, "--valid", "12h")
    desk.pantau("token", "create", *words)
    assert sheet.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(table.open()))
    assert [int(row["link"]) for row in rows] == links
    for number in (0, 9, 13, 14):
        assert code_on(sheet, number, tmp_path / "label.pgm") == rows[number]["text"]
    told = subprocess.run(["pdftotext", "-layout", str(sheet), "-"], capture_output=True,
                          text=True, check=True, timeout=60).stdout
    expires = calendar.timegm(time.strptime(rows[0]["expires"], "%Y-%m-%dT%H:%M:%SZ"))
    local = time.strftime("%d/%m/%Y %H.%M.%S WITA", time.gmtime(expires + 8 * 3600))
    assert told.count(f"Berlaku s.d. {local}") == 15
    for row in rows:
        assert row["name"] in told and f"Link {row['link']} · wan" in told
    router = Router(tmp_path / "router")
    assert router.enrol(rows[14]["text"]).returncode == 0
    left = tmp_path / "left.csv"
    desk.pantau("token", "create", "--every-link", "--csv", left)
    assert len(list(csv.DictReader(left.open()))) == 14


def test_tokens_that_cannot_be_handed_out_are_taken_back(desk, tmp_path):
    table = tmp_path / "tokens.csv"
    done = desk.run("token", "create", "--every-link", "--csv", table, "--labels",
                    tmp_path / "missing" / "labels.pdf")
    assert done.returncode == 1 and "labels.pdf" in done.stderr
    assert not table.exists()
    assert [row["state"] for row in tokens_of(desk)] == ["revoked"]


def test_clear_refusals(desk):
    for words, told in ((("--link", 99), "link 99 does not exist"),
                        (("--link", desk.link, "--valid", "1y"), "must be a time like"),
                        (("--link", desk.link, "--wan", "A B"), "wan = A B"),
                        (("--link", desk.link, "--collector", "x"), "must be HOST:PORT"),
                        (("--link", desk.link, "--count", 2), "--count needs --csv"),
                        (("--every-link",), "--every-link needs --csv"),
                        ((), "either --link ID or --every-link"),
                        (("--link", desk.link, "--every-link"), "either --link ID or")):
        done = desk.run("token", "create", *words)
        assert done.returncode and told in done.stderr, done.stderr
    assert "does not exist" in desk.run("token", "revoke", 9).stderr
