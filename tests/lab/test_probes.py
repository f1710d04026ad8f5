# SPDX-License-Identifier: Apache-2.0
"""What is asked beside the rounds: resolvers, the STAMP reflector, the edge. Slots of 10 s."""

import hashlib
import hmac
import ipaddress
import time

import pytest

from support.lab import EDGE, GATEWAY, PROVIDER, TARGETS, ip
from support.programs import RELEASE, ROOT, program, wait_for
from support.records import pb
from support.site import Site

STAMP_PORT = 8620
UDP = 17


@pytest.fixture
def site(tmp_path):
    made = []

    def make(**options):
        made.append(Site(tmp_path / f"site{len(made)}", **options))
        return made[-1]
    yield make
    for one in made:
        one.close()


# ---- resolvers

SAYS = {  # a resolver each, and what it says of a name that exists and of one that cannot
    PROVIDER: ("truth", {(pb.DNS_PRESENT, pb.DNS_ANSWERED), (pb.DNS_ABSENT, pb.DNS_NXDOMAIN)}),
    EDGE: ("hijack", {(pb.DNS_PRESENT, pb.DNS_ANSWERED), (pb.DNS_ABSENT, pb.DNS_HIJACKED)}),
    TARGETS[1]: ("servfail", {(pb.DNS_PRESENT, pb.DNS_SERVFAIL),
                              (pb.DNS_ABSENT, pb.DNS_SERVFAIL)}),
    TARGETS[2]: ("refused", {(pb.DNS_PRESENT, pb.DNS_REFUSED), (pb.DNS_ABSENT, pb.DNS_REFUSED)})}


def start_dns(one, *words):
    process = one.lab.spawn(one.lab.internet, "dns", "/usr/bin/python3",
                            ROOT / "tests" / "support" / "fake_dns.py", *words)
    process.wait_for_text("ready")
    return process


def said_by(slots):
    """{resolver: {(question, outcome)}} and the answers' times."""
    said, times = {}, []
    for found in (found for kept in slots for found in kept.slot.dns):
        resolver = str(ipaddress.ip_address(found.resolver))
        said.setdefault(resolver, set()).add((found.question, found.outcome))
        if found.outcome == pb.DNS_ANSWERED:
            times.append(found.rtt_us)
    return said, times


