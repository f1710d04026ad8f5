# SPDX-License-Identifier: Apache-2.0
"""Each process as its unit runs it: with an account of its own, that reaches what is its own and
nothing else, and with the unit's filter of system calls, under which all of its work goes on."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from support import records
from support.listeners import Hook
from support.present import Agent, report_until_now
from support.programs import RELEASE, ROOT, Process, free_port, program, wait_for
from support.records import kept_slots
from support.reporter import Reporter
from support.server import Server
from support.site import ini
from system.test_stamp import Sender, free_udp_port, key_of, question, signed

UNITS = ROOT / "systemd"
BOOT = b"S" * 16
CONFINE = ROOT / "tests" / "support" / "confine.py"
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="accounts are root's to change")


@pytest.fixture(name="accounts", scope="module")
def fixture_accounts():
    """A root in which systemd-sysusers made the accounts of our files, with this machine's own."""
    base = Path(tempfile.mkdtemp(prefix="pantau-accounts-", dir="/tmp"))
    base.chmod(0o755)
    (base / "etc").mkdir()
    for name in ("passwd", "group"):
        lines = Path(f"/etc/{name}").read_text().splitlines(keepends=True)
        (base / "etc" / name).write_text("".join(
            line for line in lines if not line.startswith("pantau")))
    subprocess.run(["systemd-sysusers", f"--root={base}", *sorted(UNITS.glob("*.sysusers"))],
                   check=True, timeout=30)
    yield base
    shutil.rmtree(base)


def confined(unit, accounts, command, *words):
    return ["/usr/bin/python3", str(CONFINE), *words, str(UNITS / f"{unit}.service"), str(accounts),
            *map(str, command)]


class Confined(Server):
    """A server of which each part runs as its unit says."""

    def __init__(self, folder, accounts, build=RELEASE, **options):
        self.accounts = accounts
        super().__init__(folder, build=build, **options)
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        for name in ("pantau", "pantau-collector", "pantau-web", "pantau-agent", "pantau-probe"):
            shutil.copy(program(name, build), self.bin)

    def run(self, *words, under=()):
        """As root, where the accounts are this machine's; `under`: words before the command."""
        here = self.accounts / "etc"
        command = [*under, "env", "LD_PRELOAD=libnss_wrapper.so",
                   f"NSS_WRAPPER_PASSWD={here}/passwd",
                   f"NSS_WRAPPER_GROUP={here}/group", self.bin / "pantau", *words,
                   "--state", self.state, "--config", self.config]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120)

    def give_rights(self):
        """As pantau-rights.service does: root with the powers that the unit leaves it."""
        unit = (UNITS / "pantau-rights.service").read_text()
        held = re.search("^CapabilityBoundingSet=(.+)$", unit, re.MULTILINE)[1].split()
        bounds = ",".join(f"+{name.removeprefix('CAP_').lower()}" for name in held)
        done = self.run("init", "--rights", under=[
            "setpriv", "--inh-caps=-all", f"--bounding-set=-all,{bounds}"])
        assert done.returncode == 0, done.stderr

    def launch(self, name, *words):
        binary = ["pantau-web"] if name == "web" else ["pantau-collector", name]
        command = confined(f"pantau-{name}", self.accounts, [
            self.bin / binary[0], *binary[1:], "--state", self.state, "--config", self.config],
            *words)
        handed = {}
        if name == "signer":
            command = ["env", f"CREDENTIALS_DIRECTORY={self.credential()}", *command]
        self.parts[name] = Process(command, self.folder / f"{name}.log", **handed)

    def credential(self):
        """The CA's key as LoadCredential hands it over: a copy that the account alone reads."""
        folder = self.folder / "credentials"
        folder.mkdir(exist_ok=True)
        shutil.copy(self.state / "ca" / "ca.key", folder)
        uid = account(self.accounts, "pantau-signer")
        for path in (folder, folder / "ca.key"):
            os.chown(path, uid, -1)
            path.chmod(0o500 if path == folder else 0o400)
        return folder


