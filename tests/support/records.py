# SPDX-License-Identifier: Apache-2.0
"""Records for tests: built from invented weeks, and read back from the ledger."""

import importlib.util
import ipaddress
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from support.evidence import facts_of
from support.programs import ROOT


def load_messages():
    """The messages of proto/pantau.proto."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["protoc", f"--proto_path={ROOT / 'proto'}", f"--python_out={folder}",
                        "pantau.proto"], check=True)
        spec = importlib.util.spec_from_file_location("pantau_pb2", f"{folder}/pantau_pb2.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


pb = load_messages()

TARGETS = [(pb.CLASS_INTERNET, "192.0.2.1"), (pb.CLASS_INTERNET, "198.51.100.1"),
           (pb.CLASS_INTERNET, "203.0.113.1"), (pb.CLASS_GATEWAY, "100.64.7.1"),
           (pb.CLASS_EDGE, "100.65.0.1"), (pb.CLASS_PROVIDER, "100.66.0.53")]
GATEWAY, EDGE, PROVIDER = 3, 4, 5
ANSWERING = {"cpe": (), "access": (GATEWAY,), "provider": (GATEWAY, EDGE),
             "upstream": (GATEWAY, EDGE, PROVIDER)}


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def lost_round(slot, number, offset_ms, cause):
    """Everyone on the internet is silent; who nearer answers says where it is broken."""
    if cause == "local":
        slot.probes.add(offset_ms=offset_ms, target=number % 3, kind=pb.PROBE_ICMP, round=number,
                        outcome=pb.OUTCOME_REFUSED, refusal=pb.REFUSAL_CARRIER)
        return
    for place in range(6):
        first = place == number % 3
        probe = slot.probes.add(offset_ms=offset_ms + (0 if first else 3000), target=place,
                                kind=pb.PROBE_ICMP, round=number, follow_up=not first)
        answered = place in ANSWERING[cause]
        probe.outcome = pb.OUTCOME_ANSWERED if answered else pb.OUTCOME_LOST
        probe.rtt_us = 2000 if answered else 0


def healthy_round(slot, number, offset_ms, rtt_us):
    """An internet target answers; the first such round of a slot also asks those nearer."""
    nearer = (GATEWAY, EDGE, PROVIDER)
    asked = (number % 3,) if any(probe.target == GATEWAY for probe in slot.probes) else (
        number % 3, *nearer)
    for place in asked:
        slot.probes.add(offset_ms=offset_ms, target=place, kind=pb.PROBE_ICMP, round=number,
                        outcome=pb.OUTCOME_ANSWERED,
                        rtt_us=2000 if place in nearer else rtt_us)


def make_slot(length_ms, due, made, lost, cause="", rtt_us=20000, wan="wan", boot=b"B" * 16):
    """A slot without its start; the first `lost` of its `made` rounds are lost."""
    slot = pb.Slot(boot=boot, length_ms=length_ms, wan=wan, rounds_due=due)
    for kind, address in TARGETS:
        slot.targets.add(address=ipaddress.ip_address(address).packed, **{"class": kind})
    for number in range(made):
        offset_ms = length_ms * number // max(made, 1)
        if number < lost:
            lost_round(slot, number, offset_ms, cause or "upstream")
        else:
            healthy_round(slot, number, offset_ms, rtt_us)
    slot.facts.carrier = pb.CARRIER_DOWN if cause == "local" else pb.CARRIER_UP
    slot.facts.gateway = pb.NEIGHBOUR_FAILED if cause == "cpe" else pb.NEIGHBOUR_RESOLVED
    return slot


class SlotFactory:
    """Encoded records of slots that differ only in their start: months of them in no time."""

    def __init__(self):
        self.tails = {}

    def record(self, boot, start_us, length_s, due, made, lost, cause=""):
        key = (boot, length_s, due, made, lost, cause)
        if key not in self.tails:
            self.tails[key] = make_slot(length_s * 1000, due, made, lost, cause,
                                        boot=boot).SerializeToString()
        body = b"\x10" + varint(start_us) + self.tails[key]  # field 2, start_us
        return b"\x0a" + varint(len(body)) + body  # field 1 of Record


def anchor(boot, mono_us, utc_us, error_us=1000, source=pb.ANCHOR_NTP):
    return pb.Record(anchor=pb.Anchor(boot=boot, mono_us=mono_us, utc_us=utc_us,
                                      error_us=error_us, source=source)).SerializeToString()


def start(boot, mono_us, nonce, software="tests 1", reset=pb.RESET_UNKNOWN):
    return pb.Record(start=pb.Start(boot=boot, mono_us=mono_us, nonce=nonce, software=software,
                                    reset=reset)).SerializeToString()


def stop(boot, mono_us):
    return pb.Record(stop=pb.Stop(boot=boot, mono_us=mono_us)).SerializeToString()


def dropped(boot, last, from_us, to_us, count=1):
    return pb.Record(dropped=pb.Dropped(boot=boot, last=last, records=count, from_us=from_us,
                                        to_us=to_us)).SerializeToString()


def http(boot, start_us, outcome, status=0, wan="wan", **times):
    return pb.Record(http=pb.Http(boot=boot, start_us=start_us, wan=wan, outcome=outcome,
                                  status=status, url="https://desa.example/",
                                  **times)).SerializeToString()


def speed(boot, start_us, down_kbps, up_kbps, wan="wan"):
    """A speed test that was done; None: not in that direction."""
    told = pb.Speed(boot=boot, start_us=start_us, wan=wan, outcome=pb.SPEED_DONE,
                    server="http://192.0.2.9/")
    for way, kbps in ((told.down, down_kbps), (told.up, up_kbps)):
        if kbps is not None:
            way.CopyFrom(pb.SpeedRun(kbps=kbps, bytes=kbps * 500, duration_ms=4000))
    return pb.Record(speed=told).SerializeToString()


def observation(boot, mono_us, source, **items):
    body = pb.Observation(boot=boot, mono_us=mono_us, source=source)
    for key, value in items.items():
        body.items.add(key=key, value=value)
    return pb.Record(observation=body).SerializeToString()


# ---- read back

@dataclass
class KeptSlot:
    """A slot as the ledger holds it: placed, and the record itself."""
    agent: int
    run: int
    sequence: int
    start_utc_us: int
    from_s: int
    to_s: int
    due: int
    made: int
    lost: int
    slot: object  # pb.Slot

    def probes(self):
        """(utc_us, class, address, probe) of each probe."""
        for probe in self.slot.probes:
            target = self.slot.targets[probe.target]
            yield (self.start_utc_us + probe.offset_ms * 1000, getattr(target, "class"),
                   str(ipaddress.ip_address(target.address)), probe)


def ledger_rows(state, query, *values):
    path = Path(state) / "ledger.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as db:
        return db.execute(query, values).fetchall()


def registry_rows(state, query, *values):
    path = Path(state) / "registry.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as db:
        return db.execute(query, values).fetchall()


def chosen(anchors):
    """Those that place, by their moment: each as good as the one before and its drift allow."""
    kept = []
    for one in sorted(anchors, key=lambda item: (item.mono_us, item.error_us, item.utc_us)):
        drift_us = (one.mono_us - kept[-1].mono_us) // 10000 if kept else 0
        if one.error_us <= 10000000 and (not kept or
                                         one.error_us <= kept[-1].error_us + drift_us):
            kept.append(one)
    return kept


def place_us(anchors, mono_us):
    before = [one for one in anchors if one.mono_us <= mono_us]
    anchor = before[-1] if before else anchors[0]
    return anchor.utc_us + mono_us - anchor.mono_us


def rounds_of(slot):
    """(made, lost): rounds that asked the internet, and those that nobody there answered."""
    asked = [probe for probe in slot.probes
             if getattr(slot.targets[probe.target], "class") == pb.CLASS_INTERNET]
    made = {probe.round for probe in asked}
    answered = {probe.round for probe in asked if probe.outcome == pb.OUTCOME_ANSWERED}
    return len(made), len(made - answered)


def kept_slots(state, link):
    """The slots of a link, where anchors and bindings put them."""
    facts = [(fact, pb.Record.FromString(fact.record)) for fact in facts_of(state, "--link", link)
             if not fact.rejected]
    bindings = registry_rows(state, "SELECT agent, wan, from_s, coalesce(to_s, 1 << 40)"
                             " FROM binding WHERE link = ?", link)
    anchors = {}
    for fact, record in facts:
        if record.WhichOneof("body") == "anchor":
            anchors.setdefault((fact.agent, record.anchor.boot), []).append(record.anchor)
    anchors = {boot: chosen(items) for boot, items in anchors.items()}
    found = {}
    for fact, record in facts:
        placing = anchors.get((fact.agent, record.slot.boot))
        if record.WhichOneof("body") != "slot" or not placing:
            continue
        start_us = place_us(placing, record.slot.start_us)
        end_us = place_us(placing, record.slot.start_us + record.slot.length_ms * 1000)
        for agent, wan, from_s, to_s in bindings:
            at = max(start_us // 1000000, from_s), min(end_us // 1000000, to_s)
            if (agent, wan) == (fact.agent, record.slot.wan) and at[0] < at[1]:
                found.setdefault((fact.agent, fact.run, fact.sequence), KeptSlot(
                    fact.agent, fact.run, fact.sequence, start_us, *at, record.slot.rounds_due,
                    *rounds_of(record.slot), record.slot))
    return sorted(found.values(), key=lambda slot: slot.from_s)


def kept_keys(state, agent):
    """Every (run, sequence) of the agent of which the ledger holds a record that is no gap's."""
    return sorted({(fact.run, fact.sequence) for fact in facts_of(state) if fact.agent == agent and
                   not fact.rejected and
                   pb.Record.FromString(fact.record).WhichOneof("body") != "dropped"})
