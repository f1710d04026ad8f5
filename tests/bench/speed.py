# SPDX-License-Identifier: Apache-2.0
"""The agent's speed test beside iperf3, in turns, over the lab's links: what each says, and the
bytes that it took to say so. 100 Mbit/s is a veth under the kernel's own token bucket: the lab's
relay would be what is measured. As root; needs iperf3."""

import json
import shutil
import statistics
import subprocess
import time

from support.lab import TARGETS, Lab, ip
from support.programs import RELEASE, Process, free_port, inside, program
from support.server import Server
from support.site import ini

RUNS = 3
IPERF_S = 3
TRIES = 3  # over a satellite it sometimes gives up at its end
BUCKET = ("burst", "32kb", "latency", "100ms")  # of the token bucket on the veth
# rate, round trip in ms, loss in percent
LINKS = [("1mbit", 5, 0), ("1mbit", 30, 0), ("10mbit", 5, 0), ("10mbit", 30, 0),
         ("50mbit", 5, 0), ("50mbit", 30, 0)]
HARD = [("1mbit", 100, 0), ("10mbit", 100, 0), ("50mbit", 100, 0), ("10mbit", 600, 0),
        ("10mbit", 30, 1)]
HEAD = (f"{'link':<22} {'way':<5} {'ours kbit/s':>11} {'iperf3':>8} {'ratio':>6} "
        f"{'its last second':>15} {'our bytes':>10} {'its':>10} {'share':>6}")


def run(namespace, *words):
    done = subprocess.run(inside(namespace, *words), capture_output=True, text=True, timeout=90)
    assert done.stdout or done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout


def ours(namespace, interface, address, port):
    said = run(namespace, program("pantau-probe", RELEASE), "speed", "--interface", interface,
               f"http://{address}:{port}/")
    said = dict(line.split("=", 1) for line in said.splitlines())
    assert said["outcome"] == "done", said
    return {way: (int(said[f"{way}.kbps"]), int(said[f"{way}.bytes"])) for way in ("down", "up")}


def iperf(namespace, address, *words):
    """The receiver's figure, that of its last second (when it is on this side: it has its own slow
    start behind it then), and the bytes."""
    for _ in range(TRIES):
        said = json.loads(run(namespace, "iperf3", "-c", address, "-J", "-t", IPERF_S, *words))
        received = said["end"].get("sum_received")
        if received:
            break
    last = said["intervals"][-1]["sum"]["bits_per_second"] / 1000
    return received["bits_per_second"] / 1000, last, received["bytes"]


def compare(name, namespace, interface, address, port):
    """In turns, so that both meet the same machine."""
    taken = {"down": [], "up": []}
    for _ in range(RUNS):
        for way, words in (("down", ["-R"]), ("up", [])):
            taken[way].append([iperf(namespace, address, *words)])
        found = ours(namespace, interface, address, port)
        for way, pairs in taken.items():
            pairs[-1].append(found[way])
    for way, pairs in taken.items():
        kbps, used = (statistics.median(pair[1][i] for pair in pairs) for i in range(2))
        theirs, last, sent = (statistics.median(pair[0][i] for pair in pairs) for i in range(3))
        print(f"{name:<22} {way:<5} {kbps:>11.0f} {theirs:>8.0f} {kbps / theirs:>6.3f} "
              f"{round(last) if way == 'down' else '':>15} {used:>10.0f} {sent:>10.0f} "
              f"{used / sent:>6.2f}", flush=True)


class Ends:
    """The endpoint and iperf3's server, in a namespace."""

    def __init__(self, folder, server, namespace):
        self.port = free_port()
        conf = folder / "web.conf"
        conf.write_text(ini({"web": {"listen": "127.0.0.1:8080",
                                     "speed_listen": f"0.0.0.0:{self.port}"}}))
        self.parts = [Process([program("pantau-web", RELEASE), "--state", str(server.state),
                               "--config", str(conf)], folder / "web.log", namespace),
                      Process(["iperf3", "-s"], folder / "iperf.log", namespace)]
        time.sleep(1)
        assert all(part.alive() for part in self.parts), self.parts[0].text()

    def close(self):
        for part in self.parts:
            part.close()


def over_relay(folder, server):
    lab = Lab(folder / "lab")
    ends = Ends(folder, server, lab.internet)
    try:
        for rate, rtt_ms, loss in LINKS + HARD:
            lab.link.say(f"rate {rate}")
            lab.link.say(f"delay {rtt_ms * 500}us")
            lab.link.say(f"loss {loss}%")
            name = f"{rate} {rtt_ms} ms" + (f" {loss} % lost" if loss else "")
            compare(name, lab.router, "wan0", TARGETS[0], ends.port)
    finally:
        ends.close()
        lab.close()


def over_veth(folder, server):
    router, internet = f"pbr{free_port()}", f"pbi{free_port()}"
    for name in (router, internet):
        ip("netns", "add", name)
    ends = None
    try:
        ip("link", "add", "wan0", "netns", router, "type", "veth", "peer", "name", "net0", "netns",
           internet)
        for name, device, address in ((router, "wan0", "10.77.0.1/24"),
                                      (internet, "net0", "10.77.0.2/24")):
            ip("-n", name, "addr", "add", address, "dev", device)
            ip("-n", name, "link", "set", device, "up")
            ip("-n", name, "link", "set", "lo", "up")
        ends = Ends(folder, server, internet)
        for rate in ("10mbit", "50mbit", "100mbit"):
            for name, device in ((router, "wan0"), (internet, "net0")):
                run(name, "tc", "qdisc", "replace", "dev", device, "root", "tbf", "rate", rate,
                    *BUCKET)
            compare(f"{rate} veth, tbf", router, "wan0", "10.77.0.2", ends.port)
    finally:
        if ends:
            ends.close()
        for name in (router, internet):
            ip("netns", "del", name)


def bench_speed(folder):
    assert shutil.which("iperf3"), "iperf3 is not installed"
    server = Server(folder / "server", build=RELEASE).init().start("ledger")
    try:
        print(HEAD)
        over_veth(folder, server)
        over_relay(folder, server)
    finally:
        server.close()
