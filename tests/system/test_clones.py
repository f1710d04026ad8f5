# SPDX-License-Identifier: Apache-2.0
"""A router's flash was copied: two real agents with one identity, each on a boot of its own."""

import json
import os
import re
import shlex
import shutil
import time
import uuid

import pytest

from support.programs import LONG, wait_for
from support.router import Router

SIGNED = ("--by", "Budi", "--note", "alat di gudang")
MONTH = time.strftime("%Y-%m", time.gmtime())


class Device(Router):
    """On a boot that differs from every other one's."""

    def __init__(self, folder, server, issued):
        self.boot = uuid.uuid4()
        folder.mkdir()
        identity = folder / "boot_id"
        identity.write_text(f"{self.boot}\n")
        super().__init__(folder, server, issued, mount=(
            f"mount --bind {shlex.quote(str(identity))} /proc/sys/kernel/random/boot_id"))

    def copy_flash(self, of):
        shutil.copytree(of.flash, self.flash, dirs_exist_ok=True)
        return self


@pytest.fixture(name="town")
def fixture_town(tmp_path, server):
    if os.geteuid() != 0:
        pytest.skip("needs root, to give each agent a boot id of its own")
    server.link = server.add_link()
    server.add_contract(server.link, words=("--window", "5", "--bridge", "1"))
    server.start()
    issued, made = server.issue(server.link), []

    def make():
        made.append(Device(tmp_path / f"router{len(made)}", server, issued))
        return made[-1]
    server.issued = issued
    yield server, make
    for device in made:
        if device.agent:
            device.agent.kill()


def clones(server):
    return server.status_of("ledger").get("clones")


def heard_more(device, slots):
    device.wait_status(lambda status: status["acknowledged"] > slots, "it was heard")


def item_of(server):
    items = json.loads(server.pantau("decide", "list", "--month", MONTH, "--json"))
    found = [item for item in items if item["kind"] == "dispute" and not item["dismissal"]]
    return found[0] if found else None


def disputed(server):
    return int(server.sla(MONTH, "--link", server.link)[0]["n_disputed"])


def assert_noticed(server, first, second):
    done = server.run("status")
    assert f"identities are used by two devices: agent-{server.issued.agent}" in done.stdout
    said = wait_for(lambda: re.findall(r"two devices use this identity since (\S+), boots (\w{8}) "
                                       r"and (\w{8})", server.log("ledger")), "the log says so")
    assert len(said) == 1
    assert set(said[0][1:]) == {first.boot.hex[:8], second.boot.hex[:8]}
    both = {first.boot.hex, second.boot.hex}
    wait_for(lambda: {one["boot"] for one in item_of(server)["devices"]} == both, "both are told")
    item = item_of(server)
    assert "dua alat hidup bersamaan" in item["evidence"]


def decide(server, item, accept):
    server.pantau("decide", "dispute", "--agent", server.issued.agent, "--from", item["from"],
                  "--to", item["to"], "--accept", accept, *SIGNED)


def test_copied_flash(town):
    server, make = town
    first = make().start()
    heard_more(first, 8)
    assert clones(server) == 0
    second = make().copy_flash(first).start()
    wait_for(lambda: clones(server) == 1, "the second device is noticed", 30)
    assert_noticed(server, first, second)
    wait_for(lambda: server.status_of("ingest")["clones"] == 1, "so is it at the door", 30)
    assert "two devices with this identity take each other's place" in server.log("ingest")

    wait_for(lambda: disputed(server) > 0, "its seconds are undetermined")
    second.agent.stop()
    first.agent.stop()
    wait_for(lambda: server.status_of("ingest")["ledger"]["lag_records"] == 0, "all is read")

    item = item_of(server)
    decide(server, item, first.boot.hex)
    wait_for(lambda: clones(server) == 0, "somebody has decided")
    wait_for(lambda: disputed(server) == 0, "the first device's word counts")
    assert item_of(server) is None
    log = json.loads(server.pantau("decide", "log", "--json"))
    assert [(row["by"], row["note"]) for row in log] == [("Budi", "alat di gudang")]
    server.pantau("decide", "revoke", "--dispute", "1", "--by", "Citra", "--note", "keliru")
    wait_for(lambda: clones(server) == 1, "it is doubted again")
    wait_for(lambda: disputed(server) > 0, "its seconds too")


@pytest.mark.skipif(not LONG, reason="./test --long")
def test_reboots_and_restarts_are_no_clones(town):
    server, make = town
    device = make().start()
    heard_more(device, 3)
    for _ in range(2):  # the program alone, killed
        device.agent.kill()
        heard_more(device.start(), 3)
    device.agent.kill()  # and the whole router: it is another boot, the flash is the same
    again = make().copy_flash(device).start()
    heard_more(again, 3)
    again.agent.stop()
    wait_for(lambda: server.status_of("ingest")["ledger"]["lag_records"] == 0, "all is read")
    assert (clones(server), server.status_of("ledger")["conflicts"]) == (0, 0)
    assert item_of(server) is None and disputed(server) == 0
