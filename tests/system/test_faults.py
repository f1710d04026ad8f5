# SPDX-License-Identifier: Apache-2.0
"""The n-th write, fsync, open, rename or allocation of a collector fails: nothing acknowledged is
lost or counted twice, nobody crashes, and service resumes."""

import errno
import os
import time

import pytest

from support.programs import LONG, RELEASE, SANITIZED, Process, program, wait_for
from support.server import Server
from support.steady import SteadyAgent, assert_all_there, wait_for_acknowledged

FAULT = SANITIZED / "tests" / "support" / "fault" / "libpantau-fault.so"
RESUME_S = 60
SOME = 40  # records acknowledged after a fault: service is back
QUIET_S = 4  # a start and some work: when nothing failed by then, there is no n-th call

# A start takes some ten thousand allocations, and makes far fewer calls of the other kinds.
EVERY = [*range(1, 60), *range(60, 200, 7)]
FEW = [1, 2, 3, 5, 8, 13, 21, 34, 55]
ALLOCATIONS = [round(10 ** (n / 40)) for n in range(80, 190)]  # 100 to 53,000
FEW_ALLOCATIONS = [100, 450, 2000, 6500, 13000, 21000]

CASES = [("write", errno.EIO), ("write", errno.ENOSPC), ("write", 0), ("sync", errno.EIO),
         ("open", errno.EMFILE), ("rename", errno.EIO), ("allocate", errno.ENOMEM)]


def numbers(call):
    if call == "allocate":
        return ALLOCATIONS if LONG else FEW_ALLOCATIONS
    return EVERY if LONG else FEW


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path / "server", build=RELEASE).init()
    made.link = made.add_link()
    yield made
    made.close()


class Faulty:
    """`pantau-collector run`, kept alive as an init system would. Its n-th call fails, once."""

    def __init__(self, server, call, error, number):
        self.server = server
        self.mark = server.folder / f"mark-{call}-{error}-{number}"
        self.env = dict(os.environ, LD_PRELOAD=str(FAULT), PANTAU_FAULT_CALL=call,
                        PANTAU_FAULT_AT=str(number), PANTAU_FAULT_ERROR=str(error),
                        PANTAU_FAULT_UNDER=str(server.state), PANTAU_FAULT_MARK=str(self.mark))
        self.log = server.folder / "run.log"
        self.log.unlink(missing_ok=True)
        self.start()

    def start(self):
        self.process = Process(
            [program("pantau-collector", RELEASE), "run", "--state", str(self.server.state),
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
        for line in self.process.text().splitlines():
            assert "killed by signal" not in line or "signal 15" in line, line


def strike(server, agent, case, number):
    """One life with one fault. False: there is no n-th call."""
    faulty = Faulty(server, *case, number)
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
            return agent.acked >= acked + SOME
        wait_for(resumed, f"service after {case}, call {number}\n"
                 f"{faulty.process.text()[-3000:]}", RESUME_S)
    finally:
        faulty.end()
    return True


@pytest.mark.parametrize("case", CASES, ids=[f"{call}-{errno.errorcode.get(error, 'short')}"
                                             for call, error in CASES])
def test_nth_call_fails(server, case):
    issued = server.issue(server.link)
    agent = SteadyAgent(server, issued, CASES.index(case))
    agent.start()
    struck = [strike(server, agent, case, number) for number in numbers(case[0])]
    agent.over.set()
    agent.join(20)
    assert agent.too_high is None
    assert sum(struck) >= 3, "hardly anything failed"
    server.start()
    wait_for_acknowledged(server, agent)
    assert_all_there(server, agent)
