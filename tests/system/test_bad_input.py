# SPDX-License-Identifier: Apache-2.0
"""Whatever an agent or a stranger says wrong is an ordinary outcome: refused or rejected by number,
counted, told in one line that names who it was, and at no other agent's cost."""

import json
import shutil
import socket
import struct
import time

import pytest

from support import records
from support.enter import wait_in_ledger
from support.programs import wait_for
from support.kept import kept, kept_records, same_record
from support.records import ledger_rows, pb
from support.reporter import Lost, Refused, Reporter
from support.server import Server

BOOT = b"B" * 16
NONCE = 77
NOW_S = int(time.time())


def sound(count, begins_s=None):
    """(sequence, record) of a run that is in order: start, anchor, slots up to a while ago."""
    begins_s = begins_s or NOW_S - 86400
    factory = records.SlotFactory()
    told = [records.start(BOOT, 0, NONCE), records.anchor(BOOT, 0, (begins_s - 100) * 1000000)]
    told += [factory.record(BOOT, (100 + 60 * i) * 1000000, 60, 6, 6, 0) for i in range(count)]
    return list(enumerate(told, 1))


def greet(server, issued, last=1000):
    reporter = Reporter(server, issued)
    reporter.hello((1, NONCE, 1, last))
    return reporter


@pytest.fixture
def agents(running):
    """make(name): a new agent on the link."""
    return lambda name: running.issue(running.link, name)


@pytest.fixture
def bystander(running, agents):
    """An agent in the middle of its report; at the end it finishes as if nothing had been."""
    issued, told = agents("bystander"), sound(40)
    reporter = greet(running, issued)
    assert reporter.deliver(1, told[:10]) == {}
    yield reporter
    assert reporter.deliver(1, told[10:]) == {}
    reporter.close()
    wait_in_ledger(running, issued.agent, len(told))
    keys = records.kept_keys(running.state, issued.agent)
    assert keys == [(1, sequence) for sequence, _ in told]


def line_about(server, *words):
    """The one line of ingest's log that holds all the words."""
    def found():
        return [line for line in server.log("ingest").splitlines()
                if all(word.lower() in line.lower() for word in words)]
    wait_for(found, f"a line with {words} in the log:\n{server.log('ingest')[-3000:]}", 10)
    assert len(found()) == 1, found()
    return found()[0]


def refused_code(act):
    with pytest.raises((Refused, Lost)) as caught:
        act()
    return getattr(caught.value, "code", None)


def assert_counted(server, **wanted):
    """These are the only troubles that ingest has counted, such as refused_protocol=1."""
    def counted():
        status = server.status_of("ingest")
        troubles = {key: status[key] for key in ("handshakes_failed", "handshakes_late",
                                                 "idle_closed", "over_limit")}
        for group in ("refused", "rejected"):
            troubles |= {f"{group}_{code}": times for code, times in status[group].items()}
        return {key: times for key, times in troubles.items() if times}
    wait_for(lambda: counted() == wanted, f"{wanted} counted, not {counted()}", 10)


def elsewhere(running, tmp_path):
    """Another server with a CA of its own, not started."""
    return Server(tmp_path / "elsewhere").init()


def test_certificate_of_another_ca(running, bystander, tmp_path):
    other = elsewhere(running, tmp_path)
    stranger = other.issue(other.add_link(), "stranger")
    ours = running.state / "ca" / "ca.crt"
    with pytest.raises((Lost, Refused)):
        with Reporter(running, stranger, ca=ours) as reporter:
            reporter.hello((1, NONCE, 1, 1))
    line_about(running, "127.0.0.1", "certificate")
    assert_counted(running, handshakes_failed=1)


def test_agent_does_not_trust_another_ca(running, bystander, tmp_path):
    other = elsewhere(running, tmp_path)
    with pytest.raises(Lost):
        Reporter(running, running.issue(running.link, "careful"), ca=other.state / "ca" / "ca.crt")
    assert_counted(running, handshakes_failed=1)


def test_no_certificate(running, bystander):
    with pytest.raises((Lost, Refused)):
        with Reporter(running, None, ca=running.state / "ca" / "ca.crt") as reporter:
            reporter.hello((1, NONCE, 1, 1))
    assert_counted(running, handshakes_failed=1)


