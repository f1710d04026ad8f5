# SPDX-License-Identifier: Apache-2.0
"""The machine loses power: a collector works on a file system in an image; the image is cloned at
random moments as it is on the disk at that instant, and each clone is mounted and started from.
What had been acknowledged before is there, once."""

import os
import random
import subprocess
import time

import pytest

from support.programs import LONG, RELEASE, wait_for
from support.server import Server
from support.steady import SteadyAgent, assert_all_there, wait_for_acknowledged

# Each series begins with an empty server: what is compared after a cut grows with the records.
SERIES, CUTS = (range(20), 100) if LONG else (range(4), 13)
AGENTS = 3
DISK, IMAGE = "2G", "256M"


class Disk:
    """A file system that can clone a file in an instant, in a file of its own."""

    def __init__(self, folder):
        self.folder, self.mounted = folder, []
        self.path = folder / "disk"
        make(folder / "disk.img", DISK, "mkfs.xfs", "-q", "-m", "reflink=1")
        self.mount(folder / "disk.img", self.path)

    def mount(self, image, at):
        at.mkdir(exist_ok=True)
        done = subprocess.run(["mount", "-o", "loop", image, at], capture_output=True, text=True)
        if done.returncode and not self.mounted:
            pytest.skip(f"no loop device can be had here: {done.stderr.strip()}")
        assert done.returncode == 0, done.stderr
        self.mounted.append(at)
        return at

    def unmount(self, at):
        """What was killed a moment ago may still hold it."""
        wait_for(lambda: subprocess.run(["umount", at], capture_output=True).returncode == 0,
                 f"{at} is let go")
        self.mounted.remove(at)

    def close(self):
        for at in reversed(self.mounted[:]):
            subprocess.run(["umount", "-l", at], check=False)


def make(image, size, *command):
    subprocess.run(["truncate", "-s", size, image], check=True)
    subprocess.run([*command, image], check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path):
    made = Disk(tmp_path)
    yield made
    made.close()


class Cut:
    """The image as it was on the disk at a moment, and what had been acknowledged before it."""

    def __init__(self, disk, image, agents, number):
        self.acked = [agent.acked for agent in agents]
        self.image = disk.path / f"cut{number}"
        subprocess.run(["cp", "--reflink=always", image, self.image], check=True)


def on_image(folder, mounted):
    server = Server(folder, build=RELEASE)
    server.state = mounted / "state"
    return server


def check(disk, cut, agents, folder):
    """Starts from the clone, as after the power came back."""
    mounted = disk.mount(cut.image, folder / "mounted")
    server = on_image(folder / "after", mounted)
    try:
        server.start()
        for agent, acked in zip(agents, cut.acked):
            agent.acked = acked
            wait_for_acknowledged(server, agent)
            assert_all_there(server, agent)
    finally:
        server.close()
        disk.unmount(mounted)
        cut.image.unlink()


@pytest.mark.parametrize("seed", SERIES)
def test_power_is_cut_at_random(disk, tmp_path, seed):
    draw, image = random.Random(seed), disk.path / "image"
    make(image, IMAGE, "mkfs.ext4", "-q")
    server = on_image(tmp_path / "before", disk.mount(image, tmp_path / "state"))
    try:
        server.init().start()
        link = server.add_link()
        agents = [SteadyAgent(server, server.issue(link, f"agent{i}"), i) for i in range(AGENTS)]
        for agent in agents:
            agent.start()
        cuts = []
        for number in range(CUTS):
            time.sleep(draw.uniform(0.02, 0.4))
            cuts.append(Cut(disk, image, agents, number))
        for agent in agents:
            agent.over.set()
        for agent in agents:
            agent.join(20)
    finally:
        server.close()
    assert sum(cuts[-1].acked) > 100, "hardly anything was reported"
    for number, cut in enumerate(cuts):
        folder = tmp_path / f"cut{number}"
        os.mkdir(folder)
        check(disk, cut, agents, folder)
