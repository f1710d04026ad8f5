# SPDX-License-Identifier: Apache-2.0
"""What the real agent keeps when it is killed, and on flash that takes nothing."""

import json
import os
import shlex
import subprocess

import pytest

from support.programs import RELEASE, Process, program, wait_for
from support.site import ini

SLOTS = 4


def own_mounts():
    """Mounts of its own for a command. In a chroot the root is no mount point, and how it shares
    mounts cannot be changed: there they are left as they are, and undone by the test."""
    usual = ["unshare", "--mount"]
    if subprocess.run([*usual, "true"], capture_output=True).returncode == 0:
        return usual
    return [*usual, "--propagation", "unchanged"]


class Router:
    """An agent that measures nothing but itself, in slots of a second. `mount` are commands of a
    shell that prepare its flash, $FLASH, which nobody else sees."""

    def __init__(self, folder, server, issued, mount=""):
        self.folder, self.mount, self.starts = folder, mount, 0
        self.flash, self.run = folder / "flash", folder / "run"
        self.flash.mkdir(parents=True)
        keys = issued.folder
        (folder / "agent.conf").write_text(ini({
            "collector": {"address": f"{server.address}:{server.port}", "ca": keys / "ca.crt",
                          "certificate": keys / "agent.crt", "key": keys / "agent.key"},
            "agent": {"state_folder": self.flash / "state", "spool_folder": self.flash / "spool",
                      "runtime_folder": self.run, "slot_s": 1, "round_s": 1},
            "wan": {"interface": "lo", "internet_targets": "127.0.0.1", "tcp_target": "",
                    "gateway_target": "off", "provider_targets": "off", "edge_targets": "off"}}))
        self.agent = None

    def start(self):
        words = shlex.join([program("pantau-agent", RELEASE), "run", "--config",
                            str(self.folder / "agent.conf")])
        command = ["sh", "-c", f"exec {words}"]
        if self.mount:
            command = [*own_mounts(), "sh", "-c",
                       f"FLASH={shlex.quote(str(self.flash))}; {self.mount} && exec {words}"]
        self.starts += 1
        self.agent = Process(command, self.folder / f"agent{self.starts}.log")
        return self

    def status(self):
        """Of the running agent; {} before its first."""
        try:
            status = json.loads((self.run / "status.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return status if status.get("pid") == self.agent.pid else {}

    def wait_status(self, true_of, what, timeout_s=30):
        def looked():
            assert self.agent.alive(), self.agent.text()
            return self.status() and true_of(self.status())
        try:
            wait_for(looked, what, timeout_s)
        except AssertionError as late:
            raise AssertionError(f"{late}: {self.status()}\n{self.agent.text()[-2000:]}") from None
        return self.status()


@pytest.fixture
def routers(tmp_path, server):
    made = []

    def make(mount=""):
        if mount and os.geteuid() != 0:
            pytest.skip("needs root, to mount flash")
        issued = server.issue(server.add_link(), name=f"keys{len(made)}", known=False)
        made.append(Router(tmp_path / f"router{len(made)}", server, issued, mount))
        return made[-1]
    yield make
    for router in made:
        if router.agent:
            router.agent.kill()
        if router.mount:
            subprocess.run(["umount", "-l", router.flash], capture_output=True, check=False)


def test_killed_agent_loses_nothing(server, routers):
    router = routers().start()
    before = router.wait_status(lambda status: status["waiting"] > SLOTS, "records wait")
    router.agent.kill()
    server.start("ingest")
    router.start()
    after = router.wait_status(
        lambda status: status["acknowledged"] > before["waiting"] and status["waiting"] < SLOTS,
        "all is acknowledged")
    assert after["run"] == before["run"] + 1
    assert after["dropped"] == 0


READ_ONLY = """mount -t tmpfs flash "$FLASH" && mkdir "$FLASH/state" "$FLASH/spool" &&
    mount -o remount,ro "$FLASH" """
FULL = """mount -t tmpfs -o size=64k flash "$FLASH" && mkdir "$FLASH/state" "$FLASH/spool" &&
    { cat /dev/zero >"$FLASH/of-others" 2>/dev/null; true; } """


@pytest.mark.parametrize("mount, words", [(READ_ONLY, "Read-only file system"),
                                          (FULL, "No space left on device")])
def test_flash_that_takes_nothing_does_not_stop_the_agent(server, routers, mount, words):
    router = routers(mount).start()
    router.wait_status(lambda status: status["spool_trouble"], "the trouble is told")
    server.start("ingest")
    status = router.wait_status(lambda status: status["acknowledged"] > SLOTS,
                                "records are acknowledged")
    assert words in status["spool_trouble"]
    assert status["dropped"] == 0
    said = [line for line in router.agent.text().splitlines()
            if "records are kept in RAM meanwhile" in line]
    assert len(said) == 1 and words in said[0]
    other = router.status()["run"]
    assert other > 1 << 20  # drawn: the counter could not be raised
    router.agent.kill()
    router.start()
    after = router.wait_status(lambda status: status["acknowledged"] > 0, "it reports")
    assert after["run"] != other