def test_unknown_agent(running, bystander, tmp_path):
    twin = Server(tmp_path / "twin").init()
    shutil.copytree(running.state / "ca", twin.state / "ca", dirs_exist_ok=True)
    link = twin.add_link()
    issued = [twin.issue(link, f"a{i}") for i in range(4)][-1]  # a number that is not ours

    def act():
        with Reporter(running, issued, ca=running.state / "ca" / "ca.crt") as reporter:
            reporter.hello((1, NONCE, 1, 1))
    assert refused_code(act) == pb.REFUSE_UNKNOWN_AGENT
    assert_counted(running, refused_unknown_agent=1)
    line_about(running, f"agent-{issued.agent}")


def test_same_number_with_another_key_is_not_that_agent(running, agents, tmp_path):
    ours = agents("ours")
    twin = Server(tmp_path / "twin").init()
    shutil.copytree(running.state / "ca", twin.state / "ca", dirs_exist_ok=True)
    theirs = twin.issue(twin.add_link(), "theirs")
    assert theirs.agent == ours.agent

    def act():
        with Reporter(running, theirs) as reporter:
            reporter.hello((1, NONCE, 1, 1))
    assert refused_code(act) == pb.REFUSE_UNKNOWN_AGENT
    assert_counted(running, refused_unknown_agent=1)


def test_agent_issued_a_moment_ago_is_welcome(running):
    for number in range(3):
        with greet(running, running.issue(running.link, f"new{number}", known=False)):
            pass
    assert_counted(running)


def test_revoked_agent(running, bystander, agents):
    issued = agents("revoked")
    reporter = greet(running, issued)
    running.pantau("agent", "revoke", issued.agent)

    def gone():
        try:
            reporter.send(ping=pb.Ping(sent_us=1))
            reporter.receive()
        except (Refused, Lost):
            return True
        return False
    wait_for(gone, "the open session ends", 10)

    def act():
        greet(running, issued)
    assert refused_code(act) == pb.REFUSE_REVOKED
    assert_counted(running, refused_revoked=2)
    wait_for(lambda: f"agent-{issued.agent}" in running.log("ingest"), "a line in the log", 5)


@pytest.mark.parametrize("payload", [b"\xff" * 40, b"\x12\xff\xff\xff\xff\x0f",
                                     b"\x0a\x02\x0a\x05"])
def test_garbage_instead_of_a_message(running, bystander, agents, payload):
    issued = agents("garbage")
    reporter = greet(running, issued)
    reporter.send_frame(payload)
    assert refused_code(reporter.receive) == pb.REFUSE_PROTOCOL
    assert_counted(running, refused_protocol=1)
    line_about(running, f"agent-{issued.agent}", "refused")


@pytest.mark.parametrize("length", [0, 65537, 0xffffffff])
def test_frame_of_a_length_that_cannot_be(running, bystander, agents, length):
    issued = agents("oversize")
    reporter = greet(running, issued)
    reporter.socket.sendall(struct.pack(">I", length) + b"x" * 100)
    assert refused_code(reporter.receive) == pb.REFUSE_PROTOCOL
    assert_counted(running, refused_protocol=1)
    line_about(running, f"agent-{issued.agent}", "refused")


def test_report_before_hello(running, bystander, agents):
    reporter = Reporter(running, agents("hasty"))
    reporter.report(1, sound(0))
    assert refused_code(reporter.receive) == pb.REFUSE_PROTOCOL
    assert_counted(running, refused_protocol=1)


def test_garbage_instead_of_tls(running, bystander):
    with socket.create_connection((running.address, running.port), 5) as stranger:
        stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
        stranger.settimeout(20)
        try:
            while stranger.recv(4096):
                pass
        except ConnectionError:
            pass
    assert_counted(running, handshakes_failed=1)


def wrong_enum():
    slot = records.make_slot(60000, 6, 6, 0, boot=BOOT)
    slot.start_us = 100000000
    slot.probes[0].kind = 99
    return pb.Record(slot=slot).SerializeToString()


def wrong_length():
    slot = records.make_slot(60000, 6, 6, 0, boot=BOOT)
    slot.start_us, slot.length_ms = 100000000, 999
    return pb.Record(slot=slot).SerializeToString()