def account(accounts, name):
    for line in (accounts / "etc/passwd").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split(":")[2])
    raise AssertionError(name)


@pytest.fixture(name="server", scope="module")
def fixture_server(accounts):
    base = Path(tempfile.mkdtemp(prefix="pantau-sandbox-", dir="/tmp"))
    base.chmod(0o755)
    server = Confined(base / "server", accounts)
    try:
        server.init()
        server.link = server.add_link()
        server.add_contract(server.link)
        server.start("ingest", "ledger", "signer", "web")
        begin_journal(server)
        yield server
    finally:
        server.close()
        shutil.rmtree(base)


def begin_journal(server):
    """A record of another link, so that there is a journal to be opened."""
    issued = server.issue(server.add_link(), "seen")
    told = [records.start(BOOT, 0, 3), records.anchor(BOOT, 0, 1767300000 * 1000000)]
    with Reporter(server, issued) as reporter:
        reporter.hello((1, 3, 1, len(told)))
        assert reporter.deliver(1, list(enumerate(told, 1))) == {}


def attempt(server, unit, path, flags):
    """What an open() of that account ends with: 0 or an errno."""
    script = ("import os, sys\n"
              "try:\n    os.close(os.open(sys.argv[1], int(sys.argv[2])))\n"
              "except OSError as e:\n    sys.exit(e.errno)\n")
    return subprocess.run(confined(unit, server.accounts, [
        "/usr/bin/python3", "-c", script, server.state / path, flags], "--plain"), timeout=30,
        check=False, capture_output=True).returncode


def write_agent(server, folder, **agent):
    conf = folder / "agent.conf"
    conf.write_text(ini({
        "collector": {"ca": folder / "ca.crt", "certificate": folder / "agent.crt",
                      "key": folder / "agent.key"},
        "agent": {"state_folder": folder / "state", "spool_folder": folder / "state" / "spool",
                  "runtime_folder": folder / "run", "slot_s": 1, "round_s": 1, **agent},
        "wan": {"interface": "lo", "internet_targets": "127.0.0.1", "tcp_target": "",
                "edge_targets": "off", "provider_targets": "off", "gateway_target": "off"},
        "dns": {"resolvers": "off"}}))
    return conf


@pytest.fixture(name="enrolled", scope="module")
def fixture_enrolled(server):
    """The folder of an agent that enrolled: ingest asked, and the signer signed."""
    folder = server.folder / "router"
    folder.mkdir()
    conf = write_agent(server, folder)
    token = server.pantau("token", "create", "--link", server.link, "--collector",
                          f"127.0.0.1:{server.port}").strip()
    done = subprocess.run([server.bin / "pantau-agent", "enrol", token, "--english", "--config",
                           conf], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr + done.stdout + server.log("ingest") + \
        server.log("signer")
    return folder


def own(folder, uid):
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, uid)


def status_lines(pid):
    return dict(line.split(":\t", 1) for line in
                Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)


