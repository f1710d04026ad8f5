# SPDX-License-Identifier: Apache-2.0
"""A collector in the wrong hands, with the programme's own certificate, and a real agent: what it
asks for is refused with words, however much it asks."""

import os
import socket
import ssl
import struct
import time

import pytest

from support.programs import Process, program, wait_for
from support.records import pb
from support.server import Server

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, for the agent's sockets")


class Hostile:
    """Accepts agents, says WELCOME and whatever it is told to."""

    def __init__(self, state):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(state / "tls/server.crt", state / "tls/server.key")
        context.load_verify_locations(state / "ca/ca.crt")
        context.verify_mode = ssl.CERT_REQUIRED
        context.set_alpn_protocols(["pantau/1"])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.context, self.agent = context, None

    def accept(self, *asked):
        """The agent's HELLO, answered with this configuration."""
        self.listener.settimeout(20)
        self.agent = self.context.wrap_socket(self.listener.accept()[0], server_side=True)
        self.agent.settimeout(20)
        hello = self.hear().hello
        durable = [pb.Ack(run=run.run, up_to=run.first - 1) for run in hello.runs]
        welcome = pb.Welcome(durable=durable)
        if asked:
            welcome.configuration.CopyFrom(pb.Configuration(version=asked[0], text=asked[1]))
        self.say(welcome=welcome)
        return hello

    def say(self, **message):
        payload = pb.FromCollector(**message).SerializeToString()
        self.agent.sendall(struct.pack(">I", len(payload)) + payload)

    def ask(self, version, text):
        self.say(configuration=pb.Configuration(version=version, text=text))

    def take(self, count):
        taken = b""
        while len(taken) < count:
            more = self.agent.recv(count - len(taken))
            assert more, "the agent left"
            taken += more
        return taken

    def hear(self):
        return pb.FromAgent.FromString(self.take(struct.unpack(">I", self.take(4))[0]))

    def hear_following(self):
        """What it says of its configuration next; its records are acknowledged meanwhile."""
        while True:
            message = self.hear()
            kind = message.WhichOneof("message")
            if kind == "following":
                return message.following
            if kind == "report":
                last = message.report.entries[-1]
                self.say(ack=pb.Ack(run=last.run, up_to=last.sequence))
            elif kind == "ping":
                self.say(pong=pb.Pong())

    def close(self):
        if self.agent:
            self.agent.close()
        self.listener.close()


class Router:
    """An agent that knows no other collector."""

    def __init__(self, folder, server, hostile):
        self.folder, keys = folder, server.issue(server.add_link()).folder
        self.state, self.conf = folder / "agent", folder / "agent.conf"
        self.conf.write_text(f"""[collector]
address = 127.0.0.1:{hostile.port}
ca = {keys}/ca.crt
certificate = {keys}/agent.crt
key = {keys}/agent.key
[agent]
state_folder = {self.state}
spool_folder = {self.state}/spool
runtime_folder = {folder}/run
trial_s = 20
[wan]
interface = lo
internet_targets = 127.0.0.1
tcp_target =
provider_targets = off
edge_targets = off
[dns]
resolvers = off
""")
        self.start()

    def start(self):
        self.process = Process([program("pantau-agent"), "run", "--config", str(self.conf)],
                               self.folder / "agent.log")

    def close(self):
        self.process.close()


@pytest.fixture
def hostile(tmp_path):
    server = Server(tmp_path / "server").init()
    made = Hostile(server.state)
    made.router = Router(tmp_path, server, made)
    yield made
    made.router.close()
    made.close()


def restarted(hostile):
    """Another process, which looks at what it is asked at once."""
    hostile.agent.close()
    hostile.router.close()
    hostile.router.start()


FORBIDDEN = [
    ("[wan]\ninternet_targets = 192.168.1.1\n", "192.168.1.1 is not a public address"),
    ("[wan]\ninternet_targets = ::ffff:10.0.0.1\n", "not a public address"),
    ("[wan]\ntcp_target = 100.64.0.1:80\n", "not a public address"),
    ("[http]\nurl = http://127.0.0.1/reboot\n", "not a public address"),
    ("[agent]\nround_s = 1\n", "5 to 60"),
    ("[agent]\nhelper = /bin/sh\n", "may not come from afar"),
    ("[speed]\nserver = http://example.com/\ninterval_s = 3600\n", "MB a day"),
    ("x" * 4097, "longer than it may be"),
    ("[agent]\nround_s = 20\x1b\n", "cannot be read"),
]


def test_what_is_forbidden_is_refused_with_words(hostile):
    for number, (text, words) in enumerate(FORBIDDEN, 1):
        hostile.accept(number, text)
        said = hostile.hear_following()
        assert (said.configuration, said.configuration_refused) == (0, number)
        assert words in said.configuration_trouble
        restarted(hostile)
    assert not list(hostile.router.state.glob("remote.*"))


def test_flood_is_not_followed(hostile):
    """A few are taken; hundreds of others, three of four forbidden, neither end the agent nor wear
    its flash."""
    hostile.accept(1, "[agent]\nround_s = 20\n")
    assert hostile.hear_following().configuration == 1
    for number in range(2, 502):
        text = [f"[agent]\nround_s = {5 + number % 50}\n", "[", "x" * 4000,
                "[wan]\ninternet_targets = 10.0.0.1\n"][number % 4]
        hostile.ask(number, text)
    time.sleep(2)
    assert hostile.router.process.alive()
    log = hostile.router.process.text()
    assert log.count("is tried") <= 6
    assert log.count("is refused") <= 1
    hostile.say(pong=pb.Pong())
    wait_for(lambda: "is kept" in hostile.router.process.text(), "the first is kept")
    restarted(hostile)
    assert hostile.accept().configuration >= 1


def test_state_folder_that_was_tampered_with_is_checked_again(hostile):
    hostile.accept()
    hostile.agent.close()
    hostile.router.close()
    (hostile.router.state / "remote.conf").write_text(
        "# version 5 start 1\n[wan]\ninternet_targets = 192.168.1.1\n")
    hostile.router.start()
    hello = hostile.accept()
    assert (hello.configuration, hello.configuration_refused) == (0, 5)
    assert "not a public" in hello.configuration_trouble