BAD_RECORDS = {
    "not a record": (b"\xff\xff\xff\xff", pb.REJECT_MALFORMED),
    "an enum's value that is none": (wrong_enum(), pb.REJECT_UNSUPPORTED),
    "a slot of 999 ms": (wrong_length(), pb.REJECT_INVALID),
    "a clock in 1970": (records.anchor(BOOT, 50, 12345), pb.REJECT_INVALID),
    "a body of a kind to come": (b"\xfa\x01\x02\x08\x01", pb.REJECT_UNSUPPORTED),
}


@pytest.mark.parametrize("what", BAD_RECORDS)
def test_record_that_can_never_be_taken(running, bystander, agents, what):
    record, code = BAD_RECORDS[what]
    issued, told = agents("faulty"), sound(10)
    told[5] = (6, record)
    reporter = greet(running, issued)
    rejected = reporter.deliver(1, told)
    assert {sequence: one.code for sequence, one in rejected.items()} == {6: code}
    assert rejected[6].text
    assert_counted(running, **{f"rejected_{pb.RejectCode.Name(code)[7:].lower()}": 1})
    wait_in_ledger(running, issued.agent, len(told))
    kept = ledger_rows(running.state, "SELECT run, sequence, code, record FROM rejected"
                       " WHERE agent = ?", issued.agent)
    assert kept == [(1, 6, code, record)]
    assert len(records.kept_keys(running.state, issued.agent)) == len(told) - 1
    line_about(running, f"agent-{issued.agent}", "reject")
    assert reporter.deliver(1, [(12 + 1, sound(12)[12][1])]) == {}, "it goes on"


def test_clock_in_1970_then_the_truth(running, agents):
    """Slots wait without a place until an anchor gives them one."""
    issued, told = agents("clockless"), sound(10)
    late_anchor = told.pop(1)[1]
    told = [(number, record) for number, (_, record) in enumerate(told, 1)]
    reporter = greet(running, issued)
    assert reporter.deliver(1, told) == {}
    wait_in_ledger(running, issued.agent, len(told))
    assert records.kept_slots(running.state, running.link) == []
    assert_counted(running)
    assert "10 slots wait for the time of their router" in running.run("status").stdout
    assert running.status_of("ledger")["unplaced"] == 10
    assert reporter.deliver(1, [(len(told) + 1, late_anchor)]) == {}
    wait_for(lambda: len(records.kept_slots(running.state, running.link)) == 10, "all are placed")


def test_same_key_with_other_content_is_disputed(running, agents):
    issued, told = agents("cloned"), sound(10)
    with greet(running, issued) as reporter:
        assert reporter.deliver(1, told) == {}
    other = records.SlotFactory().record(BOOT, 400000000, 60, 6, 6, 6, "upstream")
    with greet(running, issued) as reporter:
        reporter.report(1, [(7, other)])
        reporter.rest()
    wait_in_ledger(running, issued.agent, len(told) + 1)
    both = [record for _, sequence, record
            in kept_records(running.state, issued.agent) if sequence == 7]
    assert len(both) == 2
    for sent in (told[6][1], other):
        assert any(same_record(sent, one) for one in both), "both are kept"
    wait_for(lambda: [row["sequence"] for row in kept(running.state, "slots", running.link)
                      if row["disputed"]] == [7], "the slot is disputed")
    assert_counted(running)


def test_wan_without_a_link_is_kept_and_counts_once_bound(running, agents):
    issued = agents("two-wans")
    second = running.add_link()
    running.add_contract(second)
    told = [(number, record.replace(b"\x22\x03wan", b"\x22\x03wwx"))
            for number, record in sound(10)]
    with greet(running, issued) as reporter:
        assert reporter.deliver(1, told) == {}
    wait_in_ledger(running, issued.agent, len(told))
    assert_counted(running)
    assert records.kept_slots(running.state, second) == []
    data, = [row for row in json.loads(running.run("status", "--json").stdout)
             if row["part"] == "data"]
    assert data["state"] == "warn" and "10 slots" in data["words"], data
    assert "wwx" in json.dumps(running.status_of("ledger")["unbound_wans"])
    running.pantau("agent", "bind", "--agent", issued.agent, "--wan", "wwx", "--link", second,
                   "--from", "2026-01-01")
    wait_for(lambda: len(records.kept_slots(running.state, second)) == 10, "they count")
