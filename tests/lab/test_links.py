# SPDX-License-Identifier: Apache-2.0
"""Links of other kinds: IPv6 alone, NAT64, a table of its own for each WAN, a gateway that answers
no ping. Slots of 10 s."""

import ipaddress
import time

import pytest

from support.kept import kept_records
from support.lab import (PROVIDER6, ROUTER, ROUTER6, SECOND_GATEWAY, SECOND_ROUTER, TARGETS,
                         TCP_PORT, ip)
from support.programs import ROOT, wait_for
from support.records import ledger_rows, pb
from support.site import Site

TWINS = ("2606:4700:4700::1111", "2001:4860:4860::8888", "2620:fe::fe")
PREFIX = "64:ff9b::"


@pytest.fixture
def site(tmp_path):
    made = []

    def make(**options):
        made.append(Site(tmp_path / f"site{len(made)}", **options))
        return made[-1]
    yield make
    for one in made:
        one.close()


def made_of(v4):
    return str(ipaddress.IPv6Address(int(ipaddress.ip_address(PREFIX)) |
                                     int(ipaddress.ip_address(v4))))


def without_v4(one, mode, *addresses):
    """Nothing but IPv6 is left; a resolver of this mode, and these addresses on the internet."""
    one.agent.stop()
    ip("-n", one.lab.router, "addr", "del", f"{ROUTER}/24", "dev", "wan0")
    for address in addresses:
        ip("-n", one.lab.internet, "addr", "add", f"{address}/128", "dev", "lo")
    resolver = one.lab.spawn(one.lab.internet, "dns", "/usr/bin/python3",
                             ROOT / "tests" / "support" / "fake_dns.py", f"{PROVIDER6}={mode}")
    resolver.wait_for_text("ready")


def asked(slots):
    """{address: {outcome}} of the internet's targets, by ICMP."""
    found = {}
    for kept in slots:
        for _, kind, address, probe in kept.probes():
            if kind == pb.CLASS_INTERNET and probe.kind == pb.PROBE_ICMP:
                found.setdefault(str(address), set()).add(probe.outcome)
    return found


def test_defaults_are_sound_without_ipv4(site):
    one = site(more={"dns": {"resolvers": PROVIDER6}})
    without_v4(one, "truth", *TWINS)
    kept_lines = [line for line in one.conf.read_text().splitlines()
                  if "_target" not in line]
    one.conf.write_text("\n".join(kept_lines) + "\n")
    began_s = time.time()
    one.start_agent()
    one.wait_until_measured(one.good_for(24))
    slots = [kept for kept in one.slots() if kept.from_s > began_s]
    assert asked(slots) == {address: {pb.OUTCOME_ANSWERED} for address in TWINS}
    assert sum(kept.lost for kept in slots) == 0
    assert {kept.slot.facts.address for kept in slots} == {
        ipaddress.ip_address(ROUTER6).packed}


def test_ipv4_targets_are_asked_through_nat64(site):
    one = site(more={"dns": {"resolvers": PROVIDER6}})
    made = [made_of(address) for address in TARGETS]
    without_v4(one, PREFIX, *made)
    began_s = time.time()
    one.start_agent()
    one.wait_until_measured(one.good_for(15))
    slots = [kept for kept in one.slots() if kept.from_s > began_s + 5]
    assert asked(slots) == {address: {pb.OUTCOME_ANSWERED} for address in made}
    assert sum(kept.lost for kept in slots) == 0
    one.lab.link.say("icmp off")
    one.wait_until_measured(one.good_for(12))
    tcp = {(str(address), probe.outcome) for kept in one.slots()
           for _, _, address, probe in kept.probes() if probe.kind == pb.PROBE_TCP}
    assert tcp == {(made[0], pb.OUTCOME_ANSWERED)}


WAN2 = {"name": "wan2", "interface": "wan1", "internet_targets": ", ".join(TARGETS),
        "tcp_target": f"{TARGETS[0]}:{TCP_PORT}", "gateway_target": "auto",
        "provider_targets": "off", "edge_targets": "off"}


def slots_of(one, wan):
    records = [pb.Record.FromString(record) for agent, in
               ledger_rows(one.server.state, "SELECT DISTINCT agent FROM boot")
               for _, _, record in kept_records(one.server.state, agent)]
    return [record.slot for record in records if record.slot.wan == wan]


