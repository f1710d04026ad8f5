# SPDX-License-Identifier: Apache-2.0
"""What the agent sends and receives in 30 days, speed tests and web pages apart, out of packets
that were counted on a router's interfaces: IP packets, from the IP header on.

Three villages at once. One has the default profile: its rounds and its session are counted as they
are. The second lives ten times as fast as the `metered` profile, whose reports come every ten
minutes: as many rounds to a slot, as many slots to a report. The third asks gateway, provider,
resolver and STAMP reflector every minute instead of every half hour: that tells what one time
costs, and what it adds to a report. IPv6 takes 20 bytes more a packet and is otherwise the same."""

import configparser
import json
import signal
import sys
import time
from pathlib import Path

from figures import say
from support import lab as labs
from support.programs import RELEASE, Process, program, wait_for
from support.site import Site, ini

MONTH_S = 30 * 86400
SETTLE_S = 75  # the session's begin, and a slot that is cut
OFTEN_S = 60
HURRY = 10
HURRIED = {"slot_s": 6, "round_s": 3, "report_s": 60, "near_s": 1800}
IPV6_MORE = 20
REFLECTOR = f"{labs.TARGETS[0]}:862"
SNIFF = Path(__file__).with_name("sniff.py")
# of agent/settings/settings.c: seconds between two times
RHYTHMS = {"default": {"near targets": 600, "dns": 1800, "stamp": 600},
           "metered": {"near targets": 1800, "dns": 7200, "stamp": 3600}}
LIMITS_MB = {"default": (40, 55), "metered": (12, None)}

RESOLVER = """
import socket
own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
own.bind(("%s", 53))
print("ready", flush=True)
while True:
    query, peer = own.recvfrom(512)
    end = query.index(0, 12) + 5
    known = query[12:].startswith(b"\\7example\\3com\\0")
    head = query[:2] + (b"\\x81\\x80" if known else b"\\x81\\x83") + query[4:6]
    answer = b"\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\x3c\\0\\4\\x5d\\xb8\\xd8\\x22" if known else b""
    own.sendto(head + (b"\\0\\1" if known else b"\\0\\0") + bytes(4) + query[12:end] + answer, peer)
""" % labs.PROVIDER


class Village:
    """A site with a sniffer on its router."""

    def __init__(self, folder, profile, often=False):
        self.folder, self.often = folder, often
        keys = {"profile": profile, "slot_s": 60, **(HURRIED if profile == "metered" else {})}
        more = {"agent": keys, "dns": {"resolvers": labs.PROVIDER, "name": "example.com"}}
        if often:
            keys["near_s"] = OFTEN_S
            more["dns"]["interval_s"] = OFTEN_S
        self.site = Site(folder, round_s=keys.get("round_s", 0), more=more,
                         settings={"reflector": {"listen": REFLECTOR}})
        self.sniffer = self.reflector = None

    def add_stamp(self):
        """A reflector beyond the measured link, and an agent that has its key."""
        site = self.site
        self.reflector = Process([program("pantau-collector", RELEASE), "reflector", "--config",
                                  str(site.server.config), "--state", str(site.server.state)],
                                 self.folder / "reflector.log", site.lab.internet)
        issued = configparser.ConfigParser()
        issued.read(site.issued.folder / "agent.conf")
        stamp = {**issued["stamp"], "target": REFLECTOR}
        if self.often:
            stamp["interval_s"] = OFTEN_S
        site.agent.stop()
        site.conf.write_text(site.conf.read_text() + ini({"stamp": stamp}))
        site.start_agent()

    def start(self):
        lab = self.site.lab
        lab.spawn(lab.internet, "resolver", "/usr/bin/python3", "-c", RESOLVER)
        self.add_stamp()

    def sniff(self):
        lab = self.site.lab
        self.sniffer = lab.spawn(lab.router, "sniff", sys.executable, SNIFF, self.site.server.port,
                                 ",".join(labs.TARGETS), "wan0", "mgt")
        self.sniffer.wait_for_text("ready")

    def counted(self):
        """{kind: [packets, bytes]}"""
        self.sniffer.popen.send_signal(signal.SIGTERM)
        wait_for(lambda: not self.sniffer.alive(), "the counts")
        return json.loads(self.sniffer.text().splitlines()[-1])

    def close(self):
        if self.reflector:
            self.reflector.close()
        self.site.close()


def session_of(counts):
    return [sum(counts[kind][i] for kind in counts if kind.startswith("session")) for i in (0, 1)]


def month_of(counts, often, seconds, rhythms, hurry):
    """{kind: (packets, bytes) in 30 days}"""
    month = {kind: [value * MONTH_S / hurry / seconds for value in count]
             for kind, count in counts.items() if kind not in rhythms}
    for kind, every_s in rhythms.items():
        month[kind] = [value * OFTEN_S / seconds * MONTH_S / every_s
                       for value in often.get(kind, (0, 0))]
    return month


def report(profile, month):
    v4_limit, v6_limit = LIMITS_MB[profile]
    for kind, (packets, size) in sorted(month.items(), key=lambda item: -item[1][1]):
        say(f"traffic, {profile}: {kind}, packets and MB in 30 days",
            f"{packets:.0f} {size / 1e6:.2f}")
    v4 = sum(size for _, size in month.values())
    v6 = v4 + IPV6_MORE * sum(packets for packets, _ in month.values())
    say(f"traffic, {profile}: all, MB in 30 days on IPv4 (wanted: under {v4_limit})",
        f"{v4 / 1e6:.1f}")
    say(f"traffic, {profile}: all, MB in 30 days on IPv6"
        + (f" (wanted: under {v6_limit})" if v6_limit else ""), f"{v6 / 1e6:.1f}")


def bench_traffic(folder, minutes=10):
    seconds = minutes * 60
    villages = []
    try:
        for name, profile, often in (("default", "default", False), ("metered", "metered", False),
                                     ("often", "default", True)):
            villages.append(Village(folder / name, profile, often))
            villages[-1].start()
        time.sleep(SETTLE_S)
        for village in villages:
            village.sniff()
        time.sleep(seconds)
        default, metered, often = (village.counted() for village in villages)
        grown = (session_of(often)[1] - session_of(default)[1]) * OFTEN_S / seconds
        say("traffic: what near targets, dns and stamp add to a report, bytes", round(grown))
        for profile, counts, hurry in (("default", default, 1), ("metered", metered, HURRY)):
            rhythms = RHYTHMS[profile]
            month = month_of(counts, often, seconds, rhythms, hurry)
            if grown > 0:
                month["session: what near, dns and stamp add"] = (
                    0, grown * MONTH_S / min(rhythms.values()))
            report(profile, month)
    finally:
        for village in villages:
            village.close()
