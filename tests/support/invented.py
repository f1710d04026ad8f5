# SPDX-License-Identifier: Apache-2.0
"""Invented time as an agent would have told it: a case of independent_sla becomes records."""

import hashlib

from support import records
from support.reporter import Reporter

BOOT_BEFORE_S = 1000  # the first boot began this long before the first slot


class Boot:
    """One boot of the router is one run of the agent."""

    def __init__(self, run, booted_s):
        self.run, self.booted_s = run, booted_s
        self.id = hashlib.md5(f"boot {run} {booted_s}".encode()).digest()
        self.nonce = run * 7919
        self.records = [records.start(self.id, 0, self.nonce),
                        records.anchor(self.id, 0, booted_s * 1000000)]

    def add(self, factory, slot):
        self.records.append(factory.record(
            self.id, (slot.start - self.booted_s) * 1000000, slot.end - slot.start, slot.due,
            slot.made, slot.lost, slot.cause))

    def numbered(self):
        return list(enumerate(self.records, 1))


def boots_of(case):
    """A boot ends where a power gap begins; the next one begins where the gap ends."""
    factory, boots = records.SlotFactory(), []
    gaps = sorted(case.power_gaps)
    for slot in sorted(case.slots, key=lambda one: one.start):
        passed = [gap for gap in gaps if gap[1] <= slot.start]
        if not boots or len(boots) <= len(passed):
            booted = passed[-1][1] if passed and boots else slot.start - BOOT_BEFORE_S
            boots.append(Boot(len(boots) + 1, booted))
        boots[-1].add(factory, slot)
    return boots


def tell(server, issued, boots):
    """Delivers it all, in order; returns when everything is acknowledged."""
    if not boots:
        return
    with Reporter(server, issued) as reporter:
        reporter.hello(*((boot.run, boot.nonce, 1, len(boot.records)) for boot in boots))
        for boot in boots:
            assert reporter.deliver(boot.run, boot.numbered()) == {}
