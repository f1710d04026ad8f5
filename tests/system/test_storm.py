# SPDX-License-Identifier: Apache-2.0
"""Everybody comes at once: those who are in do not wait for those who come."""

import os
import resource
import select
import signal
import socket

import pytest

from support import records
from support.programs import wait_for
from support.reporter import Reporter
from support.server import Server
from support.strangers import client_hello

CROWD = 900
BOOT = b"T" * 16


@pytest.fixture(name="server")
def fixture_server(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    server = Server(tmp_path / "server", settings={"collector": {"handshake_s": 60}}).init()
    yield server.start("ingest")
    server.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def answered(poll):
    """How many of the crowd have been answered by now."""
    return sum(1 for _, events in poll.poll(0) if events & select.POLLIN)


def test_answers_do_not_wait_for_a_crowd_of_handshakes(server):
    hello, poll = client_hello(), select.poll()
    pid = server.parts["ingest"].pid
    crowd = [socket.create_connection((server.address, server.port)) for _ in range(CROWD)]
    for stranger in crowd:
        poll.register(stranger, select.POLLIN)
    wait_for(lambda: server.status_of("ingest")["connections"] >= CROWD, "all are at the door")
    try:
        with Reporter(server, server.issue(server.add_link())) as inside:
            welcome = inside.hello((1, 5, 1, 9))
            assert welcome.comeback_s == 2  # of few agents; of 19,000 it is 33
            os.kill(pid, signal.SIGSTOP)  # so that all of it is there when the loop looks
            for stranger in crowd:
                stranger.sendall(hello)
            inside.report(1, [(1, records.start(BOOT, 0, 5))])
            os.kill(pid, signal.SIGCONT)
            inside.await_ack(1, 1)
            assert answered(poll) < CROWD / 2
            wait_for(lambda: answered(poll) == CROWD, "all are answered", 60)
    finally:
        for stranger in crowd:
            stranger.close()