def show_and_decide(server):
    """What the web reads, draws and writes."""
    assert json.loads(server.get(f"/api/v1/links/{server.link}"))
    assert server.get("/metrics")
    assert server.get("/api/v1/reports/2026-01/64.08.pdf").startswith(b"%PDF")
    body = json.dumps({"link": server.link, "at": "2026-01-05", "number": "T-1",
                       "opened": "2026-01-05"})
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.web_port}/api/v1/tickets", body.encode(), method="POST",
        headers={"Authorization": f"Bearer {server.token('noc')}",
                 "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status in (200, 201)


def test_confined_parts_do_their_work(server, enrolled):
    """An agent reports, its records are judged and shown; not one call was refused, for the first
    would have ended its process."""
    uid = account(server.accounts, "pantau-agent")
    own(enrolled, uid)
    agent = Process(confined("pantau-agent", server.accounts, [
        server.bin / "pantau-agent", "run", "--config", enrolled / "agent.conf"]),
        server.folder / "agent.log")
    try:
        def told():
            assert agent.alive(), agent.text()
            return kept_slots(server.state, server.link)
        wait_for(told, "the ledger has the agent's slots", timeout_s=30)
        show_and_decide(server)
        status = status_lines(agent.pid)
        assert {int(status[kind], 16) for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
        assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
        assert agent.stop() == 0
    finally:
        agent.close()
    for name, part in server.parts.items():
        assert part.alive(), f"{name}: {part.popen.poll()}\n{part.text()[-2000:]}"


READ, WRITE, NEW = os.O_RDONLY, os.O_WRONLY, os.O_WRONLY | os.O_CREAT
KEYS = ("ca/ca.key", "tls/server.key", "stamp.key", "keys/closing.key")
MAY = {  # unit: what it may open
    "pantau-ingest": {("tls/server.key", READ), ("stamp.key", READ), ("ca/ca.crt", READ),
                      ("roster.json", READ), ("journal/new", NEW)},
    "pantau-ledger": {("keys/closing.key", READ), ("ledger.db", WRITE), ("journal/new", NEW)},
    "pantau-web": {("registry.db", WRITE), ("ledger.db", READ), ("roster.json", READ)},
    "pantau-alert": {("registry.db", READ), ("ledger.db", READ)},
    "pantau-signer": {("registry.db", WRITE), ("ca/ca.crt", READ)},
}
MAY_NOT = {  # unit: what it may not, beside all keys that are not above
    "pantau-ingest": {("registry.db", READ), ("ledger.db", READ), ("ledger.db", WRITE),
                      ("registry.db", WRITE), ("roster.json", WRITE), ("new", NEW),
                      ("keys/new", NEW), ("tls/server.key", WRITE), ("ca/new", NEW)},
    "pantau-ledger": {("tls/new", NEW), ("ca/new", NEW)},
    "pantau-web": {("keys/new", NEW), ("tls/new", NEW), ("ca/new", NEW)},
    "pantau-alert": {("journal/new", NEW), ("keys/new", NEW), ("tls/new", NEW), ("ca/new", NEW)},
    "pantau-signer": {("keys/new", NEW), ("tls/new", NEW), ("ca/new", NEW), ("ca/ca.key", READ)},
}


@pytest.mark.parametrize("unit", sorted(MAY))
def test_an_account_reaches_its_own_and_nothing_else(server, unit):
    (server.state / "keys").mkdir(exist_ok=True)
    (server.state / "keys/closing.key").touch(0o600)
    assert server.run("init", "--rights").returncode == 0
    segment = next((server.state / "journal").glob("*.seg")).relative_to(server.state)
    denied = MAY_NOT[unit] | {(key, READ) for key in KEYS} - MAY[unit]
    if unit != "pantau-ingest":
        denied = denied | {(segment, WRITE)}
    got = {wish: attempt(server, unit, *wish) for wish in MAY[unit] | denied}
    try:
        assert {wish for wish, errno in got.items() if errno == 0} == MAY[unit]
        assert {errno for wish, errno in got.items() if wish in denied} == {13}
    finally:
        for path in ("journal/new", "new"):
            (server.state / path).unlink(missing_ok=True)


def test_nobody_else_sees_what_is_in_the_folder(server):
    modes = {path: os.stat(server.state / path).st_mode & 0o7777
             for path in (".", "journal", "registry.db", "ledger.db", *KEYS[:3])}
    assert modes == {".": 0o2771, "journal": 0o3770, "registry.db": 0o660, "ledger.db": 0o660,
                     "ca/ca.key": 0o600, "tls/server.key": 0o400, "stamp.key": 0o400}


# ---- names in folders

MOVE = ("import json, os, sys\n"
        "done = {}\n"
        "for path in sys.argv[1:]:\n"
        "    try:\n"
        "        os.rename(path, path + '.moved')\n"
        "        os.rename(path + '.moved', path)\n"
        "        done[path] = 0\n"
        "    except OSError as e:\n        done[path] = e.errno\n"
        "print(json.dumps(done))\n")
WITHIN = ("ca/ca.key", "ca/ca.crt", "tls/server.key", "keys/closing.key", "journal/kept")
DIRECTLY = ("ca", "tls", "keys", "journal", "stamp.key", "registry.db", "roster.json")


@pytest.fixture(name="idle")
def fixture_idle(accounts):
    """A state folder of which nothing runs."""
    base = Path(tempfile.mkdtemp(prefix="pantau-idle-", dir="/tmp"))
    base.chmod(0o755)
    server = Confined(base / "server", accounts)
    try:
        yield server.init()
    finally:
        server.close()
        shutil.rmtree(base)


def moved_by(server, unit, names):
    """{name: what renaming it ends with, 0 or an errno}, for that account."""
    paths = [str(server.state / name) for name in names]
    done = subprocess.run(confined(unit, server.accounts, [
        "/usr/bin/python3", "-c", MOVE, *paths], "--plain"), timeout=30, check=True,
        capture_output=True, text=True)
    got = json.loads(done.stdout)
    return {name: got[path] for name, path in zip(names, paths)}


def test_who_may_move_what(idle):
    """Nobody but its own account moves what lies in a folder of the state; directly in the state
    folder the group's accounts can, as SECURITY.md says, and ingest cannot."""
    (idle.state / "keys").mkdir(exist_ok=True)
    for path in ("keys/closing.key", "journal/kept"):
        (idle.state / path).touch(0o600)
    idle.give_rights()
    for unit in ("pantau-web", "pantau-alert", "pantau-signer"):
        assert set(moved_by(idle, unit, WITHIN).values()) <= {1, 13}, unit
        assert set(moved_by(idle, unit, DIRECTLY).values()) == {0}, unit
    assert set(moved_by(idle, "pantau-ingest", DIRECTLY).values()) == {13}
    assert moved_by(idle, "pantau-ledger", WITHIN) == {
        "ca/ca.key": 13, "ca/ca.crt": 13, "tls/server.key": 13, "keys/closing.key": 0,
        "journal/kept": 1}


def test_the_reflector_answers_under_its_filter(idle):
    idle.configure({"reflector": {"listen": f"127.0.0.1:{free_udp_port()}"}})
    idle.start("reflector")
    sender, key = Sender(idle), key_of(idle, 7)
    with sender.socket:
        for number in range(3):
            answer = sender.ask(question(number, 7, key), 20)
            assert answer == signed(answer[:96], key)
    status = status_lines(idle.parts["reflector"].pid)
    assert {int(status[kind], 16) for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
    assert int(status["Uid"].split()[0]) == account(idle.accounts, "pantau-ingest")
    idle.stop("reflector")


def test_the_speed_endpoint_serves_under_its_filter(idle):
    """Both ways; what moved is noted in a file of the web's, which the ledger reads."""
    port = free_port()
    idle.configure({"web": {"listen": f"127.0.0.1:{idle.web_port}",
                            "speed_listen": f"127.0.0.1:{port}"}})
    idle.start("ledger", "web")
    url, sent = f"http://127.0.0.1:{port}/speed/v1", 300000
    with urllib.request.urlopen(f"{url}/down?nonce={1:016x}&bytes={sent}", timeout=20) as answer:
        assert len(answer.read()) == sent
    with urllib.request.urlopen(f"{url}/up?nonce={2:016x}", bytes(sent), timeout=20) as answer:
        assert answer.read() == b"taken\n"

    def noted():
        lines = [line.split() for path in (idle.state / "speed").glob("*")
                 for line in path.read_text().splitlines()]
        return sorted((int(line[0], 16), line[1], int(line[3])) for line in lines)
    wait_for(lambda: noted() == [(1, "down", sent), (2, "up", sent)], "both are noted")
    assert status_lines(idle.parts["web"].pid)["Seccomp"] == "2"
    day = next((idle.state / "speed").glob("*")).relative_to(idle.state)
    assert os.stat(idle.state / day).st_uid == account(idle.accounts, "pantau-web")
    assert attempt(idle, "pantau-ledger", day, READ) == 0
    assert attempt(idle, "pantau-ingest", day, READ) == 13
    idle.stop("web", "ledger")


def test_alert_tells_under_its_filter(idle):
    """An outage, to a webhook, signed with a secret that the account alone reads."""
    hook, secret = Hook(), idle.folder / "hook"
    secret.write_text("hook secret\n")
    os.chown(secret, account(idle.accounts, "pantau-alert"), -1)
    secret.chmod(0o400)
    idle.configure({"alert": {"webhook_url": f"{hook.url}/in", "webhook_secret_file": secret,
                              "down_s": 5, "calm_s": 2}})
    link = idle.add_link()
    idle.add_contract(link, words=("--window", 20, "--bridge", 120))
    try:
        idle.start("ingest", "ledger")
        agent = Agent(idle, link, "down")
        idle.start("alert")
        report_until_now(agent, lost=1, cause="provider")
        wait_for(lambda: hook.told, "the webhook is told", 30)
        assert (hook.told[0]["event"], hook.told[0]["members"][0]["link"]) == ("opened", link)
        assert not hook.faults
        assert status_lines(idle.parts["alert"].pid)["Seccomp"] == "2"
        idle.stop("alert")
    finally:
        hook.close()


# ---- from a version in which all was one account's

OLD = ("ingest.marks", "ingest.roster", "followers.json")


def make_old(server):
    """As that version left the folder: the account's own and closed to all others, ingest's files
    beside the journal, sockets of processes that were killed."""
    for name in OLD:
        path = server.state / "journal" / name
        if path.exists():
            path.rename(server.state / name)
        else:
            (server.state / name).write_text("{}")
    for name in ("ingest", "ledger", "signer", "web"):
        for path in (server.state / f"{name}.sock", server.state / "journal" / f"{name}.sock"):
            path.unlink(missing_ok=True)
            with socket.socket(socket.AF_UNIX) as left:
                left.bind(str(path))
    own(server.state, account(server.accounts, "pantau"))
    for folder in (server.state, server.state / "journal"):
        folder.chmod(0o750)


def test_a_folder_of_one_account_is_given_to_several(idle):
    idle.link = idle.add_link()
    idle.start("ingest")
    begin_journal(idle)
    assert idle.parts.pop("ingest").stop() == 0
    make_old(idle)
    before = {name: (idle.state / name).read_bytes() for name in OLD}
    idle.give_rights()
    ingest = account(idle.accounts, "pantau-ingest")
    for name in OLD:
        assert not (idle.state / name).exists()
        assert (idle.state / "journal" / name).read_bytes() == before[name]
        assert os.stat(idle.state / "journal" / name).st_uid == ingest
    idle.start("ingest", "ledger", "signer", "web")
    assert json.loads(idle.get(f"/api/v1/links/{idle.link}"))


def test_a_folder_without_a_journal_gets_one(idle):
    shutil.rmtree(idle.state / "journal")
    own(idle.state, account(idle.accounts, "pantau"))
    idle.state.chmod(0o750)
    idle.give_rights()
    kept = os.stat(idle.state / "journal")
    assert (kept.st_uid, kept.st_mode & 0o7777) == (
        account(idle.accounts, "pantau-ingest"), 0o3770)


def test_a_journal_that_is_a_link_gets_nothing(idle, tmp_path):
    """Who may write in the state folder could point it at another's."""
    own(idle.state, account(idle.accounts, "pantau"))
    shutil.rmtree(idle.state / "journal", ignore_errors=True)
    (idle.state / "journal").symlink_to(tmp_path)
    (idle.state / OLD[0]).write_text("planted")
    with pytest.raises(AssertionError, match="cannot be given to its owners"):
        idle.give_rights()
    assert not any(tmp_path.iterdir())


FORBIDDEN = {"ptrace": "libc.ptrace(0, 0, 0, 0)", "mount": "libc.mount(b'a', b'/b', b'c', 0, 0)",
             "unshare of users": "libc.setns(-1, 0) if False else libc.keyctl(0)",
             "packets": "socket.socket(17, 3, 0)", "bpf": "libc.syscall(321, 0, 0, 0)",
             "another account": "os.setuid(0)", "modules": "libc.syscall(313, -1, b'', 0)"}


@pytest.mark.parametrize("unit", sorted(path.stem for path in UNITS.glob("*.service")
                                        if path.stem not in ("pantau-backup", "pantau-rights")))
def test_calls_that_nothing_needs_are_refused(accounts, unit):
    script = ("import ctypes, os, socket, sys\nlibc = ctypes.CDLL(None, use_errno=True)\n"
              "refused = []\n"
              f"for name, code in {FORBIDDEN!r}.items():\n"
              "    try:\n"
              "        value = eval(code)\n"
              "        errno = ctypes.get_errno() if isinstance(value, int) and value < 0 else 0\n"
              "    except AttributeError:\n        errno = 1\n"
              "    except OSError as e:\n        errno = e.errno\n"
              "    ctypes.set_errno(0)\n"
              "    refused += [name] if errno in (1, 97) else []\n"
              "print(','.join(sorted(refused)))\n")
    done = subprocess.run(confined(unit, accounts, ["/usr/bin/python3", "-c", script], "--refuse"),
                          capture_output=True, text=True, timeout=30)
    assert done.stdout.strip().split(",") == sorted(FORBIDDEN), done.stderr


# ---- a socket that outlives the process

def hand_over(listening, command):
    """The command with the socket as the service manager hands it over."""
    script = ('exec 3<&"$1"; shift; LISTEN_FDS=1 LISTEN_PID=$$; export LISTEN_FDS LISTEN_PID;'
              ' exec "$@"')
    return ["bash", "-c", script, "bash", str(listening.fileno()), *map(str, command)]


class Handed(Server):
    """Its listeners are the test's, and handed to each process."""

    def __init__(self, folder, **options):
        super().__init__(folder, **options)
        self.listening = {name: socket.create_server(("127.0.0.1", port), backlog=4096)
                          for name, port in (("ingest", self.port), ("web", self.web_port))}

    def launch(self, name):
        if name not in self.listening:
            super().launch(name)
            return
        listening = self.listening[name]
        words = ["pantau-web"] if name == "web" else ["pantau-collector", name]
        command = [program(words[0], self.build), *words[1:], "--state", self.state, "--config",
                   self.config]
        self.parts[name] = Process(hand_over(listening, command), self.folder / f"{name}.log",
                                   pass_fds=[listening.fileno()])

    def close(self):
        super().close()
        for listening in self.listening.values():
            listening.close()


def connect_until(port, stop, outcomes):
    while not stop.is_set():
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=20):
                outcomes.append("in")
        except OSError as e:
            outcomes.append(repr(e))
        time.sleep(0.005)


@pytest.mark.parametrize("part", ["ingest", "web"])
def test_a_restart_refuses_no_connection(tmp_path, part):
    server = Handed(tmp_path / "server").init()
    port, stop, outcomes = getattr(server, "port" if part == "ingest" else "web_port"), \
        threading.Event(), []
    try:
        server.start(part)
        guests = [threading.Thread(target=connect_until, args=(port, stop, outcomes))
                  for _ in range(4)]
        for guest in guests:
            guest.start()
        for way in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
            before = len(outcomes)
            wait_for(lambda: len(outcomes) > before + 20, "they connect")
            os.kill(server.parts[part].pid, way)
            server.parts.pop(part).popen.wait(20)
            gone = len(outcomes)
            wait_for(lambda: len(outcomes) > gone + 20, "they connect while nobody is there")
            server.start(part)
    finally:
        stop.set()
        for guest in guests:
            guest.join()
        server.close()
    assert set(outcomes) == {"in"}
