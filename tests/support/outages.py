# SPDX-License-Identifier: Apache-2.0
"""Many outages of a link, and what the agent's slots say of each."""

import random
import time
from dataclasses import dataclass

from support.records import pb
from support.site import micros_of, scheduled

SECOND_US = 1000000


@dataclass
class Outage:
    """When the link broke and was mended, by the link itself, UTC."""
    began_us: int
    ended_us: int
    planned_s: int
    lost_probe: bool = False  # a question that the schedule had was sent in it and lost
    lost_round: bool = False  # a whole round was
    first_lost_off_s: float = None  # after the beginning, by the evidence printed of the outage
    first_answered_off_s: float = None  # after the end


def break_link(site, tens, thirties, rest_s=(12, 25), seed=1):
    """Outages of 10 s and of 30 s in any order, with good times between them."""
    draw = random.Random(seed)
    lengths = [10] * tens + [30] * thirties
    draw.shuffle(lengths)
    found = []
    for length_s in lengths:
        began_us = site.lab.link.say("cut")
        time.sleep(max(0, began_us / 1e6 + length_s - time.time()))
        found.append(Outage(began_us, site.lab.link.say("restore"), length_s))
        # after a long one long enough to be UP again: two windows never run together
        time.sleep(draw.uniform(*rest_s) + (20 if length_s == 30 else 0))
    return found


def lost_rounds(slots):
    """When each round that nobody answered was due."""
    for kept in slots:
        rounds = {}
        for at_us, kind, _, probe in kept.probes():
            if kind == pb.CLASS_INTERNET:
                rounds.setdefault(probe.round, []).append((at_us, probe.outcome))
        for probes in rounds.values():
            if all(outcome != pb.OUTCOME_ANSWERED for _, outcome in probes):
                yield min(probes)[0]


def judge(site, outages):
    """Fills in what the evidence says."""
    slots = site.slots()
    lost = [at_us for at_us, _, probe in scheduled(slots) if probe.outcome == pb.OUTCOME_LOST]
    rounds = list(lost_rounds(slots))
    printed = [(micros_of(row["first_lost"]), micros_of(row["first_answered"]))
               for row in site.outages()]
    for outage in outages:
        early, late = outage.began_us - SECOND_US, outage.ended_us
        outage.lost_probe = any(early <= at_us <= late for at_us in lost)
        outage.lost_round = any(early <= at_us <= late for at_us in rounds)
        for first_lost_us, first_answered_us in printed:
            if early <= first_lost_us <= late:
                outage.first_lost_off_s = (first_lost_us - outage.began_us) / 1e6
                outage.first_answered_off_s = (first_answered_us - outage.ended_us) / 1e6
    return outages
