# SPDX-License-Identifier: Apache-2.0
"""The n-th write, fsync, open, rename or allocation fails, of a collector, of its ledger alone,
of a person's command, of the web: nothing acknowledged is lost or counted twice, nobody crashes,
and service resumes."""

import errno
import itertools
import json
import os
import subprocess
import time

import pytest

from support.programs import LONG, RELEASE, SANITIZED, Process, program, wait_for
from support.records import registry_rows
from support.server import Server
from support.steady import SteadyAgent, assert_all_there, in_ledger, wait_for_acknowledged

FAULT = SANITIZED / "tests" / "support" / "fault" / "libpantau-fault.so"
RESUME_S = 60
SOME = 40  # records acknowledged after a fault: service is back
QUIET_S = 4  # a start and some work: when nothing failed by then, there is no n-th call

# A start takes some ten thousand allocations, and makes far fewer calls of the other kinds.
EVERY = [*range(1, 60), *range(60, 200, 7)]
FEW = [1, 2, 3, 5, 8, 13, 21, 34, 55]
ALLOCATIONS = [round(10 ** (n / 40)) for n in range(80, 190)]  # 100 to 53,000
FEW_ALLOCATIONS = [100, 450, 2000, 6500, 13000, 21000]
RENAMES = [1, 1, 2, 2, 4, 4] if LONG else [1, 1, 2, 2]

CASES = [("write", errno.EIO), ("write", errno.ENOSPC), ("write", 0), ("sync", errno.EIO),
         ("open", errno.EMFILE), ("rename", errno.EIO), ("allocate", errno.ENOMEM)]
IDS = [f"{call}-{errno.errorcode.get(error, 'short')}" for call, error in CASES]


def numbers(call):
    if call == "rename":  # one a second, at most
        return RENAMES
    if call == "allocate":
        return ALLOCATIONS if LONG else FEW_ALLOCATIONS
    return EVERY if LONG else FEW


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path / "server", build=RELEASE).init()
    made.link = made.add_link()
    yield made
    made.close()


def fault_of(server, mark, case, number):
    """The environment of a program whose n-th call of the kind fails, once."""
    call, error = case
    return dict(os.environ, LD_PRELOAD=str(FAULT), PANTAU_FAULT_CALL=call,
                PANTAU_FAULT_AT=str(number), PANTAU_FAULT_ERROR=str(error),
                PANTAU_FAULT_UNDER=str(server.state), PANTAU_FAULT_MARK=str(mark))


class Faulty:
    """`pantau-collector run`, or `ledger` beside a sound `ingest`, kept alive as an init system
    would. Its n-th call fails, once."""

    def __init__(self, server, victim, case, number):
        self.server, self.victim = server, victim
        self.mark = server.folder / f"mark-{victim}-{'-'.join(map(str, case))}-{number}"
        self.env = fault_of(server, self.mark, case, number)
        self.log = server.folder / f"{victim}-faulty.log"
        self.log.unlink(missing_ok=True)
        if victim == "ledger":
            server.start("ingest")
        self.start()

    def start(self):
        self.process = Process(
            [program("pantau-collector", RELEASE), self.victim, "--state", str(self.server.state),
             "--config", str(self.server.config)], self.log, env=self.env)

    def keep_alive(self):
        if not self.process.alive():
            assert self.process.popen.returncode > 0, self.process.text()[-3000:]
            self.process.close()
            self.start()

    def struck(self):
        return self.mark.exists()

    def end(self):
        try:
            self.process.stop()
        finally:
            self.process.kill()
            self.process.close()
        self.server.stop()
        for line in self.process.text().splitlines():
            assert "killed by signal" not in line or "signal 15" in line, line


def strike(server, agent, faulty):
    """One life with one fault. False: there is no n-th call."""
    try:
        began, acked = time.monotonic(), agent.acked
        while not faulty.struck():
            faulty.keep_alive()
            if time.monotonic() - began > QUIET_S and agent.acked >= acked + SOME:
                return False
            assert time.monotonic() - began < RESUME_S, faulty.process.text()[-3000:]
            time.sleep(0.02)
        acked = agent.acked

        def resumed():
            faulty.keep_alive()
            return agent.acked >= acked + SOME and in_ledger(server, agent) >= acked
        wait_for(resumed, f"service after {faulty.mark}\n{faulty.process.text()[-3000:]}", RESUME_S)
    finally:
        faulty.end()
    return True


def lives(call):
    """(victim, number): in the short run they take turns."""
    if LONG:
        return itertools.product(("run", "ledger"), numbers(call))
    return zip(itertools.cycle(("run", "ledger")), numbers(call))


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_nth_call_fails(server, case):
    issued = server.issue(server.link)
    agent = SteadyAgent(server, issued, CASES.index(case))
    agent.start()
    struck = {"run": 0, "ledger": 0}
    for victim, number in lives(case[0]):
        struck[victim] += strike(server, agent, Faulty(server, victim, case, number))
    agent.over.set()
    agent.join(20)
    assert agent.too_high is None
    assert min(struck.values()) >= 1 and sum(struck.values()) >= 3, "hardly anything failed"
    server.start()
    wait_for_acknowledged(server, agent)
    assert_all_there(server, agent)


