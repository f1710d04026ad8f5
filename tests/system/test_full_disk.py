# SPDX-License-Identifier: Apache-2.0
"""A state folder without space: nothing is acknowledged, everybody says so, and it goes on by
itself when there is space again."""

import errno
import os
import subprocess
import time

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import wait_for
from support.reporter import Lost, Refused, Reporter
from support.server import Server

BOOT = b"F" * 16
RESERVE_MIB = 4


@pytest.fixture
def small(tmp_path):
    """A server on a disk of 48 MiB, with an agent."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    disk = tmp_path / "server" / "state"
    disk.mkdir(parents=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "pantau-test", disk],
                          capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    server = None
    try:
        server = Server(tmp_path / "server", settings={"collector": {"reserve_mib": RESERVE_MIB}})
        server.init()
        server.link = server.add_link()
        server.add_contract(server.link)
        yield server.start("ingest", "ledger", "web")
    finally:
        if server:
            server.close()
        subprocess.run(["umount", "-l", disk], check=True)


def fill(folder, left=RESERVE_MIB * 1024 * 1024 // 2):
    """Takes all space but half of the reserve, or so many bytes."""
    filler = folder / "filler"
    with open(filler, "wb") as out:
        def taken():
            """False: somebody else took of it between the question and the call."""
            free = os.statvfs(folder)
            try:
                os.posix_fallocate(out.fileno(), 0, free.f_bavail * free.f_frsize - left)
            except OSError as full:
                if full.errno != errno.ENOSPC:
                    raise
                os.truncate(out.fileno(), 0)
                return False
            return True
        wait_for(taken, "all space is taken")
    return filler


def try_report(server, issued, told, timeout_s):
    """True when everything is acknowledged within the time."""
    try:
        with Reporter(server, issued, timeout_s=timeout_s) as reporter:
            reporter.hello((1, 5, 1, len(told)))
            reporter.deliver(1, told)
            return True
    except (Lost, Refused, TimeoutError):
        return False


def make_told():
    factory = records.SlotFactory()
    now_s = int(time.time())
    told = [records.start(BOOT, 0, 5), records.anchor(BOOT, 0, (now_s - 86400) * 1000000)]
    told += [factory.record(BOOT, 60000000 * i, 60, 6, 6, 0) for i in range(1, 100)]
    return list(enumerate(told, 1))


def enter_exclusion(server):
    return server.run("exclusion", "add", "--link", server.link, "--reason", "maintenance",
                      "--from", "2026-01-01", "--to", "2026-01-02", "--by", "Petugas",
                      "--note", "uji")


def test_full_disk(small):
    issued = small.issue(small.link)
    told = make_told()
    assert try_report(small, issued, told[:50], 10)
    assert small.get("/healthz")
    filler = fill(small.state)

    wait_for(lambda: not try_report(small, issued, told, 3), "it stops acknowledging", 20)
    wait_for(lambda: small.run("status").returncode == 1, "status says so", 20)
    assert "disk" in small.run("status").stdout.lower()
    wait_for(lambda: small.get("/healthz", None) is None, "healthz says so", 20)
    wait_for(lambda: "space" in small.log("ingest").lower(), "the log says so", 20)

    filler.unlink()
    wait_for(lambda: try_report(small, issued, told, 5), "it goes on by itself", 30)
    wait_in_ledger(small, issued.agent, len(told))
    assert records.kept_keys(small.state, issued.agent) == [(1, n) for n, _ in told]
    wait_for(lambda: small.run("status").returncode == 0, "status is well again", 30)
    wait_for(lambda: small.get("/healthz", None) is not None, "healthz is well again", 30)


def test_not_a_byte_is_left(small):
    """Everybody who writes is refused, with words; with space all go on within a minute."""
    issued, told = small.issue(small.link), make_told()
    assert try_report(small, issued, told[:50], 10)
    filler = fill(small.state, 0)
    assert not try_report(small, issued, told, 3)
    refused = enter_exclusion(small)
    assert refused.returncode == 1 and "full" in refused.stderr, refused
    assert not try_report(small, issued, told, 3)

    filler.unlink()
    began = time.monotonic()
    wait_for(lambda: try_report(small, issued, told, 5), "ingest goes on by itself", 60)
    wait_in_ledger(small, issued.agent, len(told), 60)
    assert time.monotonic() - began < 60
    entered = enter_exclusion(small)
    assert entered.returncode == 0, entered
    assert len(small.pantau("exclusion", "list", "--json").strip()) > 2
    assert records.kept_keys(small.state, issued.agent) == [(1, n) for n, _ in told]
    wait_for(lambda: small.run("status").returncode == 0, "status is well again", 30)
