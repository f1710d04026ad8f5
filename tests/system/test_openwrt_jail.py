# SPDX-License-Identifier: Apache-2.0
"""The agent in the jail that the start script asks procd for, with the account, the capabilities,
the mounts and the filter of system calls of the very same files. A call that the filter does not
know ends its process by SIGSYS: the test sees it."""

import errno
import http.server
import json
import os
import signal
import subprocess
import threading

import pytest

from support.mounts import own_mounts
from support.programs import RELEASE, ROOT, Process, program, wait_for
from support.records import kept_slots
from system.test_openwrt import FILES, STAND_INS
from system.test_renew import DUE
from system.test_renew import Router as Issued

UID = GID = 7443
JAIL = ROOT / "tests" / "support" / "jail.py"
ACCOUNTS = f"root:x:0:0:root:/root:/bin/ash\npantau:*:{UID}:{GID}:pantau:/var:/bin/false\n"
# What a source of evidence does, and what it must not be able to do.
SCRIPT = """#!/bin/sh
out={state}/told
echo "account=$(id -u)" >$out.new
echo "words=$(echo one two | wc -w)" >>$out.new
touch /new 2>/dev/null || echo root=read-only >>$out.new
touch {keys}/new 2>/dev/null || echo keys=read-only >>$out.new
touch /usr/bin/new 2>/dev/null || echo programs=read-only >>$out.new
ls {hidden} >/dev/null 2>&1 || echo others=hidden >>$out.new
echo "processes=$(ls -d /proc/[0-9]* | wc -l)" >>$out.new
mv $out.new $out
"""
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a jail is root's to build")


