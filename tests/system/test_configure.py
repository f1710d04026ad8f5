# SPDX-License-Identifier: Apache-2.0
"""Configuration from afar and leases, as an agent of another make sees them: `pantau agent
configure`, the WELCOME, a change while connected, the answer; and speed tests in turn."""

import json
import threading
import time

import pytest

from support.programs import wait_for
from support.records import pb
from support.reporter import Reporter
from support.server import Server

AT_ONCE, PER_PROVIDER = 3, 2


@pytest.fixture
def collector(tmp_path):
    made = Server(tmp_path / "server", settings={"collector": {
        "speed_tests_at_once": AT_ONCE, "speed_tests_per_provider": PER_PROVIDER}}).init()
    made.link = made.add_link()
    yield made.start("ingest")
    made.close()


def configure(server, *words):
    server.pantau("agent", "configure", *words)
    server.wait_roster()


def listed(server):
    return json.loads(server.pantau("agent", "configure", "--list", "--json"))


def row_of(server, agent):
    row, = [row for row in listed(server)["agents"] if row["agent"] == agent]
    return row


def greet(server, issued, **said):
    """A session, and its WELCOME."""
    reporter = Reporter(server, issued)
    reporter.send(hello=pb.Hello(software="tests 1", boot=b"B" * 16, sent_us=1, wan="wan", **said))
    return reporter, reporter.receive()


def test_welcome_brings_what_is_asked_and_hears_the_answer(collector):
    issued = collector.issue(collector.link)
    with greet(collector, issued)[0] as agent:
        configure(collector, "--link", collector.link, "--set", "agent.round_s=20")
        told = agent.receive()  # while it is connected
        assert (told.version, told.text) == (row_of(collector, issued.agent)["asked"],
                                             "[agent]\nround_s = 20\n")
        assert row_of(collector, issued.agent)["state"] == "waits"
        agent.send(following=pb.Following(configuration=told.version))
        wait_for(lambda: row_of(collector, issued.agent)["state"] == "follows", "it follows")
    configure(collector, "--all", "--set", "agent.near_s=120")
    reporter, welcome = greet(collector, issued, configuration=told.version)
    with reporter:
        assert welcome.configuration.version > told.version
        assert welcome.configuration.text == "[agent]\nround_s = 20\nnear_s = 120\n"
    reporter, _ = greet(collector, issued, configuration=told.version,
                        configuration_refused=welcome.configuration.version,
                        configuration_trouble="[agent] near_s = 120: not today")
    with reporter:
        wait_for(lambda: row_of(collector, issued.agent)["state"] == "refused", "it refuses")
    row = row_of(collector, issued.agent)
    assert row["why"] == "[agent] near_s = 120: not today"
    assert row["configuration"] == "agent.round_s=20 agent.near_s=120"
    assert collector.status_of("ingest")["configurations_refused"] == 1
    assert "configuration asked of them: 1" in collector.run("status").stdout
    collector.stop("ingest")  # what was said outlives the process
    assert row_of(collector, issued.agent)["state"] == "refused"
    assert row_of(collector.start("ingest"), issued.agent) == row


def test_agent_of_which_nothing_is_asked_hears_nothing(collector):
    issued = collector.issue(collector.link)
    other = collector.issue(collector.add_link(provider="Lain"), "other")
    configure(collector, "--provider", "Lain", "--set", "agent.profile=metered")
    reporter, welcome = greet(collector, issued)
    with reporter:
        assert not welcome.HasField("configuration")
    reporter, welcome = greet(collector, other)
    with reporter:
        assert welcome.configuration.text == "[agent]\nprofile = metered\n"
        configure(collector, "--provider", "Lain", "--unset", "agent.profile")
        told = reporter.receive()
        assert told.version > welcome.configuration.version
        assert told.text == ""
    settings = listed(collector)["settings"]
    assert settings == []


