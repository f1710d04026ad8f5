# SPDX-License-Identifier: Apache-2.0
"""The way between a real agent and a real collector: whose session it is, and how long a NAT on the
way remembers it."""

import json
import select
import socket
import subprocess
import threading
import time

import pytest

from support.programs import LONG, Process, program, wait_for
from support.records import pb
from support.reporter import Refused, Reporter
from support.site import ini


@pytest.fixture
def start_agent(running, tmp_path):
    started = []

    def start(address=None, **keys):
        keys_of = running.issue(running.link).folder
        conf = tmp_path / "agent.conf"
        conf.write_text(ini({
            "collector": {"address": address or f"{running.address}:{running.port}",
                          "ca": keys_of / "ca.crt", "certificate": keys_of / "agent.crt",
                          "key": keys_of / "agent.key"},
            "agent": {"state_folder": tmp_path / "state", "spool_folder": tmp_path / "spool",
                      "runtime_folder": tmp_path / "run", "slot_s": 1, "round_s": 1, **keys},
            "wan": {"internet_targets": "127.0.0.1", "tcp_target": "", "edge_targets": "off",
                    "provider_targets": "off", "gateway_target": "off"},
            "dns": {"resolvers": "off"}}))
        started.append(Process([program("pantau-agent"), "run", "--config", str(conf)],
                               tmp_path / "agent.log"))
        started[-1].keys = type("Issued", (), {"folder": keys_of})
        started[-1].conf = conf
        return started[-1]
    yield start
    for agent in started:
        agent.close()


def test_newer_of_two_sessions_replaces_the_older(running, start_agent, tmp_path):
    agent = start_agent()
    wait_for(lambda: "acknowledged" in agent.text(), "the agent reports")
    other = Reporter(running, agent.keys)  # the same files on another device
    assert other.hello((1, 7, 1, 0)) is not None
    wait_for(lambda: "a newer session" in agent.text(), f"it is told why\n{agent.text()}")
    status = json.loads((tmp_path / "run" / "status.json").read_text())
    assert not status["connected"] and status["trouble"] == "replaced"
    told = subprocess.run([program("pantau-agent"), "status", "--english", "--config", agent.conf],
                          capture_output=True, text=True, timeout=30)
    assert told.returncode == 3 and "another device uses this identity" in told.stdout
    connected = agent.text().count("connected to")
    wait_for(lambda: agent.text().count("connected to") > connected, "it comes back", 30)
    with pytest.raises(Refused) as caught:  # now it is the newer one
        other.receive()
    assert caught.value.code == pb.REFUSE_REPLACED


class Nat(threading.Thread):
    """Passes bytes on, and forgets a connection over which nothing was said for so long: from then
    on whatever comes is swallowed."""

    def __init__(self, target, patience_s):
        super().__init__(daemon=True)
        self.target, self.patience_s, self.forgotten = target, patience_s, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            inner = self.listener.accept()[0]
            threading.Thread(target=self.carry, args=(inner,), daemon=True).start()

    def carry(self, inner):
        outer = socket.create_connection(self.target)
        said, forgot = time.monotonic(), False
        while True:
            for ready in select.select([inner, outer], [], [], 1)[0]:
                data = ready.recv(65536)
                if not data:
                    inner.close()
                    outer.close()
                    return
                if not forgot and time.monotonic() - said > self.patience_s:
                    forgot = True
                    self.forgotten += 1
                said = time.monotonic()
                if not forgot:
                    (outer if ready is inner else inner).sendall(data)


@pytest.mark.skipif(not LONG, reason="takes five minutes: PANTAU_LONG")
def test_patience_of_a_nat_is_found(running, start_agent):
    nat = Nat((running.address, running.port), patience_s=40)
    agent = start_agent(f"127.0.0.1:{nat.port}", slot_s=60, round_s=10, report_s=3600)
    wait_for(lambda: nat.forgotten == 1, "the first silence of 60 s is too long", 100)
    wait_for(lambda: agent.text().count("info: connected to") == 2, "it comes back", 60)
    time.sleep(150)
    assert nat.forgotten <= 2, "45 s may be tried once, 30 s are borne"
    assert agent.alive() and agent.text().count("info: connected to") <= 3
