# SPDX-License-Identifier: Apache-2.0
"""A lab: a router and an internet in network namespaces, a bad link between them, and a server that
the router reaches over a wire of its own.

    server ns                      router ns                            internet ns
    10.99.N.1 srv ---- veth ---- mgt 10.99.N.2
                                 100.64.7.2 wan0 ==== lab-link ==== net0 100.64.7.1   (gateway)
                                                                    lo   100.65.0.1   (edge)
                                                                         100.66.0.53  (provider)
                                                                         192.0.2.1 198.51.100.1
                                                                         203.0.113.1  (internet)

add_second_link() lays another link beside it: 100.64.8.2 wan1 ==== lab-link ==== net1 100.64.8.1.
"""

import itertools
import os
import re
import signal
import subprocess
from pathlib import Path

from support.programs import SANITIZED, Process, inside, program

GATEWAY, EDGE, PROVIDER = "100.64.7.1", "100.65.0.1", "100.66.0.53"
TARGETS = ("192.0.2.1", "198.51.100.1", "203.0.113.1")
ROUTER = "100.64.7.2"
SECOND_GATEWAY, SECOND_ROUTER = "100.64.8.1", "100.64.8.2"
GATEWAY6, ROUTER6, PROVIDER6 = "fd64:7::1", "fd64:7::2", "fd66::53"
TARGETS6 = ("2001:db8:1::1", "2001:db8:2::1", "2001:db8:3::1")
TCP_PORT = 443
SERVER, MANAGED = "10.99.0.1", "10.99.0.2"

LISTENER = """
import socket
listener = socket.create_server(("::", %d), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)
print("ready", flush=True)
while True:
    listener.accept()[0].close()
""" % TCP_PORT

numbers = itertools.count()


def ip(*words):
    command = ["ip", *map(str, words)]
    if words[0] == "-n":
        command = inside(words[1], "ip", *words[2:])
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"


def missing():
    """Why no lab can be made on this machine; None when it can."""
    if os.geteuid() != 0:
        return "needs root, for network namespaces"
    if not os.path.exists("/dev/net/tun"):
        return "this kernel has no /dev/net/tun"
    name = f"pt{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if made.returncode:
        return f"no network namespaces: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", name], check=True)
    return None