# ---- people at the command line

def change(server, note, env):
    return subprocess.run(
        [program("pantau", RELEASE), "exclusion", "add", "--link", str(server.link), "--reason",
         "maintenance", "--from", "2026-01-01", "--to", "2026-01-02", "--by", "Petugas", "--note",
         note, "--state", str(server.state), "--config", str(server.config)],
        capture_output=True, text=True, timeout=60, env=env)


def rows_of(server, note):
    """How often the change is there, and whether the log of changes says the same."""
    [(rows,)] = registry_rows(server.state, "SELECT count(*) FROM exclusion WHERE note = ?", note)
    logged = registry_rows(server.state, "SELECT count(*) FROM change WHERE table_name ="
                           " 'exclusion' AND after LIKE ?", f'%"note":"{note}"%')
    assert logged == [(rows,)]
    return rows


OWN_ALLOCATIONS = 4  # those before are of the C library, which asks who runs it and dies without
CHANGE_CASES = [case for case in CASES if case[0] != "rename"]  # it renames nothing


def change_numbers(call):
    """Every call there is; of the allocations, some thousands, some."""
    if call == "allocate" and not LONG:
        return sorted({OWN_ALLOCATIONS + round(10 ** (n / 12)) for n in range(0, 60)})
    return itertools.count(OWN_ALLOCATIONS + 1 if call == "allocate" else 1)


@pytest.mark.parametrize("case", CHANGE_CASES, ids=[name for name in IDS if "rename" not in name])
def test_nth_call_of_a_command_fails(server, case):
    for number in change_numbers(case[0]):
        mark, note = server.folder / "mark", f"uji {number}"
        done = change(server, note, fault_of(server, mark, case, number))
        assert done.returncode in (0, 1, 2), f"{case}, call {number}: {done}"
        assert done.returncode == 0 or done.stderr, "it failed without a word"
        rows = rows_of(server, note)
        assert rows == 1 if done.returncode == 0 else rows <= 1, f"call {number}: {done}"
        if not mark.exists():
            break
        mark.unlink()
        assert change(server, f"{note} lagi", os.environ).returncode == 0
    assert number > 3, "hardly anything failed"
    assert registry_rows(server.state, "PRAGMA integrity_check") == [("ok",)]


def issue(server, name, env):
    return subprocess.run(
        [program("pantau", RELEASE), "agent", "issue", "--link", str(server.link), "--out",
         str(server.folder / name), "--state", str(server.state), "--config", str(server.config)],
        capture_output=True, text=True, timeout=60, env=env)


def known_agents(server):
    """(in the registry, in what ingest reads of it)."""
    rows = registry_rows(server.state, "SELECT id FROM agent ORDER BY id")
    roster = json.loads((server.state / "roster.json").read_text())
    return [agent for agent, in rows], sorted(item["id"] for item in roster["agents"])


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_nth_call_of_an_issue_fails(server, case):
    """What ingest reads of the registry is made good by the next command."""
    for number in sorted(set(numbers(case[0]))):
        mark = server.folder / "mark"
        done = issue(server, f"agent{number}", fault_of(server, mark, case, number))
        assert done.returncode in (0, 1, 2), f"{case}, call {number}: {done}"
        assert done.returncode == 0 or done.stderr, "it failed without a word"
        registry, roster = known_agents(server)
        assert done.returncode or int(done.stdout) in registry
        assert done.returncode or registry == roster
        if not mark.exists():
            break
        mark.unlink()
        assert issue(server, f"again{number}", os.environ).returncode == 0
        registry, roster = known_agents(server)
        assert registry == roster
    assert number > 1, "hardly anything failed"


# ---- the web

WEB_CASES = [case for case in CASES if case[0] in ("open", "allocate")]


@pytest.mark.parametrize("case", WEB_CASES, ids=[call for call, _ in WEB_CASES])
def test_nth_call_of_the_web_fails(server, case):
    server.start("ingest", "ledger")
    struck = 0
    for number in numbers(case[0]):
        mark = server.folder / f"mark-web-{number}"
        log = server.folder / f"web-{number}.log"
        web = Process([program("pantau-web", RELEASE), "--state", str(server.state), "--config",
                       str(server.config)], log, env=fault_of(server, mark, case, number))
        try:
            began = time.monotonic()
            while not mark.exists() and web.alive() and time.monotonic() - began < QUIET_S / 2:
                for page in ("/healthz", "/api/v1/desa", "/metrics"):
                    server.get(page, None)
            struck += mark.exists()
            if web.alive():
                wait_for(lambda: server.get("/healthz", None), f"it answers\n{web.text()}")
            else:
                assert web.popen.returncode > 0, web.text()  # refused to start, with words
                assert web.text()
        finally:
            web.kill()
            web.close()
    assert struck >= 2, "hardly anything failed"
