# SPDX-License-Identifier: Apache-2.0
"""The STAMP reflector as a stranger's sender sees it, written from RFC 8762 alone."""

import configparser
import hashlib
import hmac
import json
import socket
import struct
import subprocess

import pytest

from support.programs import Process, program, wait_for
from support.server import Server

NTP_1970 = 2208988800


def free_udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def server(tmp_path):
    one = Server(tmp_path / "server",
                 settings={"reflector": {"listen": f"127.0.0.1:{free_udp_port()}"}}).init()
    yield one
    one.close()


def port_of(server):
    lines = server.config.read_text().split("[reflector]")[1].splitlines()
    return int(lines[1].rsplit(":", 1)[1])


def start_reflector(server, *words):
    server.parts["reflector"] = Process(
        [program("pantau-collector"), "reflector", "--state", str(server.state), "--config",
         str(server.config), *words], server.folder / "reflector.log")
    wait_for(lambda: "listening on" in server.log("reflector"), "the reflector listens")


def key_of(server, identifier):
    master = bytes.fromhex((server.state / "stamp.key").read_text().strip())
    return hmac.new(master, b"pantau-stamp" + struct.pack("!H", identifier),
                    hashlib.sha256).digest()[:16]


def signed(body, key):
    body = body.ljust(96, b"\0")
    return body + hmac.new(key, body, hashlib.sha256).digest()[:16]


def question(sequence, identifier, key, sent=0xe600000000000000):
    return signed(struct.pack("!I12xQHH", sequence, sent, 0x0001, identifier), key)


class Sender:
    def __init__(self, server):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port_of(server)))

    def ask(self, packet, patience_s=2):
        self.socket.settimeout(patience_s)
        self.socket.send(packet)
        try:
            return self.socket.recv(4096)
        except TimeoutError:
            return None


def test_a_strangers_sender_is_answered_as_the_standard_says(server):
    start_reflector(server)
    sender, key = Sender(server), key_of(server, 4242)
    for number in range(3):
        answer = sender.ask(question(100 + number, 4242, key))
        assert len(answer) == 112
        assert answer == signed(answer[:96], key)
        sequence, sent, _, identifier = struct.unpack("!I12xQHH", answer[:28])
        received, theirs, echoed = struct.unpack("!Q8xI12xQ", answer[32:72])
        assert (sequence, theirs, echoed, identifier) == (
            number, 100 + number, 0xe600000000000000, 4242)
        assert received <= sent and sent >> 32 > NTP_1970 + 1700000000
        assert answer[80] == 64  # the TTL of a packet from this machine itself


def test_without_a_right_signature_there_is_no_answer_at_all(server):
    start_reflector(server)
    sender, key = Sender(server), key_of(server, 1)
    right = question(1, 1, key)
    for wrong in (b"", b"x", right[:96], right[:111], right + b"\0", bytes(112),
                  question(1, 2, key), right[:-1] + bytes([right[-1] ^ 1])):
        assert sender.ask(wrong, 0.2) is None
    answer = sender.ask(right)
    assert answer and sender.ask(answer, 0.2) is None, "answers are no questions"
    assert sender.ask(right, 0.2) is None, "once is enough"
    status = server.status_of("reflector")
    assert status["answered"] == 1 and status["doubled"] == 1
    assert status["forged"] == 3 and status["malformed"] == 6  # one of them an answer
    assert status["sessions"] == 1


def test_flood_from_one_agent_is_cut(server):
    start_reflector(server)
    sender, key = Sender(server), key_of(server, 1)
    sender.socket.settimeout(1)
    for number in range(300):
        sender.socket.send(question(number, 1, key))
    got = 0
    while True:
        try:
            sender.socket.recv(4096)
            got += 1
        except TimeoutError:
            break
    assert 20 <= got <= 60
    assert Sender(server).ask(question(1, 2, key_of(server, 2))), "others do not suffer"


def conf_of(folder, section):
    conf = configparser.ConfigParser()
    conf.read(folder / "agent.conf")
    return dict(conf[section])


def test_issued_agent_has_its_key_and_asks_by_hand(server):
    link = server.add_link()
    server.address = "192.0.2.9"
    issued = server.issue(link)
    conf = conf_of(issued.folder, "stamp")
    assert conf["target"] == f"192.0.2.9:{port_of(server)}"
    assert conf["identifier"] == str(issued.agent)
    assert conf["key"] == key_of(server, issued.agent).hex()
    assert (issued.folder / "agent.conf").stat().st_mode & 0o777 == 0o600, "there is a key in it"
    start_reflector(server)
    command = [program("pantau-agent"), "probe", "stamp", f"127.0.0.1:{port_of(server)}",
               "--config", str(issued.folder / "agent.conf")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0 and "answered after" in done.stdout, done.stdout + done.stderr
    (server.state / "stamp.key").write_text("0" * 64 + "\n")
    server.stop("reflector")
    start_reflector(server)
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1 and "no answer" in done.stdout, done.stdout + done.stderr


def test_agent_issued_with_a_name_has_no_target(server):
    server.address = "noc.example.id"
    issued = server.issue(server.add_link())
    conf = conf_of(issued.folder, "stamp")
    assert conf["target"] == "" and len(conf["key"]) == 32
    checked = subprocess.run([program("pantau-agent"), "check", "--config",
                              str(issued.folder / "agent.conf")], capture_output=True, text=True,
                             timeout=30, check=False)
    assert checked.returncode == 0, checked.stderr


def test_state_from_before_gets_its_key_by_init(server):
    (server.state / "stamp.key").unlink()
    done = subprocess.run([program("pantau-collector"), "reflector", "--state", str(server.state),
                           "--config", str(server.config)], capture_output=True, text=True,
                          timeout=30, check=False)
    assert done.returncode == 1 and "pantau init" in done.stderr
    assert "stamp.key" in server.pantau("init", "--no-admin")
    assert "nothing was changed" in server.pantau("init", "--no-admin")
    start_reflector(server)


def test_run_starts_the_reflector_too(server):
    server.parts["run"] = Process(
        [program("pantau-collector"), "run", "--state", str(server.state), "--config",
         str(server.config)], server.folder / "run.log")
    wait_for(lambda: (server.state / "journal/reflector.sock").exists(), "its status")
    assert Sender(server).ask(question(1, 1, key_of(server, 1)))
    done = server.run("status", "--json")
    part, = (part for part in json.loads(done.stdout) if part["part"] == "reflector")
    assert part["state"] == "ok" and part["words"].startswith("1 STAMP questions"), part
    server.stop("run")