class Link:
    """The relay, steered line by line; each command returns its UTC microseconds."""

    def __init__(self, folder, router, internet, seed=1, number=0):
        self.log = Path(folder) / f"link{number}.log"
        self.popen = subprocess.Popen(
            [program("lab-link", SANITIZED), str(seed), str(self.log), f"{router}:wan{number}",
             f"{internet}:net{number}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.popen.stdout.readline().startswith("ok"), "lab-link did not start"

    def say(self, command):
        self.popen.stdin.write(command + "\n")
        self.popen.stdin.flush()
        answer = self.popen.stdout.readline().split(maxsplit=2)
        assert answer and answer[0] == "ok", f"link: {command}: {answer}"
        self.said = answer[2] if len(answer) > 2 else ""
        return int(answer[1])

    def stats(self):
        self.say("stats")
        return {key: int(value) for key, value in re.findall(r"(\S+)=(\d+)", self.said)}

    def packets(self):
        """(utc_us, direction, verdict, protocol, source, target) of all that was offered."""
        self.say("stats")  # flushes the log
        for line in self.log.read_text().splitlines():
            if not line.startswith("#"):
                at, direction, verdict, protocol, _, source, target = line.split()
                yield int(at), direction, verdict, int(protocol), source, target

    def close(self):
        self.popen.stdin.close()
        try:
            self.popen.wait(5)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()


class Lab:
    def __init__(self, folder, seed=1):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        stem = f"pl{os.getpid()}-{next(numbers)}"
        self.router, self.internet, self.server = (f"{stem}{end}" for end in "ris")
        self.namespaces, self.processes, self.link, self.second = [], [], None, None
        try:
            self.build(seed)
        except BaseException:
            self.close()
            raise

    def build(self, seed):
        for name in (self.router, self.internet, self.server):
            ip("netns", "add", name)
            self.namespaces.append(name)
            ip("-n", name, "link", "set", "lo", "up")
        self.quiet()
        self.link = Link(self.folder, self.router, self.internet, seed)
        self.address(self.router, "wan0", f"{ROUTER}/24", f"{ROUTER6}/64")
        self.address(self.internet, "net0", f"{GATEWAY}/24", f"{GATEWAY6}/64")
        for address in (EDGE, PROVIDER, *TARGETS):
            ip("-n", self.internet, "addr", "add", f"{address}/32", "dev", "lo")
        for address in (PROVIDER6, *TARGETS6):
            ip("-n", self.internet, "addr", "add", f"{address}/128", "dev", "lo")
        ip("-n", self.router, "route", "add", "default", "via", GATEWAY)
        ip("-n", self.router, "-6", "route", "add", "default", "via", GATEWAY6)
        self.wire_server()
        listener = self.spawn(self.internet, "listener", "/usr/bin/python3", "-c", LISTENER)
        listener.wait_for_text("ready")

    def quiet(self):
        """No duplicate address detection: addresses work at once."""
        for name in self.namespaces:
            self.execute(name, "sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0",
                         "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.all.forwarding=1")

    def address(self, namespace, device, *addresses):
        for address in addresses:
            ip("-n", namespace, "addr", "add", address, "dev", device)
        ip("-n", namespace, "link", "set", device, "up")

    def wire_server(self):
        ip("link", "add", "srv", "netns", self.server, "type", "veth", "peer", "name", "mgt",
           "netns", self.router)
        self.address(self.server, "srv", f"{SERVER}/24")
        self.address(self.router, "mgt", f"{MANAGED}/24")

    def add_second_link(self):
        """A second WAN. The first keeps the better route to everybody."""
        self.second = Link(self.folder, self.router, self.internet, number=1)
        self.address(self.router, "wan1", f"{SECOND_ROUTER}/24")
        self.address(self.internet, "net1", f"{SECOND_GATEWAY}/24")
        ip("-n", self.router, "route", "add", "default", "via", SECOND_GATEWAY, "metric", 200)

    def server_away(self, away=True):
        ip("-n", self.server, "link", "set", "srv", "down" if away else "up")

    def execute(self, namespace, *words):
        return subprocess.run(inside(namespace, *words), check=True, timeout=120,
                              capture_output=True, text=True).stdout

    def spawn(self, namespace, name, *command):
        process = LabProcess(command, self.folder / f"{name}.log", namespace)
        self.processes.append(process)
        return process

    def ping(self, target, count, interval_s=0.2):
        """Round trip times in microseconds, as ping prints them."""
        command = inside(self.router, "ping", "-n", "-i", interval_s, "-c", count, "-s", "16",
                         "-W", "1", target)
        out = subprocess.run(command, capture_output=True, text=True,
                             timeout=count * interval_s + 30).stdout
        return [float(value) * 1000 for value in re.findall(r"time=([\d.]+) ms", out)]

    def close(self):
        for process in reversed(self.processes):
            process.close()
        for link in (self.second, self.link):
            if link:
                link.close()
        for name in reversed(self.namespaces):
            self.end_strays(name)
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
        self.processes, self.namespaces, self.link, self.second = [], [], None, None

    @staticmethod
    def end_strays(namespace):
        """Whatever a failed test left running in a namespace that this lab made."""
        out = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True)
        for pid in out.stdout.split():
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                pass


class LabProcess(Process):
    def __init__(self, command, log, namespace):
        super().__init__(list(command), log, namespace)

    def wait_for_text(self, text, timeout_s=20):
        from support.programs import wait_for
        wait_for(lambda: text in self.text(), f"{text!r} in {self.log}:\n{self.text()[-2000:]}",
                 timeout_s)