class Router:
    """What the package lays on a router, in a folder."""

    def __init__(self, folder, issued):
        self.folder, self.keys = folder, folder / "etc"
        self.state, self.spool, self.run = (self.keys / "state", self.keys / "spool",
                                            folder / "run")
        self.conf, self.log = folder / "var" / "agent.conf", folder / "procd.log"
        self.unjailed = folder / "var" / "unjailed"
        issued.folder.rename(self.keys)
        self.accounts = folder / "passwd"
        self.accounts.write_text(ACCOUNTS)
        (folder / "config").mkdir()
        self.evidence = self.keys / "evidence.d"
        self.evidence.mkdir()
        self.ujail = folder / "ujail"
        self.ujail.write_text("#!/bin/sh\n")
        self.ujail.chmod(0o755)
        self.preload = folder / "libpreload-seccomp.so"
        self.preload.touch()
        self.agent = None

    def env(self):
        return dict(os.environ, PATH=f"{STAND_INS}/bin:{os.environ['PATH']}", LANG="en",
                    IPKG_INSTROOT=str(STAND_INS), PROCD_LOG=str(self.log), CONF=str(self.conf),
                    UCI_FOLDER=str(self.folder / "config"), ACCOUNTS=str(self.accounts),
                    PROGRAM=program("pantau-agent", RELEASE), FOLDER=str(self.keys),
                    UJAIL=str(self.ujail), PRELOAD=str(self.preload),
                    UNJAILED=str(self.unjailed), CAPABILITIES=str(FILES / "capabilities.json"),
                    SECCOMP=str(FILES / "seccomp.json"), LAST_WORDS=str(self.folder / "pstore"))

    def configure(self, port, **main):
        text = "config pantau 'main'\n\toption enabled '1'\n"
        text += "".join(f"\toption {name} '{value}'\n" for name, value in main.items())
        for section, options in {
                "collector": {"address": f"127.0.0.1:{port}", "ca": self.keys / "ca.crt",
                              "certificate": self.keys / "agent.crt",
                              "key": self.keys / "agent.key"},
                "agent": {"state_folder": self.state, "spool_folder": self.spool, "slot_s": 1,
                          "runtime_folder": self.run, "round_s": 1},
                "wan": {"interface": "lo", "internet_targets": "127.0.0.1", "name": "router",
                        "tcp_target": f"127.0.0.1:{port}", "edge_targets": "off",
                        "provider_targets": "off", "gateway_target": "off"},
                "dns": {"resolvers": "127.0.0.1"},
                "evidence": {"folder": self.evidence}}.items():
            text += f"\nconfig {section} '{section}'\n" + "".join(
                f"\toption {name} '{value}'\n" for name, value in options.items())
        (self.folder / "config" / "pantau").write_text(text)

    def call(self, function):
        self.log.write_text("")
        done = subprocess.run(
            ["sh", "-c", f". {STAND_INS}/lib/functions.sh; . {FILES}/pantau.init; {function}"],
            env=self.env(), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and not done.stderr, done.stderr
        return self.log.read_text()

    def jailed(self, *words):
        more = f"mount {RELEASE}\n" + "".join(  # where this machine has them
            f"mount {path}\n" for path in ("/lib64", "/etc/ld.so.cache") if os.path.exists(path))
        self.log.write_text(self.log.read_text() + more)
        return [*own_mounts("--pid", "--ipc", "--fork", "--kill-child"), "/usr/bin/python3",
                str(JAIL), str(self.log), str(self.accounts), *words]

    def start(self):
        self.call("start_service")
        self.agent = Process(self.jailed(), self.folder / "log")
        return self

    def inner(self):
        """The agent's process, as this machine numbers it."""
        children = f"/proc/{self.agent.pid}/task/{self.agent.pid}/children"
        with open(children, encoding="utf-8") as file:
            return int(file.read().split()[0])

    def stop(self):
        """As procd: to the agent. The exit status of the jail is its."""
        os.kill(self.inner(), 15)
        return self.agent.popen.wait(20)

    def status(self):
        try:
            return json.loads((self.run / "status.json").read_text())
        except (OSError, ValueError):
            return {}

    def wait(self, look, what):
        def looked():
            assert self.agent.alive(), f"{self.agent.popen.poll()} {self.agent.text()[-3000:]}"
            return look()
        return wait_for(looked, f"{what}\n{self.agent.text()[-3000:]}", 30)


@pytest.fixture(name="router")
def fixture_router(running, tmp_path):
    running.start("signer")
    tmp_path.chmod(0o755)
    made = Router(tmp_path, Issued(running, DUE))
    running.wait_roster()
    made.configure(running.port)
    yield made
    if made.agent:
        made.agent.close()


def test_the_jail_is_asked_for_with_all_that_it_needs(router):
    log = router.call("start_service").splitlines()
    assert "jail pantau procfs sysfs ronly" in log and "no_new_privs 1" in log
    assert "user pantau" in log and "group pantau" in log
    assert {line for line in log if line.startswith("mount_rw")} == {
        f"mount_rw {folder}" for folder in (router.state, router.spool, router.run)}
    assert not any(line.startswith("log ") for line in log)
    assert not router.unjailed.exists()
    assert oct(router.conf.stat().st_mode & 0o777) == "0o600"
    for path in (router.conf, router.state, router.spool, router.run, router.keys / "agent.key"):
        assert (path.stat().st_uid, path.stat().st_gid) == (UID, GID), path
    assert (router.keys.stat().st_uid, router.keys.stat().st_gid) == (0, GID)
    assert oct(router.keys.stat().st_mode & 0o777) == "0o750"


def test_a_whole_life_in_the_jail(router, running):
    """It probes, delivers, renews its certificate, runs a source of evidence, and ends in order."""
    script = router.evidence / "source.sh"
    script.write_text(SCRIPT.format(state=router.state, keys=router.keys, hidden=running.state))
    script.chmod(0o755)
    router.start()
    router.wait(lambda: kept_slots(running.state, running.link), "the ledger has its slots")
    router.wait((router.state / "identity.pem").exists, "a renewed certificate")
    router.wait((router.state / "told").exists, "a source of evidence has run")
    told = dict(line.split("=") for line in (router.state / "told").read_text().splitlines())
    assert int(told.pop("processes")) < 10  # its own tree
    assert told == {"account": str(UID), "words": "2", "root": "read-only", "keys": "read-only",
                    "programs": "read-only", "others": "hidden"}
    router.wait(lambda: router.status().get("connected"), "it is connected")
    with open(f"/proc/{router.inner()}/status", encoding="utf-8") as file:
        status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
    assert {int(status[kind], 16) for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
    assert status["Uid"].split() == [str(UID)] * 4
    shown = subprocess.run([program("pantau-agent", RELEASE), "status", "--english", "--config",
                            router.conf], capture_output=True, text=True, timeout=30)
    assert shown.returncode == 0 and "Certificate good until" in shown.stdout, shown.stdout
    assert router.status()["pid"] == 1  # of its own tree: the folder's lock tells that it lives
    assert router.stop() == 0, router.agent.text()
    gone = subprocess.run([program("pantau-agent", RELEASE), "status", "--english", "--config",
                           router.conf], capture_output=True, text=True, timeout=30)
    assert gone.returncode == 5 and "AGENT NOT RUNNING" in gone.stdout, gone.stdout


def test_the_helper_fetches_a_page_in_the_jail(router):
    asked = []

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *words):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Page) as page:
        threading.Thread(target=page.serve_forever, daemon=True).start()
        router.call("start_service")
        done = subprocess.run(
            router.jailed(str(RELEASE / "agent/probe/pantau-probe"), "http",
                          f"http://127.0.0.1:{page.server_port}/page"),
            capture_output=True, text=True, timeout=60)
        page.shutdown()
    assert asked == ["/page"], (done.returncode, done.stdout, done.stderr)
    assert done.returncode == 0, done.stderr


CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(libc.syscall({number}, -1, 0, 0, 0) < 0 and ctypes.get_errno())
"""


@pytest.mark.parametrize("name, told", (
    ("close", f"{errno.EBADF}\n"), ("bpf", f"{errno.EPERM}\n"), ("kexec_load", None)))
def test_a_call_is_let_or_refused_or_ends_its_process(router, name, told):
    """What no program there needs ends it; what one may try and do without is refused."""
    import seccomp
    number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
    assert number >= 0
    router.call("start_service")
    done = subprocess.run(router.jailed("/usr/bin/python3", "-c", CALL.format(number=number)),
                          capture_output=True, text=True, timeout=60)
    if told:
        assert (done.returncode, done.stdout) == (0, told), done.stderr
    else:
        assert done.returncode in (-signal.SIGSYS, 128 + signal.SIGSYS), done.stderr


@pytest.mark.parametrize("lacks, words", (
    ("ujail", "runs as pantau without a jail: {ujail} is missing (package procd-ujail)"),
    ("account", "runs as root without a jail: there is no account pantau"),
    ("guard", "runs as root without a jail: option guarded is 0")))
def test_without_a_jail_it_runs_and_says_so(router, running, lacks, words):
    if lacks == "ujail":
        router.ujail.unlink()
    elif lacks == "account":
        router.accounts.write_text(ACCOUNTS.splitlines()[0] + "\n")
    else:
        router.configure(running.port, guarded="0")
    log = router.call("start_service")
    words = words.format(ujail=router.ujail)
    assert f"log {words}\n" in log and "\njail " not in log and "\nuser " not in log
    assert router.unjailed.read_text() == f"{words}\n"
    asked = subprocess.run([program("pantau-agent", RELEASE), "check", "--config", router.conf],
                           capture_output=True, text=True, timeout=30)
    assert asked.returncode == 0, asked.stderr
    assert ("user = pantau" in router.conf.read_text()) == (lacks == "ujail")


def test_a_jail_without_its_filter_is_told_once(router):
    router.preload.unlink()
    words = (f"runs in a jail without a filter of system calls: {router.preload} is missing "
             "(package procd-seccomp)")
    log = router.call("start_service")
    assert f"log {words}\n" in log and "\njail " in log
    assert "log " not in router.call("start_service")  # the network changed
    assert router.unjailed.read_text() == f"{words}\n"
    router.preload.touch()
    assert "log " not in router.call("start_service") and not router.unjailed.exists()


def owners(*folders):
    return {path: (path.stat().st_uid, path.stat().st_gid, path.stat().st_ctime_ns)
            for folder in folders for path in (folder, *folder.rglob("*"))}


def test_what_root_wrote_while_unguarded_becomes_the_accounts(router, running):
    """The agent itself as root, then in the jail; a start that changes nobody writes nothing."""
    router.configure(running.port, guarded="0")
    router.call("start_service")
    router.agent = Process([program("pantau-agent", RELEASE), "run", "--config", router.conf],
                           router.folder / "root.log")
    router.wait(lambda: kept_slots(running.state, running.link), "slots of root's")
    (router.state / "deep").mkdir()
    (router.state / "deep" / "file").touch()
    assert router.agent.stop() == 0
    before = owners(router.state, router.spool)
    assert any(uid == 0 for uid, _, _ in before.values())
    router.call("start_service")
    assert owners(router.state, router.spool) == before
    slots = len(kept_slots(running.state, running.link))
    router.configure(running.port)
    router.call("start_service")
    given = owners(router.state, router.spool)
    assert {whose[:2] for whose in given.values()} == {(UID, GID)}
    router.start()
    router.wait(lambda: len(kept_slots(running.state, running.link)) > slots, "slots of the jail's")
    router.wait((router.state / "identity.pem").exists, "a renewed certificate")
    assert router.stop() == 0, router.agent.text()
    before = owners(router.state, router.spool)
    router.call("start_service")
    assert owners(router.state, router.spool) == before
