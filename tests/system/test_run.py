# SPDX-License-Identifier: Apache-2.0
"""`pantau-collector run`: two children, kept alive, ended in order, never left behind."""

import os
import signal

import pytest

from support.programs import Process, program, wait_for


@pytest.fixture
def family(server):
    server.parts["run"] = Process(
        [program("pantau-collector"), "run", "--state", str(server.state),
         "--config", str(server.config)], server.folder / "run.log")
    wait_for(lambda: all(pids(server)), f"both answer\n{server.log('run')}", 30)
    return server


def pids(server):
    return [server.status_of(name).get("pid") for name in ("ingest", "ledger")]


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("which", [0, 1])
def test_child_that_was_killed_is_started_again(family, which):
    before = pids(family)
    os.kill(before[which], signal.SIGKILL)
    wait_for(lambda: all(pids(family)) and pids(family)[which] != before[which], "it is back")
    assert pids(family)[1 - which] == before[1 - which], "the other one was left alone"
    assert "killed by signal 9" in family.log("run")


def test_end_is_in_order_and_complete(family):
    children = pids(family)
    family.stop("run")
    assert not any(alive(pid) for pid in children)
    ends = [line for line in family.log("run").splitlines() if "stopping" in line]
    assert len(ends) == 3 and "ledger" in ends[2], "the ledger reads what ingest took last"


def test_children_end_with_a_parent_that_was_killed(family):
    children = pids(family)
    os.kill(family.parts["run"].pid, signal.SIGKILL)
    wait_for(lambda: not any(alive(pid) for pid in children), "they are gone")
