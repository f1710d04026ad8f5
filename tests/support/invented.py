# SPDX-License-Identifier: Apache-2.0
"""Invented time as an agent would have told it: a case of independent_sla becomes records."""

import hashlib

from support import records
from support.reporter import Reporter
from system.independent_sla import Slot

BOOT_BEFORE_S = 1000  # the first boot began this long before the first slot


class Boot:
    """One boot of the router is one run of the agent."""

    def __init__(self, run, booted_s, device=""):
        self.run, self.booted_s = run, booted_s
        self.id = hashlib.md5(f"boot {run} {booted_s} {device}".strip().encode()).digest()
        self.nonce = run * 7919
        self.records = [records.start(self.id, 0, self.nonce),
                        records.anchor(self.id, 0, booted_s * 1000000)]

    def add(self, factory, slot):
        self.records.append(factory.record(
            self.id, (slot.start - self.booted_s) * 1000000, slot.end - slot.start, slot.due,
            slot.made, slot.lost, slot.cause))

    def numbered(self):
        return list(enumerate(self.records, 1))


    def last_sign(self, at_s):
        """The router still lived then, and said what time it was."""
        self.records.append(records.anchor(self.id, (at_s - self.booted_s) * 1000000,
                                           at_s * 1000000))


def boots_of(case):
    """A boot ends where a power gap begins; the next one begins where the gap ends."""
    factory, boots, ended = records.SlotFactory(), [], 0
    gaps = sorted(case.power_gaps)
    slots = sorted(case.slots, key=lambda one: one.start)
    for slot in slots:
        if not boots:
            boots.append(Boot(1, slot.start - BOOT_BEFORE_S))
        while gaps and gaps[0][1] <= slot.start:
            cut_power(boots, gaps.pop(0), ended)
        boots[-1].add(factory, slot)
        ended = slot.end
    for gap in gaps if boots else ():
        cut_power(boots, gap, ended)
        boots[-1].add(factory, Slot(gap[1], gap[1] + 60, 6, 6, 0))  # it came back
    return boots


def cut_power(boots, gap, ended):
    if gap[0] > ended:
        boots[-1].last_sign(gap[0])
    boots.append(Boot(len(boots) + 1, gap[1]))


def tell(server, issued, boots):
    """Delivers it all, in order; returns when everything is acknowledged."""
    if not boots:
        return
    with Reporter(server, issued) as reporter:
        reporter.hello(*((boot.run, boot.nonce, 1, len(boot.records)) for boot in boots))
        for boot in boots:
            assert reporter.deliver(boot.run, boot.numbered()) == {}