@pytest.mark.parametrize("words, complaint", [
    (["--all", "--set", "agent.round_s=4"], "5 to 60"),
    (["--all", "--set", "agent.state_folder=/tmp"], "no key"),
    (["--all", "--set", "wan.internet_targets=10.0.0.1"], "10.0.0.1 is not a public address"),
    (["--all", "--set", "wan.tcp_target=8.8.8.8:25"], "25 is none of the ports"),
    (["--all", "--set", "http.url=http://192.168.1.1/cgi-bin/reboot"], "not a public address"),
    (["--all", "--set", "speed.server=http://[fd00::1]/"], "not a public address"),
    (["--all", "--set", "speed.server=ftp://example.com/"], "http://"),
    (["--all", "--set", "dns.name=127.1"], "no name"),
    (["--agent", "99", "--set", "agent.round_s=20"], "agent 99 does not exist"),
    (["--provider", "Siapa", "--set", "agent.round_s=20"], "Siapa has no link"),
    (["--all", "--unset", "agent.round_s"], "not set"),
])
def test_what_no_agent_would_take_is_refused_at_once(server, words, complaint):
    done = server.run("agent", "configure", *words)
    assert (done.returncode, complaint in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize("words", [
    [], ["--all"], ["--set", "agent.round_s=20"], ["--all", "--set", "agent.round_s"],
    ["--all", "--agent", "1", "--set", "agent.round_s=20"],
    ["--list", "--set", "agent.round_s=20"],
    ["--all", "--set", "agent.round_s=20", "--unset", "agent.round_s"],
])
def test_call_that_says_nothing_is_a_usage_error(server, words):
    assert server.run("agent", "configure", *words).returncode == 2


class Asker(threading.Thread):
    """Asks again and again, more often than it should, and notes when it may."""

    def __init__(self, server, issued, wan, held):
        super().__init__()
        self.reporter, self.wan, self.held, self.tests = Reporter(server, issued), wan, held, 0
        self.reporter.hello()

    def run(self):
        end = time.monotonic() + 4
        for number in range(1, 1000):
            if time.monotonic() > end or self.tests == 2:
                break
            self.reporter.send(lease_request=pb.LeaseRequest(number=number, wan=self.wan))
            lease = self.reporter.receive()
            assert lease.number == number
            if lease.granted:
                assert 60 <= lease.seconds <= 600
                with self.held.test():
                    time.sleep(0.05)
                self.tests += 1
                self.reporter.send(lease_return=pb.LeaseReturn(number=number))
            else:
                assert 5 <= lease.seconds <= 3600
                time.sleep(0.02)
        self.reporter.close()


class Held:
    """How many tests run, and how many ever ran at once."""

    def __init__(self):
        self.lock, self.now, self.most = threading.Lock(), 0, 0

    def test(self):
        return self

    def __enter__(self):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)

    def __exit__(self, *what):
        with self.lock:
            self.now -= 1


def test_never_more_speed_tests_at_once_than_are_lent(collector):
    links = [collector.link, collector.add_link(provider="Lain")]
    held = [Held(), Held()]
    testers = [Asker(collector, collector.issue(links[i % 2], f"agent{i}"), "wan", held[i % 2])
               for i in range(10)]
    for tester in testers:
        tester.start()
    most = 0
    while any(tester.is_alive() for tester in testers):
        most = max(most, collector.status_of("ingest")["leases"]["held"])
        time.sleep(0.02)
    assert 0 < most <= AT_ONCE
    assert all(0 < one.most <= PER_PROVIDER for one in held)
    assert all(tester.tests for tester in testers)
    leases = collector.status_of("ingest")["leases"]
    assert (leases["held"], leases["granted"]) == (0, sum(one.tests for one in testers))
    assert leases["refused"] > 0


def test_session_takes_its_leases_with_it(collector):
    issued = collector.issue(collector.link)
    agent = Reporter(collector, issued)
    agent.hello()
    for number in (1, 2, 3):
        agent.send(lease_request=pb.LeaseRequest(number=number, wan="wan"))
        assert agent.receive().granted == (number <= PER_PROVIDER)
    assert collector.status_of("ingest")["leases"]["held"] == PER_PROVIDER
    agent.close()
    wait_for(lambda: collector.status_of("ingest")["leases"]["held"] == 0, "they are free again")
