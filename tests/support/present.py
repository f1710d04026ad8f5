# SPDX-License-Identifier: Apache-2.0
"""An agent whose slots end now: what the wall and the alerts are about."""

import time

from support import records
from support.enter import wait_in_ledger
from support.programs import wait_for
from support.reporter import Reporter

BOOT = b"W" * 16
SLOT_S = 10


class Agent:
    """Reports slots of ten seconds that end now, one sequence after the other."""

    def __init__(self, server, link, name="agent"):
        self.server = server
        self.issued = server.issue(link, name)
        wait_for(lambda: server.status_of("ingest")["agents_known"] >= self.issued.agent,
                 "ingest knows the agent", 10)
        self.factory = records.SlotFactory()
        self.booted_s = int(time.time()) // SLOT_S * SLOT_S - 7200
        self.sequence = 0
        self.at_s = 0  # since boot: where the next slot begins
        self.send([records.start(BOOT, 0, 5),
                   records.anchor(BOOT, 0, self.booted_s * 1000000)])

    def send(self, told):
        told = list(enumerate(told, self.sequence + 1))
        self.sequence += len(told)
        with Reporter(self.server, self.issued) as reporter:
            reporter.hello((1, 5, 1, self.sequence))
            reporter.deliver(1, told)
        wait_in_ledger(self.server, self.issued.agent, self.sequence)

    def slots(self, count, lost=0, cause=""):
        told = []
        for _ in range(count):
            told.append(self.factory.record(BOOT, self.at_s * 1000000, SLOT_S, 1, 1, lost, cause))
            self.at_s += SLOT_S
        self.send(told)

    def skip_to_now(self):
        self.at_s = int(time.time()) // SLOT_S * SLOT_S - self.booted_s


def report_until_now(agent, lost=0, cause=""):
    """Healthy slots up to half an hour ago, then these up to now."""
    agent.at_s = 1800
    agent.slots(360)
    agent.slots(180, lost, cause)
