# SPDX-License-Identifier: Apache-2.0
"""Somebody stands at the router: status, commissioning, devices counted. Slots of 3 s."""

import json
import os
import subprocess

import pytest

from support.kept import kept_records
from support.lab import TARGETS, ip
from support.programs import RELEASE, inside, program, wait_for
from support.records import pb
from support.site import Site

WELL, UNDELIVERED, LINK_DOWN, NOT_RUNNING = 0, 3, 4, 5
LEASES = ("0 02:00:00:00:00:aa 192.168.1.50 phone-of-budi *\n"
          "1 02:00:00:00:00:bb 192.168.1.51 left-long-ago *\n")


@pytest.fixture
def site(tmp_path):
    (tmp_path / "evidence.d").mkdir()
    (tmp_path / "evidence.d" / "battery").write_text("volts = 12.6\n")
    (tmp_path / "leases").write_text(LEASES)
    made = Site(tmp_path / "site", through_link=True, round_s=1, more={
        "agent": {"slot_s": 3}, "evidence": {"folder": tmp_path / "evidence.d"},
        "usage": {"leases": tmp_path / "leases"}, "dns": {"resolvers": "off"}})
    yield made
    made.close()


def agent(one, *words, language="en_US.UTF-8"):
    command = [program("pantau-agent", RELEASE), *words, "--config", one.conf]
    return subprocess.run(inside(one.lab.router, *command), capture_output=True, text=True,
                          timeout=90, env={**os.environ, "LC_ALL": language})


def status(one):
    return json.loads((one.folder / "run" / "status.json").read_text())


def wait_for_status(one, code, patience_s=30):
    return wait_for(lambda: (done := agent(one, "status")).returncode == code and done.stdout,
                    f"exit code {code}: {agent(one, 'status')}\n{one.agent.text()[-2000:]}",
                    patience_s, 0.5)


def add_phone(one, number):
    """A device on a network of its own behind the router, which has just been heard."""
    name = f"{one.lab.router}p{number}"
    ip("netns", "add", name)
    one.lab.namespaces.append(name)
    ip("link", "add", f"lan{number}", "netns", one.lab.router, "type", "veth", "peer", "name",
       "wlan0", "netns", name)
    one.lab.address(one.lab.router, f"lan{number}", f"192.168.{number}.1/24")
    one.lab.address(name, "wlan0", f"192.168.{number}.10/24")
    one.lab.execute(name, "ping", "-c1", "-W2", f"192.168.{number}.1")


def observations(one):
    for _, _, record in kept_records(one.server.state, one.issued.agent):
        told = pb.Record.FromString(record)
        if told.WhichOneof("body") == "observation":
            yield (told.observation.source,
                   {item.key: item.value for item in told.observation.items})


def listed(one):
    return one.server.pantau("samples", "--link", one.link, "--kind", "observation")


def test_installation_is_certified_and_kept(site):
    wait_for_status(site, WELL)
    wait_for(lambda: status(site)["wan1_state"] == "up", "the first slot")
    told = agent(site, "status").stdout
    assert told.startswith("WELL: ") and "wan (wan0, 100.64.7.2): answers within" in told
    assert len(told.splitlines()) <= 10
    done = agent(site, "commission", "--by", "Budi Santoso", "--note", "tiang 3, ODP-7")
    assert done.returncode == WELL, done.stdout + done.stderr
    for line in ("CERTIFICATE OF INSTALLATION", "by            : Budi Santoso",
                 "address       : 100.64.7.2 -> 100.64.7.1", "battery.volts : 12.6",
                 "to internet   : 50/50 answered, ", "tcp           : answered, ",
                 "result        : GOOD", "KEPT by the collector."):
        assert line in done.stdout, done.stdout
    kept = wait_for(lambda: [items for source, items in observations(site)
                             if source == "commission"], "the collector keeps it")
    assert len(kept) == 1
    assert kept[0]["by"] == "Budi Santoso" and kept[0]["note"] == "tiang 3, ODP-7"
    assert kept[0]["internet_sent"] == "50" and kept[0]["internet_lost"] == "0"
    assert 0 < int(kept[0]["tcp_us"]) < 1000000 and kept[0]["result"] == "good"
    assert kept[0]["battery.volts"] == "12.6" and kept[0]["collector"] == "connected"
    assert ("battery", {"volts": "12.6"}) in list(observations(site))
    wait_for(lambda: "Budi Santoso" in listed(site), "`pantau samples` lists it")
    assert "12.6" in listed(site)

    before = status(site)["clients_plus_one"]
    assert before >= 2, "the one lease that holds, and one more than counted"
    add_phone(site, 1)
    add_phone(site, 2)
    wait_for(lambda: status(site)["clients_plus_one"] == before + 2, "two phones are counted")
    wait_for(lambda: any(kept.slot.facts.clients_plus_one == before + 2 for kept in site.slots()),
             "their number is kept")
    everything = b"".join(record for _, _, record in
                          kept_records(site.server.state, site.issued.agent))
    for secret in (b"budi", b"\x02\x00\x00\x00\x00\xaa", b"02:00:00:00:00:aa", b"192.168.1.50"):
        assert secret not in everything and secret.decode("latin1") not in site.agent.text()

    site.lab.link.say("cut")
    told = wait_for_status(site, LINK_DOWN)
    assert told.startswith("LINK DOWN: wan has not answered for ") and told.count("->") == 1
    assert agent(site, "status", language="C").stdout.startswith("LINK PUTUS: ")
    site.lab.link.say("restore")
    for target in TARGETS:
        site.lab.link.say(f"block {target}")  # the collector among them
    assert site.agent.stop() == 0
    told = agent(site, "status")
    assert told.returncode == NOT_RUNNING and told.stdout.startswith("AGENT NOT RUNNING")
    done = agent(site, "commission")
    assert done.returncode == NOT_RUNNING and "0/50" in done.stdout, done.stdout
    assert "result        : BAD" in done.stdout and "tcp           : not answered" in done.stdout
