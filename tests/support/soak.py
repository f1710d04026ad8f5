# SPDX-License-Identifier: Apache-2.0
"""Hours of everyday trouble for a server, and what its processes take meanwhile."""

import random
import re
import socket
import struct
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from support.programs import Process, free_port, program
from support.server import CommandFailed

LOOK_S = 5  # between two looks at the processes
DRIBBLERS = 8
STRETCHES = 20
ENTERED = 8  # exclusions that stand: the ledger keeps those at hand, and revoked ones not
KIB_AN_HOUR = 1  # the most that a process may grow
PAGES_KIB = 16  # a heap that does not grow may still touch a page or two more of what it was given
PAGES = ("/healthz", "/readyz", "/metrics", "/api/v1/desa", "/api/v1/incidents",
         "/open/v1/data.json")


@dataclass
class Look:
    at_s: float
    descriptors: int
    # Pages that are its own and no file's. What it maps of libraries and databases counts as
    # private or shared by who else has it open at the moment, and says nothing.
    anonymous_kib: int
    # What its heap has in use, to the byte: from tests/support/live, where it is preloaded. The
    # pages below it also depend on how far the allocator once had to reach.
    heap_kib: float = 0


@dataclass
class Use:
    """Of one process."""
    looks: list = field(default_factory=list)

    def look(self, at_s, pid, live):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        kib, = (int(line.split()[1]) for line in rollup if line.startswith("Anonymous:"))
        look = Look(at_s, len(list(Path(f"/proc/{pid}/fd").iterdir())), kib)
        if live:
            look.heap_kib = struct.unpack("<q", (live / str(pid)).read_bytes()[:8])[0] / 1024
        self.looks.append(look)

    def after(self, at_s):
        return [look for look in self.looks if look.at_s >= at_s]

    def lows(self, from_s, what):
        """(when, KiB) of the least in each of twenty stretches: what is taken for a moment and
        given back is no growth."""
        looks = [(look.at_s, getattr(look, what)) for look in self.after(from_s)]
        size = max(1, len(looks) // STRETCHES)
        parts = [looks[at:at + size] for at in range(0, size * STRETCHES, size)]
        return [min(part, key=lambda low: low[1]) for part in parts if part]

    def kib_an_hour(self, from_s, what):
        """The slope of a line through these, and how far it may be wrong: twice its standard
        error."""
        lows = self.lows(from_s, what)
        mean_s = sum(at for at, _ in lows) / len(lows)
        mean_kib = sum(kib for _, kib in lows) / len(lows)
        spread = sum((at - mean_s) ** 2 for at, _ in lows)
        slope = sum((at - mean_s) * (kib - mean_kib) for at, kib in lows) / spread
        rest = sum((kib - mean_kib - slope * (at - mean_s)) ** 2 for at, kib in lows)
        error = (rest / (len(lows) - 2) / spread) ** 0.5
        return slope * 3600, 2 * error * 3600

    def growth(self, name, warm_s):
        """(what is said of it, whether it grew)."""
        first, second = halves(self.after(warm_s))
        heap, heap_error = self.kib_an_hour(warm_s, "heap_kib")
        pages, pages_error = self.kib_an_hour(warm_s, "anonymous_kib")
        lows = self.lows(warm_s, "anonymous_kib")
        more_kib = min(kib for _, kib in lows[-3:]) - max(kib for _, kib in lows[:3])
        said = (f"{name}: {first[0].heap_kib:.1f} to {second[-1].heap_kib:.1f} KiB of heap, "
                f"{heap:.2f} +- {heap_error:.2f} KiB an hour; {first[0].anonymous_kib} to "
                f"{second[-1].anonymous_kib} KiB of pages, {pages:.1f} +- {pages_error:.1f}; at "
                f"most {most(first)}, then {most(second)} descriptors")
        grew = (heap - heap_error > KIB_AN_HOUR or most(second) > most(first) + 2 or
                pages - pages_error > KIB_AN_HOUR and more_kib > PAGES_KIB)
        return said, grew


def halves(looks):
    return looks[:len(looks) // 2], looks[len(looks) // 2:]


def most(looks):
    return max(look.descriptors for look in looks)


class Watcher(threading.Thread):
    """Looks at processes, by name, until it is over."""

    def __init__(self, pids, live=None):
        super().__init__(daemon=True)
        self.pids, self.uses, self.live = pids, {name: Use() for name in pids}, live
        self.over, self.began = threading.Event(), time.monotonic()

    def run(self):
        while not self.over.wait(LOOK_S):
            for name, pid in self.pids.items():
                self.uses[name].look(time.monotonic() - self.began, pid, self.live)


class Trouble:
    """One thing after another goes wrong, in an endless draw."""

    def __init__(self, server, points, link, seed):
        self.server, self.points, self.link = server, points, link
        self.draw, self.dribblers, self.changes = random.Random(seed), [], 0
        self.entered = []  # that still stand
        self.other_web = None
        self.kinds = [self.store_refuses, self.store_hangs, *3 * [self.store_is_well],
                      *2 * [self.dribble], self.restart_other_web, self.change, *3 * [self.browse]]

    def step(self):
        self.draw.choice(self.kinds)()

    def store_refuses(self):
        self.points.refuses = True

    def store_hangs(self):
        self.points.ready.clear()

    def store_is_well(self):
        self.points.refuses = False
        self.points.ready.set()

    def dribble(self):
        """A connection that says a little and no more; the oldest hangs up."""
        door = socket.create_connection((self.server.address, self.server.port), 10)
        try:
            door.sendall(b"\x16\x03\x01" + self.draw.randbytes(self.draw.randrange(40)))
        except OSError:
            pass
        self.dribblers.append(door)
        if len(self.dribblers) > DRIBBLERS:
            self.dribblers.pop(0).close()

    def restart_other_web(self):
        """A second web over the same state dies and comes back."""
        if self.other_web:
            self.other_web.kill()
            self.other_web.close()
        config = self.server.folder / "other.conf"
        config.write_text(self.server.config.read_text().replace(
            f"127.0.0.1:{self.server.web_port}", f"127.0.0.1:{free_port()}"))
        self.other_web = Process(
            [program("pantau-web", self.server.build), "--state", str(self.server.state),
             "--config", str(config)], self.server.folder / "other.log")

    def change(self):
        """A person enters an exclusion, and another takes the oldest back."""
        self.changes += 1
        day = f"2026-01-{1 + self.changes % 28:02}"
        try:
            said = self.server.pantau(
                "exclusion", "add", "--link", self.link, "--reason", "maintenance", "--from", day,
                "--to", f"{day}T12:00:00Z", "--by", "Petugas", "--note", "uji")
            self.entered.append(re.search(r"\d+", said).group())
            if len(self.entered) > ENTERED:
                self.server.pantau("exclusion", "revoke", self.entered.pop(0), "--by", "Kepala")
        except CommandFailed as failed:
            raise AssertionError(failed.stderr) from None

    def browse(self):
        path = self.draw.choice(PAGES)
        try:
            with urllib.request.urlopen(
                    f"http://127.0.0.1:{self.server.web_port}{path}", timeout=20) as answer:
                answer.read(self.draw.choice((100, 1000000)))  # some close before the end
        except urllib.error.HTTPError as error:
            assert error.code in (401, 403, 404, 503), f"{path}: {error}"

    def browse_much(self):
        for _ in range(5):
            self.browse()

    def end(self):
        self.store_is_well()
        for door in self.dribblers:
            door.close()
        if self.other_web:
            self.other_web.kill()
            self.other_web.check_sanitizers()
            self.other_web.close()
