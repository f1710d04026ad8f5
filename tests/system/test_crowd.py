# SPDX-License-Identifier: Apache-2.0
"""A hostile crowd at the door, and honest agents behind the same address (as behind a provider's
NAT): they are served all the same."""

import random
import resource
import socket
import threading
import time

import pytest

from support import records
from support.programs import LONG, RELEASE
from support.reporter import FRAME_BYTES, Lost, Refused, Reporter
from support.server import Server
from support.strangers import client_hello

AGENTS = 200 if LONG else 60
DRIBBLERS = 2000 if LONG else 600
STALLED_A_S = 100  # handshakes begun and never finished
SECONDS = 60 if LONG else 12
ACK_P99_S = 5
BOOT = b"C" * 16


@pytest.fixture(name="server")
def fixture_server(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    server = Server(tmp_path / "server", build=RELEASE).init()
    yield server.start("ingest")
    server.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Rogue(threading.Thread):
    """Does something bad until it is told to stop."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.over, self.done = server, threading.Event(), 0
        self.start()

    def connect(self):
        return socket.create_connection((self.server.address, self.server.port), 5)

    def run(self):
        open_ones = []
        while not self.over.is_set():
            try:
                self.offend(open_ones)
            except OSError:
                open_ones = [one for one in open_ones if one.fileno() >= 0]
        for one in open_ones:
            one.close()


class Dribblers(Rogue):
    """Many connections, a byte of a ClientHello from one of them at a time."""

    def offend(self, open_ones):
        if len(open_ones) < DRIBBLERS:
            open_ones.append(self.connect())
            return
        one = random.choice(open_ones)
        try:
            one.sendall(b"\x16")
            self.done += 1
        except OSError:
            open_ones.remove(one)
            one.close()
        time.sleep(0.002)


class Stallers(Rogue):
    """Handshakes that make the collector sign, and are left there."""

    def offend(self, open_ones):
        one = self.connect()
        one.sendall(client_hello())
        self.done += 1
        open_ones.append(one)
        if len(open_ones) > 10 * STALLED_A_S:
            open_ones.pop(0).close()
        time.sleep(1 / STALLED_A_S)


class Flooder(Rogue):
    """An agent of the collector's own that sends the largest frames as fast as they are taken."""

    def __init__(self, server, issued):
        self.issued = issued
        super().__init__(server)

    def offend(self, open_ones):
        filler = b"\xff" * 12000  # no record: kept as such, and rejected
        try:
            with Reporter(self.server, self.issued, timeout_s=10) as reporter:
                at = reporter.hello((1, 9, 1, 1)).durable[0].up_to
                while not self.over.is_set():
                    batch = [(at + i, filler) for i in range(1, FRAME_BYTES // len(filler) + 1)]
                    reporter.report(1, batch)
                    at = batch[-1][0]
                    reporter.await_ack(1, at)
                    self.done += 1
        except (Lost, Refused, TimeoutError):
            time.sleep(0.05)


class Honest(threading.Thread):
    """A report a second; how long each took until it was safe."""

    def __init__(self, server, issued, number):
        super().__init__(daemon=True)
        self.server, self.issued, self.number = server, issued, number
        self.over, self.took_s, self.trouble = threading.Event(), [], None

    def run(self):
        try:
            began = time.monotonic()
            with Reporter(self.server, self.issued) as reporter:
                reporter.hello((1, self.number, 1, 1))
                reporter.deliver(1, [(1, records.start(BOOT, 0, self.number))])
                self.took_s.append(time.monotonic() - began)
                self.report(reporter)
        except (Lost, Refused, TimeoutError) as trouble:
            self.trouble = trouble

    def report(self, reporter):
        sequence = 1
        while not self.over.wait(1):
            sequence += 1
            began = time.monotonic()
            reporter.report(1, [(sequence, records.anchor(BOOT, sequence * 1000000,
                                                          int(time.time() * 1000000)))])
            reporter.await_ack(1, sequence)
            self.took_s.append(time.monotonic() - began)


def test_honest_agents_are_served_among_a_hostile_crowd(server):
    link = server.add_link()
    issued = [server.issue(link, f"agent{i}", known=False) for i in range(AGENTS)]
    flooding = server.issue(link, "flooder")
    rogues = [Dribblers(server), Stallers(server), Flooder(server, flooding)]
    time.sleep(2)  # the crowd is there first
    agents = [Honest(server, one, 100 + i) for i, one in enumerate(issued)]
    try:
        for agent in agents:
            agent.start()
        time.sleep(SECONDS)
    finally:
        for one in [*agents, *rogues]:
            one.over.set()
        for one in [*agents, *rogues]:
            one.join(30)
    assert [agent.trouble for agent in agents if agent.trouble] == []
    took_s = sorted(took for agent in agents for took in agent.took_s)
    assert len(took_s) > AGENTS * 2
    assert took_s[len(took_s) * 99 // 100] < ACK_P99_S, took_s[-20:]
    assert all(rogue.done > 10 for rogue in rogues), [rogue.done for rogue in rogues]
    print(f"{len(took_s)} reports, p50 {took_s[len(took_s) // 2]:.3f} s, "
          f"p99 {took_s[len(took_s) * 99 // 100]:.3f} s; {[rogue.done for rogue in rogues]}")