def test_each_fault_of_a_resolver_has_its_name(site):
    one = site(more={"dns": {"resolvers": ", ".join(SAYS), "interval_s": 1}})
    one.agent.stop()
    one.lab.link.say("delay 20ms")
    resolvers = start_dns(one, *(f"{address}={mode}" for address, (mode, _) in SAYS.items()))
    one.start_agent()
    began_s = time.time()
    wanted = {address: said for address, (_, said) in SAYS.items()}
    wait_for(lambda: said_by(one.slots())[0] == wanted, f"{wanted}", 40, 0.5)
    times = said_by(one.slots())[1]
    assert 40000 <= min(times) <= sorted(times)[len(times) // 2] <= 60000
    resolvers.kill()
    one.wait_until_measured(one.good_for(12))
    silent = {(question, pb.DNS_TIMEOUT) for question in (pb.DNS_PRESENT, pb.DNS_ABSENT)}
    assert all(said & silent for said in said_by(one.slots())[0].values())
    assert sum(kept.lost for kept in one.slots() if kept.from_s > began_s) == 0, "no downtime"


# ---- STAMP

def stamp_site(site, **keys):
    """A site whose reflector stands on the internet, and the status that it gives."""
    one = site(round_s=1, more={"stamp": {"target": f"{TARGETS[1]}:{STAMP_PORT}", "key": "0" * 32,
                                          "interval_s": 1, **keys}})
    one.agent.stop()
    master = bytes.fromhex((one.server.state / "stamp.key").read_text().strip())
    key = stamp_key(master, 77)
    one.conf.write_text(one.conf.read_text().replace(
        "0" * 32, f"{key.hex()}\nidentifier = 77"))
    one.start_agent()
    return one


def stamp_key(master, identifier):
    text = b"pantau-stamp" + identifier.to_bytes(2, "big")
    return hmac.new(master, text, hashlib.sha256).digest()[:16]


def start_reflector(one):
    config = one.folder / "reflector.conf"
    config.write_text(f"[reflector]\nlisten = 0.0.0.0:{STAMP_PORT}\n")
    process = one.lab.spawn(one.lab.internet, "reflector", program("pantau-collector", RELEASE),
                            "reflector", "--state", one.server.state, "--config", config)
    process.wait_for_text("listening on")
    return process


def stamps_in(slots):
    """(sent, lost_out, lost_back, forged) summed, and the probes."""
    sums = [sum(getattr(kept.slot.stamp, key) for kept in slots)
            for key in ("sent", "lost_out", "lost_back", "forged")]
    return sums, [probe for kept in slots for probe in kept.slot.probes
                  if probe.kind == pb.PROBE_STAMP]


def stamps_on(link):
    """How many questions and answers the link was offered, and how many of each it lost."""
    counts = {"up": [0, 0], "down": [0, 0]}
    for _, direction, verdict, protocol, source, target in link.packets():
        if protocol == UDP and TARGETS[1] in (source, target):
            counts[direction][0] += 1
            counts[direction][1] += verdict != "pass"
    return counts


def test_loss_is_told_by_direction(site):
    one = stamp_site(site)
    one.lab.link.say("delay 10ms")
    start_reflector(one)
    time.sleep(2)
    one.lab.link.say("loss 45% up")
    time.sleep(12)
    one.lab.link.say("loss 0% up")
    one.lab.link.say("loss 45% down")
    time.sleep(12)
    one.lab.link.say("loss 0% down")
    one.wait_until_measured(one.good_for(4))
    assert one.agent.stop() == 0
    time.sleep(3)
    (sent, lost_out, lost_back, forged), probes = stamps_in(one.slots())
    truth = stamps_on(one.lab.link)
    assert truth["up"][1] >= 1 and truth["down"][1] >= 1
    # before the reflector stood there nothing is known, and the last one may not be settled
    assert (lost_out, lost_back) == (truth["up"][1], truth["down"][1])
    assert sent >= 20 and forged == 0
    times = [probe.rtt_us for probe in probes if probe.outcome == pb.OUTCOME_ANSWERED]
    assert 20000 <= min(times) <= sorted(times)[len(times) // 2] <= 25000


def test_reflector_with_another_key_is_no_answer(site):
    """Everything on the internet is answered by someone else, who does not know the key."""
    one = stamp_site(site)
    pretender = """
import socket
door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
door.bind(("%s", %d))
print("ready", flush=True)
while True:
    packet, source = door.recvfrom(2048)
    answer = bytearray(112)
    answer[48:52], answer[64:72] = packet[:4], packet[16:24]
    door.sendto(answer, source)
""" % (TARGETS[1], STAMP_PORT)
    one.lab.spawn(one.lab.internet, "pretender", "/usr/bin/python3", "-c",
                  pretender).wait_for_text("ready")
    one.wait_until_measured(one.good_for(14))
    (sent, lost_out, lost_back, forged), probes = stamps_in(one.slots())
    assert forged >= 3 and sent >= 3 and lost_out == lost_back == 0
    assert {probe.outcome for probe in probes} == {pb.OUTCOME_LOST}


# ---- the edge

HOP, BEYOND = "100.70.0.2", "100.70.1.2"


def lay_path(lab):
    """router == internet (gateway) -- hop -- core, where the targets are."""
    hop, core = f"{lab.router[:-1]}h", f"{lab.router[:-1]}c"
    for name in (hop, core):
        ip("netns", "add", name)
        lab.namespaces.append(name)
        ip("-n", name, "link", "set", "lo", "up")
    for left, right, own, other in ((lab.internet, hop, "100.70.0.1", HOP),
                                    (hop, core, "100.70.1.1", BEYOND)):
        ip("link", "add", "out", "netns", left, "type", "veth",
           "peer", "name", "in", "netns", right)
        lab.address(left, "out", f"{own}/30")
        lab.address(right, "in", f"{other}/30")
    for name in (lab.internet, hop, core):
        lab.execute(name, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.icmp_ratelimit=0",
                    "net.ipv4.conf.all.rp_filter=0")
    for address in (EDGE, PROVIDER, *TARGETS):
        ip("-n", lab.internet, "addr", "del", f"{address}/32", "dev", "lo")
        ip("-n", core, "addr", "add", f"{address}/32", "dev", "lo")
    ip("-n", lab.internet, "route", "add", "default", "via", HOP)
    ip("-n", hop, "route", "add", "default", "via", BEYOND)
    ip("-n", hop, "route", "add", "100.64.7.0/24", "via", "100.70.0.1")
    ip("-n", core, "route", "add", "default", "via", "100.70.1.1")
    return hop, core


def edges_of(slots):
    return {str(ipaddress.ip_address(target.address)) for kept in slots
            for target in kept.slot.targets if getattr(target, "class") == pb.CLASS_EDGE}


def seen_of(slots, target_class):
    """{outcome} of the questions to a class in lost rounds."""
    return {probe.outcome for kept in slots for _, kind, _, probe in kept.probes()
            if kind == target_class and probe.follow_up}


def test_edge_is_the_first_hop_beyond_the_gateway(site):
    one = site(more={"agent": {"near_s": 1}})
    lay_path(one.lab)
    wait_for(lambda: edges_of(one.slots()), "an edge", 60, 0.5)
    ip("-n", one.lab.internet, "link", "set", "out", "down")
    one.wait_until_measured(one.good_for(14))
    slots = one.slots()
    assert seen_of(slots, pb.CLASS_GATEWAY) == {pb.OUTCOME_ANSWERED}
    assert seen_of(slots, pb.CLASS_EDGE) == {pb.OUTCOME_LOST}, "an outage takes no edge away"
    assert edges_of(slots) == {HOP}


def test_path_that_hides_its_hops_has_no_edge(site):
    one = site(more={"agent": {"near_s": 1}})
    hop, _ = lay_path(one.lab)
    # it says Time Exceeded, and answers no echo: what would be asked later in vain is none
    one.lab.execute(hop, "sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=1")
    one.wait_until_measured(one.good_for(32))
    slots = one.slots()
    assert edges_of(slots) == set()
    assert sum(kept.made - kept.lost for kept in slots[2:]) > 0
    expired = [target for _, direction, _, protocol, source, target in one.lab.link.packets()
               if direction == "up" and protocol == UDP and target == TARGETS[0]]
    assert expired, "it did not look for one"
    asked = [target for _, direction, _, protocol, _, target in one.lab.link.packets()
             if direction == "up" and protocol == 1]
    assert HOP in asked and GATEWAY in asked
