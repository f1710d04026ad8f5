# SPDX-License-Identifier: Apache-2.0
"""An agent that reports without an end, whatever happens to its collector, and remembers what was
acknowledged: the judge of what must be in the ledger afterwards."""

import random
import sqlite3
import threading
import time

from support import records
from support.kept import kept_records, same_record
from support.programs import wait_for
from support.records import ledger_rows
from support.reporter import Lost, Refused, Reporter

BEGINS_S = int(time.time()) - 20 * 86400
BOOT = b"D" * 16


class SteadyAgent(threading.Thread):
    """Reports without an end, over as many connections as it takes."""

    counts, pauses_s = (1, 1, 3, 40), (0, 0.01, 0.05)  # of records in a report, and between them
    hangs_up = 0  # of so many reports it hangs up after one, without a goodbye; 0: never

    def __init__(self, server, issued, seed):
        super().__init__(daemon=True)
        self.server, self.issued, self.draw = server, issued, random.Random(seed)
        self.nonce, self.made = seed + 1, {}
        self.acked = 0
        self.too_high = None
        self.over = threading.Event()
        self.factory = records.SlotFactory()

    def record(self, sequence):
        if sequence == 1:
            return records.start(BOOT, 0, self.nonce)
        if sequence == 2:
            return records.anchor(BOOT, 0, BEGINS_S * 1000000)
        lost = sequence % 7
        return self.factory.record(BOOT, sequence * 60000000, 60, 6, 6, min(lost, 6), "provider")

    def run(self):
        while not self.over.is_set():
            try:
                with Reporter(self.server, self.issued, timeout_s=5) as reporter:
                    self.session(reporter)
            except (Lost, Refused, TimeoutError):
                time.sleep(0.05)

    def session(self, reporter):
        welcome = reporter.hello((1, self.nonce, 1, len(self.made)))
        at = welcome.durable[0].up_to
        if at > len(self.made):
            self.too_high = (at, len(self.made))
        while not self.over.is_set():
            count = self.draw.choice(self.counts)
            batch = []
            for sequence in range(at + 1, at + 1 + count):
                batch.append((sequence, self.made.setdefault(sequence, self.record(sequence))))
            reporter.report(1, batch)
            at += count
            reporter.await_ack(1, at, self.on_ack)
            time.sleep(self.draw.choice(self.pauses_s))
            if self.hangs_up and self.draw.randrange(self.hangs_up) == 0:
                return

    def on_ack(self, run, up_to):
        if up_to > len(self.made):
            self.too_high = (up_to, len(self.made))
        self.acked = max(self.acked, up_to)


def assert_all_there(server, agent):
    """Every acknowledged record stands in the ledger once, as it was sent, and none that was not
    sent. How many there are."""
    found = {}
    for run, sequence, record in kept_records(server.state, agent.issued.agent):
        assert (run, sequence) not in found, "twice"
        found[run, sequence] = record
    for sequence in range(1, agent.acked + 1):
        assert (1, sequence) in found, f"{sequence} of {agent.acked}"
        assert same_record(found[1, sequence], agent.made[sequence]), \
            f"{sequence} of {agent.acked}"
    assert set(found) <= {(1, sequence) for sequence in agent.made}
    assert ledger_rows(server.state, "SELECT count(*) FROM conflict") == [(0,)]
    return len(found)


def in_ledger(server, agent):
    """How many of its records the ledger has; of those that are no slots there are two."""
    try:
        [(slots,)] = ledger_rows(server.state, "SELECT coalesce(sum(slots), 0) FROM agent_run"
                                 " WHERE agent = ?", agent.issued.agent)
    except sqlite3.OperationalError:  # its tables are being made
        return 0
    return slots + 2


def wait_for_acknowledged(server, agent, timeout_s=60):
    """Until the ledger has read what was acknowledged."""
    wait_for(lambda: in_ledger(server, agent) >= agent.acked, "the ledger has read it all",
             timeout_s)