def test_wan_with_a_table_of_its_own_lives_beside_a_dead_one(site):
    one = site(more={"wan2": WAN2})
    router = one.lab.router
    ip("-n", router, "route", "del", "default", "via", SECOND_GATEWAY, "metric", "200")
    ip("-n", router, "route", "add", "default", "via", SECOND_GATEWAY, "dev", "wan1",
       "table", "100")
    ip("-n", router, "rule", "add", "from", SECOND_ROUTER, "lookup", "100")
    one.wait_until_measured(one.good_for(10))
    one.lab.link.say("cut")
    cut_s = time.time()
    one.wait_until_measured(one.good_for(24))
    first = [kept for kept in one.slots() if kept.from_s > cut_s]
    assert first and all(kept.lost == kept.made for kept in first)
    wait_for(lambda: len(slots_of(one, "wan2")) >= 3, "slots of the second WAN", 30)
    second = slots_of(one, "wan2")[-2:]  # none of them by the first link, which is dead
    internet = {(probe.kind, probe.outcome) for slot in second for probe in slot.probes
                if getattr(slot.targets[probe.target], "class") == pb.CLASS_INTERNET}
    assert internet == {(pb.PROBE_ICMP, pb.OUTCOME_ANSWERED)}
    assert {slot.facts.address for slot in second} == {ipaddress.ip_address(SECOND_ROUTER).packed}


def test_backup_is_not_taken_for_the_wan(site):
    one = site(wan={"interface": "auto"})
    one.lab.add_second_link()  # with a default route that is not the preferred one
    one.wait_until_measured(one.good_for(12))
    ip("-n", one.lab.router, "route", "del", "default", "dev", "wan0")
    gone_s = time.time()
    one.wait_until_measured(one.good_for(24))
    after = [kept for kept in one.slots() if kept.from_s > gone_s]
    assert after and all(kept.lost == kept.made for kept in after)
    backup = ipaddress.ip_address(SECOND_ROUTER).packed
    assert all(kept.slot.facts.address != backup for kept in after)


# ---- a gateway that answers no ping

OWN, SILENT = "100.71.0.2", "100.71.0.1"
UNKNOWN, RESOLVED, FAILED = 0, 1, 2


def lay_wire(lab):
    """router: wan9 ---- silent gateway ---- internet, over wires, on which there is ARP."""
    gateway = f"{lab.router[:-1]}g"
    ip("netns", "add", gateway)
    lab.namespaces.append(gateway)
    for left, device, right, peer in ((lab.router, "wan9", gateway, "in"),
                                      (gateway, "out", lab.internet, "net9")):
        ip("link", "add", device, "netns", left, "type", "veth",
           "peer", "name", peer, "netns", right)
    lab.address(gateway, "in", f"{SILENT}/24")
    lab.address(gateway, "out", "100.71.1.2/24")
    lab.address(lab.internet, "net9", "100.71.1.1/24")
    lab.address(lab.router, "wan9", f"{OWN}/24")
    lab.execute(gateway, "sysctl", "-qw", "net.ipv4.ip_forward=1",
                "net.ipv4.icmp_echo_ignore_all=1")
    lab.execute(lab.router, "sysctl", "-qw", "net.ipv4.neigh.wan9.base_reachable_time_ms=2000",
                "net.ipv4.neigh.wan9.delay_first_probe_time=1")
    ip("-n", gateway, "route", "add", "default", "via", "100.71.1.1")
    ip("-n", lab.internet, "route", "add", "100.71.0.0/24", "via", "100.71.1.2")
    ip("-n", lab.router, "route", "replace", "default", "via", SILENT, "dev", "wan9")
    return gateway


def gateway_in(slots):
    return {kept.slot.facts.gateway for kept in slots if kept.lost == kept.made}


def test_arp_speaks_for_a_gateway_that_answers_no_ping(site):
    one = site(wan={"interface": "wan9", "edge_targets": "off"})
    gateway = lay_wire(one.lab)
    time.sleep(4)
    ip("-n", one.lab.internet, "link", "set", "net9", "down")
    began_s = time.time()
    one.wait_until_measured(one.good_for(22))
    assert gateway_in(kept for kept in one.slots() if kept.from_s > began_s) == {RESOLVED}
    ip("-n", gateway, "addr", "del", f"{SILENT}/24", "dev", "in")
    gone_s = time.time()
    one.wait_until_measured(one.good_for(18))
    last = [kept for kept in one.slots() if kept.from_s > gone_s + 8]
    assert gateway_in(last) == {FAILED}
