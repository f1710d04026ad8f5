# SPDX-License-Identifier: Apache-2.0
"""Sessions at their edges: too slow, too many, silent, revoked; and what the status says."""

import contextlib
import socket
import time

import pytest

from support import records
from support.programs import wait_for
from support.records import pb
from support.reporter import Lost, Refused, Reporter
from support.server import Server

BOOT = b"S" * 16
LIMIT = 3
HELD_MIB = 8
STRANGERS = 400  # 48 KiB each


@pytest.fixture
def strict(tmp_path):
    """A server that is short of everything."""
    server = Server(tmp_path / "server", settings={"collector": {
        "connections_max": LIMIT, "handshake_s": 2, "idle_s": 5, "log_level": "debug"}}).init()
    server.link = server.add_link()
    yield server.start("ingest")
    server.close()


def greet(server, issued, timeout_s=20):
    reporter = Reporter(server, issued, timeout_s=timeout_s)
    reporter.hello((1, 5, 1, 9))
    return reporter


def counted(server, name, value):
    wait_for(lambda: server.status_of("ingest")[name] == value, f"{name} is {value}", 10)


def ends_within(plain, timeout_s):
    plain.settimeout(timeout_s)
    try:
        while plain.recv(4096):
            pass
    except ConnectionError:
        pass


def test_stranger_who_says_nothing_or_little_is_let_go(strict):
    issued = strict.issue(strict.link)
    began = time.monotonic()
    silent = socket.create_connection((strict.address, strict.port))
    slow = socket.create_connection((strict.address, strict.port))
    slow.sendall(b"\x16\x03\x01\x02\x00\x01")  # the beginning of a ClientHello
    with greet(strict, issued) as bystander:
        assert bystander.deliver(1, [(1, records.start(BOOT, 0, 5))]) == {}
        ends_within(silent, 10)
        ends_within(slow, 10)
        assert time.monotonic() - began < 6
        counted(strict, "handshakes_late", 2)
        lines = [line for line in strict.log("ingest").splitlines() if "in time" in line]
        assert len(lines) == 1, "one line for one address"
        bystander.send(ping=pb.Ping(sent_us=1))
        assert isinstance(bystander.receive(), pb.Pong)


def test_greeting_that_does_not_come_after_the_handshake(strict):
    with Reporter(strict, strict.issue(strict.link), timeout_s=10) as mute:
        with pytest.raises(Lost):
            mute.receive()
    counted(strict, "handshakes_late", 1)


def test_more_than_the_limit_are_turned_away_at_the_door(strict):
    agents = [strict.issue(strict.link, f"agent{i}") for i in range(LIMIT + 1)]
    inside = [greet(strict, issued) for issued in agents[:LIMIT]]
    with pytest.raises(Lost):
        greet(strict, agents[LIMIT])
    counted(strict, "over_limit", 1)
    assert strict.status_of("ingest")["agents"] == LIMIT
    inside.pop().close()
    counted(strict, "connections", LIMIT - 1)
    greet(strict, agents[LIMIT]).close()
    for reporter in inside:
        assert reporter.deliver(1, [(1, records.start(BOOT, 0, 5))]) == {}
        reporter.close()


def test_memory_that_strangers_hold_is_bounded(tmp_path):
    """Each begins a handshake of 128 KiB, says half of it and waits."""
    server = Server(tmp_path / "server", settings={"collector": {
        "connections_mib": HELD_MIB, "handshake_s": 120}}).init()
    server.link = server.add_link()
    try:
        server.start("ingest")
        agent = greet(server, server.issue(server.link, "agent"))
        record = bytes([22, 3, 1, 64, 0]) + bytes([1, 1, 240, 0]).ljust(16384, b"\0")
        strangers = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(STRANGERS)]
        for _ in range(3):
            for stranger in strangers:
                with contextlib.suppress(ConnectionError):
                    stranger.sendall(record)
        most = (HELD_MIB << 20) // (3 * 16384) + 2  # and the agent
        wait_for(lambda: server.status_of("ingest")["connections"] <= most, "some are let go", 20)
        assert server.status_of("ingest")["connections"] > most // 4  # not everybody
        assert "all connections hold as much memory as they may" in server.log("ingest")
        assert agent.deliver(1, [(1, records.start(BOOT, 0, 5))]) == {}
        agent.close()
        for stranger in strangers:
            stranger.close()
    finally:
        server.close()


