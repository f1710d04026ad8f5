# SPDX-License-Identifier: Apache-2.0
"""What the real agent keeps when it is killed, and on flash that takes nothing."""

import os
import subprocess

import pytest

from support.router import Router

SLOTS = 4


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
