# SPDX-License-Identifier: Apache-2.0
"""The lab's own link tells the truth: what it is told to do is what ping sees."""

import statistics

from support.lab import GATEWAY, TARGETS, TARGETS6


def test_delay_is_kept(lab):
    lab.link.say("delay 10ms")
    times = lab.ping(TARGETS[0], 20, 0.05)
    assert len(times) == 20
    assert 20000 <= statistics.median(times) <= 21000


def test_delay_over_ipv6(lab):
    lab.link.say("delay 5ms")
    assert 10000 <= statistics.median(lab.ping(TARGETS6[0], 10, 0.05)) <= 11000


def test_loss_is_what_was_asked_for_and_what_was_counted(lab):
    lab.link.say("loss 20% up")
    answered = len(lab.ping(TARGETS[0], 500, 0.005))
    stats = lab.link.stats()
    assert 340 <= answered <= 445  # 400 give or take three and more standard deviations
    # beside the echoes the kernel itself sends a few router solicitations and group reports
    assert 0 <= stats["up.lost"] - (500 - answered) <= 5
    assert stats["down.lost"] == 0


def test_cut_and_restore(lab):
    lab.link.say("cut")
    assert lab.ping(GATEWAY, 3, 0.05) == []
    lab.link.say("restore")
    assert len(lab.ping(GATEWAY, 3, 0.05)) == 3


def test_block_one_address(lab):
    lab.link.say(f"block {TARGETS[1]}")
    assert lab.ping(TARGETS[1], 2, 0.05) == []
    assert len(lab.ping(TARGETS[0], 2, 0.05)) == 2
    lab.link.say(f"unblock {TARGETS[1]}")
    assert len(lab.ping(TARGETS[1], 2, 0.05)) == 2


def test_icmp_filtered_while_tcp_passes(lab):
    lab.link.say("icmp off")
    assert lab.ping(TARGETS[0], 2, 0.05) == []
    lab.execute(lab.router, "/usr/bin/python3", "-c",
                f"import socket; socket.create_connection(('{TARGETS[0]}', 443), 5)")


def test_rate_limits(lab):
    lab.link.say("rate 1mbit down")
    lab.spawn(lab.internet, "source", "/usr/bin/python3", "-c",
              "import socket\n"
              "s = socket.create_server(('', 5001))\n"
              "print('ready', flush=True)\n"
              "s.accept()[0].sendall(bytes(250000))").wait_for_text("ready")
    seconds = float(lab.execute(
        lab.router, "/usr/bin/python3", "-c",
        "import socket, time\n"
        f"s = socket.create_connection(('{TARGETS[0]}', 5001))\n"
        "began = time.monotonic()\n"
        "while s.recv(65536): pass\n"
        "print(time.monotonic() - began)"))
    assert 1.9 <= seconds <= 3.0  # 2 Mbit


def test_carrier(lab):
    lab.link.say("carrier off")
    assert "NO-CARRIER" in lab.execute(lab.router, "ip", "link", "show", "wan0")
    lab.link.say("carrier on")
    assert "NO-CARRIER" not in lab.execute(lab.router, "ip", "link", "show", "wan0")
    assert len(lab.ping(GATEWAY, 2, 0.05)) == 2