def test_silence_ends_a_session_and_a_ping_keeps_it(strict):
    quiet = greet(strict, strict.issue(strict.link, "quiet"))
    lively = greet(strict, strict.issue(strict.link, "lively"))
    end = time.monotonic() + 8
    while time.monotonic() < end:
        lively.send(ping=pb.Ping(sent_us=1))
        assert lively.receive().time.echo_us == 1
        time.sleep(1)
    counted(strict, "idle_closed", 1)
    with pytest.raises(Lost):
        quiet.receive()
    lively.close()


def test_revoking_cuts_a_session_at_once_and_no_other(strict):
    victim, other = strict.issue(strict.link, "victim"), strict.issue(strict.link, "other")
    cut, stays = greet(strict, victim), greet(strict, other)
    strict.pantau("agent", "revoke", victim.agent)
    began = time.monotonic()
    with pytest.raises(Refused) as caught:
        cut.receive()
    assert caught.value.code == pb.REFUSE_REVOKED
    assert time.monotonic() - began < 3
    assert strict.status_of("ingest")["refused"]["revoked"] == 1
    assert stays.deliver(1, [(1, records.start(BOOT, 0, 5))]) == {}
    stays.close()


def test_duplicates_are_counted_and_acknowledged(strict):
    issued = strict.issue(strict.link)
    for _ in range(2):
        with Reporter(strict, issued) as reporter:
            reporter.hello((1, 5, 1, 1))
            reporter.report(1, [(1, records.start(BOOT, 0, 5))])
            wait_for(lambda: strict.status_of("ingest")["records"] > 0, "it is taken")
    counted(strict, "duplicates", 1)


def test_gap_record_stands_for_its_whole_range(strict):
    issued = strict.issue(strict.link)
    gap = pb.Record(dropped=pb.Dropped(boot=BOOT, last=500, records=499, from_us=1, to_us=2))
    told = [(1, records.start(BOOT, 0, 5)), (2, gap.SerializeToString())]
    with Reporter(strict, issued) as reporter:
        reporter.hello((1, 5, 1, 500))
        reporter.report(1, told)
        reporter.await_ack(1, 500)
    strict.stop("ingest")
    strict.start("ingest")
    with Reporter(strict, issued) as reporter:
        assert reporter.hello((1, 5, 1, 500)).durable[0].up_to == 500, "also after a restart"


def test_records_in_any_order_are_acknowledged_without_holes(strict):
    factory = records.SlotFactory()
    told = {n: factory.record(BOOT, 60000000 * n, 60, 6, 6, 0) for n in range(1, 11)}
    with Reporter(strict, strict.issue(strict.link)) as reporter:
        reporter.hello((1, 5, 3, 10))  # 1 and 2 are no longer held
        reporter.report(1, [(n, told[n]) for n in (10, 9, 8, 5)])
        counted(strict, "records", 4)
        reporter.send(ping=pb.Ping(sent_us=1))
        assert isinstance(reporter.receive(), pb.Pong), "nothing can be acknowledged yet"
        reporter.report(1, [(n, told[n]) for n in (4, 3)])
        assert reporter.receive().up_to == 5
        reporter.report(1, [(n, told[n]) for n in (7, 6)])
        assert reporter.receive().up_to == 10


def test_listens_on_both_families(tmp_path):
    server = Server(tmp_path / "server").init()
    server.configure({"collector": {"listen": "127.0.0.1:0 [::1]:0"}})
    try:
        server.start("ingest")
        doors = server.status_of("ingest")["listening"]
        assert [door.rsplit(":", 1)[0] for door in doors] == ["127.0.0.1", "[::1]"]
        issued = server.issue(server.add_link())
        for door in doors:
            host, port = door.rsplit(":", 1)
            server.address, server.port = host.strip("[]"), int(port)
            with greet(server, issued) as reporter:
                assert reporter.deliver(1, [(1, records.start(BOOT, 0, 5))]) == {}
    finally:
        server.close()
