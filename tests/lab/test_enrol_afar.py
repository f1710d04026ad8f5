# SPDX-License-Identifier: Apache-2.0
"""A router becomes an agent over a bad link: slow, lossy, cut in the middle."""

import json
import os
import signal
import subprocess
import time

import pytest

from support import lab as labs
from support.programs import LONG, RELEASE, Process, inside, program, wait_for
from support.server import Server
from support.site import ini


class Village:
    """A collector in the internet, and a router behind the lab's link."""

    def __init__(self, lab, folder):
        self.lab, self.folder = lab, folder
        self.server = Server(folder / "server", build=RELEASE, address=labs.TARGETS[0],
                             netns=lab.internet).init()
        self.link = self.server.add_link()
        self.server.start("signer", "ingest")
        self.token = self.server.pantau("token", "create", "--link", self.link).strip()
        self.conf = folder / "agent.conf"
        self.conf.write_text(ini({
            "collector": {"ca": folder / "ca.crt", "certificate": folder / "agent.crt",
                          "key": folder / "agent.key"},
            "agent": {"state_folder": folder / "state", "runtime_folder": folder / "run"}}))

    def command(self):
        return [program("pantau-agent", RELEASE), "enrol", self.token, "--english", "--config",
                str(self.conf)]

    def enrol(self):
        done = subprocess.run(inside(self.lab.router, *self.command()), capture_output=True,
                              text=True, timeout=240)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def trying(self):
        return Process(self.command(), self.folder / "enrol.log", self.lab.router)

    def asks(self):
        """Whether a question waits at the signer, who alone has such a socket in there."""
        seen = subprocess.check_output(inside(self.lab.internet, "cat", "/proc/net/unix"))
        return seen.count(b"/signer.sock") > 1  # one listens

    def signed(self):
        roster = (self.server.state / "roster.json").read_text()
        return any(row["id"] == 1 for row in json.loads(roster)["agents"])

    def agents(self):
        return [row["agent"] for row in json.loads(self.server.pantau("agent", "list", "--json"))]


@pytest.fixture
def village(lab, tmp_path):
    made = Village(lab, tmp_path / "village")
    yield made
    made.server.close()


def test_over_a_slow_and_lossy_link(village):
    """A satellite in the rain."""
    for command in ("delay 300ms", "rate 64kbit", "loss 10%"):
        village.lab.link.say(command)
    assert "ENROLLED as agent-1." in village.enrol()
    assert village.agents() == [1]


def test_link_that_is_cut_in_the_middle(village):
    """Cut after the question and before the answer: it was signed. The same agent, once."""
    signer = village.server.parts["signer"]
    os.kill(signer.pid, signal.SIGSTOP)
    trying = village.trying()
    try:
        wait_for(village.asks, "the question has come", 60)
        village.lab.link.say("cut")
        os.kill(signer.pid, signal.SIGCONT)
        wait_for(village.signed, "signed")
        time.sleep(2)
        assert not (village.folder / "agent.crt").exists() and trying.alive()
    finally:
        os.kill(signer.pid, signal.SIGCONT)
        trying.close()
    village.lab.link.say("restore")
    assert "ENROLLED as agent-1." in village.enrol()
    assert village.agents() == [1]


@pytest.mark.skipif(not LONG, reason="./test --long")
def test_link_that_is_down_at_first(village):
    village.lab.link.say("cut")
    trying = village.trying()
    try:
        wait_for(lambda: "not yet" in trying.text(), "it says why", 30)
        village.lab.link.say("restore")
        assert trying.popen.wait(60) == 0, trying.text()
    finally:
        trying.close()
    assert village.agents() == [1]
