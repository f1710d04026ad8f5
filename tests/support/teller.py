# SPDX-License-Identifier: Apache-2.0
"""An agent that tells what it is told to, slot by slot, as fast as it is told."""

import time

from support import records
from support.reporter import Reporter

BOOT = b"T" * 16
NONCE = 5


class Teller:
    """Slots of `slot_s`, the first one `ago_s` before now. A slot's time is its own: what counts
    for silence is when it came."""

    def __init__(self, server, link, name, slot_s=2, ago_s=1800):
        self.server, self.slot_s = server, slot_s
        self.issued = server.issue(link, name)
        self.factory = records.SlotFactory()
        self.sequence, self.at_s = 0, ago_s
        booted_s = int(time.time()) - 2 * ago_s
        self.send([records.start(BOOT, 0, NONCE),
                   records.anchor(BOOT, 0, booted_s * 1000000)])

    def send(self, told):
        """Until all of it is acknowledged."""
        told = list(enumerate(told, self.sequence + 1))
        self.sequence += len(told)
        with Reporter(self.server, self.issued) as reporter:
            reporter.hello((1, NONCE, 1, self.sequence))
            reporter.deliver(1, told)

    def slots(self, count, lost=0, cause=""):
        told = []
        for _ in range(count):
            told.append(self.factory.record(
                BOOT, self.at_s * 1000000, self.slot_s, 1, 1, lost, cause))
            self.at_s += self.slot_s
        self.send(told)
