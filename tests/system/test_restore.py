# SPDX-License-Identifier: Apache-2.0
"""A server brought back from a backup: what the routers still hold comes again, and counts once."""

import shutil
import sqlite3

from support import records
from support.enter import wait_in_ledger
from support.reporter import Reporter

BOOT = b"R" * 16
BEGINS_US = 1767300000 * 1000000


def told(count):
    factory = records.SlotFactory()
    return [(1, records.start(BOOT, 0, 5)), (2, records.anchor(BOOT, 0, BEGINS_US))] + [
        (n, factory.record(BOOT, 60000000 * n, 60, 6, 6, 0)) for n in range(3, count + 1)]


def deliver(server, issued, count):
    """What WELCOME said was durable; afterwards everything up to `count` is."""
    with Reporter(server, issued) as reporter:
        durable = reporter.hello((1, 5, 1, count)).durable[0].up_to
        reporter.deliver(1, told(count)[durable:])
    return durable


def test_journal_made_again_begins_with_a_ledger_that_is_ahead(running):
    """The numbers of a new journal are lower than the ledger's place in the old one."""
    issued = running.issue(running.link)
    for count in (10, 20, 30):  # a segment each
        assert deliver(running, issued, count) == count - 10
        wait_in_ledger(running, issued.agent, count)
        running.stop("ingest", "ledger")
        running.start()
    running.stop("ingest", "ledger")
    shutil.rmtree(running.state / "journal")
    (running.state / "journal/ingest.marks").unlink(missing_ok=True)
    running.start()
    assert deliver(running, issued, 40) == 0, "nothing may be claimed that is not in the journal"
    wait_in_ledger(running, issued.agent, 40)
    assert records.kept_keys(running.state, issued.agent) == [(1, n) for n in range(1, 41)]
    assert deliver(running, issued, 45) == 40
    wait_in_ledger(running, issued.agent, 45)


def test_ledger_of_yesterday_reads_the_journal_again(running):
    issued = running.issue(running.link)
    deliver(running, issued, 10)
    wait_in_ledger(running, issued.agent, 10)
    running.stop("ingest", "ledger")
    backup = running.folder / "ledger.backup"
    with sqlite3.connect(running.state / "ledger.db") as db, sqlite3.connect(backup) as copy:
        db.backup(copy)
    running.start()
    assert deliver(running, issued, 30) == 10
    wait_in_ledger(running, issued.agent, 30)
    running.stop("ingest", "ledger")
    for path in running.state.glob("ledger.db*"):
        path.unlink()
    shutil.copy(backup, running.state / "ledger.db")
    running.start()
    wait_in_ledger(running, issued.agent, 30)
    assert records.kept_keys(running.state, issued.agent) == [(1, n) for n in range(1, 31)]
